// Keys for a PIN. The page's text has no digit of it: dots alone are drawn, and nothing is kept.
import { button, h } from "./page.js";
import { t } from "./texts.js";

export const PIN_DIGITS = 6;

// {dots, keys, type(text), take(), isFull()}; `changed()` after each key. take() hands the digits over and forgets them.
export function pinPad(changed) {
  let digits = "";
  const dots = h("p", { class: "dots", "aria-live": "polite" });
  function set(text) {
    digits = text.slice(0, PIN_DIGITS);
    dots.textContent = "●".repeat(digits.length) + "○".repeat(PIN_DIGITS - digits.length);
    dots.setAttribute("aria-label", t("pinDigits", digits.length));
    changed?.();
  }
  const type = (text) => set(digits + text.replace(/\D/g, ""));
  const key = (text, press, name) => button({ class: "key", "aria-label": name, onclick: press }, text);
  const keys = h("div", { class: "pad" },
    h("div", { class: "keys" }, [..."123456789"].map((n) => key(n, () => type(n))),
      key("C", () => set(""), t("clear")), key("0", () => type("0")), key("⌫", () => set(digits.slice(0, -1)), t("erase"))));
  const pad = {
    dots, keys, type,
    isFull: () => digits.length === PIN_DIGITS,
    take() {
      const pin = digits;
      set("");
      return pin;
    },
  };
  dots.textContent = "○".repeat(PIN_DIGITS);
  dots.setAttribute("aria-label", t("pinDigits", 0));
  return pad;
}
