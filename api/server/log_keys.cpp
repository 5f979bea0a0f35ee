#include "api/server/log_keys.h"

#include <iostream>

namespace dfb::server {

Result<log::Signer> load_log_keys(const Config& config) {
  if (!log::valid_key_name(config.origin))
    return fail(Code::bad_config, "the origin " + config.origin + " can be no log's name");
  std::vector<PrivateKey> keys;
  for (const std::string& path : config.log_keys) {
    DFB_TRY(PrivateKey key, load_private_key(path));
    if (key.public_key().algorithm() != Algorithm::ed25519)
      return fail(Code::bad_config, path + " is not an Ed25519 key");
    keys.push_back(std::move(key));
  }
  return log::Signer(config.origin, std::move(keys));
}

Result<void> make_log_key(const Config& config, const std::string& out) {
  if (!log::valid_key_name(config.origin))
    return fail(Code::bad_config, "the origin " + config.origin + " can be no log's name");
  PrivateKey key = PrivateKey::generate(Algorithm::ed25519);
  DFB_TRY_VOID(save_private_key(out, key));
  std::cout << log::Signer(config.origin, {std::move(key)}).vkeys().front() << "\n";
  std::cerr
      << "Name " << out
      << " in the configuration as `log-key`, behind the present one, and start the server again. Then the "
         "roots sign `log_key` with this vkey (docs/operating.md#log-key)\n";
  return ok();
}

}  // namespace dfb::server
