// Points for when the net is down: an allowance is held on the ledger while there is a line; without one this phone
// signs codes that take from it, each for one shop and so many points.
//
// What the page needs for that stays in this browser: the allowance, the counter of the next code, the shops' names.
// The counter is kept before its code is shown, and by one page at a time, so that none is signed twice: that would
// convict the phone. What was asked for is kept before it is sent, as a lost answer would leave the points held and unspendable.
import * as api from "./api.js";
import * as device from "./device.js";
import { action, form, h, toast } from "./page.js";
import { offlineCode, stepAt } from "./offlinecode.js";
import { qrSvg } from "./qr.js";
import { byName, dateTime, pick, t } from "./texts.js";

const CHOICES = [20, 50, 100];

async function carry(me, points, town) {
  const former = await settle().catch((problem) => {
    if (unknown(problem)) throw problem;
  });
  if (former) return;
  const mine = await device.load();
  const until = Math.floor(api.now() + town.limits.offline_hours * 3600000 - 60000) * 1000;
  const signed = await api.command("hold", device.idText(mine), {
    purpose: "allowance", account: me.account, points, until, device: device.idText(mine),
  }, [mine]);
  const { shops } = await api.get("/v1/shops");
  const id = JSON.parse(signed.payload).id;
  await device.keepAsked({ signed, carried: {
    id, points, until, shops, account: me.account, origin: town.origin, counter: 0, spent: 0, off: api.now() - Date.now(),
  } });
  await settle();
}

const unknown = (problem) => api.unsettled(problem) || ["rate_limited", "unauthenticated"].includes(problem.code);

// Asks the town anew for what was asked for: the same bytes, to which it gives its first answer. True if that is carried now.
async function settle() {
  const asked = await device.asked();
  if (!asked) return false;
  try {
    await api.enter("/v1/holds", asked.signed);
  } catch (problem) {
    if (!unknown(problem)) await device.keepAsked(null);
    throw problem;
  }
  // Another page may have been first, and have signed by it since.
  await device.changeAllowance((now) => (now?.id === asked.carried.id ? null : asked.carried));
  await device.keepAsked(null);
  return true;
}

function code(carried, redraw) {
  const image = h("img", { alt: t("offlineCode"), id: "offline-code", hidden: true });
  const said = h("p", { class: "soft", "aria-live": "polite", id: "offline-said" });
  // No shop is chosen beforehand: a code is one shop's alone, and what it takes is gone until the allowance is over.
  const shops = h("select", { id: "offline-shop" }, h("option", { value: "" }, t("offlineChoose")),
    carried.shops.sort(byName).map((one) => h("option", { value: one.account }, pick(one.name_zh, one.name_en))));
  const points = h("input", {
    id: "offline-points", type: "number", inputmode: "numeric", min: 1, max: carried.points - carried.spent,
  });
  async function show() {
    if (!shops.value) return toast(t("offlineChoose"));
    const wanted = Number(points.value);
    let left = 0;
    const next = await device.changeAllowance((kept) => {
      left = kept ? kept.points - kept.spent : 0;
      const may = Number.isInteger(wanted) && wanted >= 1 && wanted <= left;
      return may ? { ...kept, counter: kept.counter + 1, spent: kept.spent + wanted } : null;
    });
    if (!next) {
      toast(t("offlineTooMany", left));
      return;
    }
    const sale = { shop: shops.value, counter: next.counter, points: wanted, step: stepAt(Date.now() + next.off) };
    const text = await offlineCode(await device.load(), next.origin, next.id, next.account, sale);
    const old = image.src;
    image.src = URL.createObjectURL(new Blob([qrSvg(text)], { type: "image/svg+xml" }));
    if (old) URL.revokeObjectURL(old);
    image.dataset.code = text;
    image.hidden = false;
    said.textContent = t("offlineShow", shops.selectedOptions[0].textContent, wanted);
    redraw(next);
    await image.decode();
    image.scrollIntoView({ block: "center" }); // clear of the tabs, for the cashier's scanner
  }
  return [
    form(h("label", { for: "offline-shop" }, t("offlineShop")), shops,
      h("label", { for: "offline-points" }, t("offlinePoints")), points,
      action({ class: "wide", "data-do": "offline-code", type: "submit" }, t("offlineMake"), show)),
    h("div", { class: "code" }, image, said),
  ];
}

// One card; works without a line where an allowance was carried. `me` and `town` are null without one.
export async function offlineSection(me = null, town = null) {
  const box = h("section", { class: "card", id: "offline" });
  const head = h("h2", {}, t("offlineHead"));
  const left = h("p", { "aria-live": "polite", id: "offline-left" });
  const tell = (carried) =>
    left.replaceChildren(t("offlineLeft", carried.points - carried.spent, dateTime(carried.until)));
  async function draw() {
    const carried = await device.allowance();
    const now = carried ? Date.now() + carried.off : 0;
    if (carried && now * 1000 < carried.until) {
      box.hidden = false;
      tell(carried);
      box.replaceChildren(head, left,
        ...(carried.spent < carried.points ? code(carried, tell) : []),
        h("p", { class: "soft" }, t("offlineKeepOpen")));
      return;
    }
    const most = me && town ? Math.min(town.limits.offline_allowance ?? 0, me.available) : 0;
    box.hidden = most < 1;
    if (box.hidden) return;
    const select = h("select", { id: "offline-carry" },
      CHOICES.filter((one) => one < most).concat(most).map((one) => h("option", { value: one }, String(one))));
    select.value = String(most);
    box.replaceChildren(head, h("p", { class: "soft" }, t("offlineWhy", town.limits.offline_hours)),
      h("div", { class: "row" }, h("label", { for: "offline-carry" }, t("offlineCarryPoints")), select),
      action({ class: "wide", "data-do": "carry" }, t("offlineCarry"), async () => {
        await carry(me, Number(select.value), town);
        await draw();
      }));
  }
  await draw();
  if (me && town) settle().then((carries) => carries && draw()).catch(() => {}); // else whoever asks for points is told
  return box;
}
