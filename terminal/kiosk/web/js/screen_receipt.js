// A receipt of the past: as it is on paper, to be printed again, or to give points of it back.
import { button, h } from "./page.js";
import { paper } from "./paper.js";
import { t } from "./texts.js";
import { touch } from "./till.js";

// Nothing where the till has no printer.
export const printButton = (view) => view.printer.state !== "none" &&
  button({ id: "print", onclick: () => touch({ touch: "print", sale: view.receipt.sale }) }, t("printAgain"));

export function receipt(view) {
  const back = button({ id: "back", onclick: () => touch({ touch: "back" }) }, t("back"));
  const refund = view.receipt.kind === "sale" && button({ id: "refund-this", onclick: () => touch({ touch: "find", text: view.receipt.sale }) }, t("refund"));
  return {
    element: h("section", { class: "shown" },
      paper(view.receipt), h("div", { class: "actions" }, back, refund, printButton(view))),
    focus: back,
    said: t("receipt"),
    escape: () => back.click(),
  };
}
