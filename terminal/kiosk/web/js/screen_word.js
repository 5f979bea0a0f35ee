// The customer's part of a sale: a card's PIN, or a yes on the phone.
import { button, h } from "./page.js";
import { pick, t, yuan } from "./texts.js";
import { touch } from "./till.js";

const PIN_DIGITS = 6;

const what = (sale) => (sale.cash_fen > 0 ? t("wordCash", sale.points, yuan(sale.cash_fen)) : t("wordPoints", sale.points));

// The keys have no digits of the PIN in the page's text: dots alone are drawn, and nothing is kept.
export function pin(view) {
  const { sale } = view;
  let digits = "";
  const dots = h("p", { class: "dots", "aria-live": "polite" });
  const pay = button({ id: "pin-ok", class: "main", onclick: send }, t("pinOk"));
  const drop = button({ id: "drop", onclick: () => touch({ touch: "drop", sale: sale.id }) }, t("drop"));
  function draw() {
    dots.textContent = "●".repeat(digits.length) + "○".repeat(PIN_DIGITS - digits.length);
    dots.setAttribute("aria-label", t("pinDigits", digits.length));
    pay.setAttribute("aria-disabled", String(digits.length < PIN_DIGITS));
  }
  function type(text) {
    digits = (digits + text.replace(/\D/g, "")).slice(0, PIN_DIGITS);
    draw();
  }
  function send() {
    if (digits.length < PIN_DIGITS) return;
    const pin = digits;
    digits = "";
    draw();
    touch({ touch: "pin", sale: sale.id, text: pin });
  }
  const key = (text, press, name) => button({ class: "key", "aria-label": name, onclick: press }, text);
  const wrong = pick(sale.why_zh, sale.why_en);
  draw();
  return {
    element: h("section", { class: "two pin" },
      h("div", { class: "who" },
        h("h2", {}, t("customer", sale.name)),
        h("p", { class: "large" }, what(sale)),
        wrong && h("p", { class: "wrong" }, wrong),
        h("p", {}, t("pinHint")), dots),
      h("div", { class: "pad" },
        h("div", { class: "keys" }, [..."123456789"].map((n) => key(n, () => type(n))),
          key("C", () => ((digits = ""), draw()), t("clear")), key("0", () => type("0")),
          key("⌫", () => ((digits = digits.slice(0, -1)), draw()), t("erase")))),
      h("div", { class: "actions" }, drop, pay)),
    focus: pay,
    said: `${wrong ? `${wrong}. ` : ""}${t("pinHint")}`,
    sound: wrong ? "bad" : undefined,
    keys: (text) => type(text),
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
      h("p", {}, t("confirmingHint")), waited,
      h("div", { class: "actions" }, drop)),
    focus: drop,
    said: `${t("confirming")}. ${t("confirmingHint")}`,
    escape: () => drop.click(),
    leave: () => clearInterval(timer),
  };
}
