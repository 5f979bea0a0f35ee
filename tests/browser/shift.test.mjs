// People at the till, in a real Chromium: signing in, lock-out, voids, X and Z reports, a line that loses answers.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { everyShiftScreen } from "./kiosk_views.mjs";
import { accessible, tooSmall } from "./measures.mjs";
import { Officer } from "./officer.mjs";
import { KioskTill, phoneOf, scan, screen } from "./till.mjs";
import { Town } from "./town.mjs";
import { peopleOf } from "./views.mjs";

const town = new Town(process.env.DFB_BIN, process.env.DFB_PAGES);
// Digits that stand in nothing else that is written.
const CASHIER = "739158", MANAGER = "406271", WRONG = "950362";
let till, page, officer, shop, li, wang;

// Every file of the town and the till that has the text in it.
function filesWith(text, folder = town.folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name.startsWith("profile-") ? [] : filesWith(text, path);
    return entry.isFile() && readFileSync(path).includes(text) ? [path] : [];
  });
}

describe("people at the till", () => {
  before(async () => {
    await town.found();
    officer = await new Officer(town, "officer-lijing").signIn();
    shop = peopleOf(town, "shop")[0].account;
    till = new KioskTill(town);
    till.askAfterMs = 9000; // a PIN is slow to check, on a busy machine very slow
    await till.start();
    page = await town.browser({ width: 1024, height: 768 });
    page.setDefaultTimeout(40_000);
    await page.goto(till.url);
  });
  after(async () => {
    await till?.stop("SIGKILL");
    await town.end();
  });

  const result = (phase) => page.locator(`.result[data-phase=${phase}]`).waitFor();
  const next = async (then = "scan") => {
    await page.locator("#next").click();
    await screen(page, then);
  };
  const note = (text) => page.locator("#note", { hasText: text }).waitFor();
  const choose = (id) => page.locator(`.person[data-staff="${id}"]`).click();
  async function typePin(pin) {
    for (const digit of pin) await page.locator(".pad").getByRole("button", { name: digit, exact: true }).click();
  }
  async function signIn(id, pin) {
    await choose(id);
    await typePin(pin);
  }
  async function sell(index, points) {
    await scan(page, await (await phoneOf(town, index)).code());
    await screen(page, "customer");
    await page.locator("#points").fill(String(points));
    await page.locator("#pay").click();
    await result("done");
    await next();
  }
  const state = () => page.evaluate(async () => {
    const answer = await fetch("state?after=0", { headers: { "x-defenbao-token": sessionStorage.getItem("token") } });
    return answer.json();
  });
  // By way of an empty page: an address that differs in its fragment alone loads nothing.
  async function reopen() {
    await page.goto("about:blank");
    await page.goto(till.url);
  }
  async function restart(signal = "SIGKILL") {
    await till.stop(signal);
    await till.start();
    await reopen();
  }

  test("a shop without people sells as before; with people somebody signs in first", async () => {
    await screen(page, "scan");
    await sell(0, 3);
    [li, wang] = await officer.employ(shop, { name: "李梅", role: "cashier", pin: CASHIER }, { name: "王强", role: "manager", pin: MANAGER })
      .then((list) => list.map((one) => one.staff));
    await restart();
    await screen(page, "who");
    await scan(page, await (await phoneOf(town, 0)).code());
    await page.waitForTimeout(400);
    assert.equal((await state()).screen, "who", "nothing is sold while nobody is there");
    assert.deepEqual(await accessible(page), []);
    assert.deepEqual(await tooSmall(page, 14, 44), []);
    await signIn(li, CASHIER);
    await screen(page, "scan");
    assert.equal(await page.locator("#cashier").innerText(), "李梅");
    await sell(1, 20);
  });

  test("the lock button, and back in by the keyboard alone", async () => {
    await page.locator("#cashier").click();
    await screen(page, "who");
    await page.locator("#lock").click();
    await page.getByRole("heading", { name: "已锁定：李梅" }).waitFor();
    await page.keyboard.type(WRONG, { delay: 30 });
    await note("密码不对，还可以试 4 次");
    await screen(page, "who");
    await page.keyboard.type(CASHIER, { delay: 30 });
    await screen(page, "scan");
  });

  test("a manager's PIN voids a sale of the shift, a cashier's does not", async () => {
    await page.locator("#records").click();
    await screen(page, "past");
    await page.locator("button.line[data-kind=sale]").first().click();
    await screen(page, "receipt");
    await page.locator("#refund-this").click();
    await screen(page, "refund");
    await page.locator("#void").click();
    await screen(page, "undo");
    assert.deepEqual(await page.locator(".person").allInnerTexts(), ["王强\n店长"]);
    assert.deepEqual(await accessible(page), []);
    await typePin(CASHIER);
    await note("密码不对");
    await typePin(MANAGER);
    await result("done");
    assert.match(await page.locator(".result").innerText(), /已作废，20 分全部退还顾客/);
    await next();
    await page.locator("#records").click();
    await screen(page, "past");
    assert.match(await page.locator(".past ul").innerText(), /作废[^]*已作废/);
    await page.keyboard.press("Escape");
    await screen(page, "scan");
  });

  test("X at any time, Z closes the shift; its numbers go on after a kill", async () => {
    await sell(2, 10);
    await page.locator("#shift").click();
    await screen(page, "shift");
    const { shift } = await state();
    assert.deepEqual([shift.number, shift.count, shift.total, shift.voids], [1, 2, 13, 1]);
    assert.deepEqual(await accessible(page), []);
    assert.equal(await page.locator("#x").innerText(), "当班报表 X 1");
    await page.locator("#x").click();
    await result("done");
    assert.match(await page.locator(".result").innerText(), /当班报表 X 1 已记入账本[^]*账本记录号/);
    assert.match(await page.locator(".paper").innerText(), /当班报表 X 1[^]*班次未结[^]*经手\s+李梅[^]*消费 笔\/分\s+2 \/ 13[^]*记录号/);
    await next("shift");
    const after = (await state()).shift;
    assert.deepEqual([after.number, after.x_number, after.count, after.total], [1, 2, 2, 13], "the shift runs on");
    await page.locator("#z").click();
    assert.equal((await state()).screen, "shift", "the first touch asks");
    await page.locator("#z").click();
    await result("done");
    assert.match(await page.locator(".result").innerText(), /结班报表 Z 1 已记入账本/);
    assert.match(await page.locator(".receipt .paper").textContent(), /结班报表 Z 1[^]*记录号/);
    await next();
    await restart();
    await screen(page, "who");
    await signIn(wang, MANAGER);
    await screen(page, "scan");
    await page.locator("#shift").click();
    await screen(page, "shift");
    assert.deepEqual([(await state()).shift.number, (await state()).shift.count], [2, 0]);
    await page.locator("#x").click();
    await result("done");
    assert.match(await page.locator(".paper").innerText(), /当班报表 X 2/);
    await page.keyboard.press("Escape");
    await screen(page, "shift");
    await page.keyboard.press("Escape");
    await screen(page, "scan");
    await page.locator("#records").click();
    await page.locator("button.line[data-kind=xreport]").first().click();
    await screen(page, "receipt");
    assert.match(await page.locator(".paper").innerText(), /当班报表 X 2[^]*补打/);
    assert.equal(await page.locator("#refund-this").count(), 0);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await screen(page, "scan");
  });

  test("an X report whose answer is lost is entered once, under one id, also after a kill; the shift runs on", async () => {
    await sell(5, 4);
    await page.locator("#shift").click();
    await screen(page, "shift");
    await town.hang();
    await page.locator("#x").click();
    await screen(page, "unknown");
    const { sale } = await state();
    assert.equal(sale.kind, "xreport");
    assert.match(await page.locator(".unknown").innerText(), /是否入账还不知道[^]*当班报表 X 3/);
    assert.deepEqual(await accessible(page), []);
    await till.stop("SIGKILL");
    town.goOn();
    await till.start();
    await reopen();
    await result("done");
    assert.equal((await state()).sale.id, sale.id);
    assert.match(await page.locator(".result").innerText(), /当班报表 X 3 已记入账本/);
    await next("who");
    await signIn(wang, MANAGER);
    await screen(page, "scan");
    await page.locator("#shift").click();
    await screen(page, "shift");
    const { shift } = await state();
    assert.deepEqual([shift.number, shift.x_number, shift.count, shift.total], [2, 4, 1, 4]);
    const journal = readFileSync(join(till.dir, "journal"), "utf8");
    assert.equal(journal.match(/ xreport /g).length, 3);
  });

  test("without a line there are the sums, and no X report; it says so", async () => {
    const code = await (await phoneOf(town, 4)).code();
    await page.keyboard.press("Escape");
    await screen(page, "scan");
    await town.stopServer();
    await scan(page, code);
    await result("refused");
    await next();
    await page.locator("#shift").click();
    await screen(page, "shift");
    assert.match(await page.locator("#x-hint").innerText(), /当班报表 X 现在不能入账/);
    assert.equal(await page.locator("#x").getAttribute("aria-disabled"), "true");
    assert.deepEqual(await accessible(page), []);
    assert.deepEqual(await tooSmall(page, 14, 44), []);
    await page.locator("#x").click({ force: true });
    await note("网络恢复后再出");
    await screen(page, "shift");
    assert.equal((await state()).shift.total, 4, "the sums are there");
    await town.serve();
    await page.locator("#x-hint").waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await screen(page, "scan");
    const journal = readFileSync(join(till.dir, "journal"), "utf8");
    assert.equal(journal.match(/ xreport /g).length, 3, "nothing was begun");
  });

  test("a Z report whose answer is lost is entered once, under one id, also after a kill", async () => {
    await sell(3, 10);
    await page.locator("#shift").click();
    await screen(page, "shift");
    await page.locator("#z").click();
    await town.hang();
    await page.locator("#z").click();
    await screen(page, "unknown");
    const { sale } = await state();
    assert.equal(sale.kind, "zreport");
    assert.match(await page.locator(".unknown").innerText(), /是否入账还不知道/);
    await till.stop("SIGKILL");
    town.goOn();
    await till.start();
    await reopen();
    await result("done");
    assert.equal((await state()).sale.id, sale.id);
    assert.match(await page.locator(".result").innerText(), /结班报表 Z 2 已记入账本/);
    await next("who");
    const journal = readFileSync(join(till.dir, "journal"), "utf8");
    assert.equal(journal.match(/ zreport /g).length, 2);
  });

  test("five wrong PINs lock a person, also past a killed server, until a manager opens", async () => {
    await choose(li);
    for (let left = 4; left > 0; left--) {
      await typePin(WRONG);
      await note(`还可以试 ${left} 次`);
    }
    await typePin(WRONG);
    await page.getByText("李梅 密码错了五次，已锁定").waitFor();
    const ended = new Promise((resolve) => town.server.once("exit", resolve));
    town.server.kill("SIGKILL");
    await ended;
    await town.serve();
    await restart();
    await page.getByText("李梅 密码错了五次，已锁定").waitFor();
    assert.deepEqual(await accessible(page), []);
    await page.locator(`.open[data-staff="${li}"]`).click();
    await typePin(MANAGER);
    await note("已解锁");
    await signIn(li, CASHIER);
    await screen(page, "scan");
  });

  test("signing out, and the till locks itself", async () => {
    await page.locator("#cashier").click();
    await page.locator("#sign-out").click();
    await screen(page, "who");
    assert.equal((await state()).people.cashier, "");
    await till.stop("SIGTERM");
    await till.start("--lock-after-s", "2");
    await reopen();
    await signIn(wang, MANAGER);
    await screen(page, "scan");
    await screen(page, "who");
    await page.getByRole("heading", { name: "已锁定：王强" }).waitFor();
  });

  test("every screen is accessible and large enough, on a phone in English and at the counter", async () => {
    await till.stop("SIGTERM");
    await till.start("--lock-after-s", "600");
    let index = 6;
    for (const [size, language] of [[{ width: 390, height: 844 }, "en"], [{ width: 1024, height: 768 }, "zh"]]) {
      const looked = await town.browser(size);
      looked.setDefaultTimeout(40_000);
      await looked.addInitScript((value) => localStorage.setItem("language", value), language);
      await everyShiftScreen(looked, town, till, index++, { id: wang, pin: MANAGER }, li, async (name) => {
        assert.deepEqual(await accessible(looked), [], name);
        assert.deepEqual(await tooSmall(looked, 14, 44), [], name);
      });
      assert.deepEqual(looked.complaints, []);
      await looked.context().close();
    }
  });

  test("no PIN is in any file of the town or the till", async () => {
    await till.stop("SIGTERM");
    await town.stopServer();
    assert.ok(filesWith(li).length >= 2, "the search finds the person's id in the database and in the journal");
    for (const pin of [CASHIER, MANAGER, WRONG]) assert.deepEqual(filesWith(pin), []);
    await town.serve();
  });
});
