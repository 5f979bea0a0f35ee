// Bytes and their texts, as docs/formats.md spells them.

const encoder = new TextEncoder();
export const utf8 = (text) => encoder.encode(text);
export const random = (count) => crypto.getRandomValues(new Uint8Array(count));

export function concat(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
export const same = (a, b) => a.length === b.length && a.every((byte, i) => byte === b[i]);

export const base64 = (bytes) => btoa(String.fromCharCode(...bytes));
export const base64url = (bytes) => base64(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
export const fromBase64 = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
export const fromBase64url = (text) => fromBase64(text.replaceAll("-", "+").replaceAll("_", "/"));

// A big-endian number of `size` bytes.
export function bigEndian(value, size) {
  const out = new Uint8Array(size);
  let rest = BigInt(value);
  for (let i = size - 1; i >= 0; i--, rest >>= 8n) out[i] = Number(rest & 255n);
  return out;
}
export const toBigInt = (bytes) => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
// An account's number: 13 characters.
export function accountText(value) {
  let text = "";
  for (let i = 0; i < 13; i++, value >>= 5n) text = CROCKFORD[Number(value & 31n)] + text;
  return text;
}
export function accountNumber(text) {
  let value = 0n;
  for (const c of text) value = (value << 5n) | BigInt(CROCKFORD.indexOf(c));
  return value;
}
// What a person typed or a link carried: bytes in base32; null if it is none.
export function crockfordBytes(typed, size) {
  const text = typed.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  let value = 0n;
  for (const c of text) {
    const digit = CROCKFORD.indexOf(c);
    if (digit < 0) return null;
    value = (value << 5n) | BigInt(digit);
  }
  return text.length * 5 === size * 8 ? bigEndian(value, size) : null;
}

const BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
export function base45(bytes) {
  let text = "";
  for (let i = 0; i < bytes.length; i += 2) {
    const pair = i + 1 < bytes.length;
    let value = pair ? bytes[i] * 256 + bytes[i + 1] : bytes[i];
    for (let n = pair ? 3 : 2; n > 0; n--, value = Math.floor(value / 45)) text += BASE45[value % 45];
  }
  return text;
}
