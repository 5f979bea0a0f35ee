// What a page is measured by: whether it is accessible, and large enough to read and to touch.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

// `all`: also what axe holds to be minor.
export async function accessible(page, all) {
  // Run in the page's world through the debugger, since the page's own policy admits no foreign script.
  await page.evaluate(axeSource);
  const { violations, passes } = await page.evaluate(() => window.axe.run(document));
  assert.ok(passes.length > 5, "axe looked at something");
  const grave = violations.filter((one) => all || ["serious", "critical"].includes(one.impact));
  return grave.map((one) => `${one.id}: ${one.nodes[0].html}`);
}

// Texts smaller than `text` px, things to touch smaller than `target` px, and what reaches over the screen's side.
export const tooSmall = (page, text, target) =>
  page.evaluate(([text, target]) => {
    const seen = [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility());
    const own = (one) => [...one.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join("");
    const small = seen.filter((one) => own(one) && parseFloat(getComputedStyle(one).fontSize) < text);
    const narrow = seen.filter((one) => one.matches("button, a, select, input, summary"))
      .filter((one) => {
        const { width, height } = (one.closest("label") ?? one).getBoundingClientRect(); // a label is touched for its field
        return Math.min(width, height) < target;
      });
    const wide = seen.filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5);
    return [...small.map((one) => `small text: ${own(one)}`), ...narrow.map((one) => `small target: ${one.outerHTML}`),
      ...wide.map((one) => `over the side: ${one.outerHTML}`)];
  }, [text, target]);
