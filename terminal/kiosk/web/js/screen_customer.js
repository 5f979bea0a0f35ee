// A customer whose code was read: goods or points, and a yes to exactly that.
import { goodsBox } from "./goods.js";
import { numberPad } from "./pad.js";
import { button, h } from "./page.js";
import { fenOf, t, yuan } from "./texts.js";
import { touch } from "./till.js";

const QUICK = [5, 10, 20, 50, 100];
const isNarrow = () => matchMedia("(max-width: 759px)").matches;

export function customer(view) {
  const { id, name, spend_max: most, card, offline } = view.sale;
  const who = offline ? [t("offlineCustomer"), name].join(" ").trim() : t("customer", name);
  // An offline code pays what it pays: that stands in the field already.
  const quick = offline ? [] : QUICK.filter((n) => n < most).map((n) => [String(n), n]).concat([[t("all", most), most]]);
  const cash = h("input", {
    id: "cash", inputmode: "none", autocomplete: "off", maxlength: 10, placeholder: "0.00", oninput: typed,
    onkeydown: (event) => event.key === "Enter" && (event.preventDefault(), pay.focus()),
  });
  // A bill in yuan: what the points do not pay of it is the cash part. Goods are a bill of their own.
  const rate = view.line.fen_per_point;
  const bill = h("input", {
    id: "bill", inputmode: "none", autocomplete: "off", maxlength: 10, placeholder: "0.00", oninput: typed,
    onkeydown: (event) => event.key === "Enter" && (event.preventDefault(), pad.input.focus()),
  });
  const paid = h("p", { class: "soft", id: "paid" });
  const goods = view.goods.length > 0 && !offline &&
    goodsBox({ goods: view.goods, asked: view.goods_asked_us, draft: view.draft.goods, most: card ? most : undefined, changed: chosen });
  const basket = () => (goods ? goods.basket() : []);
  const billFen = () => (rate <= 0 ? 0 : basket().length > 0 ? goods.sum() * rate : fenOf(bill.value));
  const pad = numberPad({ id: "points", label: t("points"), quick, also: [bill, cash], changed: typed, enter: () => pay.focus() });
  const pay = button({ id: "pay", class: "main", onclick: send });
  const drop = button({ id: "drop", onclick: () => touch({ touch: "drop", sale: id }) }, t("drop"));

  const wrong = () => {
    if (offline && pad.value() !== most) return t("exactly", most);
    if (card && pad.value() > most) return t("tooMany", most);
    if (billFen() > 0 && pad.value() * rate > billFen()) return t("billTooMuch", Math.floor(billFen() / rate));
    return fenOf(cash.value) === null || billFen() === null ? t("cashWrong")
      : pad.value() === 0 ? t(goods ? "choose" : "enterPoints") : "";
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
    touch({ touch: "draft", sale: id, points: pad.value(), cash_fen: fenOf(cash.value) ?? 0, goods: basket() });
  }
  function chosen() {
    const named = basket().length > 0;
    pad.set(goods.sum());
    bill.disabled = named;
    bill.value = named && rate > 0 ? yuan(goods.sum() * rate) : "";
    cash.value = "";
    typed();
  }
  function send() {
    if (wrong()) return pad.input.focus();
    touch({ touch: "pay", sale: id, points: pad.value(), cash_fen: fenOf(cash.value), goods: basket() });
  }
  pad.set(view.draft.points || (offline ? most : 0));
  cash.value = view.draft.cash_fen > 0 ? yuan(view.draft.cash_fen) : "";
  bill.disabled = basket().length > 0;
  if (bill.disabled && rate > 0) bill.value = yuan(goods.sum() * rate);
  word();

  // On a phone's screen there is room for the one or the other; the till stays with what was used last.
  const sides = ["goods", "points"].map((side) => button({ class: "side", "data-side": side, onclick: () => turn(side) }, t(side)));
  const element = h("section", { class: `two customer ${goods ? "with-goods" : ""}` },
    h("div", { class: "who" },
      h("h2", {}, who),
      h("p", { class: "allows" }, t(offline ? "offlineAllows" : card ? "allowsCard" : "allows", most)),
      offline && view.goods.length > 0 && h("p", { class: "soft" }, t("noGoodsOffline")),
      goods && h("div", { class: "sides" }, sides),
      goods && goods.element,
      h("div", { class: "money" },
        rate > 0 && h("div", { class: "cash" }, h("label", { for: "bill" }, t("bill")), bill),
        h("div", { class: "cash" }, h("label", { for: "cash" }, t("cash")), cash), paid)),
    pad.element,
    h("div", { class: "actions" }, drop, pay));
  function turn(side) {
    localStorage.setItem("side", side);
    element.dataset.side = side;
    sides.forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.side === side)));
  }
  turn(localStorage.getItem("side") ?? "goods");
  return {
    element,
    focus: goods && isNarrow() && element.dataset.side === "goods" ? goods.first : pad.input,
    said: `${who}. ${t(offline ? "offlineAllows" : "allows", most)}`,
    sound: "seen",
    keys: (text) => {
      if (!/^\d+$/.test(text)) return;
      if (goods && isNarrow()) turn("points");
      pad.type(text);
    },
    escape: () => drop.click(),
  };
}
