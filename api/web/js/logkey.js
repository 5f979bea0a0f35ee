// Which key of the log this browser believes: the first that the town named to it, and from there on only what the log
// itself proves (docs/formats.md#log). A town that names another one, without such a proof, is not believed.
import * as api from "./api.js";
import * as device from "./device.js";
import { follow, verify } from "./receipt.js";

export async function logKey() {
  const named = (await api.theTown()).log_vkey;
  const pinned = await device.pinnedLog();
  if (pinned === named) return pinned;
  if (!pinned) {
    await device.pinLog(named);
    return named;
  }
  const { changes } = await api.get("/v1/log/keys");
  const newest = await follow(pinned, changes);
  if (newest !== pinned) await device.pinLog(newest);
  return newest;
}

// {size, root} of an entry's receipt, or what receipt.js throws. A tab may be older than the log's newest key.
export async function check(entry, receipt) {
  try {
    return await verify(entry, receipt, await logKey());
  } catch (error) {
    if (error.message !== "key") throw error;
    await api.theTownAnew();
    return verify(entry, receipt, await logKey());
  }
}
