// The sale that points are to be given back of.
//
// This till's journal has it, or the town is asked: a receipt of another till of the shop, or of this one before it was
// enrolled anew or longer ago than its journal is kept in mind. What the town sends of it is proven as the shop's own
// entries are. A void is for the journal's sales alone.
// Threads: one.
#pragma once
#include <functional>
#include <string>
#include <string_view>

#include "terminal/counter/counter.h"
#include "terminal/scan/receipt_code.h"
#include "terminal/words.h"

namespace dfb::terminal {

// By its id or its receipt's number; the town is asked by the number alone. Fails as find_sale (flow.h) does, sale_undone
// also for what another till voided; as the line does; bad_signature, unknown_key, bad_path, wrong_entry, inconsistent
// when what the town sent does not stand the check; io_error when the journal cannot be written.
// `asking` is called before the town is asked. REQUIRES: the current sale is not open.
Result<Past> find_refundable(Counter& counter, const History& history, std::string_view words,
                             const std::function<void()>& asking = [] {});
// A scanned receipt's. sale_of_other_shop besides.
Result<Past> find_refundable(Counter& counter, const History& history, const ReceiptCode& code,
                             const std::function<void()>& asking = [] {});

// Why there is nothing to be given back, for a person.
std::string not_refundable(Lang lang, const Error& why);

}  // namespace dfb::terminal
