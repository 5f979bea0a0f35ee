// A command's file as it goes from root to root, and a policy's document: read or refused; what is read has
// words for whoever signs it, and the document is a policy that a payload carries unchanged.
#include <cstdint>

#include "api/server/in_words.h"
#include "api/server/policy_document.h"
#include "api/server/signing.h"
#include "ledger/base/check.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text{reinterpret_cast<const char*>(data), size};
  if (const auto file = dfb::server::parse_command_file(text))
    DFB_CHECK(dfb::server::in_words(file->payload).ends_with('\n'));
  if (auto policy = dfb::server::parse_policy_document(text, 7, 0)) {
    DFB_CHECK(policy->version == 7 && policy->from_us == 0);
    dfb::book::Payload payload;
    payload.id = dfb::parse_uuid("00000000-0000-7000-8000-000000000000").value();
    payload.body = dfb::book::PublishPolicy{*std::move(policy)};
    const std::string line = dfb::book::format_payload(payload);
    const auto again = dfb::book::parse_payload(line);
    DFB_CHECK(!again || dfb::book::format_payload(*again) == line);
  }
  return 0;
}
