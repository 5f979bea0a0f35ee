// What a shop asks this phone to confirm, and the way out for who did not ask for it.
import * as api from "./api.js";
import { base64url, sha256, utf8 } from "./bytes.js";
import * as device from "./device.js";
import { action, h, toast } from "./page.js";
import { t } from "./texts.js";

const READ_MS = 1500; // a finger that was on its way to another sale's yes

// The words are read from the very line that is signed, so that nothing else can be shown.
function words(line) {
  const quote = JSON.parse(line);
  if (quote.v !== 1) throw new api.Problem("unsupported_version", "");
  return quote;
}
// What is bought by name. The line has the list's digest alone: of a list that is not that one nothing is shown.
async function bought(one, zh) {
  if (!one.goods?.length) return null;
  const digest = base64url(await sha256(utf8(one.goods.map(({ good, count }) => `${good} ${count}\n`).join(""))));
  if (digest !== words(one.line).goods) return t("confirmOtherGoods");
  return one.goods.map(({ good, count, name_zh, name_en }) => `${(zh ? name_zh : name_en) || good} ×${count}`).join(zh ? "、" : "; ");
}
const yuan = (fen) => `¥${(fen / 100).toFixed(2)}`;

async function confirm(line) {
  const mine = await device.load();
  const { origin } = await api.theTown();
  const signature = base64url(await device.sign(mine, "quote", origin, utf8(line)));
  return (await api.post(`/v1/me/quotes/${words(line).id}`, { signature })).state === "confirmed";
}

// Ends this phone's key: whoever has a copy of the screen can spend nothing more. The entry names what was disputed.
async function notMe(id) {
  const mine = await device.load();
  const key = device.idText(mine);
  const signed = await api.command("authority", key, { act: "revoke", key, memo: `dispute ${id}` }, [mine]);
  await api.enter("/v1/revocations", signed);
  location.reload();
}

// A button that asks once more before it does something that cannot be taken back.
export function disputed(id) {
  const box = h("div");
  const ask = h("button", { type: "button", class: "wide", "data-do": "not-me" }, t("notMe"));
  ask.addEventListener("click", () => {
    box.replaceChildren(
      h("p", {}, t("notMeSure")),
      action({ class: "main", "data-do": "not-me-sure" }, t("notMeYes"), () => notMe(id)),
      h("button", { type: "button", class: "wide", onclick: () => box.replaceChildren(ask) }, t("back")),
    );
  });
  box.append(ask);
  return box;
}

// `changed`: it stands where another sale stood a moment ago.
function card(one, goods, zh, done, changed) {
  const quote = words(one.line), since = Date.now();
  const shop = (zh ? one.shop_zh : one.shop_en) || quote.shop;
  const seconds = h("span", { class: "soft" });
  const element = h("section", { class: "card banner", role: "alertdialog", "aria-label": t("confirmSale"), "data-quote": quote.id },
    h("h2", {}, t("confirmSale")),
    h("p", { class: "balance" }, String(quote.points)),
    ...(goods ? [h("p", { "data-goods": "" }, goods)] : []),
    h("p", {}, t("confirmWhat", shop, quote.points) + (quote.cash ? t("confirmCash", yuan(quote.cash)) : "")),
    seconds,
    action({ class: "main", "data-do": "confirm" }, t("confirmYes", quote.points), async () => {
      if (changed && Date.now() - since < READ_MS) return toast(t("confirmChanged"));
      toast(t((await confirm(one.line)) ? "confirmed" : "declinedBefore"));
      done();
    }),
    action({ class: "wide", "data-do": "decline" }, t("confirmNo"), async () => {
      await api.post(`/v1/me/quotes/${quote.id}`, {});
      done();
    }),
    disputed(quote.id));
  return { element, id: quote.id, tick: () => (seconds.textContent = t("secondsLeft", Math.max(0, Math.ceil(quote.expires / 1e6 - api.now() / 1000)))) };
}

// Keeps `box` up to date with what waits for this person's word; call it about every second.
export function watcher(box, zh) {
  let shown = null, left = 0;
  const clear = () => {
    if (shown) left = Date.now();
    shown = null;
    box.replaceChildren();
  };
  return async () => {
    const { quotes } = await api.get("/v1/me/quotes");
    if (quotes.length === 0) return clear();
    const first = quotes[0];
    if (shown?.id !== words(first.line).id) {
      shown = card(first, await bought(first, zh), zh, clear, shown !== null || Date.now() - left < READ_MS);
      box.replaceChildren(shown.element);
      shown.element.querySelector("button")?.focus();
    }
    shown.tick();
  };
}
