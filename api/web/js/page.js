// Small pieces of page: elements, the message at the bottom, a guard around buttons.
import { problemText } from "./texts.js";

// h("button", {class: "main", onclick: f}, "text", child…)
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

let hiding = 0;
export function toast(text) {
  const box = document.getElementById("toast");
  box.textContent = text;
  box.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (box.hidden = true), 6000);
}

// A button that works once at a time and says what went wrong. Not `disabled` meanwhile: that would drop the focus.
export function action(attributes, text, work) {
  const button = h("button", { type: "button", ...attributes }, text);
  let busy = false;
  button.addEventListener("click", async () => {
    if (busy) return;
    busy = true;
    button.setAttribute("aria-disabled", "true");
    try {
      await work();
    } catch (problem) {
      toast(problemText(problem));
    } finally {
      busy = false;
      button.removeAttribute("aria-disabled");
    }
  });
  return button;
}

// Fields around one button of type "submit", so that the keyboard's Enter presses it.
export const form = (...children) => h("form", { novalidate: true, onsubmit: (event) => event.preventDefault() }, ...children);

export function download(name, text) {
  const link = h("a", { href: URL.createObjectURL(new Blob([text], { type: "text/plain" })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
