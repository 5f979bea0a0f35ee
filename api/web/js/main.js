// Starts the page: which person is this phone's, which tab is open, what a scanned link brought along.
//   #ticket=CODE   bring this phone in       #site=CODE   check in at a site       #receipt=SEQ.SHOP   a shop's receipt
//   #pickup=ID     a reservation, shown where one's own wait
import * as api from "./api.js";
import * as device from "./device.js";
import { action, h } from "./page.js";
import { isChinese, problemText, switchLanguage, t } from "./texts.js";
import { offlineSection } from "./view_offline.js";
import { pay } from "./view_pay.js";
import { points, receiptOf } from "./view_points.js";
import { keepsStaff, staff } from "./view_staff.js";
import { rememberSite, tasks } from "./view_tasks.js";
import { welcome } from "./view_welcome.js";

const view = document.getElementById("view");
const tabs = document.getElementById("tabs");
let tab = "tasks";
let receipt = null; // the entry's number, of a receipt that was scanned, until it was shown
let shown = 0; // counts what is shown, so that what loads late does not overwrite it

const show = (elements) => {
  shown++;
  delete view.dataset.tab;
  document.getElementById("toast").hidden = true;
  const focused = view.contains(document.activeElement);
  view.replaceChildren(...elements.filter(Boolean));
  if (focused) view.focus({ preventScroll: true }); // else the keyboard would begin at the top of the page again
  window.scrollTo(0, 0);
};

async function open(name) {
  tab = name;
  drawTabs();
  show([h("p", { class: "soft" }, t("loading"))]);
  const mine = shown;
  const alive = () => shown <= mine + 1;
  try {
    const me = await api.get("/v1/me");
    document.getElementById("tab-staff").hidden = !keepsStaff(me);
    const note = me.level === "phone" && name !== "pay" && name !== "staff" ? h("section", { class: "card banner" }, t("notVerified", me.account)) : null;
    const body = name === "tasks" ? await tasks(me, () => open("tasks"))
      : name === "points" ? await points(me, show, () => open("points")) : name === "staff" ? await staff() : await pay(me, alive);
    if (shown !== mine) return;
    show([note, ...body]);
    view.dataset.tab = name;
  } catch (problem) {
    if (shown === mine) await failed(problem);
  }
}

async function failed(problem) {
  if (["unknown_key", "key_revoked"].includes(problem.code)) {
    if (await device.forget()) return start();
    tabs.hidden = true;
    return show([h("section", { class: "card bad" }, problemText(problem)), ...welcome(show, signedIn, start)]);
  }
  const carried = problem.code === "unreachable" ? await offlineSection() : null;
  show([h("section", { class: "card bad" }, problemText(problem)), carried, action({ class: "main" }, t("again"), start)]);
}

async function signedIn(key) {
  await api.signIn(key);
  await device.settle();
  tabs.hidden = false;
  if (receipt === null) return open(tab);
  const seq = receipt;
  receipt = null;
  tab = "points";
  drawTabs();
  show(await receiptOf(seq, () => open("points")));
}

async function start() {
  drawFrame();
  const link = new URLSearchParams(location.hash.slice(1));
  if (link.has("site")) {
    rememberSite(link.get("site"));
    tab = "tasks";
    history.replaceState(null, "", location.pathname);
  }
  if (link.has("pickup")) {
    tab = "pay";
    history.replaceState(null, "", location.pathname);
  }
  if (/^\d{1,15}\.\w{13}$/.test(link.get("receipt") ?? "")) {
    receipt = Number(link.get("receipt").split(".")[0]);
    history.replaceState(null, "", location.pathname);
  }
  tabs.hidden = true;
  try {
    await api.theTown();
    const key = await device.load();
    if (!key || link.has("ticket")) {
      const note = receipt === null ? null : h("section", { class: "card banner", id: "receipt-first" }, t("receiptFirst", receipt));
      return show([note, ...welcome(show, signedIn, start, link.get("ticket"))]);
    }
    await signedIn(key);
  } catch (problem) {
    await failed(problem);
  }
}

const TABS = ["tasks", "points", "pay", "staff"]; // the last one for officers alone
tabs.append(...TABS.map((name) => h("button", { type: "button", id: `tab-${name}`, hidden: name === "staff", onclick: () => open(name) })));
function drawTabs() {
  for (const name of TABS) {
    const button = document.getElementById(`tab-${name}`);
    button.textContent = t(name);
    if (name === tab) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
}

function drawFrame() {
  document.documentElement.lang = isChinese() ? "zh-CN" : "en";
  document.documentElement.classList.toggle("elder", localStorage.getItem("elder") === "yes");
  document.title = document.getElementById("title").textContent = t("title");
  document.getElementById("language").textContent = isChinese() ? "EN" : "中文";
  const elder = document.getElementById("elder");
  elder.textContent = t("elder");
  elder.setAttribute("aria-pressed", String(localStorage.getItem("elder") === "yes"));
}

document.getElementById("language").addEventListener("click", () => {
  switchLanguage();
  start();
});
document.getElementById("elder").addEventListener("click", () => {
  localStorage.setItem("elder", localStorage.getItem("elder") === "yes" ? "no" : "yes");
  drawFrame();
});
window.addEventListener("hashchange", start);
start();
