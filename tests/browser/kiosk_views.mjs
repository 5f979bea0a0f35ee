// One walk past every screen of the till's page, for the tests that measure them and for pictures.
import { phoneOf, scan, screen } from "./till.mjs";

// On a narrow screen the points stand behind the goods.
export async function showPoints(page) {
  const side = page.locator(".side[data-side=points]");
  if (await side.isVisible()) await side.click();
}

// Calls `visit(name)` at each. `first` is the first of the demo's residents that may be charged; three are.
export async function everyScreen(page, town, till, first, visit) {
  const phones = await Promise.all([0, 1, 2].map((i) => phoneOf(town, first + i)));
  await page.goto(till.url);
  await screen(page, "scan");
  await visit("scan");
  await scan(page, "https://example.org/");
  await page.locator("#note:not(:empty)").waitFor();
  await visit("wrong-code");
  const code = await phones[0].code();
  await scan(page, code);
  await screen(page, "customer");
  await visit("customer");
  const good = page.locator(".good").first();
  if (await good.isVisible()) {
    await good.click();
    await visit("customer-goods");
    await page.locator(".less").first().click();
  }
  await showPoints(page);
  await visit("customer-points");
  await page.locator("#points").fill("999");
  await visit("customer-too-many");
  await page.locator("#points").fill("30");
  await page.locator("#cash").fill("12.5");
  await page.locator("#pay").click();
  await screen(page, "result");
  await visit("done");
  await page.locator("summary").click();
  await visit("receipt");
  await page.locator("#next").click();
  await screen(page, "scan");
  await scan(page, code);
  await page.locator("body:not([data-screen=scan]):not([data-screen=working])").waitFor();
  if (await page.locator("#pay").isVisible()) {
    await showPoints(page);
    await page.locator("#points").fill("10");
    await page.locator("#pay").click();
  }
  await screen(page, "result");
  await visit("refused");
  await page.locator("#next").click();
  await screen(page, "scan");
  await page.locator("#records").click();
  await screen(page, "past");
  await visit("past");
  await page.locator("button.line[data-kind=sale]").first().click();
  await screen(page, "receipt");
  await visit("past-receipt");
  await page.locator("#refund-this").click();
  await screen(page, "refund");
  await visit("refund");
  await page.locator("#points").fill("10");
  await page.locator("#give").click();
  await screen(page, "result");
  await visit("given-back");
  await page.locator("#next").click();
  await scan(page, await phones[1].code());
  await screen(page, "customer");
  await page.locator("#points").fill("20");
  await town.hang(); // the answer is lost
  await page.locator("#pay").click();
  await screen(page, "working");
  await visit("working");
  await screen(page, "unknown");
  await visit("unknown");
  town.goOn();
  await screen(page, "result");
  await visit("settled");
  await page.locator("#next").click();
  await screen(page, "scan");
}

// The screens of a shop whose people sign in. `manager` is {id, pin}, `locked` somebody whose PIN it is not; ends shut.
export async function everyShiftScreen(page, town, till, index, manager, locked, visit) {
  const phone = await phoneOf(town, index);
  const type = async (pin) => {
    for (const digit of pin) await page.locator(".pad").getByRole("button", { name: digit, exact: true }).click();
  };
  // Until the person is locked: what is typed while the town is still asked counts for nothing.
  const tries = async (id) => {
    const person = page.locator(`.person[data-staff="${id}"]`);
    for (let i = 0; i < 30 && (await person.count()); i++) {
      await person.click({ timeout: 2_000 }).catch(() => {});
      await type(manager.pin);
      await page.waitForTimeout(500);
      await screen(page, "who");
    }
  };
  await page.goto(till.url);
  await screen(page, "who");
  await page.waitForTimeout(300); // a result of before may wait to be read
  await visit("sign-in");
  await tries(locked);
  await page.locator(".closed").waitFor();
  await visit("locked-out");
  await page.locator(".open").first().click();
  await visit("unlock");
  await page.locator("#back").click();
  await page.locator(`.person[data-staff="${manager.id}"]`).click();
  await type(manager.pin);
  await screen(page, "scan");
  await visit("signed-in");
  await scan(page, await phone.code());
  await screen(page, "customer");
  await showPoints(page);
  await page.locator("#bill").fill("38.5");
  await page.locator("#points").fill("20");
  await visit("bill");
  await page.locator("#pay").click();
  await screen(page, "result");
  await page.locator("#next").click();
  await screen(page, "scan");
  await page.locator("#records").click();
  await screen(page, "past");
  await page.locator("button.line[data-kind=sale]").first().click();
  await screen(page, "receipt");
  await page.locator("#refund-this").click();
  await screen(page, "refund");
  await visit("refund-or-void");
  await page.locator("#void").click();
  await screen(page, "undo");
  await visit("void");
  await type(manager.pin);
  await screen(page, "result");
  await visit("voided");
  await page.locator("#next").click();
  await page.locator("#records").click();
  await screen(page, "past");
  await visit("past-voided");
  await page.locator("#back").click();
  await screen(page, "scan");
  await page.locator("#shift").click();
  await screen(page, "shift");
  await visit("shift");
  await page.locator("#x").click();
  await screen(page, "result");
  await visit("x-report");
  await page.locator("#next").click();
  await screen(page, "shift");
  await page.locator("#z").click();
  await visit("z-sure");
  await page.locator("#z").click();
  await screen(page, "result");
  await visit("z-report");
  await page.locator("#next").click();
  await screen(page, "scan");
  await page.locator("#cashier").click();
  await screen(page, "who");
  await visit("change");
  await page.locator("#sign-out").click();
  await screen(page, "who");
}
