// The customer's part of a sale: a card's PIN, or a yes on the phone.
import { button, h } from "./page.js";
import { pinPad } from "./pin_pad.js";
import { pick, t, whyOf, yuan } from "./texts.js";
import { touch } from "./till.js";

const what = (sale) => (sale.cash_fen > 0 ? t("wordCash", sale.points, yuan(sale.cash_fen)) : t("wordPoints", sale.points));

export function pin(view) {
  const { sale } = view;
  const pad = pinPad(word);
  const pay = button({ id: "pin-ok", class: "main", onclick: send }, t("pinOk"));
  const drop = button({ id: "drop", onclick: () => touch({ touch: "drop", sale: sale.id }) }, t("drop"));
  function word() {
    pay.classList.toggle("not", !pad.isFull());
    pay.setAttribute("aria-disabled", String(!pad.isFull()));
  }
  function send() {
    if (pad.isFull()) touch({ touch: "pin", sale: sale.id, text: pad.take() });
  }
  const wrong = whyOf(sale);
  word();
  return {
    element: h("section", { class: "two pin" },
      h("div", { class: "who" },
        h("h2", {}, t("customer", sale.name)),
        h("p", { class: "large" }, what(sale)),
        sale.goods_zh && h("p", {}, pick(sale.goods_zh, sale.goods_en)),
        wrong && h("p", { class: "wrong" }, wrong),
        h("p", {}, t("pinHint")), pad.dots),
      pad.keys,
      h("div", { class: "actions" }, drop, pay)),
    focus: pay,
    said: `${wrong ? `${wrong}. ` : ""}${t("pinHint")}`,
    sound: wrong ? "bad" : undefined,
    keys: pad.type,
    escape: () => drop.click(),
  };
}

export function confirming(view) {
  const { sale } = view;
  const waited = h("p", { class: "waited" });
  const count = () => (waited.textContent = t("waitedFor", Math.max(0, Math.round((Date.now() * 1000 - sale.asked_us) / 1e6))));
  count();
  const timer = setInterval(count, 1000);
  const drop = button({ id: "drop", onclick: () => touch({ touch: "drop", sale: sale.id }) }, t("drop"));
  return {
    element: h("section", { class: "working confirming" },
      h("div", { class: "turning", "aria-hidden": "true" }),
      h("h2", {}, t("confirming")),
      h("p", { class: "large" }, `${sale.name} ${what(sale)}`),
      sale.goods_zh && h("p", {}, pick(sale.goods_zh, sale.goods_en)),
      h("p", {}, t("confirmingHint")), waited,
      h("div", { class: "actions" }, drop)),
    focus: drop,
    said: `${t("confirming")}. ${t("confirmingHint")}`,
    escape: () => drop.click(),
    leave: () => clearInterval(timer),
  };
}
