// One walk past every view of the page, for the tests that measure them and for the pictures.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { joinTown, siteLink, verify } from "./town.mjs";

export const peopleOf = (town, role) =>
  JSON.parse(readFileSync(join(town.dir, "people.json"), "utf8")).people.filter((one) => one.role === role);

export async function openTab(page, name) {
  await page.locator(`#tab-${name}`).click();
  await page.locator(`#view[data-tab=${name}]`).waitFor();
}

// The phone of a resident who joined, was verified and earned the evening patrol's points; its pay tab is open.
export async function readyToPay(town) {
  const phone = await town.browser();
  verify(town, await joinTown(phone, town));
  await phone.goto(siteLink(town));
  await phone.locator("[data-task=patrol-evening] button").click();
  await phone.locator("[data-task=patrol-evening]").getByText("已完成").waitFor();
  await openTab(phone, "pay");
  return phone;
}

// Calls `visit(name)` at each view. The person who joins is `name`; the ticket shown is that of the town's last resident.
export async function everyView(page, town, name, visit) {
  await page.goto(town.url);
  await page.locator("#have-code").waitFor();
  await visit("welcome");
  await page.locator("#have-code").click();
  await page.locator("#code").waitFor();
  await visit("code");
  await page.goto(`${town.url}${peopleOf(town, "resident").at(-1).link}`);
  await page.locator("#register").waitFor();
  await visit("ticket");
  await page.goto(`${town.url}/#ticket=${"0".repeat(32)}`);
  await page.locator("#view .card p").waitFor();
  await visit("ticket-unknown");
  const account = await joinTown(page, town, name, () => visit("join"));
  await visit("unverified");
  await openTab(page, "pay");
  await visit("unverified-pay");
  verify(town, account);
  await page.goto(siteLink(town));
  await page.locator("[data-task=patrol-evening] button").click();
  await page.locator("[data-task=patrol-evening] p.gain").waitFor();
  await page.locator("#toast:not([hidden])").waitFor();
  await visit("checked-in");
  await page.locator("[data-task=drill-lijing] button").click();
  await page.locator("[data-task=drill-lijing] p.gain").waitFor();
  await openTab(page, "tasks");
  await visit("tasks");
  await openTab(page, "points");
  await visit("points");
  await page.locator("#entries button").first().click();
  await page.locator("#checked").waitFor();
  await visit("entry");
  await page.locator("summary").click();
  await visit("entry-open");
  await openTab(page, "pay");
  await page.locator("#pay-code[data-code]").waitFor();
  await visit("pay");
  await page.context().setOffline(true);
  await page.locator(".code .bad").waitFor();
  await visit("pay-unreachable");
  await page.locator("#tab-points").click();
  await page.locator("#view > .bad").waitFor();
  await visit("unreachable");
  await page.context().setOffline(false);
  return account;
}
