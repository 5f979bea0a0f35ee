// Whatever a server answers: read or refused, and never taken for a proof.
#include <cstdint>

#include "ledger/base/check.h"
#include "terminal/link/pinned.h"
#include "terminal/link/verify.h"
#include "terminal/text.h"

namespace dfb::terminal {
namespace {

void try_input(std::string_view text) {
  static const Pinned kPinned{
      log::parse_vkey("vectors.example/town+20f9137e+AYl1uerj5UODN/5UjPUJHO+pXG5tNprzSPiMgVK7yt6v").value(),
      PrivateKey::from_ticket("a till").public_key()};
  for (const int status : {200, 201, 400, 422, 500, 503}) {
    const auto reply = parse_reply(status, text);
    if (!reply) continue;
    DFB_CHECK(reply->answer.has_value() || reply->problem.has_value());
    if (reply->answer) DFB_CHECK(!verify_answer(*reply->answer, "payload", kPinned));
    if (reply->problem) DFB_CHECK(printable(reply->problem->detail) == reply->problem->detail);
  }
  (void)parse_problem(text);
  (void)parse_town(text);
  (void)parse_ticket(text);
  (void)parse_till_info(text);
  (void)parse_certificate(text);
  (void)parse_pin_token(text);
  if (const auto told = parse_reservation(text)) {
    std::vector<log::Checkpoint> proven;
    DFB_CHECK(!proven_reservation(told->proof, Uuid{}, kPinned.log, proven));
    DFB_CHECK(told->goods.empty() || (book::check_goods(lines_of(told->goods)) && sum_of(told->goods) > 0));
    DFB_CHECK(columns(told->name) <= 32);
  }
  if (const auto goods = parse_goods(text))
    for (const ShopGood& one : *goods)
      DFB_CHECK(book::is_name(one.id) && one.points > 0 && one.stock >= 0 &&
                columns(one.name_zh) <= kGoodNameMost && columns(one.name_en) <= kGoodNameMost);
  if (const auto staff = parse_staff(text))
    for (const StaffMember& one : *staff) DFB_CHECK(book::is_name(one.id) && columns(one.name) <= 32);
  if (const auto verdict = parse_staff_verdict(text)) DFB_CHECK(verdict->tries_left >= 0);
  if (const auto word = parse_word(text))
    DFB_CHECK(word->signature.size() == (word->said == CustomersWord::Said::yes ? 64U : 0U));
  if (const auto replies = parse_offline_answers(text))
    for (const Reply& reply : *replies) DFB_CHECK(reply.answer.has_value() || reply.problem.has_value());
  if (const auto news = parse_offline_news(text)) {
    std::vector<log::Checkpoint> proven;
    Pins pins;
    const bool empty = news->allowances.empty() && !news->policy;
    DFB_CHECK(take_news(pins, *news, "vectors.example/town", kPinned.log, proven).has_value() == empty);
  }
  if (const auto page = parse_leaves(text))
    for (const auto& [seq, entry] : page->leaves) DFB_CHECK(seq >= 0);
  if (const auto changes = parse_log_keys(text)) {
    std::vector<log::Checkpoint> checkpoints;
    const auto followed = follow_log_key(kPinned.log, *changes, checkpoints);
    DFB_CHECK(format_vkey(followed) == format_vkey(kPinned.log) && checkpoints.empty());
  }
  if (const auto customer = parse_presentation(text)) DFB_CHECK(columns(customer->name) <= 32);
}

}  // namespace
}  // namespace dfb::terminal

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dfb::terminal::try_input({reinterpret_cast<const char*>(data), size});
  return 0;
}
