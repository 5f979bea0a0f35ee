// A number and the keys for it, large enough for a thumb; the same by a keyboard in the field.
import { button, h } from "./page.js";
import { t } from "./texts.js";

const DIGITS_MAX = 9;

// {element, input, value(), set(n), type(digits)}; `changed()` after each change; `enter()` on the field's Enter. The keys
// type into the number's field, or into one of `also`, fields of yuan and fen beside it, when that was touched last.
export function numberPad({ id, label, quick = [], also = [], changed, enter }) {
  const input = h("input", {
    id, class: "amount", inputmode: "none", autocomplete: "off", maxlength: DIGITS_MAX, placeholder: "0",
    oninput: () => write(input, input.value),
    onkeydown: (event) => event.key === "Enter" && (event.preventDefault(), enter()),
  });
  let target = input;
  function write(field, text) {
    const kept = field === input ? text.replace(/\D/g, "").replace(/^0+/, "").slice(0, DIGITS_MAX) : text.slice(0, field.maxLength);
    if (field.value !== kept) field.value = kept;
    changed();
  }
  // The field has the focus again, so that keys and fingers can take turns.
  function press(field, text) {
    write(field, text);
    field.focus({ preventScroll: true });
  }
  const key = (text, work, name) => button({ class: "key", "aria-label": name, onclick: work }, text);
  const digit = (n) => key(n, () => press(target, target.value + n));
  const left = key("C", () => (target === input ? press(input, "") : press(target, `${target.value}.`)), t("clear"));
  const aim = (field) => () => {
    target = field;
    left.textContent = field === input ? "C" : ".";
    left.setAttribute("aria-label", field === input ? t("clear") : t("point"));
  };
  input.addEventListener("focus", aim(input));
  also.forEach((field) => field.addEventListener("focus", aim(field)));
  const element = h("div", { class: "pad" },
    h("label", { for: id }, label), input,
    quick.length > 0 && h("div", { class: "quick" }, quick.map(([text, n]) => key(text, () => press(input, String(n))))),
    h("div", { class: "keys" }, [..."123456789"].map(digit), left, digit("0"),
      key("⌫", () => press(target, target.value.slice(0, -1)), t("erase"))));
  return {
    element, input,
    value: () => Number(input.value || 0),
    set: (n) => (input.value = n ? String(n) : ""),
    type: (digits) => press(input, input.value + digits),
  };
}
