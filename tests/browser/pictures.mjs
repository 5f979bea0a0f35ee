// Makes the README's pictures, and one of every view for whoever looks the page over:
//   DFB_BIN=<programs> DFB_PAGES=<api/web> node pictures.mjs <folder>
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { joinTown, siteLink, Town, verify } from "./town.mjs";

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
const town = new Town(process.env.DFB_BIN, process.env.DFB_PAGES);
await town.found();
try {
  for (const [size, width, height] of [["phone", 390, 844], ["desktop", 1280, 800]]) {
    for (const locale of ["zh-CN", "en-GB"]) {
      const page = await town.browser({ width, height, locale });
      const shoot = async (name) => {
        await page.waitForTimeout(400);
        await page.screenshot({ path: join(folder, `${size}-${locale.slice(0, 2)}-${name}.png`), scale: "css" });
      };
      const tab = async (name) => {
        await page.locator(`#tab-${name}`).click();
        await page.locator(`#view[data-tab=${name}]`).waitFor();
      };
      await page.goto(town.url);
      await page.locator("#have-code").waitFor();
      await shoot("welcome");
      await page.locator("#have-code").click();
      await shoot("code");
      const account = await joinTown(page, town);
      await shoot("unverified");
      verify(town, account);
      await page.goto(siteLink(town));
      await page.locator("[data-task=patrol-evening] button").click();
      await page.locator("[data-task=patrol-evening] .gain").nth(1).waitFor();
      for (const name of ["tasks", "points", "pay"]) {
        await tab(name);
        await shoot(name);
      }
      await tab("points");
      await page.locator("#entries button").first().click();
      await page.locator("#checked").waitFor();
      await shoot("entry");
      await page.locator("#elder").click();
      for (const name of ["tasks", "points", "pay"]) {
        await tab(name);
        await shoot(`elder-${name}`);
      }
    }
  }
} finally {
  await town.end();
}
