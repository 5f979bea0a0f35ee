// Checks an entry's receipt in this page: the log's signature, then the Merkle path (RFC 6962, c2sp.org/tlog-proof).
// A page that the town itself serves can be wrong on purpose; a saved receipt can be checked by anybody's tool.
import { base64, bigEndian, concat, fromBase64, same, sha256, utf8 } from "./bytes.js";

const node = (left, right) => sha256(concat(Uint8Array.of(1), left, right));

async function rootFrom(leaf, index, size, path) {
  let hash = leaf;
  let [i, last] = [BigInt(index), BigInt(size) - 1n];
  for (const sibling of path) {
    if (last === 0n) return null;
    if (i & 1n || i === last) {
      hash = await node(sibling, hash);
      while (!(i & 1n) && i !== 0n) [i, last] = [i >> 1n, last >> 1n];
    } else {
      hash = await node(hash, sibling);
    }
    [i, last] = [i >> 1n, last >> 1n];
  }
  return last === 0n ? hash : null;
}

// {size, root}, or throws with what is wrong: "form", "path", "key" (the log did not sign
// by this key), "signature" or "no-ed25519" (this browser cannot check it).
export async function verify(entry, receipt, vkey) {
  const [head, ...rest] = receipt.split("\n\n");
  const note = rest.join("\n\n");
  const lines = head.split("\n");
  if (lines[0] !== "c2sp.org/tlog-proof@v1" || !lines[1]?.startsWith("index ")) throw new Error("form");
  const index = Number(lines[1].slice(6));
  const path = lines.slice(2).map(fromBase64);
  const [origin, size, root] = note.split("\n");
  const leaf = await sha256(concat(Uint8Array.of(0), utf8(entry)));
  const computed = await rootFrom(leaf, index, Number(size), path);
  if (!computed || base64(computed) !== root) throw new Error("path");

  const [name, id, keyText] = splitVkey(vkey);
  const text = `${origin}\n${size}\n${root}\n`;
  // While the log's key changes two lines bear its name; the key's id tells them apart.
  const signed = note.split("\n").filter((one) => one.startsWith(`\u2014 ${name} `));
  const wanted = bigEndian(parseInt(id, 16), 4);
  const signature = signed
    .map((one) => fromBase64(one.split(" ")[2]))
    .find((bytes) => same(bytes.slice(0, 4), wanted))
    ?.slice(4);
  if (!signature || origin !== name) throw new Error("key");
  let key;
  try {
    key = await crypto.subtle.importKey("raw", fromBase64(keyText).slice(1), "Ed25519", false, ["verify"]);
  } catch {
    throw new Error("no-ed25519");
  }
  if (!(await crypto.subtle.verify("Ed25519", key, signature, utf8(text)))) throw new Error("signature");
  return { size: Number(size), root };
}

// The log's newest key that its changes ({entry, receipt}) prove from `vkey` on: each is an entry of the log, in a
// checkpoint that the key before it and the one that it names have both signed. A line under a checkpoint alone proves
// nothing, since whoever hands the note on can add one. Gives `vkey` itself when nothing follows it.
export async function follow(vkey, changes) {
  for (const { entry, receipt } of changes) {
    try {
      await verify(entry, receipt, vkey);
      const payload = JSON.parse(entry.split("\n")[3]);
      if (payload.op !== "authority" || payload.act !== "log_key") continue;
      await verify(entry, receipt, payload.vkey);
      vkey = payload.vkey;
    } catch (error) {
      if (error.message === "no-ed25519") throw error; // anything else: of a time before `vkey`, or not true
    }
  }
  return vkey;
}

// The key's base64 may hold a plus sign: only the first two separate.
function splitVkey(vkey) {
  const first = vkey.indexOf("+");
  const second = vkey.indexOf("+", first + 1);
  return [vkey.slice(0, first), vkey.slice(first + 1, second), vkey.slice(second + 1)];
}
