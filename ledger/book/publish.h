// What a policy has to be before the book publishes it, whoever signs.
#pragma once
#include "ledger/book/policy.h"

namespace dfb::book {

// Why a policy cannot be published (`policy_invalid`), for people; nullptr for nothing. Its version and what is in
// force do not matter here.
const char* unfit(const Policy& policy);

}  // namespace dfb::book
