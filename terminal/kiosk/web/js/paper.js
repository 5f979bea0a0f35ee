// A receipt drawn as it is printed: the same lines at the same width, whatever fonts this machine has.
import { h } from "./page.js";
import { isChinese, t } from "./texts.js";

// On paper every character that is not ASCII is two columns wide.
function columns(text) {
  return text.match(/[\x20-\x7e]+|[^\x20-\x7e]/gu)?.map((part) => (part > "\x7f" ? h("span", { class: "wide" }, part) : part)) ?? [];
}

function code(receipt) {
  const svg = new DOMParser().parseFromString(receipt.qr_svg, "image/svg+xml").documentElement;
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", t("receiptCode"));
  return h("div", { class: "code" }, document.importNode(svg, true));
}

export function paper(receipt) {
  const lines = isChinese() ? receipt.zh : receipt.en;
  return h("div", { class: `paper columns-${receipt.columns}`, lang: isChinese() ? "zh-CN" : "en", tabindex: "0", role: "group", "aria-label": t("receipt") },
    lines.map((line) => (line.qr ? code(receipt) : h("div", { class: line.large ? "large" : "" }, columns(line.text)))));
}
