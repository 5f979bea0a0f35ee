// What the ledger's four roles may do. Source: docs/formats.md#authority.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>

#include "ledger/book/types.h"

namespace dfb::book {

enum class Power : std::uint8_t {
  administer,  // budgets, shops, policy, roles, imports: mostly by two persons
  vouch,       // says who a resident is: opens, verifies, moves, brings in devices
  award,       // awards outside a record
  assist,      // records a fact for somebody who stands before them
  publish_tasks,
  show_codes,  // owns site keys
  freeze,      // sets the state of residents
  revoke_keys,
  review,        // resolves what waits for review
  read_entries,  // every entry, not only one's own
};

struct RolePower {
  Role role;
  Power power;
};
inline constexpr std::array kRolePowers{
    RolePower{Role::administrator, Power::administer},
    RolePower{Role::administrator, Power::publish_tasks},
    RolePower{Role::administrator, Power::revoke_keys},
    RolePower{Role::administrator, Power::read_entries},
    RolePower{Role::officer, Power::vouch},
    RolePower{Role::officer, Power::award},
    RolePower{Role::officer, Power::assist},
    RolePower{Role::officer, Power::publish_tasks},
    RolePower{Role::officer, Power::show_codes},
    RolePower{Role::officer, Power::freeze},
    RolePower{Role::officer, Power::revoke_keys},
    RolePower{Role::reviewer, Power::review},
    RolePower{Role::auditor, Power::read_entries},
};

constexpr bool has_power(Role role, Power power) {
  return std::any_of(kRolePowers.begin(), kRolePowers.end(),
                     [&](const RolePower& row) { return row.role == role && row.power == power; });
}

}  // namespace dfb::book
