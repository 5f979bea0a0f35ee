// The page's bytes against the golden vectors that the C++ is held to.
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { pathToFileURL } from "node:url";

globalThis.crypto ??= webcrypto;
// Node 18 takes a .js file for a module only beside a package.json that says so, which the page has no use for.
const js = mkdtempSync(join(tmpdir(), "defenbao-formats-"));
after(() => rmSync(js, { recursive: true, force: true }));
cpSync(join(process.env.DFB_PAGES, "js"), js, { recursive: true });
writeFileSync(join(js, "package.json"), '{"type": "module"}');
const load = (name) => import(pathToFileURL(join(js, name)));

const { accountNumber, accountText, base45, base64url, bigEndian, concat, crockfordBytes, fromBase64url, sha256, utf8 } = await load("bytes.js");
const { described, idText, sign } = await load("device.js");
const { ticketKey } = await load("p256.js");
const { offlineCode, offlinePart } = await load("offlinecode.js");
const { qrSvg } = await load("qr.js");
const { payCode, signedPart } = await load("paycode.js");
const { follow, verify } = await load("receipt.js");

const vectors = JSON.parse(readFileSync(new URL("../golden/signed/vectors.json", import.meta.url)));
const hex = (text) => Uint8Array.from(Buffer.from(text, "hex"));
const keys = new Map();
for (const one of vectors.keys) keys.set(one.name, await described(await ticketKey(hex(one.ticket))));
const signedBy = (key, signature, message) =>
  crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key.pair.publicKey, signature, message);

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
function fromBase45(text) {
  const out = [];
  for (let i = 0; i < text.length; i += 3) {
    const part = [...text.slice(i, i + 3)].map((c) => ALPHABET.indexOf(c));
    const value = part.reduceRight((sum, digit) => sum * 45 + digit, 0);
    out.push(...(part.length === 3 ? [value >> 8, value & 255] : [value]));
  }
  return Uint8Array.from(out);
}

test("base45 and account numbers", () => {
  assert.equal(base45(new TextEncoder().encode("AB")), "BB8"); // RFC 9285
  assert.equal(base45(new TextEncoder().encode("Hello!!")), "%69 VD92EX0");
  assert.equal(base45(new TextEncoder().encode("base-45")), "UJCLQE7W581");
  assert.equal(accountText(accountNumber("7ZK3M8Q2R5T1V")), "7ZK3M8Q2R5T1V");
  assert.equal(accountText(1n), "0000000000001");
  assert.equal(accountText(2n ** 64n - 1n), "FZZZZZZZZZZZZ");
});

test("base64url without padding, both ways", () => {
  for (const [bytes, text] of [[[], ""], [[251, 255], "-_8"], [[0], "AA"], [[1, 2, 3], "AQID"]]) {
    assert.equal(base64url(Uint8Array.from(bytes)), text);
    assert.deepEqual([...fromBase64url(text)], bytes);
  }
});

test("one-time codes are read as people type them", () => {
  assert.deepEqual(crockfordBytes("oil1 0000-0000 0000 0000 0000 0000 0000", 20).slice(0, 3), Uint8Array.of(0, 66, 16));
  assert.deepEqual(crockfordBytes("zzzz zzzz zzzz zzzz zzzz zzzz zzzz zzzz", 20), new Uint8Array(20).fill(255));
  for (const { key, text } of vectors.tickets)
    assert.deepEqual(crockfordBytes(text, 20), hex(vectors.keys.find((one) => one.name === key).ticket));
  assert.equal(crockfordBytes("0000", 20), null);
  assert.equal(crockfordBytes("", 20), null);
  assert.equal(crockfordBytes("U".repeat(32), 20), null);
});

test("numbers in codes are big-endian", () => {
  assert.deepEqual([...concat(bigEndian(258, 3), Uint8Array.of(9))], [0, 1, 2, 9]);
});

test("a one-time code is the same key here and there", () => {
  assert.equal(keys.size, 5);
  for (const one of vectors.keys) {
    assert.equal(base64url(keys.get(one.name).spki), one.spki, one.name);
    assert.equal(idText(keys.get(one.name)), one.id, one.name);
  }
});

test("what the page signs is what the ledger checks", async () => {
  assert.ok(vectors.messages.length >= 7);
  const half = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n; // half the group's order
  for (const one of vectors.messages) {
    const key = keys.get(one.key);
    assert.ok(await signedBy(key, fromBase64url(one.signature), hex(one.covers)), `${one.kind}: the vector's own`);
    const made = await sign(key, one.kind, vectors.origin, hex(one.body));
    assert.ok(await signedBy(key, made, hex(one.covers)), `${one.kind}: the page's`);
    assert.ok(BigInt(`0x${Buffer.from(made.subarray(32)).toString("hex")}`) <= half, `${one.kind}: low S`);
    assert.ok(!(await signedBy(key, await sign(key, one.kind, "another.example/points", hex(one.body)), hex(one.covers))));
  }
});

test("pay codes, byte by byte", async () => {
  assert.ok(vectors.pay_codes.length > 0);
  for (const one of vectors.pay_codes) {
    const bytes = fromBase45(one.text);
    assert.equal(bytes.length, 80);
    assert.equal(base45(bytes), one.text);
    assert.deepEqual(signedPart(one.account, one.step, one.limit), bytes.slice(0, 16));
    const made = fromBase45(await payCode(keys.get(one.key), vectors.origin, one.account, one.step, one.limit));
    assert.deepEqual(made.slice(0, 16), bytes.slice(0, 16));
    const message = concat(
      new TextEncoder().encode(`defenbao/paycode/v1\n${vectors.origin}\n`), keys.get(one.key).id, made.slice(0, 16));
    assert.ok(await signedBy(keys.get(one.key), made.slice(16), message));
  }
});

test("offline codes, byte by byte", async () => {
  const body = hex(vectors.messages.find((one) => one.kind === "offline").body);
  const [shop, account] = [0x5051525354555657n, 0x636465666768696an].map(accountText);
  const sale = { shop, counter: 0x58595a5b, points: 0x5c5d5e, step: 0x5f606162 };
  const allowance = "40414243-4445-4647-4849-4a4b4c4d4e4f";
  assert.deepEqual(offlinePart(allowance, account, sale), body);
  const text = await offlineCode(keys.get("device"), vectors.origin, allowance, account, sale);
  assert.equal(text.length, 162);
  assert.deepEqual(fromBase45(text).slice(0, 44), body);
  for (const one of vectors.offline_codes) {
    const { shop: at, counter, points } = one;
    assert.deepEqual(
      offlinePart(one.allowance, one.account, { shop: at, counter, points, step: one.at / 5e6 }), fromBase45(one.text).slice(0, 44));
  }
});

// That it can be read is shown where a till reads the phone's screen; here, how large it gets: 45 modules for an offline code.
test("an offline code is drawn as a QR code of version 7, with its margin", () => {
  const drawn = qrSvg("ABC123 $%*+-./:".repeat(11).slice(0, 162));
  assert.match(drawn, /viewBox="-4 -4 53 53"/);
  assert.match(drawn, /d="(M\d+ \d+h1v1h-1z){700,}"/); // near half of 2025
});

// A log of one entry, signed by whoever is asked to.
const LOG = "bq.example/points";
const b64 = (bytes) => Buffer.from(bytes).toString("base64");
async function logKey() {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  const typed = concat(Uint8Array.of(1), new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey)));
  const id = (await sha256(concat(utf8(`${LOG}\n`), typed))).slice(0, 4);
  const sign = async (text) => `\u2014 ${LOG} ${b64(concat(id, new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, utf8(text)))))}\n`;
  return { vkey: `${LOG}+${Buffer.from(id).toString("hex")}+${b64(typed)}`, sign };
}
const change = (vkey) => `defenbao/entry/v1\n${LOG}\n0 1795484400000000\n{"v":1,"op":"authority","act":"log_key","vkey":"${vkey}","until":1798041600000000}\n{}\n\n`;
async function proven(entry, ...keys) {
  const text = `${LOG}\n1\n${b64(await sha256(concat(Uint8Array.of(0), utf8(entry))))}\n`;
  const lines = await Promise.all(keys.map((key) => key.sign(text)));
  return { entry, receipt: `c2sp.org/tlog-proof@v1\nindex 0\n\n${text}\n${lines.join("")}` };
}
const said = (promise) => promise.then(() => "ok", (error) => error.message);

test("a receipt under two keys of the log is good by either", async () => {
  const [former, next, other] = [await logKey(), await logKey(), await logKey()];
  for (const keys of [[former, next], [next, former]]) {
    const { entry, receipt } = await proven(change(next.vkey), ...keys);
    assert.equal(await said(verify(entry, receipt, former.vkey)), "ok");
    assert.equal(await said(verify(entry, receipt, next.vkey)), "ok");
    assert.equal(await said(verify(entry, receipt, other.vkey)), "key");
  }
  const { entry, receipt } = await proven(change(next.vkey), former);
  assert.equal(await said(verify(entry, receipt, next.vkey)), "key");
});

test("the log's next key is learnt from an entry under the present one, and from nothing else", async () => {
  const [first, second, third, thief] = [await logKey(), await logKey(), await logKey(), await logKey()];
  const chain = [await proven(change(second.vkey), first, second), await proven(change(third.vkey), second, third)];
  assert.equal(await follow(first.vkey, chain), third.vkey);
  assert.equal(await follow(second.vkey, chain), third.vkey);
  assert.equal(await follow(third.vkey, chain), third.vkey);
  assert.equal(await follow(first.vkey, []), first.vkey);
  assert.equal(await follow(first.vkey, chain.slice(1)), first.vkey, "a link is missing");
  const another = `defenbao/entry/v1\n${LOG}\n0 1\n{"v":1,"op":"authority","act":"witness","vkey":"${thief.vkey}"}\n{}\n\n`;
  for (const forged of [
    await proven(change(thief.vkey), thief),
    await proven(change(thief.vkey), first), // the key that it names has not signed
    await proven(another, first, thief), // whoever hands a note on can add a line
    { ...(await proven(change(second.vkey), first, thief)), entry: change(thief.vkey) },
  ])
    assert.equal(await follow(first.vkey, [forged]), first.vkey);
});
