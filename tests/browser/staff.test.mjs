// A shop's people on the officer's page, in a real Chromium at a phone's size: added, corrected, locked and opened, removed.
import assert from "node:assert/strict";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { accessible, tooSmall } from "./measures.mjs";
import { KioskTill } from "./till.mjs";
import { joinTown, Town } from "./town.mjs";
import { openTab, peopleOf } from "./views.mjs";

const town = new Town(process.env.DFB_BIN, process.env.DFB_PAGES);
const pictures = process.env.DFB_PICTURES; // a folder that gets a picture of every screen
const PIN = "739158", NEW = "406271";
let page;

// The officer's phone: the device key of the town's folder stands where the page keeps its own.
async function asOfficer(of, key) {
  const pem = readFileSync(join(town.dir, "keys", `${key}.pem`), "utf8").replace(/-.*-|\s/g, "");
  await of.goto(town.url);
  await of.evaluate(async (base64) => {
    const device = await import("/js/device.js");
    const algorithm = { name: "ECDSA", namedCurve: "P-256" };
    const bytes = Uint8Array.from(atob(base64), (one) => one.charCodeAt(0));
    const open = await crypto.subtle.importKey("pkcs8", bytes, algorithm, true, ["sign"]);
    const { d, key_ops, ...half } = await crypto.subtle.exportKey("jwk", open);
    const privateKey = await crypto.subtle.importKey("pkcs8", bytes, algorithm, false, ["sign"]);
    const publicKey = await crypto.subtle.importKey("jwk", half, algorithm, true, ["verify"]);
    await device.save(await device.described({ privateKey, publicKey }));
  }, pem);
  await of.reload();
  await of.locator("#tab-tasks").waitFor();
}

describe("a shop's people on the officer's page", () => {
  before(async () => {
    await town.found();
    if (pictures) mkdirSync(pictures, { recursive: true });
    page = await town.browser();
    await asOfficer(page, "officer-lijing");
  });
  after(() => town.end());

  async function measured(name) {
    assert.deepEqual(await accessible(page), [], name);
    assert.deepEqual(await tooSmall(page, 14, 44), [], name);
    if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`), scale: "css", fullPage: true });
  }
  const toast = (text) => page.locator("#toast:not([hidden])", { hasText: text }).waitFor();
  const card = (name) => page.locator("#staff section.card", { has: page.getByRole("heading", { name }) });

  test("a resident has no such tab", async () => {
    const phone = await town.browser();
    await joinTown(phone, town);
    assert.ok(await phone.locator("#tab-staff").isHidden());
    await phone.context().close();
  });

  // What run.sh prints for them: the ticket that two administrators signed for.
  for (const role of ["officer", "administrator"])
    test(`the one-time link of an ${role} of the demo opens the page with its tab, and serves once`, async () => {
      const person = peopleOf(town, role).at(-1);
      assert.ok(town.program("defenbao-demo", "people", "--dir", town.dir, "--url", town.url).includes(`${town.url}${person.link}`));
      const own = await town.browser(), second = await town.browser();
      await own.goto(town.url + person.link);
      await own.locator("#register").click();
      await openTab(own, "staff");
      await own.locator("#staff-add").waitFor();
      if (pictures) await own.screenshot({ path: join(pictures, `staff-by-link-${role}.png`), scale: "css", fullPage: true });
      await second.goto(town.url + person.link);
      await second.getByText("登记码可能已用过").waitFor();
      assert.ok(await second.locator("#tab-staff").isHidden());
      for (const one of [own, second]) await one.context().close();
    });

  test("somebody is added; the PIN is asked for once and shown nowhere", async () => {
    await openTab(page, "staff");
    await page.locator("#staff-add").waitFor();
    await page.locator("#staff-shop").selectOption(peopleOf(town, "shop")[0].account);
    await page.getByText("名单是空的").waitFor();
    await measured("staff-empty-zh");
    await page.locator("#staff-add").click();
    await page.locator("#staff-name").fill("李梅");
    await page.locator("#staff-pin").fill("12");
    await measured("staff-form-zh");
    await page.locator("#staff-save").click();
    await toast("密码要 6 位数字");
    await page.locator("#staff-pin").fill(PIN);
    await page.keyboard.press("Enter");
    await toast("已添加 李梅");
    await card("李梅").waitFor();
    assert.ok(!(await page.content()).includes(PIN));
    assert.equal(await page.locator("input[type=password]").count(), 0);
    await measured("staff-list-zh");
  });

  test("a name and a role are corrected, and the PIN stays", async () => {
    await card("李梅").locator("[data-do=correct]").click();
    await page.locator("#staff-name").fill("李红梅");
    await page.locator("#staff-role").selectOption("manager");
    await page.locator("#staff-save").click();
    await toast("已保存 李红梅");
    assert.match(await card("李红梅").innerText(), /店长/);
    assert.equal(await page.locator("#staff section.card").count(), 1);
  });

  test("who is locked out is opened by a new PIN, with which they sign in at the till", async () => {
    const till = new KioskTill(town);
    till.askAfterMs = 9000;
    await till.start();
    const counter = await town.browser({ width: 1024, height: 768 });
    counter.setDefaultTimeout(40_000);
    await counter.goto(till.url);
    await counter.locator(".person").click();
    for (let i = 5; i > 0; i--) {
      await counter.keyboard.type("000001", { delay: 30 });
      await counter.getByText(i > 1 ? `还可以试 ${i - 1} 次` : "已锁定").first().waitFor();
    }
    await openTab(page, "tasks");
    await openTab(page, "staff");
    await card("李红梅").getByText("已锁定").waitFor();
    await measured("staff-locked-zh");
    await page.locator("#language").click();
    await openTab(page, "staff");
    await card("李红梅").getByText("Locked after five wrong PINs").waitFor();
    await measured("staff-locked-en");
    await card("李红梅").locator("[data-do=correct]").click();
    await page.locator("#staff-save").click();
    await toast("The PIN has 6 digits");
    await page.locator("#staff-pin").fill(NEW);
    await measured("staff-unlock-en");
    await page.locator("#staff-save").click();
    await toast("was saved");
    assert.equal(await page.locator("#staff .bad").count(), 0);
    await till.stop();
    await till.start();
    await counter.goto("about:blank");
    await counter.goto(till.url);
    await counter.locator(".person").click();
    await counter.keyboard.type(NEW, { delay: 30 });
    await counter.locator("body[data-screen=scan]").waitFor();
    await till.stop();
  });

  test("somebody is removed by the second touch", async () => {
    const drop = card("李红梅").locator("[data-do=drop]");
    await drop.click();
    await drop.getByText("Once more").waitFor();
    await drop.click();
    await toast("signs in no more");
    await page.getByText("Nobody is listed").waitFor();
  });

  test("the shops that are offered are those of the officer's district", async () => {
    const offered = await page.locator("#staff-shop option").evaluateAll((options) => options.map((one) => one.value));
    const shops = peopleOf(town, "shop"), own = shops.filter((one) => one.scope.split("/")[1] === "lijing");
    assert.deepEqual(offered.sort(), own.map((one) => one.account).sort());
    assert.ok(own.length < shops.length);
    assert.deepEqual(page.complaints, []);
  });
});
