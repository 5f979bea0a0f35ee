#include "api/server/server_keys.h"

namespace dfb::server {

Result<programme::ServerKeys> load_server_keys(const Config& config) {
  std::vector<PrivateKey> keys;
  for (const std::string& path : config.server_keys) {
    DFB_TRY(PrivateKey key, load_private_key(path));
    if (key.public_key().algorithm() != Algorithm::p256)
      return fail(Code::bad_config, path + " is not a P-256 key");
    keys.push_back(std::move(key));
  }
  return programme::ServerKeys(std::move(keys));
}

Result<void> check_server_keys(store::Store& store, const programme::ServerKeys& keys, TimeUs now_us) {
  const auto view = store.snapshot();
  if (const auto newest = keys.newest(*view, now_us); !newest)
    return fail(Code::bad_config, newest.error().detail);
  return ok();
}

}  // namespace dfb::server
