// An officer of the demo town at the API, without a page: signs in with the device key in the town's folder.
import { createHash, createPrivateKey, createPublicKey, randomBytes, sign, webcrypto } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

globalThis.crypto ??= webcrypto;

function commandId() {
  const random = randomBytes(10).toString("hex"), time = Date.now().toString(16).padStart(12, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-8${random.slice(3, 6)}-${random.slice(6, 18)}`;
}

export class Officer {
  constructor(town, key) {
    this.town = town;
    this.ca = readFileSync(join(town.dir, "ca.crt"));
    this.key = createPrivateKey(readFileSync(join(town.dir, "keys", `${key}.pem`)));
    this.id = createHash("sha256").update(createPublicKey(this.key).export({ type: "spki", format: "der" })).digest();
    this.origin = readFileSync(join(town.dir, "server.conf"), "utf8").match(/^origin = "(.*)"/m)[1];
  }
  send(method, path, body) {
    const headers = { ...(body && { "content-type": "application/json" }), ...(this.token && { authorization: `Bearer ${this.token}` }) };
    const text = body && JSON.stringify(body);
    if (text) headers["content-length"] = Buffer.byteLength(text);
    return new Promise((resolve, reject) => {
      const sent = request(`${this.town.url}${path}`, { method, ca: this.ca, headers, agent: false }, (answer) => {
        let said = "";
        answer.on("data", (data) => (said += data));
        answer.on("end", () => (answer.statusCode < 300 ? resolve(said ? JSON.parse(said) : {}) : reject(new Error(`${path}: ${said}`))));
      });
      sent.on("error", reject);
      sent.end(text);
    });
  }
  // docs/formats.md#signatures
  sign(kind, ...body) {
    const message = Buffer.concat([Buffer.from(`defenbao/${kind}/v1\n${this.origin}\n`), this.id, ...body]);
    return sign("sha256", message, { key: this.key, dsaEncoding: "ieee-p1363" }).toString("base64url");
  }
  // docs/formats.md#login
  async signIn() {
    const key = this.id.toString("base64url");
    const { nonce } = await this.send("POST", "/v1/sessions/challenge", { key });
    const own = randomBytes(16);
    const signature = this.sign("login", Buffer.from(nonce, "base64url"), own);
    this.token = (await this.send("POST", "/v1/sessions",
      { key, nonce, client_nonce: own.toString("base64url"), signature })).token;
    return this;
  }
  // Ends a till's key, or a phone's.
  revoke(other, memo) {
    const id = commandId();
    const key = this.id.toString("base64url");
    const payload = JSON.stringify({ v: 1, op: "authority", id, by: key, not_after: (Date.now() + 120_000) * 1000, act: "revoke", key: other, memo });
    return this.send("POST", "/v1/commands", { payload, signatures: [{ key, signature: this.sign("payload", Buffer.from(payload)) }] });
  }
  // A one-time code that brings one more till in to that shop, as the office makes it.
  async ticket(shop) {
    const folder = mkdtempSync(join(this.town.folder, "office-"));
    cpSync(join(this.town.pages, "js"), folder, { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"type": "module"}');
    const load = (name) => import(pathToFileURL(join(folder, name)));
    const [{ crockfordBytes }, { ticketKey }] = [await load("bytes.js"), await load("p256.js")];
    const code = Array.from(randomBytes(32), (byte) => "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[byte % 32]).join("");
    const made = await ticketKey(crockfordBytes(code, 20));
    const spki = Buffer.from(await crypto.subtle.exportKey("spki", made.publicKey));
    const id = createHash("sha256").update(spki).digest(), key = this.id.toString("base64url");
    const payload = JSON.stringify({ v: 1, op: "authority", id: commandId(), by: key, not_after: (Date.now() + 120_000) * 1000, act: "key",
      account: shop, use: "ticket", key: spki.toString("base64url"), until: (Date.now() + 3600_000) * 1000 });
    const message = Buffer.concat([Buffer.from(`defenbao/payload/v1\n${this.origin}\n`), id, Buffer.from(payload)]);
    const proof = Buffer.from(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, made.privateKey, message));
    await this.send("POST", "/v1/commands", { payload, signatures: [{ key, signature: this.sign("payload", Buffer.from(payload)) },
      { key: id.toString("base64url"), signature: proof.toString("base64url") }] });
    return code;
  }
  // The shop's list afterwards.
  async employ(shop, ...people) {
    let list = [];
    for (const person of people) list = (await this.send("POST", `/v1/shops/${shop}/staff`, person)).staff;
    return list;
  }
}
