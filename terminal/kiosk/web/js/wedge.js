// A keyboard-wedge scanner types like a very fast person and ends with Enter (CR, LF or both) or Tab. Wherever the focus
// is, a burst becomes one scan: it presses no button and leaves no trace in a field. Nor does what follows it as fast: the LF
// behind a CR, and what a code's maker wrote behind a line end to pass for the cashier's own keys.

const KEYS_MIN = 8;
// A key, on average. In a field people are slower over eight keys in a row; nobody types a text into no field.
const KEY_IN_FIELD_MS = 60, KEY_MS = 150;
const PAUSE_MS = 300; // between two keys that belong together, on a machine that is busy
const TAIL_MS = 50, TAIL_KEYS = 4; // the keys after a scan's end that are still the scanner's: as fast as it types, about
// Fast fingers on a number block, in the field that asks for a number.
const byHand = (text, field) => field && /^\d{1,12}$/.test(text);

// `onScan(text)` for bursts; `onKeys(text)` for what a person typed while the focus was on no field.
export function listen(onScan, onKeys) {
  let text = "", first = 0, last = -Infinity;
  let pressed = -Infinity, tail = 0; // the last key of any kind; after a scan, within what time of it the next is the scanner's, too
  let field = null, before = "";
  let silence = 0;
  const isField = (element) => element?.matches?.("input, textarea");
  const isBurst = () =>
    text.length >= KEYS_MIN && (last - first) / (text.length - 1) <= (field ? KEY_IN_FIELD_MS : KEY_MS) && !byHand(text, field);

  function begin(now) {
    text = "";
    first = now;
    field = isField(document.activeElement) ? document.activeElement : null;
    before = field?.value ?? "";
  }
  function typed() {
    if (text.length >= KEYS_MIN) return; // a scan that a busy machine hands on in two parts: the keys' own times decide
    const keys = text;
    text = "";
    if (field) return;
    if (keys === " ") document.activeElement?.click?.(); // what the key would have done to a button
    else onKeys(keys);
  }
  function end(event) {
    clearTimeout(silence);
    const burst = isBurst() && event.timeStamp - last <= PAUSE_MS;
    if (burst) {
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (text && !field) {
      event.preventDefault(); // of the keys, not of the button that has the focus
      typed();
    }
    if (burst) {
      tail = Math.max(TAIL_MS, (TAIL_KEYS * (last - first)) / (text.length - 1));
      if (field && field.value !== before) {
        field.value = before;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
      onScan(text);
    }
    text = "";
  }

  window.addEventListener("keydown", (event) => {
    if (event.timeStamp - pressed > tail) tail = 0;
    pressed = event.timeStamp;
    if (tail > 0) {
      event.preventDefault();
      event.stopImmediatePropagation();
      return;
    }
    const lineFeed = event.ctrlKey && ["j", "m"].includes(event.key.toLowerCase());
    if (event.key === "Enter" || event.key === "Tab" || lineFeed) return end(event);
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.key.length !== 1) return;
    const late = event.timeStamp - last > PAUSE_MS;
    if (late && text !== "") typed(); // on a busy machine the next key comes before the timer
    if (late || text === "") begin(event.timeStamp);
    text += event.key;
    last = event.timeStamp;
    if (!field || isBurst()) event.preventDefault();
    clearTimeout(silence);
    silence = setTimeout(typed, PAUSE_MS);
  }, { capture: true });
}
