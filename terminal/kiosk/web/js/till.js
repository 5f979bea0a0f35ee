// The line to the till's program on this machine: its state comes in, touches go out. Nothing is kept here but the token.

const started = new URLSearchParams(location.hash.slice(1)).get("token");
if (started) {
  sessionStorage.setItem("token", started); // so that a reload goes on
  history.replaceState(null, "", location.pathname);
}
window.addEventListener("hashchange", () => location.reload());
const headers = () => ({ "x-defenbao-token": sessionStorage.getItem("token") ?? "" });
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

// Calls `draw` with each new state, for ever. `foreign`: another start's page; `stopped`: no answer.
export async function follow(draw) {
  for (let version = 0; ; ) {
    try {
      const answer = await fetch(`state?after=${version}`, { headers: headers(), signal: AbortSignal.timeout(30000) });
      if (answer.status === 401) {
        version = 0;
        draw({ screen: "foreign" });
        await pause(2000);
      } else if (!answer.ok) {
        throw new Error(answer.status);
      } else {
        const view = await answer.json();
        if (view.version === version) { // too many wait already: the till does not let this one wait
          await pause(200);
          continue;
        }
        version = view.version;
        draw(view);
        if (view.screen === "stopped") await pause(500);
      }
    } catch {
      version = 0;
      draw({ screen: "stopped" });
      await pause(500);
    }
  }
}

// One after the other, in the order of the fingers. Resolves to whether the till took it.
let chain = Promise.resolve();
let underway = 0;
export const pending = { changed: () => {}, full: () => {} };
export function touch(what) {
  pending.changed((underway += 1));
  chain = chain.then(async () => {
    try {
      const answer = await fetch("touch", {
        method: "POST", headers: { ...headers(), "content-type": "application/json" }, body: JSON.stringify(what),
      });
      if (answer.status === 503) pending.full(); // it was not taken
      return answer.ok;
    } catch {
      return false; // `follow` finds out too, and says it
    } finally {
      pending.changed((underway -= 1));
    }
  });
  return chain;
}

// Whether the till found a code in the picture.
export async function sendFrame(grey, width, height) {
  const answer = await fetch(`frame?width=${width}&height=${height}`, {
    method: "POST", headers: { ...headers(), "content-type": "application/octet-stream" }, body: grey,
  });
  return answer.ok && (await answer.json()).found;
}
