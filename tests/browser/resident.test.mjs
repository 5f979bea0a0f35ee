// The resident page in a real Chromium over the town's own TLS.
//   DFB_BIN=<programs> DFB_PAGES=<programs>/resident node resident.test.mjs
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { joinTown, siteLink, Town, verify } from "./town.mjs";
import { openTab, peopleOf } from "./views.mjs";

const town = new Town(process.env.DFB_BIN, process.env.DFB_PAGES);
let page;
let account;
let receiptLink; // as it stands on the paper of a sale

describe("a resident's day", () => {
  before(async () => {
    await town.found();
    page = await town.browser();
  });
  after(() => town.end());

  const tab = (name) => openTab(page, name);
  const storedKey = (where) =>
    where.evaluate(async () => {
      const { load, idText } = await import("/js/device.js");
      const key = await load();
      return { extractable: key.pair.privateKey.extractable, id: idText(key) };
    });

  // What the town says of its tasks from now on, in some fields, until the page is loaded anew.
  const alterTasks = (patches) =>
    page.evaluate((changes) => {
      window.townsFetch ??= window.fetch;
      window.fetch = async (path, options) => {
        const answer = await window.townsFetch(path, options);
        if (path !== "/v1/tasks") return answer;
        const body = await answer.json();
        for (const task of body.tasks) Object.assign(task, changes[task.task]);
        return new Response(JSON.stringify(body), { status: answer.status, headers: answer.headers });
      };
    }, patches);

  test("a resident joins with a key that cannot leave the browser", async () => {
    await page.goto(town.url);
    await page.getByRole("button", { name: "加入德分宝" }).waitFor();
    account = await joinTown(page, town);
    assert.match(await page.locator(".banner").first().innerText(), /还没有当面核实/);
    assert.equal((await storedKey(page)).extractable, false);
    await tab("pay");
    assert.match(await page.locator("#view").innerText(), /还没有当面核实/);
  });

  test("a reload keeps the person signed in by the same key", async () => {
    const before = await storedKey(page);
    await page.reload();
    await page.locator("[data-task]").first().waitFor();
    assert.deepEqual(await storedKey(page), before);
    await tab("points");
    assert.ok((await page.locator("#view").innerText()).includes(account));
  });

  test("a check-in by the site's link brings points, with a reason and a receipt that the page checks", async () => {
    verify(town, account);
    await page.goto(siteLink(town));
    await page.locator("[data-task=patrol-evening] button").click();
    await page.locator("[data-task=patrol-evening]").getByText("已完成").waitFor();
    await page.locator("[data-task=under-the-bridge] button").click();
    await page.locator("[data-task=under-the-bridge]").getByText("已完成").waitFor();
    await tab("points");
    await page.getByText("晚间巡逻").waitFor();
    assert.equal(await page.locator("#balance").innerText(), "75");
    await page.getByText("晚间巡逻").click();
    const checked = page.locator("#checked");
    await checked.waitFor();
    assert.match(await checked.innerText(), /✓ 本页已核对：这条记录在账本中/);
  });

  test("a receipt that was tampered with is not believed", async () => {
    const outcome = await page.evaluate(async () => {
      const { verify } = await import("/js/receipt.js");
      const { get, theTown } = await import("/js/api.js");
      const [{ entries }, { log_vkey }] = await Promise.all([get("/v1/me/entries"), theTown()]);
      const { entry, receipt } = await get(`/v1/me/entries/${entries[0].seq}`);
      const said = async (...what) => verify(...what).then(() => "ok", (error) => error.message);
      const forged = receipt.replace(/^(\u2014 \S+ .{30})./m, (_, start) => start + "A").replace(/\u2014 (\S+) (.{20})../, "\u2014 $1 $2zz");
      return [await said(entry, receipt, log_vkey), await said(entry.replace("25", "26"), receipt, log_vkey), await said(entry, forged, log_vkey)];
    });
    assert.deepEqual(outcome, ["ok", "path", "signature"]);
  });

  test("the pay code renews itself, is read from the screen by a till, and pays", async () => {
    await tab("pay");
    const image = page.locator("#pay-code[data-code]");
    await image.waitFor();
    const first = await image.getAttribute("data-code");
    assert.equal(first.length, 120);
    await page.waitForFunction((code) => document.querySelector("#pay-code").dataset.code !== code, first, { timeout: 11000 });
    const shop = peopleOf(town, "shop")[0];
    const till = join(town.folder, "till");
    town.program("defenbao-terminal", "--dir", till, "enrol", "--server", town.url, "--ca", join(town.dir, "ca.crt"), "--code", shop.ticket);
    const second = await image.getAttribute("data-code");
    await page.waitForFunction((code) => document.querySelector("#pay-code").dataset.code !== code, second, { timeout: 11000 });
    const shot = join(town.folder, "shot.png");
    await page.screenshot({ path: shot });
    const said = town.program("defenbao-terminal", "--dir", till, "--lang", "en", "sale", "--image", shot, "--points", "20", "--yes");
    assert.match(said, /DONE: 20 points from 林\*/);
    await page.getByText("已支付 20 分。剩余 55 分。").waitFor({ timeout: 10000 });
    receiptLink = said.match(/https:\S+#receipt=\S+/)[0];
  });

  test("the code on a receipt opens the entry, checked by the page, for its own parties alone", async () => {
    await page.goto(receiptLink);
    await page.locator("#checked").getByText("本页已核对：这条记录在账本中").waitFor();
    assert.match(await page.locator("#view").innerText(), /第 \d+ 号记录[^]*−20/);
    await page.getByRole("button", { name: "返回" }).click();
    await page.locator("#entries").waitFor();
    const stranger = await town.browser();
    await stranger.goto(receiptLink);
    await stranger.locator("#receipt-first").waitFor();
    await joinTown(stranger, town, "周晓");
    await stranger.goto(receiptLink);
    await stranger.locator("#not-yours").waitFor();
    assert.equal(await stranger.locator("#checked").count(), 0);
    await stranger.context().close();
  });

  test("a monthly task is done for its month, and what is used up or an officer's has no button", async () => {
    const task = (id) => page.locator(`[data-task=${id}]`);
    await page.goto(siteLink(town));
    await task("drill-lijing").locator("button").click();
    await task("drill-lijing").getByText("已完成").waitFor();
    await task("drill-town").getByText("已用完：您这个月已有 1 次，最多 1 次。").waitFor();
    assert.equal(await task("drill-town").locator("button").count(), 0);
    await task("meals-lijing").getByText("到网格驿站找网格员").waitFor();
    assert.equal(await task("meals-lijing").locator("button").count(), 0);
    await alterTasks({
      "town-notice": { caps: [{ rule: "reading", of: "household", per: "day", used: 4, limit: 5 }] },
      "under-the-bridge": { full: true, done: false },
    });
    await tab("tasks");
    await task("town-notice").getByText("快用完了：您家今天已有 4 次，最多 5 次。").waitFor();
    assert.equal(await task("town-notice").locator("button").count(), 1);
    await task("under-the-bridge").getByText("已用完：这项任务的经费不够了。").waitFor();
    assert.equal(await task("under-the-bridge").locator("button").count(), 0);
    await alterTasks({});
  });

  test("a page left open past midnight asks anew which day it is", async () => {
    const periods = [];
    await page.route("**/v1/check-ins", (route) => {
      periods.push(JSON.parse(JSON.parse(route.request().postData()).payload).period);
      return route.fulfill({ status: 422, contentType: "application/problem+json", body: JSON.stringify({ code: "wrong_period", detail: "" }) });
    });
    await alterTasks({ "town-notice": { period: "2026-12-31" } });
    await tab("points");
    await tab("tasks");
    await alterTasks({ "town-notice": { period: "2027-01-01" } });
    for (let i = 1; i <= 2; i++) {
      await page.locator("[data-task=town-notice] button").click();
      await page.getByText("日期变了，请再点一次").waitFor();
      while (periods.length < i) await page.waitForTimeout(50);
    }
    assert.deepEqual(periods, ["2026-12-31", "2027-01-01"]);
    await alterTasks({});
    await page.unroute("**/v1/check-ins");
    page.complaints = page.complaints.filter((one) => !/status of 422/.test(one));
  });

  test("a site code that has run out is put away, and said so", async () => {
    const phone = await town.browser();
    await joinTown(phone, town, "周明");
    await phone.route("**/v1/check-ins", (route) => route.fulfill({
      status: 422, contentType: "application/problem+json", body: JSON.stringify({ code: "site_code_stale", detail: "" }),
    }));
    await phone.goto(siteLink(town));
    await phone.locator("[data-task=patrol-evening] button").click();
    await phone.getByText("站点码过期了").waitFor();
    await phone.locator("[data-task=patrol-evening]").getByText("到现场扫站点码打卡").waitFor();
    assert.equal(await phone.locator("[data-task=patrol-evening] button").count(), 0);
    await phone.context().close();
  });

  test("a phone comes in by the link of a one-time code, once", async () => {
    const [person] = peopleOf(town, "resident");
    const phone = await town.browser();
    await phone.goto(town.url + person.link);
    await phone.locator("#register").click();
    await phone.locator("#tab-points").click();
    await phone.getByText(person.account).waitFor();
    await phone.getByText(person.name, { exact: false }).first().waitFor();
    assert.ok(!phone.url().includes("ticket"), "the spent code left the address");
    assert.equal((await storedKey(phone)).extractable, false);
    const again = await town.browser();
    await again.goto(town.url + person.link);
    await again.getByText("登记码可能已用过或过期").waitFor();
    await again.getByRole("button", { name: "返回" }).click();
    await again.getByRole("button", { name: "加入德分宝" }).waitFor();
    assert.deepEqual(phone.complaints, []);
    await phone.context().close();
    await again.context().close();
  });

  test("a code that is refused leaves the phone its former key", async () => {
    const [, person] = peopleOf(town, "resident");
    const [phone, quicker] = [await town.browser(), await town.browser()];
    const own = await joinTown(phone, town, "吴芳");
    const before = await storedKey(phone);
    await phone.goto(town.url + person.link);
    await phone.getByText("这部手机已登记了账号").waitFor();
    await quicker.goto(town.url + person.link);
    await quicker.locator("#register").click();
    await quicker.locator("[data-task]").first().waitFor();
    await phone.locator("#register").click();
    await phone.locator("#toast:not([hidden])").waitFor();
    assert.deepEqual(await storedKey(phone), before);
    await phone.getByRole("button", { name: "返回" }).click();
    await phone.locator(".banner").getByText(own).waitFor();
    await phone.context().close();
    await quicker.context().close();
  });

  test("an answer that was lost is asked for again, and nobody joins twice", async () => {
    const phone = await town.browser();
    await phone.addInitScript(() => {
      const real = window.fetch;
      window.sent = [];
      window.fetch = async (path, options) => {
        const answer = await real(path, options);
        if (path !== "/v1/enrolments") return answer;
        window.sent.push({ payload: JSON.parse(options.body).payload, answer: await answer.clone().json(), status: answer.status });
        if (window.sent.length === 1) throw new TypeError("the line broke");
        return answer;
      };
    });
    const account = await joinTown(phone, town, "孙丽");
    const [lost, answered, ...more] = await phone.evaluate(() => window.sent);
    assert.deepEqual(more, []);
    assert.equal(answered.payload, lost.payload);
    assert.equal(JSON.parse(lost.payload).account, account);
    assert.deepEqual([lost.status, answered.status], [201, 200]);
    assert.equal(answered.answer.seq, lost.answer.seq);
    await phone.context().close();
  });

  test("all of it by the keyboard", async () => {
    const phone = await town.browser();
    await phone.goto(town.url);
    await phone.locator("#have-code").waitFor();
    const focus = () => phone.evaluate(() => document.activeElement.id || document.activeElement.textContent);
    const tabTo = async (wanted, key = "Tab") => {
      for (let i = 0; i < 20; i++) {
        await phone.keyboard.press(key);
        if ((await focus()).startsWith(wanted)) return;
      }
      assert.fail(`${wanted} is out of the keyboard's reach; the focus is on ${await focus()}`);
    };
    await tabTo("加入德分宝");
    await phone.keyboard.press("Enter");
    await phone.locator("#name").waitFor();
    await phone.keyboard.press("Tab");
    assert.equal(await focus(), "name");
    await phone.keyboard.press("Enter");
    await phone.getByText("请把每一栏填好").waitFor();
    await phone.keyboard.type("郑强");
    await phone.keyboard.press("Tab");
    await phone.keyboard.type("13900004321");
    await phone.keyboard.press("Enter");
    await phone.locator("#view[data-tab=tasks]").waitFor();
    await tabTo("tab-points");
    await phone.keyboard.press("Enter");
    await phone.locator("#view[data-tab=points]").waitFor();
    assert.equal(await focus(), "tab-points");
    await tabTo("开户", "Shift+Tab");
    await phone.keyboard.press("Enter");
    await phone.locator("#checked").waitFor();
    assert.equal(await focus(), "view");
    await phone.keyboard.press("Tab");
    await phone.keyboard.press("Enter");
    await phone.locator("#entries").waitFor();
    assert.deepEqual(phone.complaints, []);
    await phone.context().close();
  });

  test("nothing was complained of so far", () => assert.deepEqual(page.complaints, []));

  test("a server that is away is said in words, and its return needs at most one touch", async () => {
    await tab("pay");
    await page.locator("#pay-code[data-code]").waitFor();
    await town.stopServer();
    await page.locator(".code").getByText("连不上服务器").waitFor();
    assert.equal(await page.locator("#pay-code").count(), 0, "no code that has run out");
    await page.locator("#tab-points").click();
    await page.getByText("连不上服务器").first().waitFor();
    await town.serve();
    await page.getByRole("button", { name: "再试一次" }).click();
    await page.locator("#view[data-tab=points] #balance").waitFor();
    await tab("pay");
    await page.locator("#pay-code").waitFor();
    await town.stopServer();
    await page.locator(".code").getByText("连不上服务器").waitFor();
    await town.serve();
    await page.locator("#pay-code").waitFor();
  });
});
