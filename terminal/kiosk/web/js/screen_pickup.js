// A reservation that a customer comes for: what is handed out for what, and a yes to exactly that.
import { button, h } from "./page.js";
import { lastMoment, pick, t, yuan } from "./texts.js";
import { touch } from "./till.js";

export function pickup(view) {
  const { id, name, points, cash_fen: fen, until_us: until, goods_zh: zh, goods_en: en } = view.sale;
  const give = button({ id: "hand-out", class: "main", onclick: () => touch({ touch: "pay", sale: id, points, cash_fen: fen }) },
    fen > 0 ? t("handOutCash", points, yuan(fen)) : t("handOut", points));
  const drop = button({ id: "drop", onclick: () => touch({ touch: "drop", sale: id }) }, t("drop"));
  const who = t("pickupOf", name);
  const goods = zh ? pick(zh, en) : t("pickupNoGoods");
  return {
    element: h("section", { class: "pickup" },
      h("h2", {}, who),
      h("p", { class: "goods-reserved" }, goods),
      h("p", { class: "large" }, fen > 0 ? t("wordCash", points, yuan(fen)) : t("wordPoints", points)),
      h("p", {}, t("pickupUntil", lastMoment(until))),
      h("p", { class: "allows" }, t("pickupHint")),
      h("div", { class: "actions" }, drop, give)),
    focus: give,
    said: `${who}. ${goods}. ${t("wordPoints", points)}`,
    sound: "seen",
    escape: () => drop.click(),
  };
}
