// Every view of the page, measured: accessible, large enough in elder mode, in one language, within the screen.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { accessible, tooSmall } from "./measures.mjs";
import { Town } from "./town.mjs";
import { everyView, peopleOf } from "./views.mjs";

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
