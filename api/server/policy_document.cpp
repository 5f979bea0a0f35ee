#include "api/server/policy_document.h"

#include <boost/json.hpp>

#include "ledger/base/encoding.h"
#include "ledger/book/command.h"
#include "ledger/book/publish.h"

namespace dfb::server {

namespace js = boost::json;

Result<book::Policy> parse_policy_document(std::string_view text, std::int64_t version, TimeUs from_us) {
  boost::system::error_code error;
  const js::value document = js::parse(text, error);
  const js::object* parts = error ? nullptr : document.if_object();
  if (!parts || parts->size() != 2 || !parts->contains("rules") || !parts->contains("limits"))
    return fail(Code::malformed, "a policy's document is a JSON object of `rules` and `limits`");
  // The payload's own strict reader takes it from here, so that there is one.
  const js::object line = {{"v", 1},
                           {"op", "policy"},
                           {"id", "00000000-0000-7000-8000-000000000000"},
                           {"by", hash_text(KeyId{})},
                           {"not_after", 0},
                           {"act", "publish"},
                           {"version", version},
                           {"book", 1},
                           {"from", from_us},
                           {"rules", parts->at("rules")},
                           {"limits", parts->at("limits")}};
  DFB_TRY(const book::Payload payload, book::parse_payload(js::serialize(line)));
  const auto& policy = std::get<book::PublishPolicy>(payload.body).policy;
  if (const char* why = book::unfit(policy)) return fail(Code::policy_invalid, why);
  return policy;
}

}  // namespace dfb::server
