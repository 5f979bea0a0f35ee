// The pay code (docs/formats.md#pay-code): 16 bytes that say what it allows, then the phone's signature, as base45.
import { accountNumber, base45, bigEndian, concat } from "./bytes.js";
import { sign } from "./device.js";

export const STEP_MS = 5000;

// `step` counts STEP_MS of the server's clock; the code pays at most `limit` points.
export const signedPart = (account, step, limit) =>
  concat(Uint8Array.of(1), bigEndian(accountNumber(account), 8), bigEndian(step, 4), bigEndian(limit, 3));

export async function payCode(key, origin, account, step, limit) {
  const signed = signedPart(account, step, limit);
  return base45(concat(signed, await sign(key, "paycode", origin, signed)));
}
