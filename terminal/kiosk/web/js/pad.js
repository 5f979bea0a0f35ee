// A number and the keys for it, large enough for a thumb; the same by a keyboard in the field.
import { button, h } from "./page.js";
import { t } from "./texts.js";

const DIGITS_MAX = 9;

// {element, input, value(), set(n)}; `changed()` after each change; `enter()` on the field's Enter.
export function numberPad({ id, label, quick = [], changed, enter }) {
  const input = h("input", {
    id, class: "amount", inputmode: "none", autocomplete: "off", maxlength: DIGITS_MAX, placeholder: "0",
    oninput: () => write(input.value),
    onkeydown: (event) => event.key === "Enter" && (event.preventDefault(), enter()),
  });
  function write(text) {
    const digits = text.replace(/\D/g, "").replace(/^0+/, "").slice(0, DIGITS_MAX);
    if (input.value !== digits) input.value = digits;
    changed();
  }
  // The field has the focus again, so that keys and fingers can take turns.
  function press(value) {
    write(value);
    input.focus({ preventScroll: true });
  }
  const key = (text, value, name) => button({ class: "key", "aria-label": name, onclick: () => press(value()) }, text);
  const digit = (n) => key(n, () => input.value + n);
  const element = h("div", { class: "pad" },
    h("label", { for: id }, label), input,
    h("div", { class: "quick" }, quick.map(([text, n]) => key(text, () => String(n)))),
    h("div", { class: "keys" }, [..."123456789"].map(digit),
      key("C", () => "", t("clear")), digit("0"), key("⌫", () => input.value.slice(0, -1), t("erase"))));
  return {
    element, input,
    value: () => Number(input.value || 0),
    set: (n) => (input.value = n ? String(n) : ""),
    type: (text) => press(input.value + text),
  };
}
