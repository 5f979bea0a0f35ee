// The log's own affairs: witnesses, its next key, the clock, its end.
#include <cstdlib>

#include "ledger/book/authority.h"
#include "ledger/book/counters.h"
#include "ledger/book/decide.h"

namespace dfb::book {
namespace {

constexpr TimeUs kClockApartMaxUs = 15 * kMinuteUs;

std::string key_name(const std::string& vkey) { return vkey.substr(0, vkey.find('+')); }

}  // namespace

Result<void> decide(Ruling& r, const AddWitness& witness) {
  needs_two_administrators(r, "/");
  auto name = witness_counter(witness.name);
  r.verdict.refuse_if(counter(r.state, name) != 0, Code::key_exists,
                      "the town has named this witness already");
  DFB_TRY_VOID(r.verdict.result());
  count(r.state, name, 1);
  return ok();
}

Result<void> decide(Ruling& r, const EndWitness& end) {
  needs_two_administrators(r, "/");
  const auto name = witness_counter(end.name);
  r.verdict.refuse_if(counter(r.state, name) == 0, Code::state_unchanged, "the town names no such witness");
  DFB_TRY_VOID(r.verdict.result());
  count(r.state, name, -1);
  return ok();
}

Result<void> decide(Ruling& r, const NextLogKey& next) {
  needs_roots(r);
  r.verdict.refuse_if(next.until_us <= r.now_us, Code::key_outside_dates,
                      "the present key has to sign beside the next one for a while");
  r.verdict.refuse_if(key_name(next.vkey) != key_name(r.ledger.log_vkey), Code::key_wrong_use,
                      "the log's key bears the origin's name");
  r.verdict.refuse_if(next.vkey == r.ledger.log_vkey || r.now_us < r.ledger.former_until_us, Code::key_exists,
                      "this is the log's key already, or the change before is still under way");
  DFB_TRY_VOID(r.verdict.result());
  r.ledger.former_vkey = r.ledger.log_vkey;
  r.ledger.former_until_us = next.until_us;
  r.ledger.log_vkey = next.vkey;
  return ok();
}

Result<void> decide(Ruling& r, const ConfirmClock& clock) {
  needs_power(r, r.by(), Power::administer, "/");
  r.verdict.refuse_if(std::abs(clock.confirm_us - r.now_us) > kClockApartMaxUs, Code::clock_unconfirmed,
                      "the clocks differ by more than 15 minutes");
  return r.verdict.result();
}

Result<void> decide(Ruling& r, const EndOrigin& end) {
  needs_two_administrators(r, "/");
  r.verdict.refuse_if(end.size != r.ledger.size, Code::amount_wrong,
                      "the ledger has another number of entries");
  DFB_TRY_VOID(r.verdict.result());
  r.ledger.ended = 1;
  return ok();
}

}  // namespace dfb::book
