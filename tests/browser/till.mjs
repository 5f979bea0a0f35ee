// A till with its page, enrolled in a demo town; phones that show real pay codes, on keys, and before a camera.
import { spawn } from "node:child_process";
import { webcrypto } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { peopleOf } from "./views.mjs";

globalThis.crypto ??= webcrypto;

export class KioskTill {
  // `ticket`: of one more till of that shop.
  constructor(town, shop = 0, ticket = undefined) {
    this.town = town;
    town.tills.push(this);
    this.askAfterMs = 4000;
    this.dir = join(town.folder, `kiosk-till-${shop}${ticket ? "-beside" : ""}`);
    town.program("defenbao-terminal", "--dir", this.dir, "enrol", "--server", town.url, "--ca", join(town.dir, "ca.crt"),
      "--code", ticket ?? peopleOf(town, "shop")[shop].ticket);
  }
  // Until the till has on its disk what it has to know for selling without a line.
  async knowsAllowances() {
    const file = join(this.dir, "offline");
    const until = Date.now() + 60_000;
    while (!existsSync(file) || !readFileSync(file, "utf8").includes('"allowances":[{')) {
      if (Date.now() > until) throw new Error("the till never asked the town who carries points");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  // Resolves to the start URL that the program prints. A second start takes the first one's port and options.
  start(...given) {
    const options = given.length > 0 ? given : (this.options ?? []);
    this.options = options;
    const port = this.url ? new URL(this.url).port : "0";
    this.url = undefined;
    this.process = spawn(join(this.town.programs, "defenbao-terminal"),
      ["--dir", this.dir, "--lang", "en", "--kiosk", "--kiosk-port", port, "--ask-after-ms", String(this.askAfterMs), "--cancel-after-ms", "12000",
        "--retry-ms", "300", ...options], { stdio: ["ignore", "pipe", "pipe"] });
    return new Promise((resolve, reject) => {
      let said = "";
      for (const stream of [this.process.stdout, this.process.stderr])
        stream.on("data", (data) => {
          said += data;
          this.url = said.match(/http:\S+#token=\S+/)?.[0];
          if (this.url) resolve(this.url);
        });
      this.process.once("exit", (status) => reject(new Error(`the till ended with ${status}: ${said}`)));
    });
  }
  get origin() {
    return new URL(this.url).origin;
  }
  get token() {
    return new URL(this.url).hash.slice("#token=".length);
  }
  stop(signal = "SIGTERM") {
    return new Promise((resolve) => {
      if (!this.process || this.process.exitCode !== null || this.process.signalCode !== null) return resolve(this.process?.exitCode);
      this.process.once("exit", resolve);
      this.process.kill(signal);
    });
  }
}

// A till with its page open at the counter, ready to scan. The town ends it.
export async function counter(town) {
  const till = new KioskTill(town);
  await till.start();
  const page = await town.browser({ width: 1024, height: 768 });
  await page.goto(till.url);
  await screen(page, "scan");
  return { till, page };
}

// The phone of the demo's resident number `index`: the resident page's own code makes the pay codes. Asked for again,
// it is the same phone, and goes on after the last code that it showed.
const shown = new Map();
export async function phoneOf(town, index) {
  const folder = mkdtempSync(join(town.folder, "phone-"));
  cpSync(join(town.pages, "js"), folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"type": "module"}');
  const load = (name) => import(pathToFileURL(join(folder, name)));
  const [{ described }, { payCode, STEP_MS }] = [await load("device.js"), await load("paycode.js")];
  const person = peopleOf(town, "resident")[index];
  const pem = readFileSync(join(town.dir, person.key), "utf8");
  const origin = readFileSync(join(town.dir, "server.conf"), "utf8").match(/^origin = "(.*)"/m)[1];
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const privateKey = await crypto.subtle.importKey("pkcs8", Buffer.from(pem.replace(/-.*-|\s/g, ""), "base64"), algorithm, true, ["sign"]);
  const { d, key_ops, ...half } = await crypto.subtle.exportKey("jwk", privateKey);
  const publicKey = await crypto.subtle.importKey("jwk", half, algorithm, true, ["verify"]);
  const device = await described({ privateKey, publicKey });
  const phone = `${town.dir} ${index}`;
  return {
    person,
    // A code of a step that was not shown before.
    async code(limit = 200) {
      while (Math.floor(Date.now() / STEP_MS) <= shown.get(phone)) await new Promise((resolve) => setTimeout(resolve, 100));
      shown.set(phone, Math.floor(Date.now() / STEP_MS));
      return payCode(device, origin, person.account, shown.get(phone), limit);
    },
  };
}

// As a scanner types it: all keys at once, Enter for each line's end, and Enter.
const ENDS = {
  Enter: { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13, text: "\r" },
  Tab: { key: "Tab", code: "Tab", windowsVirtualKeyCode: 9 },
  "Control+J": { key: "j", code: "KeyJ", windowsVirtualKeyCode: 74, modifiers: 2 },
};
// Keys say themselves when they were pressed, 2 ms apart and the last just now, and none waits for the one before: a busy
// machine must not make a slow typist of the scanner.
const scannedAt = new Map();
export async function scan(page, text, end = "Enter") {
  const devtools = await page.context().newCDPSession(page);
  const took = [...text].length * 2;
  const pause = (scannedAt.get(page) ?? 0) + 100 + took - Date.now(); // two scans' keys are not mingled
  if (pause > 0) await page.waitForTimeout(pause);
  scannedAt.set(page, Date.now());
  const begin = (Date.now() - took) / 1000;
  const press = (key, n) => ["keyDown", "keyUp"].map((type) =>
    devtools.send("Input.dispatchKeyEvent",
      { ...key, type, timestamp: begin + n * 0.002, text: type === "keyDown" ? key.text : undefined }));
  await Promise.all([...[...text].map((one) => (one === "\n" ? ENDS.Enter : { key: one, text: one })), ENDS[end]].flatMap(press));
  await devtools.detach();
}
export async function screen(page, name) {
  await page.locator(`body[data-screen=${name}]`).waitFor().catch(async () => {
    throw new Error(`not on the screen "${name}", but: ${await page.locator("body").innerText()}`);
  });
}

// A film of one picture for Chromium's fake camera: the text's QR code, on grey.
export function film(town, text, path, { width = 640, height = 480, side = 400 } = {}) {
  const rows = town.program("defenbao-demo", "qr", text).split("\n").filter((line) => /[█▀▄]/.test(line));
  const size = Math.max(...rows.map((row) => [...row].length));
  // Two modules a character, white drawn.
  const white = (x, y) => {
    const half = [...rows[y >> 1]][x] ?? " ";
    return half === "█" || half === (y % 2 ? "▄" : "▀");
  };
  const scale = Math.floor(side / size);
  const luma = Buffer.alloc(width * height, 150), chroma = Buffer.alloc((width * height) / 2, 128);
  const left = (width - size * scale) >> 1, top = (height - size * scale) >> 1;
  for (let y = 0; y < size * scale; y++)
    for (let x = 0; x < size * scale; x++)
      luma[(top + y) * width + left + x] = white(Math.floor(x / scale), Math.floor(y / scale)) ? 220 : 30;
  const frame = Buffer.concat([Buffer.from("FRAME\n"), luma, chroma]);
  writeFileSync(path, Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), frame, frame]));
}
