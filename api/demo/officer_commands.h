// An officer's hands for scripts and demonstrations: verifying a resident, showing a site's code. The
// officer's own pages come later; what is sent is the same.
#pragma once
#include <string>

#include "ledger/base/result.h"

namespace dfb::demo {

// The officer in charge of the resident's community raises the account to `verified`. Errors: the server's.
Result<void> verify_resident(const std::string& folder, const std::string& url, const std::string& account);

// The link that a station shows as a QR code now: good for a minute to a minute and a half.
Result<std::string> site_link(const std::string& folder, const std::string& url,
                              const std::string& community);

// A person without a smartphone: the officer of lijing opens an account without a key, awards 50 points and
// issues a printed card with this PIN. The card's 13 digits. Errors: the server's.
Result<std::string> issue_card(const std::string& folder, const std::string& url, const std::string& pin);

// A cashier and a manager for a shop's tills, so that somebody has to sign in there: the shop's name in either
// language or its account, and their PINs of six digits. Errors: the server's; not_found without such a shop.
Result<void> employ(const std::string& folder, const std::string& url, const std::string& shop,
                    const std::string& cashier_pin, const std::string& manager_pin);

}  // namespace dfb::demo
