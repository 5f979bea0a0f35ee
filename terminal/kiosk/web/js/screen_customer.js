// A customer whose code was read: how many points, and a yes to exactly that many.
import { numberPad } from "./pad.js";
import { button, h } from "./page.js";
import { fenOf, t, yuan } from "./texts.js";
import { touch } from "./till.js";

const QUICK = [5, 10, 20, 50, 100];

export function customer(view) {
  const { id, name, spend_max: most, card, offline } = view.sale;
  const who = offline ? [t("offlineCustomer"), name].join(" ").trim() : t("customer", name);
  const quick = QUICK.filter((n) => !offline && n < most).map((n) => [String(n), n]).concat([[t("all", most), most]]);
  const cash = h("input", {
    id: "cash", inputmode: "none", autocomplete: "off", maxlength: 10, placeholder: "0.00", oninput: typed,
    onkeydown: (event) => event.key === "Enter" && (event.preventDefault(), pay.focus()),
  });
  // A bill in yuan: what the points do not pay of it is the cash part.
  const rate = view.line.fen_per_point;
  const bill = h("input", {
    id: "bill", inputmode: "none", autocomplete: "off", maxlength: 10, placeholder: "0.00", oninput: typed,
    onkeydown: (event) => event.key === "Enter" && (event.preventDefault(), pad.input.focus()),
  });
  const paid = h("p", { class: "soft", id: "paid" });
  const billFen = () => (rate > 0 ? fenOf(bill.value) : 0);
  const pad = numberPad({ id: "points", label: t("points"), quick, also: [bill, cash], changed: typed, enter: () => pay.focus() });
  const pay = button({ id: "pay", class: "main", onclick: send });
  const drop = button({ id: "drop", onclick: () => touch({ touch: "drop", sale: id }) }, t("drop"));

  const wrong = () => {
    if (offline && pad.value() !== most) return t("exactly", most);
    if (card && pad.value() > most) return t("tooMany", most);
    if (billFen() > 0 && pad.value() * rate > billFen()) return t("billTooMuch", Math.floor(billFen() / rate));
    return fenOf(cash.value) === null || billFen() === null ? t("cashWrong") : pad.value() === 0 ? t("enterPoints") : "";
  };
  function word() {
    const fen = fenOf(cash.value);
    const text = wrong() || (pad.value() > most ? t("askPhone", pad.value()) : fen > 0 ? t("confirmCash", pad.value(), yuan(fen)) : t("confirm", pad.value()));
    pay.textContent = text;
    pay.classList.toggle("not", Boolean(wrong()));
    pay.setAttribute("aria-disabled", String(Boolean(wrong())));
  }
  function typed() {
    if (billFen() > 0) {
      const left = billFen() - pad.value() * rate;
      cash.value = left > 0 ? yuan(left) : "";
      paid.textContent = t("billPaid", yuan(pad.value() * rate), yuan(Math.max(0, left)));
    } else paid.textContent = "";
    word();
    touch({ touch: "draft", sale: id, points: pad.value(), cash_fen: fenOf(cash.value) ?? 0 });
  }
  function send() {
    if (wrong()) return pad.input.focus();
    touch({ touch: "pay", sale: id, points: pad.value(), cash_fen: fenOf(cash.value) });
  }
  pad.set(view.draft.points || (offline ? most : 0));
  cash.value = view.draft.cash_fen > 0 ? yuan(view.draft.cash_fen) : "";
  word();
  return {
    element: h("section", { class: "two customer" },
      h("div", { class: "who" },
        h("h2", {}, who),
        h("p", { class: "allows" }, t(offline ? "offlineAllows" : card ? "allowsCard" : "allows", most)),
        rate > 0 && h("div", { class: "cash" }, h("label", { for: "bill" }, t("bill")), bill),
        h("div", { class: "cash" }, h("label", { for: "cash" }, t("cash")), cash), paid),
      pad.element,
      h("div", { class: "actions" }, drop, pay)),
    focus: pad.input,
    said: `${who}. ${t(offline ? "offlineAllows" : "allows", most)}`,
    sound: "seen",
    keys: (text) => /^\d+$/.test(text) && pad.type(text),
    escape: () => drop.click(),
  };
}
