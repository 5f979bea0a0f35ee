// Joining with this phone's own new key, or bringing this phone in by a one-time code.
// `signedIn(key)` opens the person's pages; `leave()` starts the page anew, without the link's code.
import * as api from "./api.js";
import { base64url, crockfordBytes } from "./bytes.js";
import * as device from "./device.js";
import { ticketKey } from "./p256.js";
import { action, form, h, toast } from "./page.js";
import { pick, problemText, t } from "./texts.js";

export function welcome(show, signedIn, start, ticket) {
  const leave = () => {
    history.replaceState(null, "", location.pathname);
    return start();
  };
  if (ticket) return useTicket(signedIn, leave, ticket);
  return [
    h("section", { class: "card" }, h("h2", {}, t("title")), h("p", { class: "soft" }, t("welcome"))),
    action({ class: "main" }, t("join"), async () => show(await joinForm(signedIn, leave))),
    action({ class: "wide", id: "have-code" }, t("haveCode"), () => show(codeForm(show, signedIn, leave))),
  ];
}

// Sends what a new key signed. What was refused leaves no trace; what was not answered keeps the key, since the town may
// have entered it, and `attempt` stays for the next try.
async function bringIn(path, attempt, more) {
  await device.save(attempt.key);
  try {
    await api.enter(path, { ...attempt.signed, ...more });
  } catch (problem) {
    if (!api.unsettled(problem)) {
      await device.forget();
      delete attempt.signed;
    }
    throw problem;
  }
}

async function joinForm(signedIn, leave) {
  const town = await api.theTown();
  const grids = town.scopes.filter((one) => one.scope.split("/").length === 3);
  const attempt = {};
  const name = h("input", { id: "name", autocomplete: "name", maxlength: "40", required: true });
  const phone = h("input", { id: "phone", type: "tel", autocomplete: "tel", maxlength: "20", required: true });
  const grid = h("select", { id: "grid", onchange: () => delete attempt.signed },
    grids.map((one) => h("option", { value: one.scope }, pick(one.name_zh, one.name_en))));
  return [form(
    h("h2", {}, t("join")),
    h("label", { for: "name" }, t("name")), name,
    h("label", { for: "phone" }, t("phone")), phone,
    h("label", { for: "grid" }, t("grid")), grid,
    action({ class: "main", id: "join", type: "submit" }, t("join"), async () => {
      const empty = [name, phone].find((field) => !field.value.trim());
      if (empty) {
        empty.focus();
        return toast(t("fillAll"));
      }
      if (!attempt.signed) {
        attempt.key = await device.generate();
        const { server_key: server } = await api.get("/v1/town"); // it may have changed since the page was opened
        attempt.signed = await api.command("authority", server, {
          act: "open", account: api.newAccount(), kind: "resident", scope: grid.value, household: "", level: "phone",
          key: base64url(attempt.key.spki),
        }, [attempt.key]);
      }
      await bringIn("/v1/enrolments", attempt, { name: name.value.trim(), phone: phone.value.trim() });
      await signedIn(attempt.key);
    }),
    action({ class: "wide" }, t("back"), leave))];
}

function codeForm(show, signedIn, leave) {
  const code = h("input", { id: "code", class: "mono", autocapitalize: "characters", autocomplete: "off", spellcheck: "false" });
  return [form(
    h("h2", {}, t("haveCode")),
    h("label", { for: "code" }, t("code")), code,
    action({ class: "main", id: "use-code", type: "submit" }, t("next"), () => {
      if (crockfordBytes(code.value, 20)) return show(useTicket(signedIn, leave, code.value));
      code.focus();
      toast(t("codeWrong"));
    }),
    action({ class: "wide" }, t("back"), leave))];
}

// Shows whose code it is before it is used up.
function useTicket(signedIn, leave, text) {
  const box = h("section", { class: "card" }, t("loading"));
  const back = () => action({ class: "wide" }, t("back"), leave);
  const fail = (message) => box.replaceChildren(h("p", {}, message), back());
  const secret = crockfordBytes(text, 20);
  if (!secret) {
    fail(t("codeWrong"));
    return [box];
  }
  (async () => {
    const ticket = await device.described(await ticketKey(secret));
    const [whose, before] = await Promise.all([api.get(`/v1/tickets/${device.idText(ticket)}`), device.load()]);
    if (whose.kind !== "resident") return fail(t("ticketForTill"));
    const attempt = {};
    box.replaceChildren(
      h("p", {}, t("ticketFor", whose.account)),
      before ? h("p", { class: "card banner" }, t("ticketReplaces")) : "",
      action({ class: "main", id: "register" }, t("register"), async () => {
        if (!attempt.signed) {
          attempt.key = await device.generate();
          const add = { act: "key", account: whose.account, use: "device", key: base64url(attempt.key.spki), until: 0 };
          attempt.signed = await api.command("authority", device.idText(ticket), add, [ticket, attempt.key]);
        }
        await bringIn("/v1/keys", attempt);
        history.replaceState(null, "", location.pathname);
        await signedIn(attempt.key);
      }),
      back());
  })().catch((problem) => fail(problemText(problem)));
  return [box];
}
