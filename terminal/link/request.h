// What the town is asked and told, written as JSON. Source: docs/api.md. Threads: pure functions.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ledger/book/command.h"
#include "terminal/till/sale.h"

namespace dfb::terminal {

// `pin_token` stands in a sale by card alone, `goods` in one that names some.
std::string signed_command_json(std::string_view payload,
                                const std::vector<std::pair<KeyId, std::string>>& signatures,
                                const std::string& pin_token = {},
                                const std::vector<book::GoodsLine>& goods = {});
// The body of POST /v1/offline-sales: these lines, signed by this till.
std::string offline_sales_json(const std::vector<SignedLine>& lines, const KeyId& till);
// The body of POST /v1/quotes: the redemption that `payload` will be, of which the customer signs
// quote_line(). REQUIRES: it is a redemption by quote, of these goods.
std::string quote_json(const book::Payload& payload, const std::vector<book::GoodsLine>& goods = {});

}  // namespace dfb::terminal
