// Today's tasks; checking in for one, with the site code that a scanned link brought along.
import * as api from "./api.js";
import { base64url, sha256, utf8 } from "./bytes.js";
import * as device from "./device.js";
import { action, h, toast } from "./page.js";
import { date, dateTime, pick, t } from "./texts.js";

let siteCode = ""; // from the link; the ledger decides whether it is still good
export const rememberSite = (code) => (siteCode = code);

export async function tasks(me, refresh) {
  const { tasks: list } = await api.get("/v1/tasks");
  const now = api.now() * 1000;
  const wanted = list.some((task) => task.proof === "site" && !task.done && !task.full && task.opens_us <= now);
  const cards = list
    .sort((a, b) => a.done - b.done || a.opens_us - b.opens_us)
    .map((task) => h("section", { class: "card", "data-task": task.task },
      h("div", { class: "row" }, h("h2", {}, pick(task.title_zh, task.title_en)), h("span", { class: "points gain" }, `+${task.points}`)),
      h("p", { class: "soft" }, pick(task.detail_zh, task.detail_en)),
      h("p", { class: "soft small" }, task.opens_us > now ? t("notOpenYet", dateTime(task.opens_us)) : t("until", date(task.closes_us))),
      task.done ? null : used(task),
      button(task, me, refresh, now)));
  return [
    siteCode && wanted ? h("section", { class: "card banner" }, t("siteReady")) : null,
    ...(cards.length ? cards : [h("p", { class: "soft" }, t("noTasks"))]),
  ];
}

// What the caps have left, from four fifths on.
function used(task) {
  const caps = task.caps.map((cap) => t(cap.used >= cap.limit ? "capFull" : "capNear",
    t(`capOf_${cap.of}`), t(`capPer_${cap.per}`), cap.used, cap.limit));
  const byCap = task.caps.some((cap) => cap.used >= cap.limit);
  return [...caps, ...(task.full && !byCap ? [t("budgetEmpty")] : [])].map((text) => h("p", { class: "used" }, text));
}

function button(task, me, refresh, now) {
  if (task.done) return h("p", { class: "gain" }, `✓ ${t("done")}`);
  if (task.opens_us > now || task.full) return null;
  if (task.proof === "officer") return h("p", { class: "soft" }, t("byOfficer"));
  if (task.proof === "site" && !siteCode) return h("p", { class: "soft" }, `▣ ${t("scanAtSite")}`);
  return action({ class: "main" }, t("checkIn"), async () => {
    const mine = await device.load();
    const fields = {
      kind: task.kind, subject: task.task, account: me.account, period: task.period, rule: task.rule,
      evidence: base64url(await sha256(utf8(""))),
    };
    if (task.proof === "site") fields.site = siteCode;
    const signed = await api.command("record", device.idText(mine), fields, [mine]);
    const answer = await api.enter("/v1/check-ins", signed).catch(async (problem) => {
      if (problem.code === "site_code_stale") rememberSite("");
      if (["site_code_stale", "fact_exists", "task_not_open", "wrong_period"].includes(problem.code)) await refresh();
      throw problem;
    });
    await refresh();
    toast(t("checkedIn", answer.outcome.points ?? 0));
  });
}
