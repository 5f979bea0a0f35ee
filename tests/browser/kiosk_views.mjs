// One walk past every screen of the till's page, for the tests that measure them and for pictures.
import { phoneOf, scan, screen } from "./till.mjs";

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
  town.server.kill("SIGSTOP"); // the answer is lost
  await page.locator("#pay").click();
  await screen(page, "working");
  await visit("working");
  await screen(page, "unknown");
  await visit("unknown");
  town.server.kill("SIGCONT");
  await screen(page, "result");
  await visit("settled");
  await page.locator("#next").click();
  await screen(page, "scan");
}
