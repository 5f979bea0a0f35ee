// Pictures of the till's page, for whoever looks it over.
//   DFB_BIN=<programs> DFB_PAGES=<api/web> node kiosk_pictures.mjs <folder>   every screen, size and language
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { everyScreen } from "./kiosk_views.mjs";
import { KioskTill } from "./till.mjs";
import { Town } from "./town.mjs";

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
const town = new Town(process.env.DFB_BIN, process.env.DFB_PAGES);
try {
  await town.found();
  const till = new KioskTill(town);
  await till.start();
  let first = 0;
  for (const [size, width, height] of [["counter", 1024, 768], ["phone", 390, 844]])
    for (const language of ["zh", "en"]) {
      const page = await town.browser({ width, height });
      await page.addInitScript((value) => localStorage.setItem("language", value), language);
      await everyScreen(page, town, till, first, (name) => page.screenshot({ path: join(folder, `${size}-${language}-${name}.png`), scale: "css" }));
      console.log(page.complaints);
      await page.context().close();
      first += 3;
    }
  await till.stop();
} finally {
  await town.end();
}
