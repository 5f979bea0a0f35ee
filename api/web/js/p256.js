// The key that a one-time code is (docs/formats.md#ticket): the browser makes no public key from a private number, so
// the one multiplication on P-256 that this needs stands here. The code is used once and then worthless, which is why
// plain arithmetic does; the person's own key is made by the browser and never seen.
import { base64url, bigEndian, concat, toBigInt, utf8 } from "./bytes.js";

const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const G = [
  0x6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296n,
  0x4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5n,
];
const mod = (x, m = p) => ((x % m) + m) % m;

function inverse(value, m = p) {
  let [a, b, u, v] = [mod(value, m), m, 1n, 0n];
  while (a !== 0n) {
    const q = b / a;
    [a, b, u, v] = [b - q * a, a, v - q * u, u];
  }
  return mod(v, m);
}

function add(a, b) {
  if (!a) return b;
  if (!b) return a;
  if (a[0] === b[0] && a[1] !== b[1]) return null;
  const slope = a[0] === b[0] ? (3n * a[0] * a[0] - 3n) * inverse(2n * a[1]) : (b[1] - a[1]) * inverse(b[0] - a[0]);
  const x = mod(slope * slope - a[0] - b[0]);
  return [x, mod(slope * (a[0] - x) - a[1])];
}

function multiply(scalar) {
  let sum = null;
  for (let point = G, rest = scalar; rest > 0n; rest >>= 1n, point = add(point, point)) if (rest & 1n) sum = add(sum, point);
  return sum;
}

// A CryptoKeyPair from the code's 20 bytes.
export async function ticketKey(secret) {
  const hkdf = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveBits"]);
  const salt = utf8("defenbao/ticket/v1");
  const bits = await crypto.subtle.deriveBits({ name: "HKDF", hash: "SHA-256", salt, info: new Uint8Array() }, hkdf, 384);
  const scalar = mod(toBigInt(new Uint8Array(bits)), n - 1n) + 1n;
  const [x, y] = multiply(scalar).map((c) => bigEndian(c, 32));
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const jwk = { kty: "EC", crv: "P-256", x: base64url(x), y: base64url(y), d: base64url(bigEndian(scalar, 32)) };
  const raw = concat(Uint8Array.of(4), x, y);
  return {
    privateKey: await crypto.subtle.importKey("jwk", jwk, algorithm, false, ["sign"]),
    publicKey: await crypto.subtle.importKey("raw", raw, algorithm, true, ["verify"]),
  };
}
