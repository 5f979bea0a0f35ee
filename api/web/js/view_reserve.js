// Reservations: points, and goods by name, that a shop keeps until a day; each has a code that its till hands out by.
import * as api from "./api.js";
import { base64url, sha256, utf8 } from "./bytes.js";
import * as device from "./device.js";
import { action, form, h, toast } from "./page.js";
import { byName, date, dateTime, isChinese, pick, problemText, t } from "./texts.js";

const HOUR = 3600e3, DAY = 24 * HOUR, ZONE = 8 * HOUR, ROOM = 60e3; // ms; room for what the clocks differ
const KINDS_MAX = 20, COUNT_MAX = 1000;
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const told = (work) => work().catch((problem) => toast(problemText(problem)));
const load = async () => (await api.get("/v1/me/reservations")).reservations;
const link = (id) => `${location.origin}/#pickup=${id}`;
const inWords = (goods) =>
  goods.map((one) => `${pick(one.name_zh, one.name_en) || one.good} ×${one.count}`).join(isChinese() ? "、" : "; ");

// The ends of the civil days, and of the time that the policy allows where that is less than a day.
export function untilChoices(now, hours) {
  const last = now + hours * HOUR - ROOM, ends = [];
  for (let end = (Math.floor((now + ZONE) / DAY) + 1) * DAY - ZONE; end <= last; end += DAY) ends.push(end);
  return ends.length > 0 ? ends : [last];
}

// The end of a day is told as that day, not as the first moment of the next.
const lastMoment = (us) => ((us / 1000 + ZONE) % DAY === 0 ? t("reserveDay", date(us - 1)) : dateTime(us));

async function reserve(me, { shop, points, until, goods }) {
  const mine = await device.load();
  const digest = base64url(await sha256(utf8(goods.map(({ good, count }) => `${good} ${count}\n`).join(""))));
  const signed = await api.command("hold", device.idText(mine), {
    purpose: "reserve", account: me.account, points, until: until * 1000, shop, goods: digest, cash: 0,
  }, [mine]);
  await api.enter("/v1/holds", goods.length > 0 ? { ...signed, goods } : signed);
  return JSON.parse(signed.payload).id;
}

async function takeBack(me, id) {
  const mine = await device.load();
  const signed = await api.command("resolve", device.idText(mine), {
    hold: id, act: "release", to: me.account, points: 0, memo: "",
  }, [mine]);
  await api.enter("/v1/resolutions", signed);
}

// What to choose: goods with a count each, or points where the shop has none.
function choice(goods, changed) {
  const counts = new Map();
  const sum = () => goods.reduce((all, one) => all + one.points * (counts.get(one.good) ?? 0), 0);
  const typed = h("input", { id: "reserve-points", type: "number", inputmode: "numeric", min: 1, oninput: () => changed() });
  const rows = goods.map((one) => {
    const count = h("span", { class: "count", "aria-live": "polite" });
    const name = pick(one.name_zh, one.name_en);
    const less = h("button", { type: "button", "data-less": one.good, "aria-label": t("reserveLess", name), onclick: () => move(-1) }, "−");
    const more = h("button", { type: "button", "data-more": one.good, "aria-label": t("reserveMore", name), onclick: () => move(1) }, "+");
    const has = () => counts.get(one.good) ?? 0;
    function write() {
      count.textContent = String(has());
      less.disabled = has() === 0;
      more.disabled = has() >= Math.min(one.stock, COUNT_MAX) || (has() === 0 && counts.size >= KINDS_MAX);
    }
    function move(by) {
      const next = has() + by;
      if (next > 0) counts.set(one.good, next);
      else counts.delete(one.good);
      rows.forEach((row) => row.write());
      if (document.activeElement?.disabled) (by > 0 ? less : more).focus();
      changed();
    }
    const element = h("li", { class: "row" },
      h("span", {}, name, h("br"), h("span", { class: "soft small" },
        one.stock > 0 ? t("reserveEach", one.points, one.stock) : t("reserveSoldOut", one.points))),
      less, count, more);
    return { element, write };
  });
  rows.forEach((row) => row.write());
  return {
    element: goods.length > 0 ? h("ul", { class: "plain goods" }, rows.map((row) => row.element))
      : h("div", {}, h("label", { for: "reserve-points" }, t("reservePoints")), typed),
    basket: () => goods.filter((one) => counts.has(one.good)).map(({ good }) => ({ good, count: counts.get(good) })),
    points: () => (goods.length > 0 ? sum() : Number(typed.value)),
  };
}

function newOne(me, town, done) {
  const box = h("div");
  let chosen = null;
  const shops = h("select", { id: "reserve-shop", onchange: () => told(fill) });
  const days = h("select", { id: "reserve-until" },
    untilChoices(api.now(), town.limits.reserve_hours).map((end) => h("option", { value: end }, t("reserveDay", date((end - 1) * 1000)))));
  days.selectedIndex = Math.min(1, days.options.length - 1);
  const go = action({ class: "main", "data-do": "reserve", type: "submit" }, "", send);
  const most = Math.min(me.available, town.limits.quote_points);
  const wrong = () => {
    if (!chosen) return t("reserveChoose");
    const points = chosen.points();
    return Number.isInteger(points) && points >= 1 ? (points > most ? t("reserveTooMany", most) : "") : t("reserveChoose");
  };
  const write = () => (go.textContent = wrong() || t("reserveGo", chosen.points()));
  async function fill() {
    const wanted = shops.value; // what another shop sells is no choice meanwhile, and a later choice may be answered first
    chosen = null;
    box.replaceChildren(h("p", { class: "soft" }, t("loading")));
    write();
    const { goods } = await api.get(`/v1/shops/${wanted}/goods`).catch((problem) => {
      if (wanted === shops.value) box.replaceChildren(h("p", { class: "soft" }, problemText(problem)));
      throw problem;
    });
    if (wanted !== shops.value) return;
    chosen = choice(goods, write);
    box.replaceChildren(chosen.element);
    write();
  }
  async function send() {
    if (wrong()) return toast(wrong());
    const until = Number(days.value);
    await done(await reserve(me, { shop: shops.value, points: chosen.points(), until, goods: chosen.basket() }));
  }
  const element = h("details", { id: "reserve-new" }, h("summary", {}, t("reserveNew")));
  let built = false;
  async function open() {
    if (!element.open || built) return;
    const { shops: listed } = await api.get("/v1/shops");
    if (listed.length === 0) return element.append(h("p", { class: "soft" }, t("reserveNoShop")));
    shops.replaceChildren(...listed.sort(byName).map((one) => h("option", { value: one.account }, pick(one.name_zh, one.name_en))));
    await fill();
    if (built) return;
    built = true;
    element.append(form(h("label", { for: "reserve-shop" }, t("shop")), shops, box,
      h("label", { for: "reserve-until" }, t("reserveUntil")), days, go));
  }
  element.addEventListener("toggle", () => told(open));
  return element;
}

// One that waits. Its code is drawn when it is asked for, and goes when the reservation does.
function waiting(me, one, draw) {
  const code = h("div", { class: "code", hidden: true });
  const askCode = action({ class: "wide", "data-do": "pickup-code" }, t("reserveShowCode"), show);
  const digits = h("p", { class: "balance", "aria-live": "polite", "data-digits": "" });
  async function show() {
    const svg = await api.postForText("/v1/qr", { text: link(one.id) });
    const image = h("img", { alt: t("reserveCode"), src: URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" })), "data-code": link(one.id) });
    code.replaceChildren(image, h("p", { class: "soft" }, t("reserveShow", pick(one.shop_zh, one.shop_en))), digits,
      action({ class: "wide", "data-do": "pickup-digits" }, t("reserveDigits"), typed));
    code.hidden = false;
    askCode.hidden = true;
    follow(image);
    await image.decode();
    image.scrollIntoView({ block: "center" }); // clear of the tabs and of the pay code, for the cashier's scanner
  }
  let ending = 0;
  async function typed() {
    const { handle, expires_us: until } = await api.post("/v1/me/handles", { code: one.id });
    digits.textContent = `${handle.slice(0, 4)} ${handle.slice(4)}`;
    clearTimeout(ending); // of earlier digits
    ending = setTimeout(() => digits.replaceChildren(), until / 1000 - api.now());
  }
  async function follow(image) {
    await pause(1000);
    while (image.isConnected) {
      const list = document.hidden ? [one] : await load().catch(() => [one]);
      if (image.isConnected && !list.some(({ id }) => id === one.id)) {
        await draw(list);
        toast(t("reserveGone", one.points));
      }
      await pause(2000);
    }
  }
  const back = h("div");
  const ask = h("button", { type: "button", class: "wide", "data-do": "take-back" }, t("reserveBack"));
  ask.addEventListener("click", () => back.replaceChildren(
    h("p", {}, t("reserveBackSure", one.points)),
    action({ class: "main", "data-do": "take-back-sure" }, t("reserveBackYes"), async () => {
      await takeBack(me, one.id);
      await draw(await load());
      toast(t("reserveReturned", one.points));
    }),
    h("button", { type: "button", class: "wide", onclick: () => back.replaceChildren(ask) }, t("back"))));
  back.append(ask);
  return h("li", { "data-reservation": one.id },
    h("p", {}, h("strong", {}, pick(one.shop_zh, one.shop_en) || one.shop), " · ", t("reserveSum", one.points)),
    one.goods.length > 0 && h("p", { "data-goods": "" }, inWords(one.goods)),
    one.cash > 0 && h("p", {}, t("reserveCash", (one.cash / 100).toFixed(2))),
    h("p", { class: "soft small" }, t("reserveKept", lastMoment(one.until_us))),
    code, askCode, back);
}

// One card; nothing where there is nothing to show. Whoever may not reserve now still picks up what waits.
export async function reserveSection(me, town) {
  const may = me.state === "open" && me.available > 0 && town.limits.reserve_hours > 0;
  const box = h("section", { class: "card", id: "reserve" });
  async function draw(list, shown) {
    const now = shown ? await api.get("/v1/me") : me;
    const focused = box.contains(document.activeElement);
    const rows = list.map((one) => waiting(me, one, (next) => draw(next, true)));
    box.hidden = rows.length === 0 && !may;
    box.replaceChildren(h("h2", {}, t("reserveHead")), h("p", { class: "soft" }, t("reserveWhy", town.limits.reserve_hours)),
      rows.length > 0 ? h("ul", { class: "plain", id: "reservations" }, rows) : "",
      may && now.available > 0 ? newOne(now, town, async (id) => {
        await draw(await load(), true);
        box.querySelector(`[data-reservation="${id}"] [data-do="pickup-code"]`)?.click();
      }) : "");
    if (focused) box.querySelector("button, summary")?.focus({ preventScroll: true });
  }
  await draw(await load());
  return box;
}
