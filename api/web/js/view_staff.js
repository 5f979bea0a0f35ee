// For officers: who may sign in at a shop's tills. A PIN is typed once, sent, and shown to nobody afterwards.
import * as api from "./api.js";
import { action, form, h, toast } from "./page.js";
import { byName, pick, problemText, t } from "./texts.js";

export const keepsStaff = (me) => (me.roles ?? []).some((one) => ["officer", "administrator"].includes(one.role));

let chosen = ""; // the shop that was looked at last
export async function staff() {
  const { shops } = await api.get("/v1/shops?mine=1");
  if (shops.length === 0) return [h("p", { class: "soft" }, t("staffNoShop"))];
  shops.sort(byName);
  if (!shops.some((one) => one.account === chosen)) chosen = shops[0].account;
  const list = h("div", { id: "staff" });
  const load = async () => {
    const wanted = chosen; // a later choice may be answered first
    list.replaceChildren(h("p", { class: "soft" }, t("loading")));
    try {
      const { staff: people } = await api.get(`/v1/shops/${wanted}/staff`);
      if (wanted === chosen) draw(list, people);
    } catch (problem) {
      if (wanted === chosen) list.replaceChildren(h("section", { class: "card bad" }, problemText(problem)));
    }
  };
  const shop = h("select", {
    id: "staff-shop",
    onchange: () => {
      chosen = shop.value;
      load();
    },
  }, shops.map((one) => h("option", { value: one.account, selected: one.account === chosen }, pick(one.name_zh, one.name_en))));
  await load();
  return [h("h2", {}, t("staffHead")), h("p", { class: "soft" }, t("staffWhy")), h("label", { for: "staff-shop" }, t("shop")), shop, list];
}

// `open` is who is being corrected; "" while somebody new is added.
function draw(box, people, open = null) {
  const redraw = (who) => {
    draw(box, people, who);
    (box.querySelector("form input") ?? box.querySelector("button"))?.focus();
  };
  box.replaceChildren(
    ...people.map((one) => (one.staff === open ? fields(box, one, redraw) : card(box, one, redraw))),
    ...(people.length === 0 ? [h("p", { class: "soft" }, t("staffNobody"))] : []),
    open === "" ? fields(box, null, redraw) : action({ class: "wide", id: "staff-add" }, t("staffAdd"), () => redraw("")));
}

function card(box, one, redraw) {
  let sure = false;
  const locked = one.tries_left === 0;
  const drop = action({ "data-do": "drop" }, t("staffDrop"), async () => {
    if (!sure) {
      sure = true;
      drop.textContent = t("staffDropSure", one.name);
      return;
    }
    await api.remove(`/v1/shops/${chosen}/staff/${one.staff}`);
    draw(box, (await api.get(`/v1/shops/${chosen}/staff`)).staff);
    toast(t("staffDropped", one.name));
  });
  return h("section", { class: locked ? "card bad" : "card", "data-staff": one.staff },
    h("div", { class: "row" }, h("h2", {}, one.name), h("span", {}, t(one.role === "manager" ? "staffManager" : "staffCashier"))),
    locked ? h("p", {}, t("staffLocked")) : null,
    h("div", { class: "pair" }, action({ "data-do": "correct" }, t(locked ? "staffOpen" : "staffCorrect"), () => redraw(one.staff)), drop));
}

function fields(box, one, redraw) {
  const name = h("input", { id: "staff-name", maxlength: "40", autocomplete: "off", value: one?.name ?? "" });
  const role = h("select", { id: "staff-role" }, ["cashier", "manager"].map((value) =>
    h("option", { value, selected: value === one?.role }, t(value === "manager" ? "staffManager" : "staffCashier"))));
  const pin = h("input", { id: "staff-pin", type: "password", inputmode: "numeric", maxlength: "6", autocomplete: "new-password", "aria-describedby": "staff-pin-hint" });
  const save = async () => {
    const digits = pin.value;
    const wanted = one === null || one.tries_left === 0 || digits !== "";
    const wrong = !name.value.trim() ? name : wanted && !/^\d{6}$/.test(digits) ? pin : null;
    if (wrong) {
      wrong.focus();
      return toast(t(wrong === name ? "staffNameWanted" : "staffPinWanted"));
    }
    const body = { name: name.value.trim(), role: role.value, ...(one && { staff: one.staff }), ...(wanted && { pin: digits }) };
    pin.value = "";
    const { staff: people } = await api.post(`/v1/shops/${chosen}/staff`, body).catch((problem) => {
      if (problem.code === "too_large") throw new Error(t("staffFull"));
      throw problem;
    });
    draw(box, people);
    toast(t(one ? "staffSaved" : "staffAdded", body.name));
  };
  return h("section", { class: "card", "data-staff": one?.staff ?? "" }, form(
    h("h2", {}, one ? t("staffCorrectOf", one.name) : t("staffAdd")),
    h("label", { for: "staff-name" }, t("name")), name,
    h("label", { for: "staff-role" }, t("staffRole")), role,
    h("label", { for: "staff-pin" }, t(one === null ? "staffPin" : "staffNewPin")), pin,
    h("p", { class: "soft", id: "staff-pin-hint" }, t(one === null ? "staffPinHint" : one.tries_left === 0 ? "staffLocked" : "staffNewPinHint")),
    action({ class: "main", id: "staff-save", type: "submit" }, t("staffSave"), save),
    action({ class: "wide" }, t("back"), () => redraw(null))));
}
