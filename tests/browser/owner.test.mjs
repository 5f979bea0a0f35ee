// The owner's report on the till's page, in a real Chromium: a manager's PIN, a period, the figures of the text report.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { accessible, tooSmall } from "./measures.mjs";
import { Officer } from "./officer.mjs";
import { KioskTill, phoneOf, scan, screen } from "./till.mjs";
import { Town } from "./town.mjs";
import { peopleOf } from "./views.mjs";

const town = new Town(process.env.DFB_BIN, process.env.DFB_PAGES);
const pictures = process.env.DFB_PICTURES; // a folder that gets a picture of every screen
const MANAGER = "406271";
let till, page, day;

describe("the owner's report", () => {
  before(async () => {
    await town.found();
    till = new KioskTill(town);
    till.askAfterMs = 9000;
    await till.start();
    page = await town.browser({ width: 1024, height: 768 });
    page.setDefaultTimeout(40_000);
    await page.goto(till.url);
    await screen(page, "scan");
    if (pictures) mkdirSync(pictures, { recursive: true });
  });
  after(async () => {
    await till?.stop("SIGKILL");
    await town.end();
  });

  async function sell(index, points, cash) {
    await scan(page, await (await phoneOf(town, index)).code());
    await screen(page, "customer");
    await page.locator("#points").fill(String(points));
    if (cash) await page.locator("#cash").fill(cash);
    await page.locator("#pay").click();
    await page.locator(".result[data-phase=done]").waitFor();
    await page.locator("#next").click();
    await screen(page, "scan");
  }
  async function openReport(of = page) {
    await of.locator("#shift").click();
    await screen(of, "shift");
    await of.locator("#owner").click();
    await screen(of, "owner");
  }
  const shown = () => page.locator("#proof").waitFor();
  const texts = (of, selector) => of.locator(selector).allTextContents();
  const textReport = (period, lang) => town.program("defenbao-terminal", "--dir", till.dir, "--lang", lang, "--report", period);
  async function measured(of, name) {
    assert.deepEqual(await accessible(of), [], name);
    assert.deepEqual(await tooSmall(of, 14, 44), [], name);
    assert.ok(await of.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${name} is not wider than the screen`);
    if (pictures) await of.screenshot({ path: join(pictures, `${name}.png`), scale: "css", fullPage: true });
  }

  test("a shop without people: today's figures, by two touches", async () => {
    await sell(0, 30, "12.5");
    await sell(1, 20);
    await openReport();
    await measured(page, "owner-choose-zh");
    await page.locator("[data-period=today]").click();
    await shown();
    day = await page.locator("#period").innerText();
    assert.match(day, /^\d{4}-\d\d-\d\d$/);
    assert.deepEqual(await texts(page, ".owner > dl dd"), ["2 笔  +50", "+50", "¥12.50", "+50"]);
    assert.match(await page.locator("#proof").innerText(), /其中未结算\s+\+50\s[^]*逐条核对的账本\s+\d+ 条[^]*根/);
    assert.equal(await page.locator(".bar-of .plus").evaluate((bar) => bar.style.width), "100%");
    await page.locator(`details[data-day="${day}"] summary`).click();
    await measured(page, "owner-today-zh");
  });

  test("the page's rows are the lines of the text report", async () => {
    await page.locator("#back").click();
    await page.keyboard.press("Escape");
    await screen(page, "scan");
    await openReport();
    await page.locator("[data-period=this_month]").click();
    await shown();
    const values = [...(await texts(page, ".owner > dl dd")), ...(await texts(page, "#proof dd"))];
    assert.ok(values.length >= 6);
    await till.stop(); // one program at a time has the till's folder
    const lines = textReport(day.slice(0, 7), "zh").split("\n").map((line) => line.trim());
    // The town's log may have grown: its size and root are the newest at each look.
    for (const value of values.slice(0, -2)) assert.ok(lines.some((line) => line.endsWith(value)), `${value} in ${lines.join("\n")}`);
    await till.start();
    await page.goto("about:blank");
    await page.goto(till.url);
    await screen(page, "scan");
  });

  test("from and to, by the keyboard alone, in English", async () => {
    await page.locator("#language").click();
    await openReport();
    await page.locator("#from").focus();
    await page.locator("#from").fill("2020-01-01");
    await page.locator("#to").fill("2020-01-31");
    await page.keyboard.press("Enter");
    await page.locator("#nothing").waitFor();
    assert.equal(await page.locator("#period").innerText(), "2020-01-01 – 2020-01-31");
    assert.doesNotMatch(await page.locator("main").innerText(), /[\u3000-\u9fff]/);
    await page.keyboard.press("Escape");
    await screen(page, "shift");
    await page.keyboard.press("Escape");
    await screen(page, "scan");
  });

  test("a customer who is scanned meanwhile is served", async () => {
    await openReport();
    await page.locator("[data-period=last_month]").click();
    await scan(page, await (await phoneOf(town, 2)).code());
    await screen(page, "customer");
    await page.keyboard.press("Escape");
    await screen(page, "scan");
  });

  test("without a line there is none, and the page says what to do", async () => {
    await openReport();
    await town.stopServer();
    await page.locator("[data-period=today]").click();
    await page.locator("#why").waitFor();
    assert.match(await page.locator("#why").innerText(), /Check the network and choose the period again/);
    assert.equal(await page.locator("#proof").count(), 0);
    await measured(page, "owner-no-line-en");
    await town.serve();
    await page.locator("[data-period=today]").click();
    await shown();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await screen(page, "scan");
  });

  test("where people sign in, a manager's PIN opens it each time; on a phone", async () => {
    const officer = await new Officer(town, "officer-lijing").signIn();
    const [wang] = await officer.employ(peopleOf(town, "shop")[0].account, { name: "王强", role: "manager", pin: MANAGER });
    await till.stop();
    await till.start();
    const phone = await town.browser({ width: 390, height: 844 });
    phone.setDefaultTimeout(40_000);
    await phone.goto(till.url);
    await screen(phone, "who");
    await phone.locator(`.person[data-staff="${wang.staff}"]`).click();
    await phone.keyboard.type(MANAGER, { delay: 30 });
    await screen(phone, "scan");
    await measured(phone, "owner-scan-phone-zh");
    await openReport(phone);
    assert.equal(await phone.locator("[data-period]").count(), 0);
    await measured(phone, "owner-pin-phone-zh");
    await phone.keyboard.type("000001", { delay: 30 });
    await phone.locator("#note", { hasText: "密码不对" }).waitFor();
    await phone.keyboard.type(MANAGER, { delay: 30 });
    await phone.locator("[data-period=this_month]").click();
    await phone.locator("#proof").waitFor();
    await phone.locator(".days summary").first().click();
    await measured(phone, "owner-month-phone-zh");
    await phone.locator("#language").click();
    await phone.locator("#proof", { hasText: "recomputed" }).waitFor();
    await measured(phone, "owner-month-phone-en");
    await phone.locator("#back").click();
    await screen(phone, "shift");
    await measured(phone, "owner-shift-phone-en");
    assert.deepEqual(phone.complaints, []);
  });
});
