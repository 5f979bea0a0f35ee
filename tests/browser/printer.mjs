// A network printer for tests: what it was sent, and what stands on the paper. Node's TextDecoder reads GB 18030, so that
// nothing of the till's own code is used.
import { createServer } from "node:net";

export class NetworkPrinter {
  jobs = [];
  port = 0;
  async start() {
    this.server = createServer((socket) => {
      const parts = [];
      socket.on("data", (data) => {
        if (data.subarray(0, 3).equals(Buffer.from([0x10, 4, 4]))) {
          socket.write(Buffer.from([0x12])); // there is paper
          data = data.subarray(3);
        }
        parts.push(data);
      });
      socket.on("error", () => {});
      socket.on("end", () => {
        const job = Buffer.concat(parts);
        if (job.length) this.jobs.push(job);
        socket.end();
      });
    });
    await new Promise((resolve) => this.server.listen(this.port, "127.0.0.1", resolve));
    this.port = this.server.address().port;
  }
  stop() {
    return new Promise((resolve) => this.server.close(resolve));
  }
  get address() {
    return `tcp://127.0.0.1:${this.port}`;
  }
  // The paper of job number `n`, from 0.
  async paper(n) {
    for (let i = 0; i < 200 && this.jobs.length <= n; i++) await new Promise((resolve) => setTimeout(resolve, 50));
    if (this.jobs.length <= n) throw new Error(`${this.jobs.length} jobs were printed`);
    return paperOf(this.jobs[n]);
  }
}

// {lines, code}: lines of text as they stand, and the QR code's text.
function paperOf(job) {
  let code = "";
  const drawn = job.toString("latin1").replace(/\x1d\(k([^])([^])([^]*?)(?=\x1d\(k|\n)/g, (_, _low, _high, data) => { // one character a byte
    if (data.startsWith("1P0")) code = data.slice(3);
    return "";
  });
  const text = drawn.replace(/\x1b@|\x1c&|\x1d![^]|\x1c![^]|\x1ba[^]|\x1bd[^]|\x1dVB[^]/g, "");
  const lines = new TextDecoder("gb18030").decode(Buffer.from(text, "latin1")).split("\n");
  return { code, lines: lines.map((line) => line.trimEnd()).filter(Boolean) };
}
