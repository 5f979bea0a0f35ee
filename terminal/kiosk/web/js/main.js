// Draws the till's state, again at every change, and sends what is scanned.
import { button, h } from "./page.js";
import { customer } from "./screen_customer.js";
import { owner } from "./screen_owner.js";
import { past, refund } from "./screen_past.js";
import { pickup } from "./screen_pickup.js";
import { receipt } from "./screen_receipt.js";
import { onRedraw, shift, undo, who } from "./screen_shift.js";
import { foreign, result, scan, stopped, unknown, working } from "./screen_sale.js";
import { confirming, pin } from "./screen_word.js";
import { play } from "./sound.js";
import { isChinese, noteText, pick, switchLanguage, t } from "./texts.js";
import { follow, pending, touch } from "./till.js";
import { listen } from "./wedge.js";

const SCREENS = { scan, working, customer, pickup, pin, confirming, result, unknown, past, receipt, refund, undo, who, shift, owner,
  stopped, foreign };
const PRINTER = { silent: "printerSilent", no_paper: "printerNoPaper" };
const main = document.getElementById("view");
const byId = (id) => document.getElementById(id);
let view = null; // the newest state
let shown = null; // the screen that is drawn, and what tells it from the next
let key = "";
let noted = 0;

// A program that does not answer is not said to be online, and nothing else of what it said last is shown.
function silent() {
  for (const id of ["cashier", "practice", "warning", "resumed", "offline", "aside"]) byId(id).hidden = true;
  byId("status").replaceChildren();
  byId("refused").replaceChildren();
}

function status() {
  const { shop, line, printer, offline } = view;
  byId("language").textContent = isChinese() ? "EN" : "中文";
  document.documentElement.lang = isChinese() ? "zh-CN" : "en";
  if (!shop || view.screen === "stopped") return silent();
  const cashier = view.people?.staff.find((one) => one.id === view.people.cashier);
  byId("cashier").hidden = !cashier || view.people.shut;
  byId("cashier").textContent = cashier?.name ?? "";
  byId("shop").textContent = pick(shop.name_zh, shop.name_en);
  byId("practice").hidden = shop.origin !== "practice.defenbao";
  byId("practice").textContent = t("practice");
  document.title = `${pick(shop.name_zh, shop.name_en)} · ${t("title")}`;
  const ahead = line.clock_ahead_s;
  byId("status").replaceChildren(
    h("span", { class: line.up ? "up" : "down" }, line.up ? t("lineUp") : t("lineDown")),
    ...(line.clock_off ? [h("span", { class: "down" }, ahead > 0 ? t("clockAhead", ahead) : t("clockBehind", -ahead))] : []),
    ...(PRINTER[printer.state] ? [h("span", { class: "down", id: "printer" }, t(PRINTER[printer.state]))] : []),
    ...(offline.unsynced_sales ? [h("span", { class: "down" }, t("unsynced", offline.unsynced_sales))] : []),
    h("span", { title: line.log_root }, t("logSize", line.log_size)));
  byId("warning").hidden = !offline.warning_zh;
  byId("warning").textContent = pick(offline.warning_zh, offline.warning_en);
  byId("resumed").hidden = !view.people?.resumed;
  byId("resumed").textContent = t("resumedBanner", cashier?.name ?? t("resumeLast"));
  const banner = byId("offline");
  banner.hidden = line.up;
  banner.textContent = pick(offline.banner_zh, offline.banner_en);
  byId("aside").hidden = !offline.aside_zh;
  byId("aside").textContent = pick(offline.aside_zh, offline.aside_en);
  byId("refused").replaceChildren(...offline.refused.map((one) => h("p", { "data-sale": one.id }, pick(one.zh, one.en), " ",
    button({ onclick: () => touch({ touch: "acknowledge", sale: one.id }) }, t("readIt")))));
}

function note() {
  const box = byId("note");
  box.textContent = view.note ? noteText(view.note) : "";
  const fresh = view.note && view.note.n !== noted && key !== "";
  if (fresh && !["dropped", "printing", "resumed", "scanned_too_early"].includes(view.note.what)) play("bad");
  noted = view.note?.n ?? 0;
}

// Two states that look the same but for what is typed and noted are one screen: the focus and the field stay.
const keyOf = (one) => JSON.stringify([one.screen, one.sale?.id, one.sale?.phase, one.sale?.why, one.sale?.alarm, one.sale?.given_up, one.refund?.sale.id, one.receipt?.sale, one.printer?.state === "none",
  one.owner && [one.owner.asks_manager ? one.people : null, one.owner.from, one.owner.to, one.owner.read, one.owner.reading, one.owner.ready, one.owner.why_en, one.owner.closing],
  one.past?.[0]?.id, one.past?.[0]?.phase, one.screen === "who" || one.screen === "undo" ? one.people : null,
  one.screen === "customer" ? one.goods.map(({ good }) => good) : null, one.screen === "shift" ? [one.offline?.unsynced_sales, one.line.up] : null, isChinese()]);

function draw(next) {
  view = next;
  status();
  note();
  if (keyOf(view) === key) return;
  const first = key === "";
  key = keyOf(view);
  shown?.leave?.();
  shown = SCREENS[view.screen](view);
  document.body.dataset.screen = view.screen;
  main.replaceChildren(shown.element);
  shown.focus?.focus({ preventScroll: true });
  byId("said").textContent = shown.said;
  window.scrollTo(0, 0);
  if (shown.sound && !(first && shown.sound !== "unknown")) play(shown.sound);
}

byId("language").addEventListener("click", () => {
  switchLanguage();
  if (view) draw(view);
});
byId("cashier").addEventListener("click", () => touch({ touch: "who" }));
onRedraw(() => {
  key = "again";
  draw(view);
});
window.addEventListener("keydown", (event) => event.key === "Escape" && shown?.escape?.());
pending.changed = (count) => (byId("waiting").hidden = count === 0);
pending.full = () => (byId("note").textContent = t("busy"));
listen((text) => touch({ touch: "scan", text }), (text) => shown?.keys?.(text));
setInterval(() => view?.screen === "unknown" && play("unknown"), 5000);
follow(draw);
