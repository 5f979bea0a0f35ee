// The customer's part of a sale, at two real pages at once: the resident's phone and the till's page.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { accessible } from "./measures.mjs";
import { counter, scan, screen } from "./till.mjs";
import { Town } from "./town.mjs";
import { readyToPay } from "./views.mjs";

const town = new Town(process.env.DFB_BIN, process.env.DFB_PAGES);
const PIN = "271828";
let page, phone;

describe("the customer's word", () => {
  before(async () => {
    await town.found();
    ({ page } = await counter(town));
    phone = await readyToPay(town);
  });
  after(() => town.end());

  const result = (phase) => page.locator(`.result[data-phase=${phase}]`).waitFor();
  const next = async () => {
    await page.locator("#next").click();
    await screen(page, "scan");
  };
  // The phone shows a code that pays 20; the cashier asks for 30.
  async function askForMore(good) {
    await phone.locator("#limit").selectOption("20");
    await phone.waitForTimeout(600);
    await scan(page, await phone.locator("#pay-code").getAttribute("data-code"));
    await screen(page, "customer");
    if (good) await page.locator(`.good[data-good="${good}"]`).click();
    else await page.locator("#points").fill("30");
    await page.getByRole("button", { name: /^请顾客在手机上确认/ }).click();
    await screen(page, "confirming");
    await phone.locator("[data-quote]").waitFor();
  }

  test("the phone shows goods, shop and points, and the customer's no ends the sale", async () => {
    await askForMore("soy-sauce");
    assert.match(await phone.locator("[data-quote]").innerText(), /请确认这笔付款\s+45\s+酱油 500 毫升 ×1\s+丽景粮油店：付 45 分/);
    assert.deepEqual(await accessible(phone), []);
    assert.deepEqual(await accessible(page), []);
    await phone.locator("[data-do=decline]").click();
    await result("refused");
    assert.match(await page.locator(".result").innerText(), /顾客在手机上没有确认/);
    await next();
  });

  test("the customer's yes pays more than the code", async () => {
    await phone.waitForTimeout(5000); // the phone's next code
    await askForMore();
    await phone.locator("[data-do=confirm]").click();
    await result("done");
    assert.match(await page.locator(".result").innerText(), /已收 30 分/);
    await phone.locator("#pay-result").getByText("已支付 30 分。剩余 20 分。").waitFor();
    await next();
  });

  test("eight digits stand for the code", async () => {
    await phone.waitForTimeout(5000);
    await phone.getByText("收银员扫不了码？").click();
    await phone.locator("[data-do=handle]").click();
    const digits = await phone.locator("#pay-digits").filter({ hasText: /\d{4} \d{4}/ }).innerText();
    await page.locator("#number").fill(digits);
    await page.locator("#look-up").click();
    await screen(page, "customer");
    const before = await (await phone.waitForResponse("**/v1/me")).text();
    await phone.route("**/v1/me", (route) => route.fulfill({ contentType: "application/json", body: before })); // it sees both at once
    await page.locator("#points").fill("5");
    await page.locator("#pay").click();
    await result("done");
    await next();
    await phone.waitForTimeout(5000);
    await scan(page, await phone.locator("#pay-code").getAttribute("data-code"));
    await screen(page, "customer");
    await page.locator("#points").fill("3");
    await page.locator("#pay").click();
    await result("done");
    await next();
  });

  test("each payment stands by itself on the phone, with its shop and its own way to dispute it", async () => {
    await phone.unroute("**/v1/me");
    await phone.locator("#pay-result section").nth(2).waitFor();
    const [last, digits, first] = await phone.locator("#pay-result section").allInnerTexts();
    assert.match(last, /已支付 3 分。[^]*在 丽景粮油店/);
    assert.match(digits, /已支付 5 分。[^]*在 丽景粮油店/);
    assert.match(first, /已支付 30 分。[^]*在 丽景粮油店/);
    assert.equal(await phone.locator("#pay-result [data-do=not-me]").count(), await phone.locator("#pay-result section").count());
    assert.deepEqual(await accessible(phone), []);
  });

  test("a card pays with its PIN, and a wrong one is asked for again", async () => {
    const card = town.program("defenbao-demo", "card", "--dir", town.dir, "--url", town.url, "--pin", PIN).trim();
    await scan(page, `DFBCARD${card}`);
    await screen(page, "customer");
    assert.match(await page.locator(".who").innerText(), /积分卡，一次最多 \d+ 分/);
    await page.locator("#points").fill("10");
    await page.locator("#pay").click();
    await screen(page, "pin");
    assert.deepEqual(await accessible(page), []);
    await page.evaluate(() => { // slow keys on a machine that is too busy for its timers
      for (const key of ["3", "1"]) {
        window.dispatchEvent(new KeyboardEvent("keydown", { key }));
        for (const begun = performance.now(); performance.now() - begun < 400; );
      }
    });
    await page.locator(".dots", { hasText: "●●○○○○" }).waitFor();
    await page.locator(".keys").getByRole("button", { name: "清空" }).click();
    for (const key of "314159") await page.locator(".keys").getByRole("button", { name: key, exact: true }).click();
    await page.locator("#pin-ok").click();
    await page.getByText("密码不对").first().waitFor();
    await page.keyboard.type(PIN, { delay: 250 });
    await page.locator("#pin-ok").click();
    await result("done");
    assert.ok(!(await page.content()).includes(PIN));
    await next();
  });

  test("a sale that takes another's place is not confirmed by the touch that was meant for the other", async () => {
    const asked = (id, points) => JSON.stringify({ quotes: [{ shop_zh: "丽景粮油店", shop_en: "", goods: [], line: JSON.stringify({
      v: 1, id, till: "", shop: "", account: "", points, goods: "", cash: 0, expires: (Date.now() + 60000) * 1000 }) }], time_us: Date.now() * 1000 });
    let body = asked("019a5b3e-7c00-7abc-8def-000000000001", 3), confirmed = 0;
    await phone.route("**/v1/me/quotes", (route) => route.fulfill({ contentType: "application/json", body }));
    await phone.route("**/v1/me/quotes/*", (route) => {
      confirmed++;
      return route.fulfill({ contentType: "application/json", body: '{"state":"confirmed"}' });
    });
    await phone.locator("[data-quote$='1']").waitFor();
    body = asked("019a5b3e-7c00-7abc-8def-000000000002", 5);
    await phone.locator("[data-quote$='2']").waitFor();
    await phone.evaluate(() => document.querySelector("[data-do=confirm]").click());
    await phone.locator("#toast:not([hidden])", { hasText: "刚换了一笔" }).waitFor();
    assert.equal(confirmed, 0);
    await phone.waitForTimeout(1500);
    await phone.locator("[data-do=confirm]").click();
    await phone.locator("#toast:not([hidden])", { hasText: "已确认" }).waitFor();
    assert.equal(confirmed, 1);
    await phone.unroute("**/v1/me/quotes");
    await phone.unroute("**/v1/me/quotes/*");
  });

  test("not me: the phone is ended, and its codes with it", async () => {
    await phone.waitForTimeout(5000);
    const code = await phone.locator("#pay-code").getAttribute("data-code");
    await phone.locator("#pay-result [data-do=not-me]").first().click();
    await phone.locator("[data-do=not-me-sure]").click();
    await phone.getByText(/这部手机已停用|还没有登记|加入德分宝/).first().waitFor();
    await scan(page, code);
    await result("refused");
    await next();
  });

  test("nothing was complained of at the till", () => assert.deepEqual(page.complaints, []));
});
