// The owner's report: a manager's PIN, a period, and the figures that the till itself recomputed from the ledger.
import { button, h } from "./page.js";
import { personAndPin } from "./screen_shift.js";
import { pick, t, whyOf } from "./texts.js";
import { touch } from "./till.js";

const back = () => touch({ touch: "back" });
const backButton = () => button({ id: "back", onclick: back }, t("back"));
const read = (period) => touch({ touch: "owner_read", text: period });
const rows = (list) => h("dl", {}, list.flatMap((row) => [h("dt", {}, pick(row.zh, row.en).trim()), h("dd", {}, pick(row.value_zh, row.value_en))]));

export function owner(view) {
  return view.owner.asks_manager ? askManager(view) : report(view.owner);
}

function askManager(view) {
  const managers = view.people.staff.filter((one) => one.manager && !one.locked);
  const part = personAndPin(managers, managers.length === 1 ? managers[0].id : null, t("owner"),
    (manager, pin) => touch({ touch: "owner_open", manager, text: pin }));
  return {
    element: h("section", { class: "two signin" },
      h("div", { class: "who" }, part.element, managers.length === 0 && h("p", { class: "wrong" }, t("noManager"))),
      part.keys,
      h("div", { class: "actions" }, backButton())),
    focus: part.focus,
    said: t("owner"),
    keys: part.type,
    escape: back,
  };
}

// What is typed as from and to outlives the screen's redrawing.
const typed = { from: "", to: "" };
function periods(one) {
  const chosen = one.from && (one.from === one.to ? one.from : `${one.from}..${one.to}`);
  const field = (id) => h("input", { id, type: "date", max: one.choices[0].period, value: typed[id], oninput: (event) => (typed[id] = event.target.value) });
  const [from, to] = [field("from"), field("to")];
  const quick = one.choices.map(({ name, period }) => button({ "data-period": name, onclick: () => read(period) }, t(`period_${name}`)));
  return {
    first: quick[0],
    element: h("div", { class: "periods" },
      h("div", { class: "quick" }, quick),
      h("form", {
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          const days = [typed.from || typed.to, typed.to || typed.from].sort();
          if (days[0]) read(`${days[0]}..${days[1]}`);
          else from.focus();
        },
      }, 
        h("span", {}, h("label", { for: "from" }, t("from")), " ", from), h("span", {}, h("label", { for: "to" }, t("to")), " ", to), h("button", { type: "submit", id: "show" }, t("showPeriod")))),
    chosen,
  };
}

// A bar a day: what customers paid less what went back, against the largest of the days.
function bars(days) {
  const most = Math.max(1, ...days.map((day) => Math.abs(day.net)));
  return h("div", { class: "days" }, days.map((day) => h("details", { "data-day": day.day },
    h("summary", {},
      h("span", { class: "when" }, day.day),
      h("span", { class: "bar-of" }, h("span", { class: day.net < 0 ? "minus" : "plus", "data-share": Math.round((100 * Math.abs(day.net)) / most) })),
      h("span", { class: "sum" }, String(day.net))),
    rows(day.rows))));
}

function figures(one) {
  return [
    h("h3", { id: "period" }, one.from === one.to ? one.from : `${one.from} – ${one.to}`),
    one.all.length ? rows(one.all) : h("p", { class: "soft", id: "nothing" }, t("ownerNothing")),
    one.missing.length > 0 && h("div", { class: "missing", role: "alert" }, h("p", { class: "wrong" }, pick(one.missing_zh, one.missing_en)), rows(one.missing),
      h("p", {}, t("ownerMissing"))),
    ...(one.days.length > 0 ? [h("h3", {}, t("ownerDays")), bars(one.days)] : []),
    ...(one.shifts.length > 0 ? [h("h3", {}, t("ownerShifts")), rows(one.shifts)] : []),
    h("div", { class: "proof", id: "proof" }, h("p", {}, t("ownerProof")), rows(one.closing)),
  ];
}

function report(one) {
  const choice = periods(one);
  const element = h("section", { class: "owner" },
    h("div", { class: "bar" }, backButton(), h("h2", {}, t("owner"))),
    choice.element,
    !one.from && h("p", { class: "soft" }, t("ownerChoose")),
    one.reading && h("p", { class: "reading", role: "status" }, h("span", { class: "turning", "aria-hidden": "true" }), t("ownerReading", one.read)),
    one.why_zh && h("p", { class: "wrong", id: "why", role: "alert" }, whyOf(one)),
    one.ready && figures(one));
  // The page's policy allows no style attribute; the element's own style is no attribute of the text.
  element.querySelectorAll("[data-share]").forEach((bar) => (bar.style.width = `${bar.dataset.share}%`));
  return { element, focus: choice.first, said: one.ready ? `${t("owner")}. ${choice.chosen}` : t("owner"), escape: back };
}
