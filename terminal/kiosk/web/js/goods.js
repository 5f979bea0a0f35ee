// The shop's goods as buttons: a touch adds one, the minus beside it takes one back.
import { button, h } from "./page.js";
import { pick, t, time } from "./texts.js";

const FIND_FROM = 13; // more than fit without scrolling
const LINES_MAX = 20, COUNT_MAX = 1000;
const OLD_US = 90e6;

// {element, basket(), sum(), first}; `changed()` after each touch. `most`: of a card, which never pays more.
export function goodsBox({ goods, asked, draft, most, changed }) {
  const counts = new Map(draft.filter((line) => goods.some((one) => one.good === line.good)).map((line) => [line.good, line.count]));
  const sum = () => goods.reduce((all, one) => all + one.points * (counts.get(one.good) ?? 0), 0);
  const nameOf = (one) => pick(one.name_zh, one.name_en);
  const total = h("p", { id: "sum", role: "status" });
  const rows = goods.map((one) => {
    const add = button({ class: "good", "data-good": one.good, onclick: () => move(one, 1) });
    const less = button({ class: "less", "data-less": one.good, "aria-label": t("takeBack", nameOf(one)), onclick: () => move(one, -1) }, "−");
    return { one, add, less, element: h("li", {}, add, less) };
  });
  function why({ good, points, stock }) {
    const count = counts.get(good) ?? 0;
    if (stock === 0) return t("soldOut");
    if (count >= Math.min(stock, COUNT_MAX)) return t("allTaken", stock);
    if (count === 0 && counts.size >= LINES_MAX) return t("tooManyGoods", LINES_MAX);
    return most !== undefined && sum() + points > most ? t("overLimit") : "";
  }
  function write() {
    for (const { one, add, less } of rows) {
      const count = counts.get(one.good) ?? 0, reason = why(one);
      add.replaceChildren(h("span", { class: "name" }, nameOf(one)), h("span", { class: "price" }, t("price", one.points)),
        h("span", { class: "left" }, reason || t("left", one.stock - count)), count > 0 ? h("span", { class: "count" }, `×${count}`) : "");
      add.setAttribute("aria-disabled", String(Boolean(reason)));
      add.classList.toggle("chosen", count > 0);
      less.classList.toggle("idle", count === 0);
      less.disabled = count === 0;
    }
    const chosen = goods.filter((one) => counts.has(one.good)).map((one) => `${nameOf(one)} ×${counts.get(one.good)}`);
    total.textContent = chosen.length ? t("sum", chosen.join(t("comma")), sum()) : t("noGoodsYet");
  }
  function move(one, by) {
    if (by > 0 && why(one)) return;
    const count = (counts.get(one.good) ?? 0) + by;
    const hadFocus = count === 0 && document.activeElement?.dataset.less === one.good;
    if (count > 0) counts.set(one.good, count);
    else counts.delete(one.good);
    write();
    if (hadFocus) rows.find((row) => row.one === one).add.focus();
    changed();
  }
  const find = goods.length >= FIND_FROM && h("input", {
    id: "find-good", type: "search", autocomplete: "off", maxlength: 40, placeholder: t("findGood"), "aria-label": t("findGood"),
    oninput: () => {
      const wanted = find.value.trim().toLowerCase();
      for (const row of rows) row.element.hidden = !`${row.one.name_zh} ${row.one.name_en} ${row.one.good}`.toLowerCase().includes(wanted);
    },
    onkeydown: (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const first = rows.find((row) => !row.element.hidden);
      if (first && find.value.trim()) move(first.one, 1);
    },
  });
  const isOld = asked > 0 && Date.now() * 1000 - asked > OLD_US;
  write();
  return {
    element: h("div", { class: "goods" }, find, h("ul", { "aria-label": t("goods") }, rows.map((row) => row.element)),
      isOld && h("p", { class: "soft" }, t("stockAsOf", time(asked))), total),
    basket: () => goods.filter((one) => counts.has(one.good)).map(({ good }) => ({ good, count: counts.get(good) })),
    sum,
    first: rows[0].add,
  };
}
