// Goods at the till's page, in a real Chromium: sold by buttons, out of the stock that the server keeps.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { accessible, tooSmall } from "./measures.mjs";
import { Officer } from "./officer.mjs";
import { counter, phoneOf, scan, screen } from "./till.mjs";
import { Town } from "./town.mjs";
import { peopleOf } from "./views.mjs";

const town = new Town(process.env.DFB_BIN, process.env.DFB_PAGES);
let till, page, admin, goodsOfShop;

describe("goods at the till's page", () => {
  before(async () => {
    await town.found();
    admin = await new Officer(town, "administrator-1").signIn();
    goodsOfShop = `/v1/shops/${peopleOf(town, "shop")[0].account}/goods`;
    ({ till, page } = await counter(town));
  });
  after(() => town.end());

  // The town answers one person only so often.
  async function patiently(...request) {
    for (;;) {
      try {
        return await admin.send(...request);
      } catch (problem) {
        if (!/rate_limited/.test(problem.message)) throw problem;
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  }
  const listed = async () => (await admin.send("GET", goodsOfShop)).goods;
  const stock = async (id) => (await listed()).find((one) => one.good === id).stock;
  const good = (id) => page.locator(`.good[data-good="${id}"]`);
  const result = (phase) => page.locator(`.result[data-phase=${phase}]`).waitFor();
  const next = async () => {
    await page.locator("#next").click();
    await screen(page, "scan");
  };
  async function customer(index, limit = 200) {
    await scan(page, await (await phoneOf(town, index)).code(limit));
    await screen(page, "customer");
  }

  test("one good: a touch for it, one for the yes, and the stock goes down", async () => {
    const before = await stock("salt");
    await customer(0);
    await good("salt").click();
    assert.match(await good("salt").innerText(), /食盐[^]*20 分[^]*剩 79[^]*×1/);
    await page.getByRole("button", { name: "确认收 20 分" }).click();
    await result("done");
    assert.match(await page.locator(".result").innerText(), /已收 20 分\s+1 × 食盐 400 克/);
    assert.match(await page.locator(".receipt .paper").textContent(), /食盐 400 克 x1\s+20/);
    assert.equal(await stock("salt"), before - 1);
    await next();
  });

  test("several, one taken back, by the keyboard alone", async () => {
    const before = [await stock("salt"), await stock("soy-sauce")];
    await customer(1);
    const press = async (key) => {
      await page.waitForTimeout(320); // slower than a scanner
      await page.keyboard.press(key);
    };
    await good("soy-sauce").focus();
    await press("Enter");
    await good("salt").focus();
    for (const key of ["Enter", "Enter", "Tab", "Enter"]) await press(key); // the last takes one back
    assert.equal(await page.locator("#sum").innerText(), "食盐 400 克 ×1、酱油 500 毫升 ×1，共 65 分");
    await page.locator("#pay").focus();
    await press("Enter");
    await result("done");
    assert.deepEqual([await stock("salt"), await stock("soy-sauce")], [before[0] - 1, before[1] - 1]);
    await next();
    await page.locator("#records").click();
    await screen(page, "past");
    assert.match(await page.locator("button.line").first().innerText(), /1 × 食盐 400 克、1 × 酱油 500 毫升/);
    await page.keyboard.press("Escape");
    await screen(page, "scan");
  });

  test("a part in cash: fewer points than the goods cost", async () => {
    await customer(2);
    await good("soy-sauce").click();
    await page.locator("#points").fill("30");
    assert.equal(await page.locator("#cash").inputValue(), "1.50");
    await page.getByRole("button", { name: "确认收 30 分 + 1.50 元" }).click();
    await result("done");
    await next();
  });

  test("what was sold out meanwhile is refused in a cashier's words, and seen at the next scan", async () => {
    const [salt] = (await listed()).filter((one) => one.good === "salt");
    await customer(3);
    await good("salt").click();
    await admin.send("POST", goodsOfShop, { ...salt, stock: 0 });
    await page.locator("#pay").click();
    await result("refused");
    assert.match(await page.locator(".result").innerText(), /库存不够了，什么也没发生[^]*重新扫码/);
    await next();
    await customer(3);
    assert.match(await good("salt").innerText(), /售完/);
    assert.equal(await good("salt").getAttribute("aria-disabled"), "true");
    await good("salt").dispatchEvent("click");
    assert.match(await page.locator("#sum").innerText(), /还没有选商品/);
    await page.keyboard.press("Escape");
    await screen(page, "scan");
  });

  test("two hundred goods are found by their names, and all of it stays on the screen", async () => {
    const there = (await listed()).length;
    for (let i = there; i < 200; i++)
      await patiently("POST", goodsOfShop,
        { good: `more-${i}`, name_zh: `货架上的第${i}种商品`, name_en: `Good number ${i} of the shelf`, points: i, stock: i % 7 });
    await till.stop();
    await till.start();
    for (const size of [{ width: 1024, height: 768 }, { width: 390, height: 844 }]) {
      const other = await town.browser(size);
      await other.goto(till.url);
      await screen(other, "scan");
      await other.waitForTimeout(500); // a person needs longer than that
      await scan(other, await (await phoneOf(town, 4)).code());
      await screen(other, "customer");
      assert.equal(await other.locator(".good").count(), 200);
      const pay = await other.locator("#pay").boundingBox();
      assert.ok(pay.y + pay.height <= size.height, "the yes is reached without scrolling");
      assert.deepEqual(await tooSmall(other, 14, 44), []);
      assert.deepEqual(await accessible(other), []);
      await other.locator("#find-good").fill("第125种");
      assert.equal(await other.locator(".good:visible").count(), 1);
      await other.keyboard.press("Enter");
      assert.match(await other.locator("#sum").innerText(), /共 125 分/);
      await other.keyboard.press("Escape");
      await screen(other, "scan");
      await other.context().close();
    }
  });

  test("practice has goods of its own", async () => {
    await till.stop();
    await till.start("--practice");
    await page.goto(till.url);
    await screen(page, "scan");
    await page.locator("#number").fill("12345678");
    await page.locator("#look-up").click();
    await screen(page, "customer");
    await good("soap").click();
    await page.locator("#pay").click();
    await result("done");
    await next();
  });
});
