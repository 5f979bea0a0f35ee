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
Result<void> decide(Ruling& ruling, const SetCard& set);      // cards.cpp
Result<void> decide(Ruling& ruling, const GrantRole& grant);  // grants.cpp
Result<void> decide(Ruling& ruling, const EndRole& end);

Result<void> decide(Ruling& ruling, const Hold& hold);  // holds.cpp
Result<void> decide(Ruling& ruling, const Resolve& resolve);
Result<void> decide(Ruling& ruling, const Reverse& reverse);     // reverse.cpp
Result<void> decide(Ruling& ruling, const AddWitness& witness);  // origin.cpp
Result<void> decide(Ruling& ruling, const EndWitness& end);
Result<void> decide(Ruling& ruling, const NextLogKey& next);
Result<void> decide(Ruling& ruling, const ConfirmClock& clock);
Result<void> decide(Ruling& ruling, const EndOrigin& end);
Result<void> decide(Ruling& ruling, const ReplaceRoots& next);  // succession.cpp
Result<void> decide(Ruling& ruling, const NextServerKey& next);

}  // namespace dfb::book
