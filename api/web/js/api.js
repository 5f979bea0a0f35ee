// The town's API: requests, the session, signed commands, the server's clock.
import { accountText, base64url, concat, fromBase64url, random, toBigInt, utf8 } from "./bytes.js";
import * as device from "./device.js";

export class Problem extends Error {
  constructor(code, detail) {
    super(detail);
    this.code = code;
  }
}

let token = null;
let town = null;
let clockOff = 0; // the server's clock minus this phone's, ms

async function request(method, path, body) {
  const headers = body === undefined ? {} : { "Content-Type": "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  let response;
  try {
    const sent = body === undefined ? undefined : JSON.stringify(body);
    response = await fetch(path, { method, headers, body: sent, signal: AbortSignal.timeout?.(15000) });
  } catch {
    throw new Problem("unreachable", "");
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new Problem(problem.code ?? "internal", problem.detail ?? "");
}

// As above; a session that ended is opened again once, without a word. Who touches faster than the town answers one
// phone (a tenth of a minute's requests at once) waits for as long as that: nothing was done.
async function call(method, path, body, again = true, patience = 6000) {
  try {
    return await request(method, path, body);
  } catch (problem) {
    if (path.startsWith("/v1/sessions")) throw problem;
    if (problem.code === "rate_limited" && patience > 0) {
      await new Promise((resolve) => setTimeout(resolve, 1500));
      return call(method, path, body, again, patience - 1500);
    }
    if (problem.code !== "unauthenticated" || !again) throw problem;
    await signIn(await device.load());
    return call(method, path, body, false, patience);
  }
}
export const get = async (path) => (await call("GET", path)).json();
export const post = async (path, body) => (await call("POST", path, body)).json();
export const postForText = async (path, body) => (await call("POST", path, body)).text();
export const remove = (path) => call("DELETE", path);
export const getText = async (path) => (await call("GET", path)).text();

export async function theTown() {
  if (!town) {
    const before = Date.now();
    town = await get("/v1/town");
    clockOff = town.time_us / 1000 - (before + Date.now()) / 2;
  }
  return town;
}
export function theTownAnew() {
  town = null;
  return theTown();
}
export const now = () => Date.now() + clockOff; // ms, by the server's clock

export async function signIn(mine) {
  const { origin } = await theTown();
  const key = device.idText(mine);
  const { nonce } = await post("/v1/sessions/challenge", { key });
  const own = random(16);
  const signature = await device.sign(mine, "login", origin, concat(fromBase64url(nonce), own));
  const session = await post("/v1/sessions", {
    key, nonce, client_nonce: base64url(own), signature: base64url(signature),
  });
  token = session.token;
  return session;
}

// An id of version 7: made before anything is sent, and kept for every retry.
function commandId() {
  const bytes = random(16);
  let time = BigInt(Math.floor(now()));
  for (let i = 5; i >= 0; i--, time >>= 8n) bytes[i] = Number(time & 255n);
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
export function newAccount() {
  let number = 0n;
  while (number < 1n << 32n) number = toBigInt(random(8));
  return accountText(number);
}

// `fields` after the common ones, in the documented order; `by` is a key id; every key of `signers` signs.
export async function command(op, by, fields, signers, minutes = 4) {
  const { origin } = await theTown();
  const notAfter = Math.floor(now() + minutes * 60000) * 1000;
  const payload = JSON.stringify({ v: 1, op, id: commandId(), by, not_after: notAfter, ...fields });
  const signatures = [];
  for (const key of signers) {
    const signature = await device.sign(key, "payload", origin, utf8(payload));
    signatures.push({ key: device.idText(key), signature: base64url(signature) });
  }
  return { payload, signatures };
}

// True if the town may or may not have done what was asked: the same bytes can be sent again, other bytes must not.
export const unsettled = (problem) => ["unreachable", "busy", "shutting_down", "internal"].includes(problem.code);

// Sends a signed command until the town has answered it: the same bytes, so that a retry can do nothing twice.
export async function enter(path, signed) {
  for (let tries = 0; ; tries++) {
    try {
      return await post(path, signed);
    } catch (problem) {
      if (!unsettled(problem) || tries === 4) throw problem;
      await new Promise((resolve) => setTimeout(resolve, 1000 * (tries + 1)));
    }
  }
}
