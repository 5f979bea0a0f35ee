#include "api/witness/address.h"

#include "ledger/fetch/url.h"

namespace dfb::witness {

Result<Address> parse_address(std::string_view text) {
  const std::size_t space = text.find(' ');
  if (space == std::string_view::npos)
    return fail(Code::bad_config, "a witness is given as its URL, a space, and its vkey");
  std::string url(text.substr(0, space));
  while (url.ends_with('/')) url.pop_back();
  DFB_TRY_VOID(fetch::parse_target(url));
  auto vkey = log::parse_vkey(text.substr(space + 1));
  if (!vkey) return fail(Code::bad_config, "a witness's vkey: " + vkey.error().detail);
  if (vkey->type != log::NoteKeyType::cosignature)
    return fail(Code::bad_config, vkey->name + ": that is a log's key, not a witness's");
  return Address{std::move(url), *std::move(vkey)};
}

}  // namespace dfb::witness
