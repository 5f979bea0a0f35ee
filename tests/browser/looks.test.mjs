// Every view of the page, measured: accessible, large enough in elder mode, in one language, within the screen.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, describe, test } from "node:test";
import { Town } from "./town.mjs";
import { everyView, peopleOf } from "./views.mjs";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

async function accessible(page) {
  // Run in the page's world through the debugger, since the page's own policy admits no foreign script.
  await page.evaluate(axeSource);
  const { violations, passes } = await page.evaluate(() => window.axe.run(document));
  assert.ok(passes.length > 5, "axe looked at something");
  const grave = violations.filter((one) => ["serious", "critical"].includes(one.impact));
  return grave.map((one) => `${one.id}: ${one.nodes[0].html}`);
}

// Texts smaller than `text` px, things to touch smaller than `target` px, and what reaches over the screen's side.
const tooSmall = (page, text, target) =>
  page.evaluate(([text, target]) => {
    const seen = [...document.querySelectorAll("body *")].filter((one) => one.checkVisibility());
    const own = (one) => [...one.childNodes].filter((n) => n.nodeType === 3).map((n) => n.data.trim()).join("");
    const small = seen.filter((one) => own(one) && parseFloat(getComputedStyle(one).fontSize) < text);
    const narrow = seen.filter((one) => one.matches("button, a, select, input, summary"))
      .filter((one) => Math.min(one.getBoundingClientRect().width, one.getBoundingClientRect().height) < target);
    const wide = seen.filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5);
    return [...small.map((one) => `small text: ${own(one)}`), ...narrow.map((one) => `small target: ${one.outerHTML}`),
      ...wide.map((one) => `over the side: ${one.outerHTML}`)];
  }, [text, target]);

describe("every view", () => {
  let town;
  before(async () => {
    town = new Town(process.env.DFB_BIN, process.env.DFB_PAGES);
    await town.found();
  });
  after(() => town.end());

  const LONG = "欧阳夏侯司徒上官 Maximilian-Konstantin von";
  for (const [said, size, elder, name, text, target] of [
    ["Chinese on a phone", { locale: "zh-CN" }, "no", "林小雨", 14, 44],
    ["Chinese, elder mode", { locale: "zh-CN" }, "yes", "林小雨", 18, 60],
    ["English, elder mode, a long name, a narrow phone", { width: 320, height: 640, locale: "en-GB" }, "yes", LONG, 18, 60],
    ["English on a desktop", { width: 1280, height: 800, locale: "en-GB" }, "no", "林小雨", 14, 44],
  ])
    test(said, async () => {
      const page = await town.browser(size);
      await page.addInitScript((value) => localStorage.setItem("elder", value), elder);
      const masked = `${[...peopleOf(town, "resident").at(-1).name][0]}*`;
      const names = [name, masked];
      const views = [];
      await everyView(page, town, name, async (view) => {
        views.push(view);
        assert.deepEqual(await accessible(page), [], `axe on ${view}`);
        assert.deepEqual(await tooSmall(page, text, target), [], view);
        if (!size.locale.startsWith("en")) return;
        const shown = names.reduce((rest, one) => rest.replaceAll(one, ""), await page.locator("body").innerText());
        assert.doesNotMatch(shown.replaceAll("中文", ""), /[\u3000-\u9fff\uff00-\uffef]/, `Chinese left on ${view}`);
      });
      assert.equal(views.length, 15);
      const own = page.complaints.filter((one) => !/ERR_INTERNET_DISCONNECTED|the server responded with a status of 404/.test(one));
      assert.deepEqual(own, []);
      await page.context().close();
    });
});
