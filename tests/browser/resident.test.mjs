// The resident page in a real Chromium over the town's own TLS.
//   DFB_BIN=<programs> DFB_PAGES=<api/web> node --test
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { joinTown, siteLink, Town, verify } from "./town.mjs";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const town = new Town(process.env.DFB_BIN, process.env.DFB_PAGES);
let page;
let account;

before(async () => {
  await town.found();
  page = await town.browser();
});
after(() => town.end());

async function accessible(where) {
  // Run in the page's world through the debugger, since the page's own policy admits no foreign script.
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  const grave = violations.filter((one) => ["serious", "critical"].includes(one.impact));
  assert.deepEqual(grave.map((one) => `${one.id}: ${one.nodes[0].html}`), [], `axe on ${where}`);
}
const tab = async (name) => {
  await page.locator(`#tab-${name}`).click();
  await page.locator(`#view[data-tab=${name}]`).waitFor();
};

test("a resident joins with a key that cannot leave the browser", async () => {
  await page.goto(town.url);
  await page.getByRole("button", { name: "加入德分宝" }).waitFor();
  await accessible("the welcome page");
  account = await joinTown(page, town);
  assert.match(await page.locator(".banner").first().innerText(), /还没有当面核实/);
  const extractable = await page.evaluate(async () => {
    const { load } = await import("/js/device.js");
    return (await load()).pair.privateKey.extractable;
  });
  assert.equal(extractable, false);
  await tab("pay");
  assert.match(await page.locator("#view").innerText(), /还没有当面核实/);
});

test("a reload keeps the person signed in by the same key", async () => {
  await page.reload();
  await page.locator("[data-task]").first().waitFor();
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
  await accessible("the tasks");
  await tab("points");
  await page.getByText("晚间巡逻").waitFor();
  assert.equal(await page.locator("#balance").innerText(), "75");
  await accessible("the points");
  await page.getByText("晚间巡逻").click();
  const checked = page.locator("#checked");
  await checked.waitFor();
  assert.match(await checked.innerText(), /✓ 本页已核对：这条记录在账本中/);
  await accessible("an entry");
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
  await accessible("the pay code");
  const shop = JSON.parse(readFileSync(join(town.dir, "people.json"), "utf8")).people.find((one) => one.role === "shop");
  const till = join(town.folder, "till");
  town.program("defenbao-terminal", "--dir", till, "enrol", "--server", town.url, "--ca", join(town.dir, "ca.crt"), "--code", shop.ticket);
  const second = await image.getAttribute("data-code");
  await page.waitForFunction((code) => document.querySelector("#pay-code").dataset.code !== code, second, { timeout: 11000 });
  const shot = join(town.folder, "shot.png");
  await page.screenshot({ path: shot });
  const said = town.program("defenbao-terminal", "--dir", till, "--lang", "en", "sale", "--image", shot, "--points", "20", "--yes");
  assert.match(said, /DONE: 20 points from 林\*/);
  await page.getByText("已支付 20 分。剩余 55 分。").waitFor({ timeout: 10000 });
});

test("elder mode: text of 18 px and more, targets of 60 px and more", async () => {
  await page.locator("#elder").click();
  for (const name of ["tasks", "points", "pay"]) {
    await tab(name);
    const small = await page.evaluate(() => [...document.querySelectorAll("#view *, header *, nav *")]
      .filter((e) => e.offsetParent && e.childNodes.length && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
      .map((e) => [parseFloat(getComputedStyle(e).fontSize), e.textContent]).filter(([size]) => size < 18));
    assert.deepEqual(small, [], `small text on ${name}`);
    const narrow = await page.evaluate(() => [...document.querySelectorAll("button, select, input")]
      .filter((e) => e.offsetParent).map((e) => [e.getBoundingClientRect(), e.textContent])
      .filter(([box]) => box.width < 60 || box.height < 60).map(([box, text]) => `${text} ${box.width}x${box.height}`));
    assert.deepEqual(narrow, [], `small targets on ${name}`);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${name} scrolls sideways by ${wide}`);
  }
  await page.locator("#elder").click();
});

test("English is complete", async () => {
  await page.locator("#language").click();
  await page.getByText("Tasks").waitFor();
  for (const name of ["tasks", "points", "pay"]) {
    await tab(name);
    const text = await page.locator("body").innerText();
    assert.doesNotMatch(text.replace(/中文|林小雨/g, ""), /[\u4e00-\u9fff]/, `Chinese left on ${name}`);
  }
  await page.locator("#language").click();
});

test("a phone comes in by the link of a one-time code", async () => {
  const person = JSON.parse(readFileSync(join(town.dir, "people.json"), "utf8")).people.find((one) => one.role === "resident");
  const phone = await town.browser();
  await phone.goto(town.url + person.link);
  await phone.locator("#register").click();
  await phone.locator("#tab-points").click();
  await phone.getByText(person.account).waitFor();
  await phone.getByText(person.name, { exact: false }).first().waitFor();
  const again = await town.browser();
  await again.goto(town.url + person.link);
  await again.getByText("登记码可能已用过或过期").waitFor();
  assert.deepEqual(phone.complaints, []);
});

test("nothing was complained of so far", () => assert.deepEqual(page.complaints, []));

test("a server that is away is said in words, and its return needs one touch", async () => {
  await town.stopServer();
  await page.locator("#tab-points").click();
  await page.getByText("连不上服务器").first().waitFor();
  await town.serve();
  await page.getByRole("button", { name: "再试一次" }).click();
  await page.locator("#view[data-tab=points] #balance").waitFor();
});
