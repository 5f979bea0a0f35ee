// A QR code without the server, for the offline code: with a line the server draws codes. Drawn by the library
// qrcode-generator, which the build lays beside this file.
import qrcode from "./qrcode.js";

const MARGIN = 4; // modules, ISO/IEC 18004

// The code as an SVG's text, at level M. `text` is of the alphanumeric alphabet, as base45 is.
export function qrSvg(text) {
  const code = qrcode(0, "M"); // 0: the smallest version that holds it
  code.addData(text, "Alphanumeric");
  code.make();
  const count = code.getModuleCount();
  let path = "";
  for (let y = 0; y < count; y++) for (let x = 0; x < count; x++) if (code.isDark(y, x)) path += `M${x} ${y}h1v1h-1z`;
  const side = count + 2 * MARGIN, from = -MARGIN;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${from} ${from} ${side} ${side}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M${from} ${from}h${side}v${side}h-${side}z"/><path d="${path}"/></svg>`;
}
