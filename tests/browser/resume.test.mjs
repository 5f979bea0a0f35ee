// A power cut and a cut line at once: the cashier of the open shift goes on without a PIN, for offline codes alone.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { accessible, tooSmall } from "./measures.mjs";
import { Officer } from "./officer.mjs";
import { KioskTill, phoneOf, scan, screen } from "./till.mjs";
import { Town } from "./town.mjs";
import { peopleOf, readyToPay } from "./views.mjs";

const town = new Town(process.env.DFB_BIN, process.env.DFB_PAGES);
const pictures = process.env.DFB_PICTURES; // a folder that gets a picture of every screen
const CASHIER = "739158";
let till, page, phone, officer, li;

describe("no line after a start", () => {
  before(async () => {
    await town.found();
    if (pictures) mkdirSync(pictures, { recursive: true });
    officer = await new Officer(town, "officer-lijing").signIn();
    [li] = await officer.employ(peopleOf(town, "shop")[0].account, { name: "李梅", role: "cashier", pin: CASHIER });
    phone = await readyToPay(town);
    await phone.locator("#offline-carry").selectOption("20");
    await phone.locator("[data-do=carry]").click();
    await phone.locator("#offline-points").waitFor();
    till = new KioskTill(town);
    till.askAfterMs = 9000;
    await till.start();
    page = await town.browser({ width: 1024, height: 768 });
    page.setDefaultTimeout(60_000);
    await page.goto(till.url);
  });
  after(async () => {
    await till?.stop("SIGKILL");
    await town.end();
  });

  async function measured(name) {
    assert.deepEqual(await accessible(page), [], name);
    assert.deepEqual(await tooSmall(page, 14, 44), [], name);
    if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), scale: "css" });
  }
  async function signIn() {
    await page.locator(`.person[data-staff="${li.staff}"]`).click();
    await page.keyboard.type(CASHIER, { delay: 30 });
    await screen(page, "scan");
  }
  async function offlineCode(points) {
    const before = await phone.locator("#offline-code").getAttribute("data-code");
    await phone.locator("#offline-points").fill(String(points));
    await phone.locator("[data-do=offline-code]").click();
    await phone.waitForFunction((old) => {
      const code = document.getElementById("offline-code").dataset.code;
      return code && code !== old;
    }, before);
    return phone.locator("#offline-code").getAttribute("data-code");
  }

  test("who signed in and not out is offered to go on, after a kill without a line", async () => {
    await screen(page, "who");
    assert.equal(await page.locator("#resume").count(), 0, "there is a line");
    await signIn();
    await till.knowsAllowances();
    await till.stop("SIGKILL");
    await town.stopServer();
    await phone.context().setOffline(true);
    await till.start();
    await page.goto("about:blank");
    await page.goto(till.url);
    await screen(page, "who");
    await page.locator("#resume").waitFor();
    await measured("resume-offered-zh");
    await page.locator("#language").click();
    await measured("resume-offered-en");
    assert.match(await page.locator("main").innerText(), /no PIN can be checked/);
    await page.locator("#language").click();
  });

  test("and sells by an offline code, by nothing else", async () => {
    await page.locator("#resume").focus();
    await page.keyboard.press("Enter");
    await screen(page, "scan");
    assert.match(await page.locator("#resumed").innerText(), /断网续班/);
    await measured("resumed-zh");
    await scan(page, await (await phoneOf(town, 0)).code());
    await page.locator("#note", { hasText: "只收离线码" }).waitFor();
    await page.locator("#shift").click();
    await page.locator("#note", { hasText: "只收离线码" }).waitFor();
    await screen(page, "scan");
    const mine = JSON.parse(readFileSync(join(till.dir, "terminal.json"), "utf8")).shop;
    await phone.locator("#offline-shop").selectOption(mine);
    await scan(page, await offlineCode(5));
    await screen(page, "customer");
    await page.locator("#pay").click();
    await page.locator(".result[data-phase=kept]").waitFor();
    await page.locator("#next").click();
    await screen(page, "scan");
    assert.match(readFileSync(join(till.dir, "journal"), "utf8"), / resumed /);
  });

  test("when the line is back the PIN comes first, and the reports say what was sold without one", async () => {
    await town.serve();
    await screen(page, "who");
    assert.equal(await page.locator("#resume").count(), 0);
    assert.ok(await page.locator("#resumed").isHidden());
    await signIn();
    await page.locator("#status").getByText("待上报").waitFor({ state: "detached" });
    await page.locator("#shift").click();
    await screen(page, "shift");
    await page.locator("#x").click();
    await screen(page, "result");
    assert.match(await page.locator(".paper").innerText(), /断网续班，未核对密码 笔\s+1/);
    await page.keyboard.press("Escape");
    await screen(page, "shift");
    await page.keyboard.press("Escape");
    await page.locator("#records").click();
    await page.locator("button.line[data-kind=sale]").first().click();
    await screen(page, "receipt");
    assert.match(await page.locator(".paper").innerText(), /店员\s+断网续班，未核对密码/);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await screen(page, "scan");
  });

  test("revoked before it could tell what it sold, the page says who takes that over", async () => {
    await town.stopServer();
    await scan(page, await offlineCode(5));
    await screen(page, "customer");
    await page.locator("#pay").click();
    await page.locator(".result[data-phase=kept]").waitFor();
    assert.ok(await page.locator("#warning").isHidden());
    await till.stop();
    await town.serve();
    await officer.signIn();
    await officer.revoke(JSON.parse(readFileSync(join(till.dir, "terminal.json"), "utf8")).till, "stolen");
    await till.start();
    await page.goto("about:blank");
    await page.goto(till.url);
    await page.locator("#warning:not([hidden])").waitFor();
    assert.match(await page.locator("#warning").innerText(), /还有 1 笔离线交易（5 分）没有上报/);
    assert.ok((await page.locator("#warning").innerText()).endsWith(`take-over --from ${till.dir}`));
    await measured("revoked-zh");
    await page.setViewportSize({ width: 390, height: 844 });
    await page.locator("#language").click();
    await measured("revoked-phone-en");
  });
});
