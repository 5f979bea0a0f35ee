// What was: the last 50, the day's sum, and points given back.
import { numberPad } from "./pad.js";
import { button, h } from "./page.js";
import { fenOf, pick, t, time, whyOf, yuan } from "./texts.js";
import { touch } from "./till.js";

const PHASES = { done: "phaseDone", refused: "phaseRefused", cancelled: "phaseCancelled", kept: "phaseKept" };
const KINDS = { sale: "sale", refund: "refundWord", void: "voidWord", zreport: "zWord", xreport: "xWord" };
const REPORTS = { zreport: "Z", xreport: "X" };
const back = () => touch({ touch: "back" });
const backButton = () => button({ id: "back", onclick: back }, t("back"));

function row(one) {
  const what = [
    h("span", { class: "when" }, time(one.at_us)),
    h("span", {}, t(one.pickup ? "pickupWord" : KINDS[one.kind])),
    h("span", { class: "sum" }, REPORTS[one.kind] ? `${REPORTS[one.kind]} ${one.number}` : `${one.kind === "sale" ? "" : "−"}${one.points}`),
    h("span", { class: `phase ${one.undone ? "cancelled" : one.phase}` }, one.undone ? t("phaseVoided")
      : one.given_back > 0 ? t("phaseGivenBack", one.given_back) : t(PHASES[one.phase] ?? "phaseOpen")),
    h("span", { class: "seq" }, one.seq >= 0 && one.phase === "done" ? t(REPORTS[one.kind] ? "entryNo" : "receiptNo", one.seq) : whyOf(one)),
    one.goods_zh && h("span", { class: "bought" }, pick(one.goods_zh, one.goods_en)),
  ];
  return h("li", {}, one.phase === "done"
    ? button({ class: "line", "data-seq": one.seq, "data-kind": one.kind, onclick: () => touch({ touch: "receipt", sale: one.id }) }, what)
    : h("div", { class: "line" }, what));
}

const day = (sum) => h("div", { class: "day" },
  h("h2", {}, t("today", sum.day)),
  h("p", {}, [t("todaySales", sum.sales, sum.points), t("todayCash", yuan(sum.cash_fen)),
    t("todayRefunds", sum.refunds, sum.points_back), t("todayNet", sum.points - sum.points_back)].map((text) => h("span", {}, text))));

export function past(view) {
  const number = h("input", { id: "find", inputmode: "numeric", autocomplete: "off", maxlength: 36 });
  const form = h("form", {
    novalidate: true,
    onsubmit: (event) => {
      event.preventDefault();
      if (number.value.trim()) touch({ touch: "find", text: number.value.trim() });
    },
  }, h("label", { for: "find" }, t("find")), number, h("button", { type: "submit" }, t("findGo")));
  return {
    element: h("section", { class: "past" },
      h("div", { class: "bar" }, backButton(), form),
      view.today && day(view.today),
      h("h2", {}, t("past"), " ", view.past.some((one) => one.phase === "done") && h("span", { class: "soft" }, t("pastHint"))),
      view.past.length ? h("ul", {}, view.past.map(row)) : h("p", { class: "soft" }, t("noSales"))),
    focus: number,
    said: t("past"),
    keys: (text) => {
      number.focus();
      number.value += text;
    },
    escape: back,
  };
}

export function refund(view) {
  const { sale, left, cash_left_fen: cashLeft, reasons } = view.refund;
  const give = button({ id: "give", class: "main", onclick: send });
  const cash = h("input", {
    id: "cash", inputmode: "none", autocomplete: "off", maxlength: 10, placeholder: "0.00", oninput: typed,
    onkeydown: (event) => event.key === "Enter" && (event.preventDefault(), give.focus()),
  });
  const pad = numberPad({
    id: "points", label: t("points"), quick: left > 0 ? [[t("all", left), left]] : [], also: [cash], changed: typed, enter: () => give.focus(),
  });
  let memo = view.draft.memo;
  const why = h("fieldset", { class: "why" }, h("legend", {}, t("reason")), reasons.map((reason) => h("label", {},
    h("input", {
      type: "radio", name: "reason", value: reason.memo, checked: reason.memo === memo,
      onchange: () => {
        memo = reason.memo;
        typed();
      },
    }), pick(reason.zh, reason.en))));
  const wrong = () => {
    if (left <= 0) return t("nothingLeft");
    if (fenOf(cash.value) === null) return t("cashWrong");
    if (fenOf(cash.value) > cashLeft) return t("tooMuchCash", yuan(cashLeft));
    return pad.value() > left ? t("tooMany", left) : pad.value() === 0 ? t("enterPoints") : "";
  };
  function word() {
    const fen = fenOf(cash.value);
    give.textContent = wrong() || (fen > 0 ? t("confirmRefundCash", pad.value(), yuan(fen)) : t("confirmRefund", pad.value()));
    give.classList.toggle("not", Boolean(wrong()));
    give.setAttribute("aria-disabled", String(Boolean(wrong())));
  }
  function typed() {
    word();
    touch({ touch: "draft", sale: sale.id, points: pad.value(), cash_fen: fenOf(cash.value) ?? 0, memo });
  }
  function send() {
    if (wrong()) return pad.input.focus();
    touch({ touch: "refund", sale: sale.id, points: pad.value(), cash_fen: fenOf(cash.value), memo });
  }
  pad.set(view.draft.points);
  cash.value = view.draft.cash_fen > 0 ? yuan(view.draft.cash_fen) : "";
  word();
  return {
    element: h("section", { class: "two refund" },
      h("div", { class: "who" },
        h("h2", {}, t("refund")),
        h("p", {}, `${t("receiptNo", sale.seq)} · ${time(sale.at_us)}`),
        view.refund.elsewhere && h("p", { id: "elsewhere" }, t("soldElsewhere")),
        sale.goods_zh && h("p", {}, pick(sale.goods_zh, sale.goods_en)),
        h("p", { class: "allows" }, t("refundLeft", sale.points, left)),
        // Only where the sale took money, too.
        cashLeft > 0 && h("div", { class: "cash" }, h("label", { for: "cash" }, t("cashBack", yuan(cashLeft))), cash), why),
      pad.element,
      h("div", { class: "actions" }, backButton(),
        view.refund.may_void && button({ id: "void", onclick: () => touch({ touch: "ask_void", sale: sale.id }) }, t("voidSale")), give)),
    focus: pad.input, // not the button: an Enter too many must not give anything back
    said: `${t("refund")}. ${t("refundLeft", sale.points, left)}`,
    keys: (text) => /^\d+$/.test(text) && pad.type(text),
    escape: back,
  };
}
