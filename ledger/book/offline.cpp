#include "ledger/book/offline.h"

#include <algorithm>

#include "ledger/base/check.h"
#include "ledger/book/codes.h"
#include "ledger/book/counters.h"
#include "ledger/book/holds.h"
#include "ledger/book/redeem.h"
#include "ledger/crypto/hash.h"

namespace dfb::book {
namespace {

// When nothing else is wrong, the phone is at fault. In the order of the codes, as the first is the one
// returned.
void convict_if(Ruling& r, bool applies, Code code, const char* detail) {
  if (!applies) return;
  if (r.verdict.result()) r.conviction = code;
  r.verdict.refuse(code, detail);
}

void judge_use(Ruling& r, const Transfer& t, const OfflineProof& proof, const HoldRow& hold) {
  bool seen = counter(r.state, offline_code_counter(sha256(offline_part(t, proof)))) != 0;
  bool over = hold.resolved != 0;  // nobody is at fault for what comes too late
  r.verdict.refuse_if(over, Code::hold_resolved, "the allowance was released already");
  r.verdict.refuse_if(seen && !over, Code::counter_used, "this offline code was entered already");
  const auto* device = r.state.find<KeyRow>({proof.device});
  convict_if(r, device && device->revoked_us != 0 && proof.at_us >= device->revoked_us, Code::key_revoked,
             "the phone was revoked before it made this code");
  if (seen || over) return;
  convict_if(r, t.points > hold.points, Code::allowance_spent, "the phone spent more than its allowance");
  bool used = counter(r.state, offline_use_counter(proof.allowance, proof.counter)) != 0;
  convict_if(r, used, Code::counter_used, "the phone signed two sales on one counter");
}

// A code is entered once, taken or convicting, and uses its counter up either way.
void note_use(Ruling& r, const Transfer& t, const OfflineProof& proof, Points sold) {
  count(r.state, offline_till_counter(proof.allowance, r.command.payload.by), sold.value);
  count(r.state, offline_code_counter(sha256(offline_part(t, proof))), 1);
  count(r.state, offline_use_counter(proof.allowance, proof.counter), 1);
}

}  // namespace

Result<void> decide_offline(Ruling& r, const Transfer& t, const OfflineProof& proof, Account from,
                            Account to) {
  r.needs_policy();
  r.verdict.refuse_if(to.state == AccountState::closed, Code::account_closed, "the shop is closed");
  const auto* found = r.state.find<HoldRow>({proof.allowance});
  if (!found || found->purpose != HoldPurpose::allowance || found->account != t.from ||
      found->device != proof.device) {
    r.verdict.refuse(Code::allowance_unknown, "this phone has no such allowance");
    return r.verdict.result();
  }
  HoldRow hold = *found;
  r.verdict.refuse_if(proof.at_us >= hold.until_us || proof.at_us > r.now_us + kPayStepUs, Code::hold_expired,
                      "the code was not made within the allowance's time");
  judge_use(r, t, proof, hold);
  DFB_TRY_VOID(r.verdict.result());
  note_use(r, t, proof, t.points);
  hold.taken = 1;
  r.outcome.policy = r.policy->version;
  DFB_TRY_VOID(pay_from_hold(r, hold, from, to, t.points, kByOffline));
  r.state.put(std::move(hold));
  return ok();
}

void convict(Ruling& r, const Transfer& t) {
  const auto& proof = std::get<OfflineProof>(t.proof);
  const auto* hold = r.state.find<HoldRow>({proof.allowance});
  DFB_CHECK(hold);
  // A till sells by one allowance no more than it was made for. Of what one sold beyond, nobody was deceived.
  const auto sold = counter(r.state, offline_till_counter(proof.allowance, r.command.payload.by));
  const Points loss{std::min(t.points.value, std::max<std::int64_t>(0, hold->allowed.value - sold))};
  note_use(r, t, proof, loss);
  count(r.state, offline_lost_counter(t.from), 1);
  count(r.state, loss_counter(r.command.payload.id, t.to), loss.value);
}

}  // namespace dfb::book
