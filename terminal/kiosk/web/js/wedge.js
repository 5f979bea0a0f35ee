// A keyboard-wedge scanner types like a very fast person and ends with Enter (CR, LF or both) or Tab. Wherever the focus
// is, a burst becomes one scan: it presses no button and leaves no trace in a field.

const GAP_MS = 80; // between two keys of a burst; people are slower over eight keys in a row
const LENGTH_MIN = 8;

// `onScan(text)` for bursts; `onKeys(text)` for what a person typed while the focus was on no field.
export function listen(onScan, onKeys) {
  let text = "", last = -Infinity, ended = -Infinity;
  let field = null, before = "";
  let flush = 0;
  const isField = (element) => element?.matches?.("input, textarea");

  function begin() {
    text = "";
    field = isField(document.activeElement) ? document.activeElement : null;
    before = field?.value ?? "";
  }
  function typed() {
    const keys = text;
    text = "";
    if (field || keys.length >= LENGTH_MIN) return;
    if (keys === " ") document.activeElement?.click?.(); // what the key would have done to a button
    else onKeys(keys);
  }
  function end(event) {
    clearTimeout(flush);
    const burst = text.length >= LENGTH_MIN && event.timeStamp - last <= GAP_MS;
    if (burst || event.timeStamp - ended <= GAP_MS) { // the second half of CR LF is no Enter of its own
      event.preventDefault();
      event.stopImmediatePropagation();
    } else if (text && !field) {
      typed();
    }
    if (burst) {
      ended = event.timeStamp;
      if (field && field.value !== before) {
        field.value = before;
        field.dispatchEvent(new Event("input", { bubbles: true }));
      }
      onScan(text);
    }
    text = "";
  }

  window.addEventListener("keydown", (event) => {
    const lineFeed = event.ctrlKey && ["j", "m"].includes(event.key);
    if (event.key === "Enter" || event.key === "Tab" || lineFeed) return end(event);
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.key.length !== 1) return;
    if (event.timeStamp - last > GAP_MS) begin();
    text += event.key;
    last = event.timeStamp;
    if (!field || text.length >= LENGTH_MIN) event.preventDefault();
    clearTimeout(flush);
    flush = setTimeout(typed, GAP_MS);
  }, { capture: true });
}
