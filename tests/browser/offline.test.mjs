// Points for when the net is down: carried while there is a line, shown as a code by a phone without one, and sold by
// a till whose town does not answer; counted when it is back.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { accessible } from "./measures.mjs";
import { KioskTill, scan, screen } from "./till.mjs";
import { Town } from "./town.mjs";
import { openTab, readyToPay } from "./views.mjs";

const town = new Town(process.env.DFB_BIN, process.env.DFB_PAGES);
let till, page, phone, code;

// The text terminal's program on the till's folder: { status, said }.
function terminal(...words) {
  const run = spawnSync(join(town.programs, "defenbao-terminal"), ["--dir", till.dir, "--lang", "en", "--ask-after-ms", "1500", ...words],
    { encoding: "utf8" });
  return { status: run.status, said: run.stdout + run.stderr };
}

const mine = () => JSON.parse(readFileSync(join(till.dir, "terminal.json"), "utf8")).shop;

describe("the net is down", () => {
  before(async () => {
    await town.found();
    till = new KioskTill(town);
    phone = await readyToPay(town);
  });
  after(async () => {
    if (till?.process) await till.stop("SIGKILL");
    await town.end();
  });

  // A new code for the first shop, as text; its picture goes into `file`.
  async function showCode(points, file = null) {
    const before = await phone.locator("#offline-code").getAttribute("data-code");
    await phone.locator("#offline-points").fill(String(points));
    await phone.locator("[data-do=offline-code]").click();
    await phone.waitForFunction((old) => {
      const image = document.getElementById("offline-code");
      return image.dataset.code && image.dataset.code !== old && image.complete && image.naturalWidth > 0;
    }, before);
    await phone.locator("#offline-code").evaluate(async (image) => { // decoded, and drawn
      await image.decode();
      await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    });
    if (file) await phone.locator("#offline-code").screenshot({ path: file });
    return phone.locator("#offline-code").getAttribute("data-code");
  }

  test("the resident carries points, also where the answer is lost", async () => {
    await phone.evaluate(() => {
      const real = window.fetch;
      window.fetch = async (path, more) => {
        const answer = await real(path, more);
        if (path === "/v1/holds") throw new TypeError("cut");
        return answer;
      };
    });
    await phone.locator("#offline-carry").selectOption("20");
    await phone.locator("[data-do=carry]").click();
    await phone.locator("#toast:not([hidden])", { hasText: "连不上服务器" }).waitFor({ timeout: 30000 });
    await phone.reload();
    await openTab(phone, "pay");
    await phone.locator("#offline-points").waitFor();
    assert.match(await phone.locator("#offline-left").innerText(), / 20 /);
    assert.deepEqual(await accessible(phone), []);
    const { status, said } = terminal("status");
    assert.equal(status, 0, said);
    assert.match(said, /may take 2000 more points \(of 2000\)/);
  });

  test("two pages of one browser never sign one counter, which would convict the phone", async () => {
    const other = await phone.context().newPage();
    await other.goto(town.url);
    await other.locator("#tab-pay").waitFor();
    await openTab(other, "pay");
    const pages = [phone, other], codes = [];
    for (const one of pages) {
      await one.locator("[data-do=offline-code]").click();
      await one.locator("#toast:not([hidden])", { hasText: "请先选商店" }).waitFor();
      await one.locator("#offline-shop").selectOption({ index: 1 });
      await one.locator("#offline-points").fill("1");
    }
    for (let round = 0; round < 2; round++) {
      const shown = await Promise.all(pages.map((one) => one.locator("#offline-code").getAttribute("data-code")));
      await Promise.all(pages.map((one) => one.evaluate(() => document.querySelector("[data-do=offline-code]").click())));
      for (const [n, one] of pages.entries()) {
        await one.waitForFunction((old) => (document.getElementById("offline-code").dataset.code ?? null) !== old, shown[n]);
        codes.push(await one.locator("#offline-code").getAttribute("data-code"));
      }
    }
    const counters = await phone.evaluate((texts) => texts.map((text) => {
      const alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:", bytes = [];
      for (let i = 0; i < text.length; i += 3) {
        const number = [...text.slice(i, i + 3)].reduce((sum, one, place) => sum + alphabet.indexOf(one) * 45 ** place, 0);
        bytes.push(number >> 8, number & 255); // the counter does not stand in the last, short group
      }
      return bytes.slice(25, 29).reduce((sum, byte) => sum * 256 + byte, 0);
    }), codes);
    assert.deepEqual([...counters].sort(), [1, 2, 3, 4]);
    await other.close();
    await openTab(phone, "points");
    await openTab(phone, "pay");
    assert.match(await phone.locator("#offline-left").innerText(), / 16 /, "what was signed is not there twice");
  });

  test("without the net the phone shows a code, and a till without its town sells for that very picture", async () => {
    await phone.context().setOffline(true);
    await town.stopServer();
    await phone.locator("#offline-shop").selectOption(mine());
    const picture = join(town.folder, "offline.png");
    await showCode(10, picture);
    assert.match(await phone.locator("#offline-left").innerText(), / 6 /);
    let { status, said } = terminal("sale", "--image", picture, "--points", "10", "--yes");
    // A picture that was taken while the page moved is taken again, as anybody would.
    for (let tries = 0; tries < 3 && said.includes("no QR code that can be read"); tries++) {
      await phone.locator("#offline-code").screenshot({ path: picture });
      ({ status, said } = terminal("sale", "--image", picture, "--points", "10", "--yes"));
    }
    assert.equal(status, 0, said);
    assert.match(said, /SOLD OFFLINE: 10 points/);
    const again = terminal("sale", "--image", picture, "--points", "10", "--yes");
    assert.equal(again.status, 1, again.said);
    assert.match(again.said, /counter_used/);
    const refund = terminal("refund", "--sale", "1", "--points", "1");
    assert.equal(refund.status, 1, refund.said);
    const now = terminal("status");
    assert.equal(now.status, 3, now.said);
    assert.match(now.said, /may take 1990 more points .* 1 sale, 10 points/);
  });

  test("the till's page sells by the phone's next code, and says how it stands", async () => {
    await till.start();
    page = await town.browser({ width: 1024, height: 768 });
    await page.goto(till.url);
    await screen(page, "scan");
    await page.locator("#offline:not([hidden])").waitFor();
    await scan(page, await showCode(5));
    await screen(page, "customer");
    assert.equal(await page.locator("#points").inputValue(), "5");
    await page.locator("#pay").click();
    await page.locator(".result[data-phase=kept]").waitFor();
    assert.deepEqual(await accessible(page), []);
    await page.locator("#next").click();
    await screen(page, "scan");
    assert.match(await page.locator("#offline").innerText(), /2 笔 15 分/);
  });

  test("when the line is back everything is counted, once", async () => {
    await town.serve();
    await page.locator("#offline").waitFor({ state: "hidden", timeout: 40000 });
    await page.locator("#status").getByText("待上报").waitFor({ state: "detached", timeout: 20000 });
    await till.stop();
    const { status, said } = terminal("status");
    assert.equal(status, 0, said);
    assert.match(said, /0 sales, 0 points/);
    await phone.context().setOffline(false);
    await openTab(phone, "points");
    await phone.getByText("−10", { exact: true }).first().waitFor();
    await phone.getByText("−5", { exact: true }).first().waitFor();
  });

  test("a line that is cut within a sale stops the queue for seconds: the sale is given up, and offline codes are paid", async () => {
    await till.start();
    await page.goto(till.url);
    await screen(page, "scan");
    await openTab(phone, "pay");
    await phone.locator("#pay-code[data-code]").waitFor();
    await scan(page, await phone.locator("#pay-code").getAttribute("data-code"));
    await screen(page, "customer");
    await page.locator("#points").fill("7");
    await town.hang();
    await page.locator("#pay").click();
    await screen(page, "unknown");
    await town.kill();
    await phone.context().setOffline(true);
    await phone.locator("#offline-shop").selectOption(mine());
    code = await showCode(1);
    await scan(page, code);
    await page.locator(".unknown").getByText("离线码").waitFor({ timeout: 30000 }); // and not before it was given up
    await scan(page, code);
    await screen(page, "customer");
    await page.locator("#aside").getByText("7 分").waitFor();
    assert.deepEqual(await accessible(page), []);
    await page.locator("#pay").click();
    await page.locator(".result[data-phase=kept]").waitFor();
    await page.locator("#next").click();
    await screen(page, "scan");
    assert.match(await page.locator("#aside").innerText(), /1 笔（7 分）结果未知/);
    await page.locator("#shift").click();
    assert.equal(await page.locator("#z").getAttribute("aria-disabled"), "true");
    await page.locator("#back").click();
    await town.serve();
    await page.locator(".result[data-phase=cancelled]").waitFor({ timeout: 40000 });
    await page.locator("#next").click();
    await screen(page, "scan");
    assert.equal(await page.locator("#aside").isVisible(), false);
    await page.locator("#status").getByText("待上报").waitFor({ state: "detached", timeout: 20000 });
    await till.stop();
    await phone.context().setOffline(false);
    await openTab(phone, "points");
    await phone.getByText("−1", { exact: true }).first().waitFor();
    assert.equal(await phone.getByText("−7", { exact: true }).count(), 0);
  });

  test("a till whose folder was restored from an old copy refuses to sell", async () => {
    const copy = join(town.folder, "image");
    cpSync(till.dir, copy, { recursive: true });
    await openTab(phone, "pay");
    await phone.locator("#pay-code[data-code]").waitFor();
    const sold = terminal("sale", "--code", await phone.locator("#pay-code").getAttribute("data-code"), "--points", "5", "--yes");
    assert.equal(sold.status, 0, sold.said);
    const dir = till.dir;
    till.dir = copy;
    const old = terminal("status");
    assert.equal(old.status, 2, old.said);
    assert.match(old.said, /enrol this terminal anew/);
    await till.start(); // the page says so, too, and sells nothing
    await page.goto(till.url);
    await page.locator("#warning").getByText("重新登记").waitFor();
    await scan(page, code);
    await page.locator(".result[data-phase=refused]").waitFor();
    await till.stop();
    till.dir = dir;
    assert.equal(terminal("status").status, 0);
  });
});
