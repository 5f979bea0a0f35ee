// Pictures of the page, for whoever looks it over and for the README.
//   DFB_BIN=<programs> DFB_PAGES=<programs>/resident node pictures.mjs            remakes docs/pictures/resident-*.png
//   DFB_BIN=<programs> DFB_PAGES=<programs>/resident node pictures.mjs <folder>   every view, size, language and mode
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Town } from "./town.mjs";
import { everyView } from "./views.mjs";

const folder = process.argv[2];
const ours = fileURLToPath(new URL("../../docs/pictures", import.meta.url));
mkdirSync(folder ?? ours, { recursive: true });
const town = new Town(process.env.DFB_BIN, process.env.DFB_PAGES);

async function walk(size, elder, path) {
  const page = await town.browser(size);
  await page.addInitScript((value) => localStorage.setItem("elder", value), elder);
  await everyView(page, town, "林小雨", async (view) => {
    if (!path(view)) return;
    await page.waitForTimeout(300);
    await page.screenshot({ path: path(view), scale: "css" });
  });
  await page.context().close();
}

try {
  await town.found();
  if (!folder) {
    const wanted = { tasks: "resident-tasks.png", pay: "resident-pay.png" };
    await walk({}, "no", (view) => wanted[view] && join(ours, wanted[view]));
  } else {
    for (const [size, width, height] of [["phone", 390, 844], ["desktop", 1280, 800]])
      for (const locale of ["zh-CN", "en-GB"])
        for (const [mode, elder] of [["normal", "no"], ["elder", "yes"]])
          await walk({ width, height, locale }, elder, (view) => join(folder, `${size}-${locale.slice(0, 2)}-${mode}-${view}.png`));
  }
} finally {
  await town.end();
}
