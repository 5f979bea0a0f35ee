// An auditor's witness policy: what is read holds together, and its quorum can be judged.
#include <cstdint>

#include "ledger/audit/witness_policy.h"
#include "ledger/base/check.h"

namespace dfb::audit {
namespace {

void try_input(std::string_view text) {
  const auto policy = parse_witness_policy(text);
  if (!policy.has_value()) return;
  std::vector<Cosigned> everybody;
  for (std::size_t i = 0; i < policy->witnesses.size(); ++i) everybody.push_back({i, 0});
  DFB_CHECK(has_quorum(*policy, everybody));
  DFB_CHECK(has_quorum(*policy, {}) == policy->quorum.empty());
  DFB_CHECK(!quorum_text(*policy).empty());
}

}  // namespace
}  // namespace dfb::audit

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dfb::audit::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
