// Who comes after the town's roots and after the server's key.
#include <algorithm>

#include "ledger/book/authority.h"
#include "ledger/book/decide.h"

namespace dfb::book {
namespace {

bool holds_key(const std::vector<KeyId>& keys, const KeyId& key) {
  return std::find(keys.begin(), keys.end(), key) != keys.end();
}

bool same_keys(std::vector<KeyId> one, std::vector<KeyId> other) {
  std::sort(one.begin(), one.end());
  std::sort(other.begin(), other.end());
  return one == other;
}

KeyRow row_of(Ruling& r, const KeyId& id) {
  const auto* row = r.state.find<KeyRow>({id});
  DFB_CHECK(row);
  return *row;
}

void revoke_key(Ruling& r, const KeyId& id) {
  KeyRow row = row_of(r, id);
  row.revoked_us = r.now_us;
  r.state.put(std::move(row));
}

}  // namespace

// The present roots decide; those who come prove that they hold their keys; those who stay need not sign.
Result<void> decide(Ruling& r, const ReplaceRoots& next) {
  std::vector<KeyId> keys;
  for (const auto& root : next.roots) {
    keys.push_back(key_id(root));
    if (!holds_key(r.ledger.roots, keys.back())) needs_new_key(r, keys.back());
  }
  needs_roots(r);
  r.verdict.refuse_if(next.roots.size() < kRootsMin || next.threshold < kThresholdMin, Code::too_few_roots,
                      "a town has three roots or more, and two or more of them sign");
  r.verdict.refuse_if(next.threshold == r.ledger.threshold && same_keys(keys, r.ledger.roots),
                      Code::state_unchanged, "these are the roots already");
  DFB_TRY_VOID(r.verdict.result());
  for (const auto& root : next.roots)
    if (!holds_key(r.ledger.roots, key_id(root))) enrol(r, root, KeyUse::root, nullptr, 0);
  for (const auto& old : r.ledger.roots)
    if (!holds_key(keys, old)) revoke_key(r, old);
  r.ledger.roots = std::move(keys);
  r.ledger.threshold = next.threshold;
  return ok();
}

// A key that was to end sooner does so.
Result<void> decide(Ruling& r, const NextServerKey& next) {
  needs_new_key(r, key_id(next.key));
  needs_roots(r);
  r.verdict.refuse_if(next.until_us != 0 && next.until_us <= r.now_us, Code::key_outside_dates,
                      "`until` has passed; 0 ends the keys before at once");
  DFB_TRY_VOID(r.verdict.result());
  std::vector<KeyId> servers;
  for (const auto& id : r.ledger.servers) {
    KeyRow row = row_of(r, id);
    if (row.until_us != 0 && row.until_us <= r.now_us) continue;
    if (next.until_us == 0) {
      revoke_key(r, id);
      continue;
    }
    row.until_us = row.until_us == 0 ? next.until_us : std::min(row.until_us, next.until_us);
    r.state.put(std::move(row));
    servers.push_back(id);
  }
  servers.push_back(key_id(next.key));
  enrol(r, next.key, KeyUse::server, nullptr, 0);
  r.ledger.servers = std::move(servers);
  return ok();
}

}  // namespace dfb::book
