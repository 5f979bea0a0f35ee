// One decide() for each command that this version takes: it judges the command in the ruling's verdict and,
// when nothing was refused, puts the effects into the state and the outcome. Internal to the book.
#pragma once
#include "ledger/book/ruling.h"

namespace dfb::book {

Result<void> decide(Ruling& ruling, const Transfer& transfer);      // transfer.cpp
Result<void> decide(Ruling& ruling, const Cancel& cancel);          // cancel.cpp
Result<void> decide(Ruling& ruling, const Record& record);          // record.cpp
Result<void> decide(Ruling& ruling, const PublishPolicy& publish);  // publish.cpp
Result<void> decide(Ruling& ruling, const PublishTask& publish);
Result<void> decide(Ruling& ruling, const Genesis& genesis);  // enrolment.cpp
Result<void> decide(Ruling& ruling, const AddKey& add);
Result<void> decide(Ruling& ruling, const RevokeKey& revoke);
Result<void> decide(Ruling& ruling, const Open& open);  // residence.cpp
Result<void> decide(Ruling& ruling, const Move& move);
Result<void> decide(Ruling& ruling, const SetLevel& set);
Result<void> decide(Ruling& ruling, const SetState& set);
Result<void> decide(Ruling& ruling, const Roster& roster);
Result<void> decide(Ruling& ruling, const Import& import);
Result<void> decide(Ruling& ruling, const GrantRole& grant);  // grants.cpp
Result<void> decide(Ruling& ruling, const EndRole& end);

// Specified in docs/formats.md, but not taken by this version.
inline Error not_taken(const char* what) {
  return fail(Code::unsupported_version, std::string("this version does not take ") + what + " yet");
}
inline Result<void> decide(Ruling&, const Hold&) { return not_taken("holds"); }
inline Result<void> decide(Ruling&, const Resolve&) { return not_taken("holds"); }
inline Result<void> decide(Ruling&, const AddWitness&) { return not_taken("witnesses"); }
inline Result<void> decide(Ruling&, const NextLogKey&) { return not_taken("a change of the log's key"); }
inline Result<void> decide(Ruling&, const ConfirmClock&) { return not_taken("confirmations of the clock"); }
inline Result<void> decide(Ruling&, const EndOrigin&) { return not_taken("the end of an origin"); }
inline Result<void> decide(Ruling&, const Reverse&) { return not_taken("reversals"); }

}  // namespace dfb::book
