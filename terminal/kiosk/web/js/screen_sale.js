// Before, during and after an exchange with the town.
import { open as openCamera } from "./camera.js";
import { button, h } from "./page.js";
import { paper } from "./paper.js";
import { printButton } from "./screen_receipt.js";
import { pick, t, whyOf, yuan } from "./texts.js";
import { touch } from "./till.js";

const wanted = () => localStorage.getItem("camera") === "yes";

export function scan(view) {
  const video = h("video", { id: "camera", playsinline: true, muted: true, hidden: true, "aria-label": t("cameraLook") });
  const hint = h("p", { class: "hint" }, t("scanHint"));
  const toggle = button({ id: "use-camera", "aria-pressed": "false", onclick: () => (stop ? end() : begin()) }, t("camera"));
  let stop = null, gone = false;
  function end(remember = true) {
    stop?.();
    stop = null;
    if (remember) localStorage.setItem("camera", "no");
    video.hidden = true;
    toggle.textContent = t("camera");
    toggle.setAttribute("aria-pressed", "false");
    hint.textContent = t("scanHint");
  }
  async function begin() {
    localStorage.setItem("camera", "yes");
    try {
      video.hidden = false;
      const opened = await openCamera(video, () => end(false));
      if (gone) return opened();
      stop = opened;
      toggle.textContent = t("cameraStop");
      toggle.setAttribute("aria-pressed", "true");
      hint.textContent = t("cameraLook");
    } catch (error) {
      end();
      hint.textContent = t("cameraFailed", error.message);
    }
  }
  const number = h("input", {
    id: "number", inputmode: "numeric", autocomplete: "off", maxlength: 20, "aria-label": t("typeNumber"), placeholder: t("typeNumber"),
    onkeydown: (event) => event.key === "Enter" && (event.preventDefault(), lookUp()),
  });
  const lookUp = () => number.value.trim() && touch({ touch: "scan", text: number.value.replace(/\s/g, "") });
  // After a cancel the customer's phone is still there, with its next code: only a touch looks again.
  if (wanted() && view.note?.what !== "dropped") begin();
  return {
    element: h("section", { class: "scan" },
      h("div", { class: "frame" }, video, h("h2", {}, t("scan")), hint),
      h("div", { class: "typed" }, number, button({ id: "look-up", onclick: lookUp }, t("typeGo"))),
      h("div", { class: "actions" },
        button({ id: "records", onclick: () => touch({ touch: "past" }) }, t("records")),
        button({ id: "shift", onclick: () => touch({ touch: "shift" }) }, t("shift")), toggle)),
    focus: null,
    said: "",
    leave: () => {
      gone = true;
      end(false);
    },
  };
}

export const working = () => ({
  element: h("section", { class: "working" }, h("div", { class: "turning", "aria-hidden": "true" }), h("h2", {}, t("working")),
    h("p", {}, t("workingHint"))),
  focus: null,
  said: t("working"),
});

const REPORTS = { zreport: "zNumber", xreport: "xNumber" }; // their names, with a number

// Tone, headline and what to do, for one sale that is settled.
function settled(sale) {
  const isSale = sale.kind === "sale", report = REPORTS[sale.kind];
  const done = { sale: sale.pickup ? "donePickup" : "doneSale", refund: "doneRefund", void: "doneVoid" }[sale.kind];
  if (sale.phase === "done")
    return {
      tone: sale.why_zh ? "kept" : "good", sign: sale.why_zh ? "!" : "✓", head: t("done"),
      lines: [report ? t("doneReport", t(report, sale.number)) : t(done, sale.points), pick(sale.why_zh, sale.why_en), pick(sale.goods_zh, sale.goods_en),
        sale.cash_fen > 0 ? t({ void: "voidCash", refund: "doneCashBack" }[sale.kind] ?? "doneCash", yuan(sale.cash_fen)) : null, t(report ? "entryNo" : "receiptNo", sale.seq)],
    };
  if (sale.phase === "kept")
    return {
      tone: "kept", sign: "✓", head: t("kept"),
      lines: [t("doneSale", sale.points), sale.cash_fen > 0 ? t("doneCash", yuan(sale.cash_fen)) : null, t("keptHint")],
    };
  if (sale.phase === "refused")
    return {
      tone: "bad", sign: "✗", head: t("refused"),
      lines: [whyOf(sale), isSale ? t("refusedHint") : t(report ? (sale.kind === "xreport" ? "refusedX" : "refusedReport") : "refusedRefund")],
    };
  const what = sale.pickup ? pick(sale.why_zh, sale.why_en) : sale.effect === "undone" ? t("undone", sale.points) : t("burnt");
  return { tone: "bad", sign: "✗", head: t("cancelled"), lines: [what, isSale && sale.effect === "burnt" && sale.points > 0 && t("saleOf", sale.points)] };
}

export function result(view) {
  const { sale } = view;
  const { tone, sign, head, lines } = settled(sale);
  const isReport = sale.kind in REPORTS;
  const next = button({ id: "next", class: "main", onclick: () => touch({ touch: "next", sale: sale.id }) }, t(isReport ? "back" : "next"));
  const said = [head, sale.name, ...lines.filter(Boolean)].filter(Boolean);
  return {
    element: h("section", { class: `result ${tone}`, "data-phase": sale.phase },
      h("div", { class: "sign", "aria-hidden": "true" }, sign),
      h("h2", {}, head),
      sale.name && h("p", { class: "name" }, sale.name),
      h("p", { class: "large" }, lines[0]),
      lines.slice(1).filter(Boolean).map((line) => h("p", {}, line)),
      sale.phase === "refused" && sale.why && h("p", { class: "id" }, sale.why),
      h("div", { class: "actions" }, view.receipt && printButton(view), next),
      view.receipt && h("details", { class: "receipt", open: sale.kind === "xreport" }, h("summary", {}, t(isReport ? "report" : "receipt")), paper(view.receipt))),
    focus: next,
    said: said.join(". "),
    sound: tone === "bad" ? "bad" : "done",
    escape: () => next.click(),
  };
}

export function unknown(view) {
  const { sale } = view;
  const waited = h("p", { class: "waited" });
  const count = () => (waited.textContent = t("waitedFor", Math.max(0, Math.round((Date.now() * 1000 - sale.sent_us) / 1e6))));
  count();
  const timer = setInterval(count, 1000);
  const head = sale.alarm ? t("alarm") : t("unknown");
  const isReport = sale.kind in REPORTS;
  const order = sale.kind === "sale" ? t("handNothing") : t(isReport ? "unknownReport" : "unknownRefund");
  const hint = sale.alarm ? t("alarmHint", sale.why) : t(sale.given_up ? "unknownNext" : "unknownHint");
  const video = h("video", { id: "camera", playsinline: true, muted: true, hidden: true, "aria-label": t("cameraLook") });
  let stop = null, gone = false;
  async function look() { // for the next customer's code, where a camera is what this till scans with
    stop = await openCamera(video, () => (video.hidden = true));
    if (gone) return stop();
    video.hidden = false;
  }
  if (sale.given_up && wanted()) look().catch(() => {});
  return {
    element: h("section", { class: `unknown ${sale.alarm ? "alarm" : ""}` },
      h("div", { class: "plate" },
        h("h2", {}, head), h("p", { class: "order" }, order),
        h("p", {}, isReport ? t(REPORTS[sale.kind], sale.number) : t({ sale: sale.pickup ? "pickupFor" : "saleOf", refund: "refundOf", void: "voidOf" }[sale.kind], sale.points)),
        h("p", {}, hint), video, waited, h("p", { class: "id" }, t("number", sale.id)))),
    focus: null,
    said: `${head}. ${order} ${hint}`,
    sound: "unknown",
    leave: () => {
      clearInterval(timer);
      gone = true;
      stop?.();
    },
  };
}

export const stopped = () => halted("stopped", "stoppedHint");
export const foreign = () => halted("foreign", "foreignHint");
const halted = (head, hint) => ({
  element: h("section", { class: "halted" }, h("h2", {}, t(head)), h("p", {}, t(hint))),
  focus: null,
  said: `${t(head)}. ${t(hint)}`,
});
