// The offline code (docs/formats.md#offline-code): points of an allowance, for one shop, signed by this phone.
import { accountNumber, base45, bigEndian, concat } from "./bytes.js";
import { sign } from "./device.js";
import { STEP_MS } from "./paycode.js";

const idBytes = (uuid) => Uint8Array.from(uuid.replaceAll("-", "").match(/../g), (hex) => parseInt(hex, 16));

// `sale`: shop, counter, points, and step, which counts STEP_MS of the server's clock.
export const offlinePart = (allowance, account, sale) =>
  concat(Uint8Array.of(2), idBytes(allowance), bigEndian(accountNumber(sale.shop), 8), bigEndian(sale.counter, 4),
    bigEndian(sale.points, 3), bigEndian(sale.step, 4), bigEndian(accountNumber(account), 8));

export async function offlineCode(key, origin, allowance, account, sale) {
  const signed = offlinePart(allowance, account, sale);
  return base45(concat(signed, await sign(key, "offline", origin, signed)));
}
export const stepAt = (ms) => Math.floor(ms / STEP_MS);
