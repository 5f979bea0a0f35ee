// The pay code: signed by this phone for each step of five seconds, drawn anew by itself, until the tab is left.
import * as api from "./api.js";
import * as device from "./device.js";
import { action, h } from "./page.js";
import { payCode, STEP_MS } from "./paycode.js";
import { dateTime, isChinese, pick, problemText, t } from "./texts.js";
import { offlineSection } from "./view_offline.js";
import { spends } from "./view_points.js";
import { disputed, watcher } from "./view_quote.js";
import { reserveSection } from "./view_reserve.js";

const LIMITS = [20, 50, 100, 200];
const PAID_SHOWN = 3;

// Returns the elements; `alive` is asked before each round, so that leaving the tab ends it.
export async function pay(me, alive) {
  if (me.level !== "verified") return [h("section", { class: "card banner" }, t("notVerified", me.account))];
  const [mine, town] = await Promise.all([device.load(), api.theTown()]);
  if (me.state !== "open") return [h("section", { class: "card bad" }, t("frozen")), await reserveSection(me, town)];
  if (me.available <= 0)
    return [h("section", { class: "card" }, t("payNone")), await reserveSection(me, town), await offlineSection(me, town)];
  const largest = town.limits.code_points ?? 200;
  const choices = LIMITS.filter((one) => one < largest).concat(largest);
  const select = h("select", { id: "limit" }, choices.map((one) => h("option", { value: one }, String(one))));
  select.value = String(largest);
  const image = h("img", { alt: t("pay"), id: "pay-code" });
  const bar = h("progress", { max: STEP_MS, value: 0, "aria-hidden": "true" });
  const shown = [image, bar, h("p", { class: "soft" }, t("payHint"))];
  const box = h("div", { class: "code" }, shown);
  const result = h("div", { id: "pay-result", "aria-live": "polite" });
  const asked = h("div", { id: "pay-quote", "aria-live": "assertive" });
  const watch = watcher(asked, isChinese());
  const digits = h("p", { class: "balance", id: "pay-digits", "aria-live": "polite" });
  let ending = 0;
  async function typed() {
    const code = await payCode(mine, town.origin, me.account, Math.floor(api.now() / STEP_MS), Number(select.value));
    const { handle, expires_us: until } = await api.post("/v1/me/handles", { code });
    digits.replaceChildren(`${handle.slice(0, 4)} ${handle.slice(4)}`);
    clearTimeout(ending); // of earlier digits
    ending = setTimeout(() => digits.replaceChildren(), until / 1000 - api.now());
  }

  let drawn = "";
  async function draw() {
    const limit = Number(select.value);
    const step = Math.floor(api.now() / STEP_MS);
    const wanted = `${step} ${limit}`;
    if (wanted === drawn) return;
    const text = await payCode(mine, town.origin, me.account, step, limit);
    const svg = await api.postForText("/v1/qr", { text });
    const old = image.src;
    image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    image.dataset.code = text;
    if (old) URL.revokeObjectURL(old);
    if (!image.isConnected) box.replaceChildren(...shown);
    drawn = wanted;
  }
  let balance = me.balance; // what is set aside stays part of it
  let newest = (await api.get("/v1/me/entries?limit=1")).entries[0]?.seq ?? -1;
  // Each payment since the last look by itself: one of them may be what its owner has to dispute.
  async function look() {
    const now = await api.get("/v1/me");
    if (now.balance !== balance) {
      const { entries } = await api.get("/v1/me/entries?limit=20");
      const paid = entries.filter((one) => one.seq > newest && spends(one));
      newest = entries[0].seq;
      result.prepend(...paid.map((one) => h("section", { class: "card good" },
        h("p", {}, `✓ ${t("paid", -one.points, now.available)}`),
        h("p", { class: "soft" }, `${pick(one.reason_zh, one.reason_en)} · ${dateTime(one.time_us)}`),
        disputed(one.id))));
      while (result.children.length > PAID_SHOWN) result.lastChild.remove();
    }
    balance = now.balance;
  }
  (async () => {
    for (let round = 0; alive(); round++) {
      bar.value = STEP_MS - (api.now() % STEP_MS);
      try {
        if (!document.hidden) await draw();
        if (round % 4 === 3 && !document.hidden) await watch();
        if (round % 8 === 7 && !document.hidden) await look();
      } catch (problem) {
        // A code that has run out must not be shown; it comes back by itself with the server.
        box.replaceChildren(h("p", { class: "card bad" }, problemText(problem)));
        drawn = "";
        await new Promise((resolve) => setTimeout(resolve, 2000));
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  })();
  return [
    asked,
    result,
    h("section", { class: "card" },
      box,
      h("div", { class: "row" }, h("label", { for: "limit" }, t("limit")), select),
      h("details", {}, h("summary", {}, t("handle")),
        digits,
        h("p", { class: "soft" }, t("handleHint")),
        action({ class: "wide", "data-do": "handle" }, t("handleGet"), typed))),
    await reserveSection(me, town),
    await offlineSection(me, town),
  ];
}
