// The till's page in a real Chromium: an enrolled till, a real town, real pay codes.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { everyScreen } from "./kiosk_views.mjs";
import { accessible, tooSmall } from "./measures.mjs";
import { Officer } from "./officer.mjs";
import { NetworkPrinter } from "./printer.mjs";
import { film, KioskTill, phoneOf, scan, screen } from "./till.mjs";
import { Town } from "./town.mjs";
import { peopleOf } from "./views.mjs";

const town = new Town(process.env.DFB_BIN, process.env.DFB_PAGES);
const printer = new NetworkPrinter();
const COUNTER = { width: 1024, height: 768 };
let till;
let page;

describe("the till's page", () => {
  before(async () => {
    await town.found();
    till = new KioskTill(town);
    await printer.start();
    await till.start("--printer", printer.address);
    page = await town.browser(COUNTER);
    await page.goto(till.url);
    await screen(page, "scan");
  });
  after(async () => {
    await till?.stop("SIGKILL");
    await printer.stop();
    await town.end();
  });

  const result = (phase) => page.locator(`.result[data-phase=${phase}]`).waitFor();
  const next = async () => {
    await page.locator("#next").click();
    await screen(page, "scan");
  };
  const focus = () => page.evaluate(() => document.activeElement.id);
  const state = () => page.evaluate(async () => {
    const answer = await fetch("state?after=0", { headers: { "x-defenbao-token": sessionStorage.getItem("token") } });
    return answer.json();
  });
  // Points that the till took and gave back today, as its page says.
  async function taken() {
    await page.locator("#records").click();
    await screen(page, "past");
    const { today } = await state();
    await page.keyboard.press("Escape");
    await screen(page, "scan");
    return today;
  }

  test("the token leaves the address, and a reload goes on", async () => {
    assert.equal(page.url(), `${till.origin}/`);
    await page.reload();
    await screen(page, "scan");
    assert.match(await page.locator("#status").innerText(), /已联网\s+账本已核验 \d+ 条/);
    assert.match(await page.locator("#shop").innerText(), /丽景/);
  });

  test("two touches from the scan to the result, then the same code is refused", async () => {
    const code = await (await phoneOf(town, 0)).code();
    await scan(page, code);
    await screen(page, "customer");
    assert.match(await page.locator(".who").innerText(), /顾客 王\*\s+此码最多可用 200 分/);
    await page.getByRole("button", { name: "20", exact: true }).click();
    await page.getByRole("button", { name: "确认收 20 分" }).click();
    await result("done");
    assert.match(await page.locator(".result").innerText(), /成功\s+王\*\s+已收 20 分\s+小票号 \d+/);
    assert.match(await page.locator("#said").textContent(), /成功. 王\*. 已收 20 分/);
    assert.match(await page.locator(".receipt .paper").textContent(), /积分消费[^]*-20[^]*账本/);
    await next();
    await scan(page, code);
    await page.locator("body:is([data-screen=customer], [data-screen=result])").waitFor();
    if (await page.locator("#pay").isVisible()) {
      await page.getByRole("button", { name: "20", exact: true }).click();
      await page.locator("#pay").click();
    }
    await result("refused");
    assert.match(await page.locator(".result").innerText(), /拒绝\s+这个码已经用过，请顾客刷新/);
    await next();
    assert.deepEqual(await taken().then(({ sales, points }) => [sales, points]), [1, 20]);
  });

  test("what stands behind a line end in a code is not the cashier's word", async () => {
    const before = await taken();
    await scan(page, `${await (await phoneOf(town, 0)).code()}\n1\n\n\n`);
    await screen(page, "customer");
    await page.waitForTimeout(400);
    assert.equal(await page.locator("#points").inputValue(), "");
    assert.equal((await state()).screen, "customer");
    await page.locator("#drop").click();
    await screen(page, "scan");
    assert.deepEqual(await taken(), before);
  });

  test("all of it by the keyboard: scan, points, Enter, Enter, Enter", async () => {
    await scan(page, await (await phoneOf(town, 1)).code());
    await screen(page, "customer");
    assert.equal(await focus(), "points");
    await page.keyboard.type("15", { delay: 200 });
    await page.keyboard.press("Enter");
    assert.equal(await focus(), "pay");
    assert.equal((await state()).screen, "customer", "the first Enter asks for a look, the second pays");
    await page.waitForTimeout(150);
    await page.keyboard.press("Enter");
    await result("done");
    await page.waitForTimeout(150);
    assert.equal(await focus(), "next");
    await page.keyboard.press("Enter");
    await screen(page, "scan");
    // Records, a refund by its number, and back.
    for (let i = 0; i < 5 && (await focus()) !== "records"; i++) await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await screen(page, "past");
    const { past } = await state();
    assert.equal(await focus(), "find");
    await page.keyboard.type(String(past[0].seq), { delay: 150 });
    await page.keyboard.press("Enter");
    await screen(page, "refund");
    assert.equal(await focus(), "points", "an Enter too many gives nothing back");
    await page.keyboard.press("Escape");
    await screen(page, "past");
    await page.keyboard.press("Escape");
    await screen(page, "scan");
  });

  test("a scan anywhere: in a field, on a button, with any line end", async () => {
    const phone = await phoneOf(town, 2);
    await scan(page, await phone.code());
    await screen(page, "customer");
    const { sale } = await state();
    await page.locator("#points").fill("7");
    await page.locator("#points").focus();
    await scan(page, "https://shop.example/a b", "Tab");
    await page.getByText("这是一个网址，不是付款码。").waitFor();
    assert.equal(await page.locator("#points").inputValue(), "7", "the field is as it was");
    assert.equal((await state()).sale.id, sale.id, "the customer waits on");
    await page.locator("#drop").focus();
    await scan(page, "    hello     there    ", "Control+J");
    await page.getByText("看不懂这个码").waitFor();
    assert.equal((await state()).sale.id, sale.id, "spaces and line ends pressed no button");
    await page.locator("#drop").focus();
    await scan(page, "6901234567893\n", "Control+J"); // CR LF
    await page.getByText("商品条码").waitFor();
    assert.equal((await state()).sale.id, sale.id);
    // A fresh code of the same customer takes the other's place.
    await page.locator("#cash").focus();
    await scan(page, await phone.code());
    await page.waitForFunction(() => document.querySelector("#points")?.value === "");
    assert.notEqual((await state()).sale.id, sale.id);
    await page.keyboard.press("Escape");
    await screen(page, "scan");
    await page.getByText("已取消，没有扣积分。").waitFor();
  });

  test("every wrong code is named", async () => {
    const site = town.program("defenbao-demo", "site", "--dir", town.dir, "--url", town.url).trim();
    for (const [code, said] of [
      [site, "这是站点打卡码"], [`${town.url}/#ticket=${"0".repeat(32)}`, "这是一次性登记码"], ["https://x.example/", "这是一个网址"],
      ["c2sp.org/tlog-proof@v1", "这是小票凭证"], ["6901234567893", "这是商品条码"], ["hello there", "看不懂这个码"],
    ]) {
      await scan(page, code);
      await page.locator("#note").getByText(said).waitFor();
      assert.equal(await page.evaluate(() => document.body.dataset.screen), "scan");
    }
  });

  test("a reload in the middle of a sale shows the same, to the digit", async () => {
    await scan(page, await (await phoneOf(town, 3)).code());
    await screen(page, "customer");
    await page.keyboard.type("9", { delay: 50 }); // keys and fingers take turns
    for (const key of ["退格", "1", "2"]) await page.locator(".keys").getByRole("button", { name: key, exact: true }).click();
    await page.locator("#cash").click();
    for (const key of ["3", "小数点", "5"]) await page.locator(".keys").getByRole("button", { name: key, exact: true }).click();
    await page.waitForFunction(() => document.querySelector("#waiting").hidden);
    const seen = await page.locator(".who").innerText();
    await page.reload();
    await screen(page, "customer");
    assert.equal(await page.locator(".who").innerText(), seen);
    assert.equal(await page.locator("#points").inputValue(), "12");
    assert.equal(await page.locator("#cash").inputValue(), "3.50");
    await page.getByRole("button", { name: "确认收 12 分 + 3.50 元" }).click();
    await result("done");
    await page.reload();
    await result("done");
    await next();
  });

  test("more than the code allows waits for the customer's phone; a second finger charges nobody", async () => {
    const before = await taken();
    await scan(page, await (await phoneOf(town, 4)).code(50));
    await screen(page, "customer");
    await page.locator("#points").fill("51");
    await page.getByRole("button", { name: "请顾客在手机上确认 51 分" }).click();
    await screen(page, "confirming");
    await page.getByRole("button", { name: "取消" }).click();
    await screen(page, "scan");
    await scan(page, await (await phoneOf(town, 4)).code(50));
    await screen(page, "customer");
    await page.locator("#points").fill("5");
    await page.locator("#pay").evaluate((button) => (button.click(), button.click(), button.click()));
    await result("done");
    await next();
    const after = await taken();
    assert.deepEqual([after.sales - before.sales, after.points - before.points], [1, 5]);
  });

  test("points are given back from the list, at most what is left", async () => {
    await page.locator("#records").click();
    await screen(page, "past");
    await page.locator("button.line[data-kind=sale]").first().click();
    await screen(page, "receipt");
    await page.locator("#refund-this").click();
    await screen(page, "refund");
    await page.locator("#points").fill("6");
    await page.getByRole("button", { name: "最多 5 分" }).click({ force: true });
    await page.locator("#points").fill("2");
    await page.getByRole("button", { name: "确认退 2 分" }).click();
    await result("done");
    assert.match(await page.locator(".result").innerText(), /已退还 2 分/);
    await page.locator("#next").click();
    await page.locator("#records").click();
    await page.locator("button.line[data-kind=sale]").first().click();
    await page.locator("#refund-this").click();
    await page.locator(".who").getByText("这笔收了 5 分，还可退 3 分").waitFor();
    await page.locator("#back").click();
    await page.locator("#find").fill("999999");
    await page.locator("form button").click();
    await page.getByText("本店没有这张小票的消费记录。").waitFor();
    await page.locator("#back").click();
    await screen(page, "scan");
  });

  test("a sale is printed as it is shown, printed again, and given back by scanning its receipt", async () => {
    const before = printer.jobs.length;
    await scan(page, await (await phoneOf(town, 8)).code());
    await screen(page, "customer");
    await page.locator("#points").fill("12");
    await page.locator("#cash").fill("3.5");
    await page.locator("#pay").click();
    await result("done");
    const { lines, code } = await printer.paper(before);
    await page.locator("#language").click(); // the paper's language is the program's
    const shown = await page.locator(".paper > div:not(.code)").evaluateAll((all) => all.map((line) => line.textContent));
    await page.locator("#language").click();
    assert.deepEqual(lines, shown.map((line) => line.trimEnd()));
    assert.match(lines.join("\n"), /PAID WITH POINTS\n[^]*Customer +\S\*\n[^]*-12\nCash +￥3.50\n/);
    assert.equal(await page.locator(".paper .code svg path").count(), 1);
    const { sale, receipt } = await state();
    assert.equal(code, receipt.qr_text);
    assert.match(code, new RegExp(`^${town.url}/#receipt=${sale.seq}\\.\\w{13}$`));
    await page.locator("#print").click();
    await page.getByText("正在打印。").waitFor();
    assert.match((await printer.paper(before + 1)).lines.join("\n"), /PAID WITH POINTS\n +COPY\n/);
    await next();
    await scan(page, code);
    await screen(page, "refund");
    assert.match(await page.locator(".who").innerText(), /这笔收了 12 分，还可退 12 分/);
    await page.getByLabel("收错积分").check();
    await page.locator("#points").fill("4");
    assert.match(await page.locator(".who").innerText(), /另退现金（元，最多 3.50）/);
    await page.locator("#cash").fill("3.51");
    assert.equal(await page.locator("#give").innerText(), "现金最多退 3.50 元");
    assert.equal(await page.locator("#give").getAttribute("aria-disabled"), "true");
    await page.locator("#cash").fill("1.2");
    await page.waitForFunction(() => document.querySelector("#waiting").hidden);
    await page.reload();
    await screen(page, "refund");
    assert.equal(await page.getByLabel("收错积分").isChecked(), true);
    assert.equal(await page.locator("#cash").inputValue(), "1.20");
    assert.equal(await page.locator("#give").innerText(), "确认退 4 分 + 1.20 元");
    await page.locator("#give").click();
    await result("done");
    assert.match(await page.locator(".result").innerText(), /已退还 4 分[^]*另退现金 1.20 元/);
    assert.match((await printer.paper(before + 2)).lines.join("\n"), /POINTS GIVEN BACK\n[^]*\+4\nCash back +￥1.20\nReason +Wrong amount\n/);
    await next();
    await page.locator("#shift").click();
    await screen(page, "shift");
    const drawer = (await state()).shift.cash_fen;
    await page.locator("#back").click();
    await page.locator("#records").click();
    await screen(page, "past");
    assert.equal((await state()).today.cash_fen, drawer, "the day's and the shift's sums are of the same drawer");
    await page.locator("#back").click();
    await screen(page, "scan");
    await scan(page, code.replace(/\w{13}$/, "0000000000007"));
    await page.getByText("这是别家商店的小票，本店不能退。").waitFor();
    await screen(page, "scan");
  });

  test("a printer that is gone stops nothing, is named, and prints when it is back", async () => {
    const before = printer.jobs.length;
    await printer.stop();
    await page.locator("#records").click();
    await page.locator("button.line").first().click();
    await screen(page, "receipt");
    await page.locator("#print").click();
    await page.locator("#printer").getByText("打印机没有回应：请检查纸和线").waitFor();
    await page.locator("#back").click();
    await page.locator("#back").click();
    await screen(page, "scan");
    await scan(page, await (await phoneOf(town, 8)).code());
    await screen(page, "customer");
    await page.locator("#drop").click();
    await screen(page, "scan");
    await printer.start();
    await printer.paper(before);
    await page.locator("#printer").waitFor({ state: "detached" });
  });

  test("a page of another origin can neither read nor sell nor refund", async () => {
    const before = await state();
    const evil = createServer((_, answer) => answer.setHeader("content-type", "text/html").end("<!doctype html><title>x</title>"));
    await new Promise((resolve) => evil.listen(0, "127.0.0.1", resolve));
    const foreign = await page.context().newPage();
    await foreign.goto(`http://127.0.0.1:${evil.address().port}/`);
    const attempts = await foreign.evaluate(async ([origin, token]) => {
      const body = JSON.stringify({ touch: "past" });
      const said = [];
      const attempt = (path, options) => fetch(origin + path, options).then((answer) => said.push(answer.type === "opaque" ? "opaque" : answer.status),
        () => said.push("failed"));
      await attempt("/state?after=0", {});
      await attempt("/touch", { method: "POST", body, headers: { "content-type": "application/json", "x-defenbao-token": token } });
      await attempt("/touch", { method: "POST", body, mode: "no-cors", headers: { "content-type": "text/plain" } });
      await attempt("/state?after=0", { headers: { "x-defenbao-token": token } });
      const form = Object.assign(document.createElement("form"), { method: "POST", action: `${origin}/touch`, target: "frame", enctype: "text/plain" });
      const field = Object.assign(document.createElement("input"), { name: body.slice(0, -1) + ',"x":"', value: '"}' });
      const frame = Object.assign(document.createElement("iframe"), { name: "frame" });
      document.body.append(frame, form);
      form.append(field);
      form.submit();
      await new Promise((resolve) => (frame.onload = resolve));
      const inside = Object.assign(document.createElement("iframe"), { src: `${origin}/#token=${token}` });
      document.body.append(inside);
      await new Promise((resolve) => (inside.onload = resolve));
      return said;
    }, [till.origin, till.token]);
    assert.deepEqual(attempts, ["failed", "failed", "opaque", "failed"]);
    const inside = foreign.frames().filter((frame) => frame !== foreign.mainFrame());
    for (const frame of inside) assert.equal(await frame.locator("#view").count(), 0, "no frame shows the page");
    await foreign.close();
    await page.bringToFront();
    evil.close();
    const still = await state();
    for (const one of [before, still]) delete one.offline, delete one.version; // the time that is left is told anew
    assert.deepEqual(still, before, "with the token even, since the origin is another");
  });

  test("not known yet: nothing else can be done, a reload and a killed till change nothing, then it is settled", async () => {
    await scan(page, await (await phoneOf(town, 5)).code());
    await screen(page, "customer");
    await page.locator("#points").fill("8");
    await town.hang();
    try {
      await page.locator("#pay").click();
      await screen(page, "working");
      assert.match(await page.locator("#view").innerText(), /有结果前先不要交货/);
      await screen(page, "unknown");
      assert.match(await page.locator("#view").innerText(), /结果未知\s+先不要交货！\s+收 8 分/);
      assert.match(await page.locator("#said").textContent(), /先不要交货/);
      assert.equal(await page.locator("main button").count(), 0);
      const { sale } = await state();
      await scan(page, await (await phoneOf(town, 6)).code());
      await page.keyboard.press("Escape");
      await page.reload();
      await screen(page, "unknown");
      assert.equal((await state()).sale.id, sale.id);
      await till.stop("SIGKILL");
      await page.locator(".halted").waitFor();
      assert.match(await page.locator("#view").innerText(), /先不要交货/);
      await till.start();
      await page.getByRole("heading", { name: "请用新地址打开" }).waitFor();
      await page.goto(till.url);
      await screen(page, "unknown");
      assert.equal((await state()).sale.id, sale.id);
    } finally {
      town.goOn();
    }
    await screen(page, "result");
    assert.match(await page.locator(".result").innerText(), /已收 8 分|已取消/);
    await next();
  });

  test("the camera reads the code, and stops while the customer is served", async () => {
    const path = join(town.folder, "camera.y4m");
    const phone = await phoneOf(town, 7);
    film(town, "https://nothing.example/", path);
    const with_camera = await town.browser({
      ...COUNTER, options: ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", `--use-file-for-fake-video-capture=${path}`],
    });
    await with_camera.goto(till.url);
    await screen(with_camera, "scan");
    film(town, await phone.code(), path);
    await with_camera.locator("#use-camera").click();
    await screen(with_camera, "customer");
    await with_camera.getByRole("button", { name: "5", exact: true }).first().click();
    await with_camera.locator("#pay").click();
    await with_camera.locator(".result[data-phase=done]").waitFor();
    film(town, await phone.code(), path);
    await with_camera.locator("#next").click(); // and the camera looks for the next customer by itself
    await screen(with_camera, "customer");
    await with_camera.locator("#drop").click();
    await screen(with_camera, "scan");
    assert.equal(await with_camera.locator("#camera").isVisible(), false, "a customer who was let go is not scanned again");
    assert.deepEqual(with_camera.complaints, []);
    await with_camera.context().close();
  });

  // A walk a language, on a phone, where goods and points do not stand side by side; each screen is measured at both sizes.
  let first = 9;
  for (const [said, language, phone] of [
    ["Chinese", "zh", { width: 390, height: 844 }], ["English", "en", { width: 360, height: 640 }],
  ])
    test(`every screen in ${said}: accessible, large enough, in one language`, async () => {
      const looked = await town.browser(phone);
      await looked.addInitScript((value) => localStorage.setItem("language", value), language);
      const names = [];
      await everyScreen(looked, town, till, first, async (name) => {
        names.push(name);
        for (const size of [COUNTER, phone]) {
          await looked.setViewportSize(size);
          const where = `${name}, ${size.width} wide`;
          assert.deepEqual(await accessible(looked, "all"), [], `axe on ${where}`);
          assert.deepEqual(await tooSmall(looked, 14, 44), [], where);
          if (/^(customer|refund)/.test(name)) assert.ok(await looked.evaluate(() => document.documentElement.scrollHeight <= innerHeight + 1),
            `every key without scrolling: ${where}`);
        }
        if (language === "zh") return;
        const shown = (await looked.locator("body").innerText()).replaceAll("中文", "").replaceAll("￥", "").replace(/\S\*/g, "");
        assert.doesNotMatch(shown, /[\u3000-\u9fff\uff00-\uffef]/, `Chinese left on ${name}`);
      });
      first += 3;
      assert.equal(names.length, 16);
      assert.deepEqual(looked.complaints, []);
      await looked.context().close();
    });

  test("a receipt of the shop's other till is shown as what it is and given back there; without a line it is said what is missing", async () => {
    const office = await new Officer(town, "administrator-1").signIn();
    const beside = new KioskTill(town, 0, await office.ticket(peopleOf(town, "shop")[0].account));
    await beside.start();
    const other = await town.browser(COUNTER);
    await other.goto(beside.url);
    await screen(other, "scan");
    await scan(page, await (await phoneOf(town, 4)).code());
    await screen(page, "customer");
    await page.locator("#points").fill("7");
    await page.locator("#pay").click();
    await result("done");
    const { receipt, sale } = await state();
    await next();

    await scan(other, receipt.qr_text);
    await screen(other, "refund");
    assert.match(await other.locator(".who").innerText(), /本店另一台收款机上的[^]*这笔收了 7 分，还可退 7 分/);
    assert.equal(await other.locator("#void").count(), 0);
    assert.deepEqual(await accessible(other, "all"), []);
    assert.deepEqual(await tooSmall(other, 14, 44), []);
    if (process.env.DFB_PICTURES) await other.screenshot({ path: join(process.env.DFB_PICTURES, "refund-elsewhere.png"), scale: "css" });
    await other.locator("#points").fill("3");
    await other.getByRole("button", { name: "确认退 3 分" }).click();
    await other.locator(".result[data-phase=done]").waitFor();
    await other.locator("#next").click();
    const find = async () => {
      await other.locator("#records").click();
      await other.locator("#find").fill(String(sale.seq));
      await other.locator("form button").click();
    };
    await find();
    await other.locator(".who").getByText("这笔收了 7 分，还可退 4 分").waitFor();
    await other.locator("#back").click();
    await other.locator("#back").click();
    await screen(other, "scan");
    await town.stopServer();
    await find();
    await other.locator("#note", { hasText: "要向镇服务器查，现在连不上" }).waitFor();
    await town.serve();
    assert.deepEqual(other.complaints, []);
    await other.context().close();
    assert.equal(await beside.stop(), 0);
  });

  test("nothing was complained of", () => {
    const own = page.complaints.filter((one) => !/ERR_CONNECTION_(REFUSED|RESET)|401 \(Unauthorized\)/.test(one));
    assert.deepEqual(own, []);
  });

  test("a till that is ended says so, and has nothing open", async () => {
    await page.goto("about:blank");
    await page.goto(till.url);
    await screen(page, "scan");
    assert.equal(await till.stop(), 0);
    await page.locator(".halted").getByText("收款程序已停止").waitFor();
  });
});
