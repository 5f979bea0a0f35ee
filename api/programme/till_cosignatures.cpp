#include "api/programme/till_cosignatures.h"

#include <algorithm>

#include "ledger/base/encoding.h"
#include "ledger/crypto/signed_message.h"
#include "ledger/log/cosignature.h"

namespace dfb::programme {
namespace {

bool saw_less(const TillCosignature& one, const TillCosignature& other) {
  return one.checkpoint.size < other.checkpoint.size;
}

}  // namespace

std::string till_witness_name(const std::string& origin, const KeyId& till) {
  return origin + "/till/" + hash_text(till);
}

Result<TillCosignature> check_till_cosignature(const std::string& origin, const PublicKey& till,
                                               const std::string& checkpoint, const std::string& line,
                                               const std::string& vkey, const std::string& signature) {
  TillCosignature out{till.id(), vkey, signature, {}, line, 0};
  DFB_TRY(out.checkpoint, log::parse_checkpoint(checkpoint));
  if (out.checkpoint.origin != origin) return fail(Code::malformed, "a checkpoint of another log");
  DFB_TRY(const log::Vkey witness, log::parse_vkey(vkey));
  if (witness.type != log::NoteKeyType::cosignature || witness.name != till_witness_name(origin, till.id()))
    return fail(Code::malformed, "the vkey is not that of this till's witness key");
  DFB_TRY(const std::string bytes, base64url_decode(signature));
  if (!verify(till, SignedKind::witness, origin, vkey, bytes))
    return fail(Code::bad_signature, "the till's key has not signed the vkey");
  DFB_TRY(const auto lines, log::parse_note_signatures(line));
  if (lines.size() != 1) return fail(Code::malformed, "one cosignature is wanted");
  DFB_TRY(out.time_s, log::verify_cosignature(checkpoint, lines.front(), witness));
  return out;
}

void TillCosignatures::put(TillCosignature cosignature) {
  const std::lock_guard lock(mutex_);
  const auto found = by_till_.find(cosignature.till);
  if (found != by_till_.end()) {
    if (!saw_less(cosignature, found->second)) found->second = std::move(cosignature);
    return;
  }
  const KeyId till = cosignature.till;
  by_till_.emplace(till, std::move(cosignature));
  if (by_till_.size() <= tills_max_) return;
  by_till_.erase(std::min_element(by_till_.begin(), by_till_.end(), [](const auto& one, const auto& other) {
    return saw_less(one.second, other.second);
  }));
}

std::vector<TillCosignature> TillCosignatures::newest() const {
  std::vector<TillCosignature> out;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [till, cosignature] : by_till_) out.push_back(cosignature);
  }
  std::sort(out.begin(), out.end(),
            [](const TillCosignature& one, const TillCosignature& other) { return saw_less(other, one); });
  return out;
}

}  // namespace dfb::programme
