#include "api/programme/quotes.h"

#include <algorithm>

#include "ledger/base/encoding.h"

namespace dfb::programme {

void Quotes::sweep(TimeUs now_us) {
  if (quotes_.size() < sweep_at_) return;
  std::erase_if(quotes_, [now_us](const auto& item) { return item.second.expires_us <= now_us; });
  sweep_at_ = std::max<std::size_t>(256, quotes_.size() * 2);
}

Result<void> Quotes::offer(Quote quote, TimeUs now_us) {
  std::lock_guard lock(mutex_);
  sweep(now_us);
  if (const auto it = quotes_.find(quote.id); it != quotes_.end()) {
    if (it->second.line == quote.line && it->second.till == quote.till) return ok();
    return fail(Code::exists_with_different_content, "this sale was offered with other words");
  }
  std::erase_if(quotes_, [&](const auto& item) {
    const Quote& old = item.second;
    return old.till == quote.till && old.account == quote.account && old.state == Quote::State::waiting;
  });
  const Uuid id = quote.id;
  quotes_.emplace(id, std::move(quote));
  return ok();
}

std::vector<Quote> Quotes::waiting(book::AccountId account, TimeUs now_us) {
  std::lock_guard lock(mutex_);
  std::vector<Quote> out;
  for (const auto& [id, quote] : quotes_)
    if (quote.account == account && quote.state == Quote::State::waiting && quote.expires_us > now_us)
      out.push_back(quote);
  return out;
}

Result<Quote> Quotes::find(const Uuid& id, book::AccountId account, TimeUs now_us) {
  std::lock_guard lock(mutex_);
  const auto it = quotes_.find(id);
  if (it == quotes_.end() || it->second.account != account)
    return fail(Code::not_found, "no sale waits for your word");
  if (it->second.expires_us <= now_us)
    return fail(Code::quote_expired, "the time for a confirmation has run out");
  return it->second;
}

Quote::State Quotes::answer(const Uuid& id, Quote::State state, std::string signature) {
  std::lock_guard lock(mutex_);
  const auto it = quotes_.find(id);
  if (it == quotes_.end()) return Quote::State::declined;  // another sale has taken its place
  if (it->second.state != Quote::State::waiting) return it->second.state;
  it->second.state = state;
  it->second.signature = std::move(signature);
  return state;
}

Result<Quote> Quotes::of_till(const Uuid& id, const KeyId& till) {
  std::lock_guard lock(mutex_);
  const auto it = quotes_.find(id);
  if (it == quotes_.end() || it->second.till != till)
    return fail(Code::not_found, "this till offered no such sale");
  return it->second;
}

Handles::Handle Handles::give(book::AccountId account, std::string code, Random& random, TimeUs now_us) {
  std::lock_guard lock(mutex_);
  std::erase_if(held_, [&](const auto& item) {
    return item.second.account == account || item.second.expires_us <= now_us;
  });
  Handle handle{"", now_us + kHandleLifeUs};
  do {
    handle.digits = std::to_string(random.u64() % 100'000'000);
    handle.digits.insert(0, kHandleDigits - handle.digits.size(), '0');
  } while (held_.contains(handle.digits));
  held_[handle.digits] = {account, std::move(code), handle.expires_us};
  return handle;
}

Result<std::string> Handles::code(const std::string& digits, const KeyId& till, TimeUs now_us) {
  const std::string who = hash_text(till);
  DFB_TRY_VOID(wrong_.look(who, now_us));
  std::lock_guard lock(mutex_);
  const auto it = held_.find(digits);
  if (it != held_.end() && it->second.expires_us > now_us) return it->second.code;
  DFB_TRY_VOID(wrong_.take(who, now_us));
  return fail(Code::not_found, "these digits are wrong or have run out; ask for new ones");
}

}  // namespace dfb::programme
