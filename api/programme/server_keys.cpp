#include "api/programme/server_keys.h"

#include <algorithm>

#include "ledger/base/check.h"

namespace dfb::programme {

ServerKeys::ServerKeys(std::vector<PrivateKey> keys) : keys_(std::move(keys)) {
  DFB_CHECK(!keys_.empty());
  for (const PrivateKey& key : keys_) DFB_CHECK(key.public_key().algorithm() == Algorithm::p256);
}

Result<PrivateKey> ServerKeys::newest(const store::View& view, TimeUs now_us) const {
  const auto ledger = view.get<book::LedgerRow>({1});
  if (!ledger) return keys_.front();
  for (auto id = ledger->servers.rbegin(); id != ledger->servers.rend(); ++id) {
    const auto row = view.get<book::KeyRow>({*id});
    const PrivateKey* key = find(*id);
    if (key && row && row->revoked_us == 0 && (row->until_us == 0 || now_us < row->until_us)) return *key;
  }
  return fail(Code::unknown_key,
              "no file of `server-key` is a key that the ledger names as the server's now; name the key that "
              "the roots named last");
}

const PrivateKey* ServerKeys::find(const KeyId& id) const {
  const auto found = std::find_if(keys_.begin(), keys_.end(),
                                  [&](const PrivateKey& key) { return key.public_key().id() == id; });
  return found == keys_.end() ? nullptr : &*found;
}

}  // namespace dfb::programme
