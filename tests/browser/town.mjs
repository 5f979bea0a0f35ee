// A demo town with its server for one test run: founded in a temporary folder, trusted by a browser of its own.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";

const free = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
async function freePair() {
  for (;;) {
    const port = 20000 + Math.floor(Math.random() * 12000);
    if ((await free(port)) && (await free(port + 1))) return port;
  }
}

export class Town {
  constructor(programs, pages) {
    this.programs = programs;
    this.pages = pages;
    this.folder = mkdtempSync(join(tmpdir(), "defenbao-browser-"));
    this.dir = join(this.folder, "town");
    this.contexts = [];
    this.tills = [];
  }
  program(name, ...words) {
    return execFileSync(join(this.programs, name), words, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  }
  async found() {
    this.port = await freePair();
    this.url = `https://localhost:${this.port}`;
    this.program("defenbao-demo", "make", "--dir", this.dir, "--port", String(this.port), "--pages", this.pages,
      "--residents", "24");
    const nss = join(this.folder, ".pki", "nssdb");
    mkdirSync(nss, { recursive: true });
    execFileSync("certutil", ["-d", `sql:${nss}`, "-N", "--empty-password"]);
    execFileSync("certutil", ["-d", `sql:${nss}`, "-A", "-t", "C,,", "-n", "town", "-i", join(this.dir, "ca.crt")]);
    await this.serve();
  }
  serve() {
    this.server = spawn(join(this.programs, "defenbao-server"), ["--config", join(this.dir, "server.conf")],
      { stdio: ["ignore", "ignore", "pipe"] });
    return new Promise((resolve, reject) => {
      let said = "";
      this.server.stderr.on("data", (data) => {
        said += data;
        if (said.includes(" ready: ")) resolve();
      });
      this.server.once("exit", () => reject(new Error(`the server ended: ${said}`)));
    });
  }
  stopServer() {
    return new Promise((resolve) => {
      this.server.once("exit", resolve);
      this.server.kill("SIGTERM");
    });
  }
  // As when its machine loses power, also while it hangs.
  kill() {
    return new Promise((resolve) => {
      this.server.once("exit", resolve);
      this.server.kill("SIGKILL");
    });
  }
  // The server hangs: it takes requests and answers none. On a busy machine a process goes on for a moment after the signal,
  // and some of its threads for longer.
  async hang() {
    const { pid } = this.server;
    this.server.kill("SIGSTOP");
    const isStopped = (thread) => {
      try {
        return /\) T /.test(readFileSync(`/proc/${pid}/task/${thread}/stat`, "utf8"));
      } catch {
        return false; // it has just ended: look again
      }
    };
    while (!readdirSync(`/proc/${pid}/task`).every(isStopped)) await new Promise((resolve) => setTimeout(resolve, 5));
  }
  goOn() {
    this.server.kill("SIGCONT");
  }
  // A browser with a fresh profile, as a phone unless `size` says otherwise.
  async browser({ width = 390, height = 844, locale = "zh-CN", options = [] } = {}) {
    const context = await chromium.launchPersistentContext(mkdtempSync(join(this.folder, "profile-")), {
      executablePath: "/usr/bin/chromium",
      args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", ...options],
      env: { ...process.env, HOME: this.folder },
      viewport: { width, height }, deviceScaleFactor: 2, locale, acceptDownloads: true,
    });
    this.contexts.push(context);
    context.setDefaultTimeout(15000);
    const page = context.pages()[0] ?? (await context.newPage());
    page.complaints = [];
    page.on("console", (message) => {
      if (message.type() === "error") page.complaints.push(message.text());
    });
    page.on("pageerror", (error) => page.complaints.push(String(error)));
    return page;
  }
  async end() {
    for (const context of this.contexts) await context.close();
    for (const till of this.tills) await till.stop("SIGKILL"); // one that runs on keeps a failed test from ending
    if (this.server && this.server.exitCode === null && this.server.signalCode === null) {
      this.goOn();
      await this.stopServer();
    }
    rmSync(this.folder, { recursive: true, force: true });
    setTimeout(() => process.exit(), 10_000).unref(); // a failed test may have left a proxy or a timer behind
  }
}

// What the steps of a resident's day have in common.
export async function joinTown(page, town, name = "林小雨", atForm = async () => {}) {
  await page.goto(town.url);
  await page.getByRole("button", { name: /加入德分宝|Join/ }).click();
  await page.locator("#name").fill(name);
  await page.locator("#phone").fill("13900001234");
  await page.locator("#grid").selectOption("/lijing/01");
  await atForm();
  await page.locator("#join").click();
  await page.locator("#tab-tasks").waitFor();
  await page.locator("[data-task]").first().waitFor();
  const text = await page.locator(".banner").first().innerText();
  return text.match(/[0-9A-HJKMNP-TV-Z]{13}/)[0];
}
export const verify = (town, account) =>
  town.program("defenbao-demo", "verify", "--dir", town.dir, "--url", town.url, "--account", account);
export const siteLink = (town) => town.program("defenbao-demo", "site", "--dir", town.dir, "--url", town.url).trim();
