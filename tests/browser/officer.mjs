// An officer of the demo town at the API, without a page: signs in with the device key in the town's folder.
import { createHash, createPrivateKey, createPublicKey, randomBytes, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";

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
    const random = randomBytes(10).toString("hex"), time = Date.now().toString(16).padStart(12, "0");
    const id = `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-8${random.slice(3, 6)}-${random.slice(6, 18)}`;
    const key = this.id.toString("base64url");
    const payload = JSON.stringify({ v: 1, op: "authority", id, by: key, not_after: (Date.now() + 120_000) * 1000, act: "revoke", key: other, memo });
    return this.send("POST", "/v1/commands", { payload, signatures: [{ key, signature: this.sign("payload", Buffer.from(payload)) }] });
  }
  // The shop's list afterwards.
  async employ(shop, ...people) {
    let list = [];
    for (const person of people) list = (await this.send("POST", `/v1/shops/${shop}/staff`, person)).staff;
    return list;
  }
}
