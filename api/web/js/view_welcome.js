// Joining with this phone's own new key, or bringing this phone in by a one-time code.
import * as api from "./api.js";
import { base64url, crockfordBytes } from "./bytes.js";
import * as device from "./device.js";
import { ticketKey } from "./p256.js";
import { action, h, toast } from "./page.js";
import { pick, problemText, t } from "./texts.js";

export function welcome(show, signedIn, ticket) {
  if (ticket) return useTicket(show, signedIn, ticket);
  return [
    h("section", { class: "card" }, h("h2", {}, t("title")), h("p", { class: "soft" }, t("welcome"))),
    action({ class: "main" }, t("join"), async () => show(await joinForm(show, signedIn))),
    h("p", {}),
    action({ class: "wide", id: "have-code" }, t("haveCode"), () => show(codeForm(show, signedIn))),
  ];
}

async function joinForm(show, signedIn) {
  const town = await api.theTown();
  const grids = town.scopes.filter((one) => one.scope.split("/").length === 3);
  const name = h("input", { id: "name", autocomplete: "name", maxlength: "40", required: true });
  const phone = h("input", { id: "phone", type: "tel", autocomplete: "tel", maxlength: "20", required: true });
  const grid = h("select", { id: "grid" }, grids.map((one) => h("option", { value: one.scope }, pick(one.name_zh, one.name_en))));
  return [
    h("h2", {}, t("join")),
    h("label", { for: "name" }, t("name")), name,
    h("label", { for: "phone" }, t("phone")), phone,
    h("label", { for: "grid" }, t("grid")), grid,
    h("p", {}),
    action({ class: "main", id: "join" }, t("join"), async () => {
      if (!name.value.trim() || !phone.value.trim()) return toast(t("fillAll"));
      const key = await device.generate();
      const account = api.newAccount();
      const open = {
        act: "open", account, kind: "resident", scope: grid.value, household: "", level: "phone", key: base64url(key.spki),
      };
      const signed = await api.command("authority", town.server_key, open, [key]);
      await device.save(key);
      await api.enter("/v1/enrolments", { ...signed, name: name.value.trim(), phone: phone.value.trim() });
      await signedIn(key);
    }),
    h("p", {}),
    action({ class: "wide" }, t("back"), () => show(welcome(show, signedIn))),
  ];
}

function codeForm(show, signedIn) {
  const code = h("input", { id: "code", class: "mono", autocapitalize: "characters", autocomplete: "off", spellcheck: "false" });
  return [
    h("h2", {}, t("haveCode")),
    h("label", { for: "code" }, t("code")), code,
    h("p", {}),
    action({ class: "main", id: "use-code" }, t("next"), () => show(useTicket(show, signedIn, code.value))),
    h("p", {}),
    action({ class: "wide" }, t("back"), () => show(welcome(show, signedIn))),
  ];
}

// Shows whose code it is before it is used up.
function useTicket(show, signedIn, text) {
  const box = h("section", { class: "card" }, t("loading"));
  const fail = (message) => box.replaceChildren(h("p", {}, message), action({ class: "wide" }, t("back"), () => show(welcome(show, signedIn))));
  const secret = crockfordBytes(text, 20);
  if (!secret) {
    fail(t("codeWrong"));
    return [box];
  }
  (async () => {
    const ticket = await device.described(await ticketKey(secret));
    const whose = await api.get(`/v1/tickets/${device.idText(ticket)}`);
    if (whose.kind !== "resident") return fail(t("ticketForTill"));
    box.replaceChildren(
      h("p", {}, t("ticketFor", whose.name)),
      action({ class: "main", id: "register" }, t("register"), async () => {
        const key = await device.generate();
        const add = { act: "key", account: whose.account, use: "device", key: base64url(key.spki), until: 0 };
        const signed = await api.command("authority", device.idText(ticket), add, [ticket, key]);
        await device.save(key);
        await api.enter("/v1/keys", signed);
        history.replaceState(null, "", location.pathname);
        await signedIn(key);
      }),
    );
  })().catch((problem) => fail(problemText(problem)));
  return [box];
}
