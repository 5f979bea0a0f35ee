// This browser's own key: made here, not extractable, kept in IndexedDB. Losing it is normal: a new one-time code brings
// in the next.
import { base64url, concat, same, sha256, utf8 } from "./bytes.js";

const ALGORITHM = { name: "ECDSA", namedCurve: "P-256" };

function database() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("defenbao", 1);
    request.onupgradeneeded = () => request.result.createObjectStore("keep");
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
async function keep(mode, action) {
  const db = await database();
  return new Promise((resolve, reject) => {
    const request = action(db.transaction("keep", mode).objectStore("keep"));
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
export const load = () => keep("readonly", (store) => store.get("device"));

// A new key takes its place before the town is asked, since the answer may be lost; the key that was here before waits
// until the new one has signed in, and comes back if the town refuses the new one.
export async function save(device) {
  const [before, former] = [await load(), await keep("readonly", (store) => store.get("former"))];
  if (before && !former && !same(before.id, device.id)) await keep("readwrite", (store) => store.put(before, "former"));
  await keep("readwrite", (store) => store.put(device, "device"));
  if (before && same(before.id, device.id)) return;
  await pinLog(null);
  await dropAllowance();
}
// The log's key as this browser has known it since its own key came; null to begin anew.
export const pinnedLog = () => keep("readonly", (store) => store.get("log"));
export const pinLog = (vkey) => keep("readwrite", (store) => (vkey ? store.put(vkey, "log") : store.delete("log")));
// What this phone carries for spending without a line; it goes with the key.
export const allowance = () => keep("readonly", (store) => store.get("allowance"));
// `change` makes of what is carried now what is carried next, and of that nothing else can be made meanwhile, in whatever
// page of this browser; null leaves it. It is on the disk before it is returned: a phone that dies must not come back with
// a counter that it has signed.
export async function changeAllowance(change) {
  const db = await database();
  return new Promise((resolve, reject) => {
    const transaction = db.transaction("keep", "readwrite", { durability: "strict" });
    const store = transaction.objectStore("keep");
    let next = null;
    const now = store.get("allowance");
    now.onsuccess = () => {
      next = change(now.result);
      if (next) store.put(next, "allowance");
    };
    transaction.oncomplete = () => resolve(next);
    transaction.onabort = () => reject(transaction.error);
  });
}
// An allowance that was asked for: the signed command and what is carried once the town has it. The answer may be lost.
export const asked = () => keep("readonly", (store) => store.get("asked"));
export const keepAsked = (one) => keep("readwrite", (store) => (one ? store.put(one, "asked") : store.delete("asked")));
async function dropAllowance() {
  await keep("readwrite", (store) => store.delete("allowance"));
  await keepAsked(null);
}
export const settle = () => keep("readwrite", (store) => store.delete("former"));
// True if the former key is back.
export async function forget() {
  const former = await keep("readonly", (store) => store.get("former"));
  await keep("readwrite", (store) => (former ? store.put(former, "device") : store.delete("device")));
  await pinLog(null);
  await dropAllowance();
  await settle();
  return former !== undefined;
}

// {pair, spki, id}: what signing needs of any key.
export async function described(pair) {
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  return { pair, spki, id: await sha256(spki) };
}
export const generate = async () => described(await crypto.subtle.generateKey(ALGORITHM, false, ["sign", "verify"]));

// Every signature of the project but the log's own (docs/formats.md#signatures): r || s, with low S.
export async function sign(key, kind, origin, body) {
  const message = concat(utf8(`defenbao/${kind}/v1\n${origin}\n`), key.id, body);
  const made = await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, key.pair.privateKey, message);
  return lowS(new Uint8Array(made));
}
export const idText = (key) => base64url(key.id);

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
function lowS(signature) {
  let s = 0n;
  for (const byte of signature.subarray(32)) s = (s << 8n) | BigInt(byte);
  if (s <= ORDER / 2n) return signature;
  s = ORDER - s;
  for (let i = 63; i >= 32; i--, s >>= 8n) signature[i] = Number(s & 255n);
  return signature;
}
