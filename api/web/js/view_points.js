// The balance, what expires when, and each entry with its reason and its proof.
import * as api from "./api.js";
import { action, download, h } from "./page.js";
import { disputed } from "./view_quote.js";
import { check } from "./logkey.js";
import { dateTime, dayText, pick, t } from "./texts.js";

export async function points(me, show, back) {
  const first = await api.get("/v1/me/entries?limit=20");
  const list = h("ul", { class: "plain", id: "entries" });
  const more = h("div", {});
  const add = (page) => {
    list.append(...page.entries.map((entry) => h("li", {}, line(entry, show, back))));
    more.replaceChildren();
    if (page.next !== undefined)
      more.append(action({ class: "wide" }, t("more"), async () => add(await api.get(`/v1/me/entries?limit=20&before=${page.next}`))));
  };
  add(first);
  return [
    h("section", { class: "card" },
      h("p", { class: "soft" }, me.name ? `${me.name} · ${t("balance")}` : t("balance")),
      h("div", { class: "balance", id: "balance" }, String(me.available)),
      me.held > 0 && h("p", { id: "held" }, t("held", me.held)),
      me.lots.map((lot) => h("p", { class: "soft small" }, t("lots", lot.points, dayText(lot.day)))),
      h("p", { class: "soft small mono" }, t("signedInAs", me.account))),
    h("section", { class: "card" }, h("h2", {}, t("history")),
      first.entries.length ? [list, more] : h("p", { class: "soft" }, t("nothingYet"))),
  ];
}

// A sale or a pick-up that the owner of the points may not have been at.
export const spends = (entry) => entry.points < 0 && ["transfer redeem", "resolve capture"].includes(`${entry.op} ${entry.kind}`);

function amount(entry) {
  if (entry.refused) return h("span", { class: "soft small" }, t("refusedLine"));
  if (entry.points === 0) return h("span", {});
  return h("span", { class: `points ${entry.points > 0 ? "gain" : "loss"}` }, (entry.points > 0 ? "+" : "−") + Math.abs(entry.points));
}

function line(entry, show, back) {
  const text = h("span", { class: "row" },
    h("span", {}, pick(entry.reason_zh, entry.reason_en), h("br"), h("span", { class: "soft small" }, dateTime(entry.time_us))),
    amount(entry));
  return action({ class: "line" }, text, async () => show(await details(entry, back)));
}

// What a scanned receipt's number stands for, where it is an entry of one's own.
export async function receiptOf(seq, back) {
  const { entries: [entry] } = await api.get(`/v1/me/entries?limit=1&before=${seq + 1}`);
  if (entry?.seq === seq) return details(entry, back);
  return [
    h("p", {}, action({}, `‹ ${t("back")}`, back)),
    h("section", { class: "card banner", id: "not-yours" }, t("notYourReceipt", seq)),
  ];
}

async function details(entry, back) {
  let proof;
  try {
    proof = await api.get(`/v1/me/entries/${entry.seq}`);
  } catch (problem) {
    // A roster names neighbours: those in it see that it was, not whom it names.
    if (problem.code !== "forbidden") throw problem;
    return [
      h("p", {}, action({}, `‹ ${t("back")}`, back)),
      h("section", { class: "card" },
        h("h2", {}, pick(entry.reason_zh, entry.reason_en)),
        h("p", { class: "soft" }, `${t("entryNo", entry.seq)} · ${dateTime(entry.time_us)}`),
        h("p", { id: "names-others" }, t("namesOthers"))),
    ];
  }
  let verdict;
  try {
    const { size } = await check(proof.entry, proof.receipt);
    verdict = h("p", { class: "card good", id: "checked" }, `✓ ${t("checkedHere", size)}`);
  } catch (error) {
    if (error instanceof api.Problem) throw error; // it could not be asked
    const soft = error.message === "no-ed25519";
    verdict = h("p", { class: `card ${soft ? "banner" : "bad"}`, id: "checked" }, soft ? t("checkedNoKey") : t("checkFailed", error.message));
  }
  return [
    h("p", {}, action({}, `‹ ${t("back")}`, back)),
    h("section", { class: "card" },
      h("h2", {}, pick(entry.reason_zh, entry.reason_en)),
      h("div", { class: "row" }, h("span", { class: "soft" }, `${t("entryNo", entry.seq)} · ${dateTime(entry.time_us)}`), amount(entry)),
      verdict,
      spends(entry) && entry.time_us / 1000 > api.now() - (await api.theTown()).limits.dispute_hours * 3600e3 && disputed(entry.id),
      h("details", {}, h("summary", {}, t("wholeEntry")), h("p", { class: "small mono raw" }, proof.entry))),
    h("div", { class: "pair" },
      action({}, t("saveReceipt"), () => download(`defenbao-${entry.seq}.tlog-proof`, proof.receipt)),
      action({}, t("saveEntry"), () => download(`defenbao-${entry.seq}.txt`, proof.entry))),
  ];
}
