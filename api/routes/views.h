// What several routes show the same way.
#pragma once
#include <boost/json/object.hpp>
#include <initializer_list>
#include <vector>

#include "api/routes/route.h"
#include "ledger/book/policy.h"
#include "ledger/book/rows.h"
#include "ledger/store/store.h"

namespace dfb::routes {

boost::json::object limits_in_force(const store::View& view, TimeUs now_us);  // empty before the first policy
// The log's keys that sign now, the newest last; before the genesis the one that is to be.
std::vector<std::string> log_vkeys(const store::View& view, const std::string& before_genesis);
std::vector<RoleView> roles_view(const std::vector<book::Grant>& grants);
// The pseudonymous account's name for its holder and officers: a person's, a shop's label, or empty.
std::string display_name(const store::View& view, const book::Account& account);
std::string masked_name(const store::View& view, book::AccountId account);  // 王*; * for whom nobody knows
Result<book::Account> find_account(const store::View& view, const std::string& text);  // malformed, not_found

// Does the caller hold one of `roles` over the account's place?
bool is_responsible(const Caller& caller, const book::Account& account, std::initializer_list<book::Role> roles);
// not_found where the caller is neither officer nor administrator of the resident's place.
Result<book::Account> resident_in_scope(const store::View& view, const Caller& caller,
                                        const std::string& text);
// not_found where the caller holds none of `roles` over the shop's place.
Result<book::Account> shop_in_scope(const store::View& view, const Caller& caller, const std::string& text,
                                    std::initializer_list<book::Role> roles);

// May `viewer` read this entry, `leaf`, whole? One that touches their account or that a key of theirs signed.
// Of a roster or an import, which names neighbours, its signers alone. not_found (it is none of theirs),
// forbidden (it names others too).
Result<void> may_show(const store::View& view, const book::Account& viewer, const std::string& leaf);

}  // namespace dfb::routes
