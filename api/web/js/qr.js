// A QR code without the server: version 7 at level M, alphanumeric, which holds up to 178 characters of base45
// (ISO/IEC 18004). With a line the server draws codes; this is for the offline code, of 162 characters.

const SIZE = 45, BLOCKS = 4, DATA = 31, CHECK = 18, VERSION = 7, MASK = 0;
const ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

function codewords(text) {
  let bits = "0010" + text.length.toString(2).padStart(9, "0");
  for (let i = 0; i < text.length; i += 2) {
    const first = ALPHANUMERIC.indexOf(text[i]);
    bits += i + 1 < text.length
      ? (first * 45 + ALPHANUMERIC.indexOf(text[i + 1])).toString(2).padStart(11, "0")
      : first.toString(2).padStart(6, "0");
  }
  bits += "0000";
  bits += "0".repeat((8 - (bits.length % 8)) % 8);
  const bytes = bits.match(/.{8}/g).map((byte) => parseInt(byte, 2));
  for (let pad = 0xec; bytes.length < BLOCKS * DATA; pad ^= 0xec ^ 0x11) bytes.push(pad);
  return bytes;
}

// Reed-Solomon over GF(256) with the polynomial 0x11D.
function times(a, b) {
  let product = 0;
  for (let i = 7; i >= 0; i--) product = (product << 1) ^ ((product >> 7) * 0x11d) ^ (((b >> i) & 1) * a);
  return product;
}
function generator() {
  const out = new Array(CHECK).fill(0);
  out[CHECK - 1] = 1;
  for (let i = 0, root = 1; i < CHECK; i++, root = times(root, 2)) {
    for (let j = 0; j < CHECK; j++) out[j] = times(out[j], root) ^ (out[j + 1] ?? 0);
  }
  return out;
}
function checkBytes(data, divisor) {
  const rest = new Array(CHECK).fill(0);
  for (const byte of data) {
    const factor = byte ^ rest.shift();
    rest.push(0);
    divisor.forEach((one, i) => (rest[i] ^= times(one, factor)));
  }
  return rest;
}
function interleaved(bytes) {
  const divisor = generator();
  const data = Array.from({ length: BLOCKS }, (_, i) => bytes.slice(i * DATA, (i + 1) * DATA));
  const check = data.map((block) => checkBytes(block, divisor));
  const out = [];
  for (let i = 0; i < DATA; i++) for (const block of data) out.push(block[i]);
  for (let i = 0; i < CHECK; i++) for (const block of check) out.push(block[i]);
  return out;
}

const remainder = (value, size, polynomial) => {
  let rest = value;
  for (let i = 0; i < size; i++) rest = (rest << 1) ^ ((rest >>> (size - 1)) * polynomial);
  return (value << size) | rest;
};

// Rows of true for dark. REQUIRES: at most 178 characters of base45's alphabet.
export function qrModules(text) {
  const dark = Array.from({ length: SIZE }, () => new Array(SIZE).fill(false));
  const taken = Array.from({ length: SIZE }, () => new Array(SIZE).fill(false));
  const set = (x, y, value) => {
    if (x < 0 || y < 0 || x >= SIZE || y >= SIZE) return;
    dark[y][x] = value;
    taken[y][x] = true;
  };
  for (let i = 0; i < SIZE; i++) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  for (const [cx, cy] of [[3, 3], [SIZE - 4, 3], [3, SIZE - 4]]) {
    for (let dy = -4; dy <= 4; dy++) {
      for (let dx = -4; dx <= 4; dx++) {
        const ring = Math.max(Math.abs(dx), Math.abs(dy));
        set(cx + dx, cy + dy, ring !== 2 && ring !== 4);
      }
    }
  }
  for (const [cx, cy] of [[22, 6], [6, 22], [22, 22], [38, 22], [22, 38], [38, 38]]) {
    for (let dy = -2; dy <= 2; dy++) {
      for (let dx = -2; dx <= 2; dx++) set(cx + dx, cy + dy, Math.max(Math.abs(dx), Math.abs(dy)) !== 1);
    }
  }
  const format = remainder(MASK, 10, 0x537) ^ 0x5412; // level M is 00
  const bit = (value, i) => ((value >>> i) & 1) === 1;
  for (let i = 0; i < 15; i++) {
    if (i < 6) set(8, i, bit(format, i));
    else if (i < 8) set(8, i + 1, bit(format, i));
    else if (i === 8) set(7, 8, bit(format, i));
    else set(14 - i, 8, bit(format, i));
    if (i < 8) set(SIZE - 1 - i, 8, bit(format, i));
    else set(8, SIZE - 15 + i, bit(format, i));
  }
  set(8, SIZE - 8, true);
  const version = remainder(VERSION, 12, 0x1f25);
  for (let i = 0; i < 18; i++) {
    const a = SIZE - 11 + (i % 3), b = Math.floor(i / 3);
    set(a, b, bit(version, i));
    set(b, a, bit(version, i));
  }
  const bytes = interleaved(codewords(text));
  let at = 0;
  for (let right = SIZE - 1; right >= 1; right -= 2) {
    if (right === 6) right = 5;
    for (let step = 0; step < SIZE; step++) {
      const y = ((right + 1) & 2) === 0 ? SIZE - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (taken[y][x]) continue;
        const value = at < bytes.length * 8 && bit(bytes[at >> 3], 7 - (at & 7));
        dark[y][x] = value !== ((x + y) % 2 === 0);
        at++;
      }
    }
  }
  return dark;
}

// The code as an SVG's text, with the margin of four modules.
export function qrSvg(text) {
  const path = qrModules(text)
    .flatMap((row, y) => row.map((one, x) => (one ? `M${x} ${y}h1v1h-1z` : "")))
    .join("");
  const side = SIZE + 8;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="-4 -4 ${side} ${side}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M-4-4h${side}v${side}h-${side}z"/><path d="${path}"/></svg>`;
}
