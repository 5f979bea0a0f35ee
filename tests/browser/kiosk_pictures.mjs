// Pictures of the till's page, for whoever looks it over.
//   DFB_BIN=<programs> DFB_PAGES=<programs>/resident node kiosk_pictures.mjs <folder>   every screen, size and language
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { everyScreen, everyShiftScreen } from "./kiosk_views.mjs";
import { Officer } from "./officer.mjs";
import { KioskTill } from "./till.mjs";
import { Town } from "./town.mjs";
import { peopleOf } from "./views.mjs";

const folder = process.argv[2];
mkdirSync(folder, { recursive: true });
const town = new Town(process.env.DFB_BIN, process.env.DFB_PAGES);
try {
  await town.found();
  const till = new KioskTill(town);
  await till.start();
  const officer = await new Officer(town, "officer-lijing").signIn();
  const sizes = [["counter", 1024, 768], ["phone", 390, 844]];
  let first = 0;
  for (const [size, width, height] of sizes)
    for (const language of ["zh", "en"]) {
      const page = await town.browser({ width, height });
      await page.addInitScript((value) => localStorage.setItem("language", value), language);
      await everyScreen(page, town, till, first, (name) => page.screenshot({ path: join(folder, `${size}-${language}-${name}.png`), scale: "css" }));
      console.log(page.complaints);
      await page.context().close();
      first += 3;
    }
  await till.stop();
  const pin = "406271";
  const [li, wang] = (await officer.employ(peopleOf(town, "shop")[0].account, { name: "李梅", role: "cashier", pin: "739158" },
    { name: "王强", role: "manager", pin })).map((one) => one.staff);
  await till.start();
  for (const [size, width, height] of sizes)
    for (const language of ["zh", "en"]) {
      const page = await town.browser({ width, height });
      await page.addInitScript((value) => localStorage.setItem("language", value), language);
      await everyShiftScreen(page, town, till, first, { id: wang, pin }, li,
        (name) => page.screenshot({ path: join(folder, `${size}-${language}-shift-${name}.png`), scale: "css" }));
      console.log(page.complaints);
      await page.context().close();
      first += 1;
    }
  await till.stop();
} finally {
  await town.end();
}
