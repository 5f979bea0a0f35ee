// Who stands at the till, and what the shift came to: signing in, locks, voids, X and Z reports.
import { button, h } from "./page.js";
import { pinPad } from "./pin_pad.js";
import { t, time, yuan } from "./texts.js";
import { touch } from "./till.js";

const back = () => touch({ touch: "back" });
const backButton = () => button({ id: "back", onclick: back }, t("back"));

// A list to choose one person from, and their PIN, which goes off with its last digit. `chosen` outlives the screen: after
// a wrong PIN the same person tries again. `about` stands below the heading.
let chosen = null;
export function personAndPin(people, first, head, send, about = []) {
  if (!people.some((one) => one.id === chosen)) chosen = first;
  const pad = pinPad(() => pad.isFull() && chosen && send(chosen, pad.take()));
  const asked = h("p", { class: "asked" });
  const buttons = people.map((one) => button({ class: "person", "data-staff": one.id, onclick: () => choose(one.id) },
    h("span", { class: "name" }, one.name), one.manager && h("span", { class: "tag" }, t("manager")),
    one.locked && h("span", { class: "tag bad" }, t("locked"))));
  function choose(id) {
    chosen = id;
    buttons.forEach((one) => one.setAttribute("aria-pressed", String(one.dataset.staff === id)));
    const name = people.find((one) => one.id === id)?.name;
    asked.textContent = name ? t("pinOf", name) : t("choosePerson");
    pad.take();
  }
  choose(chosen);
  return {
    element: h("div", { class: "who" }, h("h2", {}, head), about, h("div", { class: "people" }, buttons), asked, pad.dots),
    keys: pad.keys,
    type: pad.type,
    focus: buttons.find((one) => one.dataset.staff === chosen) ?? buttons[0] ?? null,
  };
}

let opening = null; // the locked person whose lock a manager opens
export function who(view) {
  const { staff, cashier, shut, may_resume: mayResume } = view.people;
  const locked = staff.find((one) => one.id === opening && one.locked);
  return locked ? unlock(staff, locked) : signIn(staff, cashier, shut, mayResume);
}

function signIn(staff, cashier, shut, mayResume) {
  const person = staff.find((one) => one.id === cashier);
  // Names are in no file of the till: after a start without a line it knows nobody's, and has nothing to type a PIN for.
  const resume = mayResume && h("div", { class: "closed" }, h("p", {}, t("resumeHint")),
    button({ id: "resume", onclick: () => touch({ touch: "resume" }) }, t("resumeGo", person?.name ?? t("resumeLast"))));
  if (staff.length === 0)
    return {
      element: h("section", { class: "working" }, h("h2", {}, t("signIn")), h("p", {}, t("nobodyYet")), resume),
      focus: null,
      said: `${t("signIn")}. ${t("nobodyYet")}`,
    };
  const head = !person ? t("signIn") : shut ? t("lockedFor", person.name) : t("changePerson");
  const part = personAndPin(staff.filter((one) => !one.locked), shut ? cashier : null, head,
    (id, pin) => touch({ touch: "sign_in", staff: id, text: pin }));
  const closed = staff.filter((one) => one.locked);
  const signOut = (shut ? person : true) && button({ id: "sign-out", onclick: () => touch({ touch: "sign_out" }) }, t("signOut"));
  return {
    element: h("section", { class: "two signin" },
      h("div", { class: "who" }, part.element, resume),
      part.keys,
      closed.length > 0 && h("div", { class: "closes" }, closed.map((one) => h("div", { class: "closed" },
        h("p", {}, t("lockedOut", one.name)),
        button({ class: "open", "data-staff": one.id, onclick: () => open(one.id) }, t("openLock"))))),
      h("div", { class: "actions" }, shut ? null : backButton(), signOut,
        shut ? null : button({ id: "lock", class: "main", onclick: () => touch({ touch: "lock" }) }, t("lock")))),
    focus: part.focus,
    said: head,
    keys: part.type,
    escape: shut ? undefined : back,
  };
}

// The page's own step: which lock is meant is nothing that the till has to know before the manager's PIN.
let redraw = () => {};
export const onRedraw = (work) => (redraw = work);
function open(id) {
  opening = id;
  redraw();
}

function unlock(staff, locked) {
  const managers = staff.filter((one) => one.manager && !one.locked && one.id !== locked.id);
  const head = t("openLockOf", locked.name);
  const part = personAndPin(managers, managers.length === 1 ? managers[0].id : null, head,
    (manager, pin) => touch({ touch: "unlock", staff: locked.id, manager, text: pin }));
  return {
    element: h("section", { class: "two signin" },
      h("div", { class: "who" }, part.element, managers.length === 0 && h("p", { class: "wrong" }, t("noManager"))),
      part.keys,
      h("div", { class: "actions" }, button({ id: "back", onclick: () => open(null) }, t("back")))),
    focus: part.focus,
    said: head,
    keys: part.type,
    escape: () => open(null),
  };
}

export function undo(view) {
  const { sale } = view.refund;
  const managers = view.people.staff.filter((one) => one.manager && !one.locked);
  const what = t("voidWhat", sale.seq, sale.points);
  const about = [h("p", { class: "allows" }, what), h("p", { class: "soft" }, time(sale.at_us)),
    sale.cash_fen > 0 && h("p", { class: "wrong" }, t("voidCash", yuan(sale.cash_fen)))];
  const part = personAndPin(managers, managers.length === 1 ? managers[0].id : null, t("voidSale"),
    (manager, pin) => touch({ touch: "void", sale: sale.id, manager, text: pin }), about);
  return {
    element: h("section", { class: "two signin" },
      h("div", { class: "who" }, part.element, managers.length === 0 && h("p", { class: "wrong" }, t("noManager"))),
      part.keys,
      h("div", { class: "actions" }, backButton())),
    focus: part.focus,
    said: `${t("voidSale")}. ${what}`,
    keys: part.type,
    escape: back,
  };
}

export function shift(view) {
  const { number, x_number: xNumber, from_us: from, ...sums } = view.shift;
  const rows = [["sumSales", `${sums.count} / ${sums.total}`], ["sumRefunds", `${sums.refunds} / ${sums.refunded}`],
    ["sumVoids", sums.voids], ["sumNet", sums.total - sums.refunded], ["sumCash", `¥${yuan(sums.cash_fen)}`]];
  // The first touch asks for a look at the sums, the second closes.
  let armed = false;
  const waiting = view.offline.unsynced_sales, down = !view.line.up;
  // A touch on what cannot be had is answered by the till, in words.
  const x = button({ id: "x", class: waiting || down ? "not" : "", "aria-disabled": String(waiting > 0 || down), onclick: () => touch({ touch: "x", number: xNumber }) }, t("xNumber", xNumber));
  const z = button({ id: "z", class: waiting ? "main not" : "main", "aria-disabled": String(waiting > 0), onclick: close }, t("zReport", number));
  function close() {
    if (armed) return touch({ touch: "z", number });
    armed = true;
    z.textContent = t("zSure", number);
  }
  return {
    element: h("section", { class: "shift" },
      h("h2", {}, t("shift")),
      h("p", { class: "soft" }, from > 0 ? t("shiftFrom", time(from)) : t("shiftEmpty")),
      h("dl", {}, rows.flatMap(([name, value]) => [h("dt", {}, t(name)), h("dd", {}, String(value))])),
      button({ id: "owner", onclick: () => touch({ touch: "owner" }) }, t("ownerOpen")),
      h("p", { class: waiting ? "wrong" : "soft", id: "z-hint" }, waiting ? t("zWaits", waiting) : t("zHint")),
      down && h("p", { class: "wrong", id: "x-hint" }, t("xWantsLine")),
      h("div", { class: "actions" }, backButton(), x, z)),
    focus: null,
    said: t("shift"),
    escape: back,
  };
}
