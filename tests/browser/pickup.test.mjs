// A reservation from the phone's page to the till's, in two real pages: reserved, shown, handed out once.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { accessible, tooSmall } from "./measures.mjs";
import { Officer } from "./officer.mjs";
import { counter, KioskTill, scan, screen } from "./till.mjs";
import { Town } from "./town.mjs";
import { openTab, peopleOf, readyToPay } from "./views.mjs";

const town = new Town(process.env.DFB_BIN, process.env.DFB_PAGES);
const pictures = process.env.DFB_PICTURES; // a folder that gets a picture of every step
let till, page, phone, admin, shop;

describe("a reservation and its pick-up", () => {
  before(async () => {
    await town.found();
    if (pictures) mkdirSync(pictures, { recursive: true });
    [shop] = peopleOf(town, "shop");
    admin = await new Officer(town, "administrator-1").signIn();
    ({ till, page } = await counter(town));
    phone = await readyToPay(town);
  });
  after(() => town.end());

  const stock = async (id) => (await admin.send("GET", `/v1/shops/${shop.account}/goods`)).goods.find((one) => one.good === id).stock;
  const result = (phase) => page.locator(`.result[data-phase=${phase}]`).waitFor();
  const next = async () => {
    await page.locator("#next").click();
    await screen(page, "scan");
  };
  async function measured(where, name, text = 14, target = 44) {
    assert.deepEqual(await accessible(where), [], name);
    assert.deepEqual(await tooSmall(where, text, target), [], name);
    if (pictures) await where.screenshot({ path: join(pictures, `${name}.png`), scale: "css", fullPage: where === phone });
  }
  // Of the first shop, so many of one good; the code that the phone shows then.
  async function reserve(good, count = 1) {
    await phone.locator("#reserve-new > summary").click();
    await phone.locator("#reserve-shop").selectOption(shop.account);
    for (let i = 0; i < count; i++) await phone.locator(`[data-more="${good}"]`).click();
    await phone.locator("[data-do=reserve]").click();
    await phone.locator("[data-reservation] img[data-code]").waitFor();
    return phone.locator("[data-reservation] img[data-code]").getAttribute("data-code");
  }
  async function balance() {
    await openTab(phone, "points");
    const shown = Number(await phone.locator("#balance").innerText());
    await openTab(phone, "pay");
    return shown;
  }

  test("goods are reserved on the phone, leave the stock, and come back when they are given up", async () => {
    const before = await stock("salt"), points = await balance();
    await phone.locator("#reserve-new > summary").click();
    await phone.locator("#reserve-shop").selectOption(shop.account);
    await phone.locator('[data-more="salt"]').waitFor();
    assert.match(await phone.locator("[data-do=reserve]").innerText(), /请先选商品/);
    await measured(phone, "phone-choose");
    await phone.locator('[data-more="soy-sauce"]').click();
    await phone.locator('[data-more="salt"]').click();
    assert.match(await phone.locator("[data-do=reserve]").innerText(), /一次最多预留 50 分/);
    await phone.locator('[data-less="soy-sauce"]').click();
    assert.equal(await phone.locator("[data-do=reserve]").innerText(), "预留 20 分");
    await measured(phone, "phone-chosen");
    await phone.locator("[data-do=reserve]").click();
    await phone.locator("[data-reservation] img[data-code]").waitFor();
    assert.match(await phone.locator("[data-reservation]").innerText(), /丽景粮油店 · 20 分\s+食盐 400 克 ×1/);
    await measured(phone, "phone-code");
    assert.equal(await stock("salt"), before - 1);
    assert.equal(await balance(), points - 20);
    assert.equal(await phone.locator("#pay-result").innerText(), "", "nothing was paid");

    await phone.locator("[data-do=take-back]").click();
    await measured(phone, "phone-take-back");
    await phone.locator("[data-do=take-back-sure]").click();
    await phone.locator("[data-reservation]").waitFor({ state: "detached" });
    assert.equal(await stock("salt"), before);
    assert.equal(await balance(), points);
  });

  test("another shop's till, and a till without a line, hand nothing out and say why", async () => {
    const code = await reserve("salt");
    const otherTill = new KioskTill(town, 1);
    await otherTill.start();
    const other = await town.browser({ width: 390, height: 844 });
    await other.goto(otherTill.url);
    await screen(other, "scan");
    await scan(other, code);
    await other.locator(".result[data-phase=refused]").waitFor();
    assert.match(await other.locator(".result").innerText(), /别家商店的预留/);
    await other.context().close();
    await otherTill.stop();

    await town.hang();
    await scan(page, code);
    await result("refused");
    town.goOn();
    assert.match(await page.locator(".result").innerText(), /取货要连上镇服务器[^]*先不要交货/);
    await next();
  });

  test("the till scans the code, one touch hands out, and the phone shows that it is paid", async () => {
    const code = await phone.locator("[data-reservation] img[data-code]").getAttribute("data-code");
    await scan(page, code);
    await screen(page, "pickup");
    assert.match(await page.locator("main").innerText(), /林\* 来取货\s+1 × 食盐 400 克\s+付 20 分/);
    await measured(page, "till-pickup");
    await page.locator("#language").click();
    assert.match(await page.locator("main").innerText(), /picks up a reservation\s+1 × Salt/);
    await measured(page, "till-pickup-en");
    await page.setViewportSize({ width: 390, height: 844 });
    await measured(page, "till-pickup-phone-en");
    await page.locator("#language").click();
    await measured(page, "till-pickup-phone");
    const yes = await page.locator("#hand-out").boundingBox();
    assert.ok(yes.y + yes.height <= 844, "the yes is reached without scrolling");
    await page.setViewportSize({ width: 1024, height: 768 });
    await page.locator("#hand-out").click();
    await result("done");
    assert.match(await page.locator(".result").innerText(), /可以交货，已收预留的 20 分\s+1 × 食盐 400 克/);
    assert.match(await page.locator(".receipt .paper").textContent(), /预留取货[^]*食盐 400 克 x1\s+20/);
    await measured(page, "till-done");
    await next();
    await phone.getByText("已支付 20 分").waitFor();
    await phone.locator("[data-reservation]").waitFor({ state: "detached" });
    await measured(phone, "phone-picked-up");

    await scan(page, code);
    await result("refused");
    assert.match(await page.locator(".result").innerText(), /已经取过货/);
    await measured(page, "till-again");
    await next();
    await page.locator("#records").click();
    await screen(page, "past");
    assert.match(await page.locator("button.line").first().innerText(), /取货[^]*20[^]*食盐/);
    await page.keyboard.press("Escape");
    await screen(page, "scan");
  });

  test("eight digits stand for the code, and the answer that was lost is settled", async () => {
    const code = await reserve("salt");
    await phone.locator("[data-do=pickup-digits]").click();
    const digits = phone.locator("[data-digits]:not(:empty)");
    await digits.waitFor();
    await measured(phone, "phone-digits");
    await phone.locator("#elder").click();
    await measured(phone, "phone-digits-elder", 18, 60);
    const { height } = await digits.boundingBox();
    assert.ok(height < 80, `the digits stand on one line: ${height}`);
    await phone.locator("#elder").click();
    await page.locator("#number").fill((await digits.innerText()).replace(/\s/g, ""));
    await page.locator("#look-up").click();
    await screen(page, "pickup");
    await page.locator("#drop").click();
    await screen(page, "scan");

    await scan(page, code);
    await screen(page, "pickup");
    await town.hang(); // between the yes and the answer
    await page.locator("#hand-out").click();
    await screen(page, "unknown");
    assert.match(await page.locator(".unknown").innerText(), /先不要交货[^]*取货，收 20 分/);
    await measured(page, "till-unknown");
    town.goOn();
    await result("done");
    await next();
    await scan(page, code);
    await result("refused");
    await next();
    assert.equal(await balance(), 10);
  });

  test("a power cut between the yes and the answer is settled at the next start", async () => {
    await admin.send("POST", `/v1/shops/${shop.account}/goods`, { good: "match", name_zh: "火柴", name_en: "Matches", points: 4, stock: 3 });
    const code = await reserve("match", 2);
    await scan(page, code);
    await screen(page, "pickup");
    await town.hang();
    await page.locator("#hand-out").click();
    await screen(page, "working");
    await till.stop("SIGKILL");
    town.goOn();
    await till.start();
    await page.goto(till.url);
    await page.locator(".result").waitFor();
    const phase = await page.locator(".result").getAttribute("data-phase");
    assert.match(phase, /^(done|cancelled)$/);
    await next();
    await scan(page, code);
    // Done, it is over; never arrived, it still stands and is handed out now.
    await page.locator("body:not([data-screen=scan]):not([data-screen=working])").waitFor();
    if (phase === "done") await result("refused");
    else {
      await page.locator("#hand-out").click();
      await result("done");
    }
    await next();
    assert.equal(await balance(), 2);
    assert.equal(await stock("match"), 1);
  });

  test("practice hands out a reservation of its own", async () => {
    await till.stop();
    await till.start("--practice");
    await page.goto(till.url);
    await screen(page, "scan");
    await scan(page, "https://bq.example/#pickup=019a5b3e-7c00-7abc-8def-00000000000f");
    await screen(page, "pickup");
    await page.locator("#hand-out").click();
    await result("done");
    await next();
  });
});
