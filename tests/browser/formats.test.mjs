// The page's bytes against the golden vectors that the C++ is held to.
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";

globalThis.crypto ??= webcrypto;
const js = `${process.env.DFB_PAGES}/js`;
const { accountNumber, accountText, base45, base64url, bigEndian, concat, crockfordBytes } = await import(`${js}/bytes.js`);
const { ticketKey } = await import(`${js}/p256.js`);
const vectors = JSON.parse(readFileSync(new URL("../golden/signed/vectors.json", import.meta.url)));

test("base45 and account numbers", () => {
  assert.equal(base45(new TextEncoder().encode("AB")), "BB8");  // RFC 9285
  assert.equal(base45(new TextEncoder().encode("Hello!!")), "%69 VD92EX0");
  assert.equal(accountText(accountNumber("7ZK3M8Q2R5T1V")), "7ZK3M8Q2R5T1V");
  assert.equal(accountText(1n), "0000000000001");
});

test("one-time codes are read as people type them", () => {
  assert.equal(crockfordBytes("oil1 0000-0000 0000 0000 0000 0000 0000", 20)[0], 0);
  assert.equal(crockfordBytes("0000", 20), null);
  assert.equal(crockfordBytes("U".repeat(32), 20), null);
});

test("a one-time code is the same key here and there", async () => {
  for (const ticket of vectors.keys ?? []) {
    const pair = await ticketKey(Uint8Array.from(Buffer.from(ticket.ticket, "hex")));
    const spki = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
    assert.equal(base64url(spki), ticket.spki);
  }
  assert.ok((vectors.keys ?? []).length > 0);
});

test("numbers in codes are big-endian", () => {
  assert.deepEqual([...concat(bigEndian(258, 3), Uint8Array.of(9))], [0, 1, 2, 9]);
});
