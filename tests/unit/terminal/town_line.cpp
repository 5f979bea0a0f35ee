#include "tests/unit/terminal/town_line.h"

#include <algorithm>
#include <boost/json.hpp>
#include <fstream>

#include "ledger/base/encoding.h"
#include "ledger/book/card_number.h"
#include "ledger/book/shift_report.h"
#include "ledger/log/receipt.h"
#include "ledger/log/signer.h"
#include "terminal/link/verify.h"

namespace dfb::terminal::test {

using dfb::test::SignedLine;
using log::Checkpoint;

std::vector<SignedLine> first_lines(dfb::test::Town& town) {
  std::vector<SignedLine> lines = town.founding();
  lines.push_back(town.check_in(town.resident));
  lines.push_back(town.award(town.resident, 50));
  return lines;
}

TownLine::TownLine(dfb::test::Town& town, const std::vector<SignedLine>& first, const PrivateKey& log_key,
                   ManualClock& clock, std::string received_path)
    : town_(town),
      named_vkey_(town.log_vkey),
      signing_{log_key},
      clock_(clock),
      received_path_(std::move(received_path)) {
  for (const SignedLine& line : first) take(line);
  replay();
}

Reply TownLine::take(const SignedLine& line) {
  const TimeUs now_us = clock_.now_us() + clock_ahead_us;
  const auto applied = ledger_.apply(line, now_us);
  if (!applied) return Reply{{}, applied.error()};
  if (applied->outcome) append(line, *applied->outcome);
  Reply reply{answer(applied->outcome ? size() - 1 : applied->known_seq), {}};
  if (!reply.answer->refused.empty()) reply.problem = Error{*code_from_name(reply.answer->refused), ""};
  return reply;
}

void TownLine::append(const SignedLine& line, const book::Outcome& outcome) {
  const log::EntryText entry{
      town_.origin,   size(), clock_.now_us() + clock_ahead_us, line.payload, book::format_outcome(outcome),
      line.signatures};
  leaves_.push_back(log::format_entry_text(entry).value());
  tree_.append(leaves_.back());
}

Checkpoint TownLine::checkpoint() const { return {town_.origin, size(), tree_.edge().root()}; }

std::string TownLine::note() const {
  const log::Signer signer(town_.origin, signing_);
  return signer.sign(checkpoint(), signer.vkeys());
}

void TownLine::rotate(const PrivateKey& next) {
  named_vkey_ = log::Signer(town_.origin, {next}).vkeys().front();
  town_.now_us = clock_.now_us();
  const auto line =
      town_.sign(book::NextLogKey{named_vkey_, town_.now_us + kHourUs}, {&town_.roots[0], &town_.roots[1]});
  signing_.push_back(next);
  const Reply reply = take(line);
  key_changes_.push_back({reply.answer.value().entry, reply.answer.value().receipt});
}

Result<std::vector<LogKeyChange>> TownLine::log_keys() {
  if (lasting != Fault::none) return fail(Code::unreachable, "no line");
  auto changes = key_changes_;
  if (forge_keys) forge_keys(changes);
  return changes;
}

Result<LeafPage> TownLine::leaves(std::optional<std::int64_t> before) {
  if (lasting != Fault::none) return fail(Code::unreachable, "no line");
  LeafPage page{note(), {}, {}};
  const std::string shop = to_string(town_.shop.account), till = hash_text(town_.shop.key.public_key().id()),
                    second = hash_text(dfb::test::test_key("second till").public_key().id());
  for (std::int64_t seq = std::min(before.value_or(size()), size()) - 1; seq >= 0 && !page.next; --seq) {
    const std::string& leaf = leaves_[static_cast<std::size_t>(seq)];
    if (leaf.find(shop) == leaf.npos && leaf.find(till) == leaf.npos && leaf.find(second) == leaf.npos)
      continue;
    page.leaves.emplace_back(seq, leaf);
    if (page.leaves.size() == leaves_a_page) page.next = seq;
    const auto entry = log::parse_entry_text(leaf);  // none where history was rewritten
    const auto payload = entry ? book::parse_payload(entry->payload) : Result<book::Payload>(entry.error());
    const auto sold = payload ? sold_goods_.find(payload->id) : sold_goods_.end();
    if (sold == sold_goods_.end() || sold->second.empty()) continue;
    auto& lines = page.goods[seq] = sold->second;
    std::sort(lines.begin(), lines.end(), [](const auto& a, const auto& b) { return a.good < b.good; });
  }
  if (forge_leaves) forge_leaves(page);
  return page;
}

CommandAnswer TownLine::answer(std::int64_t seq) {
  const std::string& leaf = leaves_[static_cast<std::size_t>(seq)];
  log::Receipt receipt;
  receipt.index = seq;
  receipt.path = log::inclusion_path(seq, size(), tree_).value();
  receipt.checkpoint = log::parse_note(note()).value();
  const auto outcome = book::parse_outcome(log::parse_entry_text(leaf)->outcome).value();
  return {seq, leaf, log::format_receipt(receipt),
          outcome.refused ? std::string(name(*outcome.refused)) : ""};
}

Fault TownLine::next_fault() {
  if (faults.empty()) return lasting;
  const Fault fault = faults.front();
  faults.pop_front();
  return fault;
}

Result<TillInfo> TownLine::info() {
  if (lasting != Fault::none) return fail(Code::unreachable, "no line");
  if (revoked) return fail(Code::key_revoked, "this till was revoked");
  return TillInfo{
      town_.shop.account, town_.shop.key.public_key().id(), "丽景超市", "Lijing Store", town_.origin,
      named_vkey_,        clock_.now_us() + clock_ahead_us,   last_of_till(), town_.policy.limits.fen_per_point};
}

std::optional<Uuid> TownLine::last_of_till() const {
  for (auto leaf = leaves_.rbegin(); leaf != leaves_.rend(); ++leaf) {
    const auto payload = book::parse_payload(log::parse_entry_text(*leaf)->payload).value();
    const auto* transfer = std::get_if<book::Transfer>(&payload.body);
    const auto* record = std::get_if<book::Record>(&payload.body);
    const bool other = (record && book::is_shift_report(record->kind)) || std::holds_alternative<book::Resolve>(payload.body);
    if ((transfer || other) && payload.by == town_.shop.key.public_key().id()) return payload.id;
  }
  return std::nullopt;
}

Result<OfflineNews> TownLine::offline_news(std::int64_t after, std::int64_t policy_version) {
  DFB_TRY_VOID(faulty());
  OfflineNews news;
  news.time_us = clock_.now_us() + clock_ahead_us;
  news.tills = 2;
  news.suspended = suspended;
  news.stopped = stopped;
  for (std::int64_t seq = 0; seq < size(); ++seq) {
    const auto payload = book::parse_payload(log::parse_entry_text(leaves_[static_cast<std::size_t>(seq)])->payload).value();
    const CommandAnswer made = answer(seq);
    if (const auto* published = std::get_if<book::PublishPolicy>(&payload.body);
        published && published->policy.version != policy_version)
      news.policy = OfflineNews::Proof{made.entry, made.receipt};
    const auto* hold = std::get_if<book::Hold>(&payload.body);
    if (hold && hold->purpose == book::HoldPurpose::allowance && seq > after && made.refused.empty())
      news.allowances.push_back({{made.entry, made.receipt}, town_.resident.key.public_key().spki(), "王*"});
  }
  if (forge_news) forge_news(news);
  return news;
}

Result<std::vector<Reply>> TownLine::upload(const std::string& sales) {
  ++uploads;
  if (on_post) on_post();
  const Fault fault = next_fault();
  if (fault == Fault::cut) return fail(Code::unreachable, "no line");
  if (fault == Fault::busy) return fail(Code::busy);
  if (fault == Fault::lose_request) return fail(Code::timed_out, "no answer");
  std::vector<Reply> replies;
  const auto body = boost::json::parse(sales);
  const auto& commands = body.as_object().at("commands").as_array();
  if (commands.size() > uploads_most) return fail(Code::timed_out, "no answer");
  for (const auto& one : commands) {
    replies.push_back(receive(one.as_object()));
    if (forge) forge(replies.back());
  }
  if (fault == Fault::lose_answer) return fail(Code::timed_out, "no answer");
  return replies;
}

Result<void> TownLine::faulty() {
  const Fault fault = next_fault();
  if (fault == Fault::cut) return fail(Code::unreachable, "no line");
  if (fault == Fault::busy) return fail(Code::busy);
  if (fault != Fault::none) return fail(Code::timed_out, "no answer");
  return ok();
}

Result<Customer> TownLine::present(std::string_view text) {
  DFB_TRY_VOID(faulty());
  const auto& who = town_.resident;
  if (const auto number = book::parse_card(text)) {
    if (*number != card) return fail(Code::key_not_enrolled);
    return Customer{{}, card, who.account, "王*", {50}, {50}, {}};
  }
  const bool typed = text == handle;
  const std::string shown = typed ? handle_code : std::string(text);
  if (const auto hold = parse_uuid(shown); typed && hold) {
    Customer nobody;
    nobody.pick_up = *hold;
    return nobody;
  }
  DFB_TRY(const auto code, book::parse_pay_code(shown));
  if (code.account != who.account || !verify(code, who.key.public_key(), town_.origin))
    return fail(Code::bad_signature);
  const std::int64_t most = std::min(code.limit.value, town_.policy.limits.code_points);
  return Customer{who.key.public_key().id(), {}, who.account, "王*", code.limit, {most}, typed ? shown : ""};
}

// A hold that is resolved was picked up, unless its capture stands nowhere.
Result<Reservation> TownLine::reservation(const Uuid& hold) {
  DFB_TRY_VOID(faulty());
  const auto row = ledger_.rows().get<book::HoldRow>({hold});
  if (!row || row->purpose != book::HoldPurpose::reserve) return fail(Code::hold_unknown);
  if (row->to != town_.shop.account) return fail(Code::sale_of_other_shop);
  for (const std::string& leaf : leaves_) {
    const auto entry = log::parse_entry_text(leaf);  // none where history was rewritten
    const auto payload = entry ? book::parse_payload(entry->payload) : Result<book::Payload>(entry.error());
    const auto* resolve = payload ? std::get_if<book::Resolve>(&payload->body) : nullptr;
    if (resolve && resolve->hold == hold)
      return fail(resolve->capture ? Code::hold_resolved : Code::target_already_undone);
  }
  if (clock_.now_us() + clock_ahead_us >= row->until_us) return fail(Code::hold_expired);
  const CommandAnswer made = answer(row->seq);
  Reservation told{{made.entry, made.receipt}, "王*", reserved[hold]};
  if (forge_reservation) forge_reservation(told);
  return told;
}

Result<std::string> TownLine::attest(book::AccountId number, std::string_view entered, const Uuid& sale,
                                     book::Points points) {
  ++attested;
  DFB_TRY_VOID(faulty());
  if (number != card || entered != pin) return fail(Code::pin_wrong);
  return token_ = "token for " + to_string(sale) + " " + std::to_string(points.value);
}

Result<void> TownLine::offer(const std::string& quote) {
  ++offers;
  DFB_TRY_VOID(faulty());
  quote_ = offered = quote;
  words = 0;
  return ok();
}

// The phone signs the line that docs/formats.md#quote makes of what was offered.
Result<CustomersWord> TownLine::word(const Uuid& sale) {
  ++words;
  DFB_TRY_VOID(faulty());
  if (words <= asked_before_word || says == CustomersWord::Said::nothing) return CustomersWord{};
  if (says == CustomersWord::Said::no) return CustomersWord{CustomersWord::Said::no, {}};
  const auto object = boost::json::parse(quote_).as_object();
  const auto field = [&](const char* name) { return std::string(object.at(name).as_string()); };
  const std::string line =
      R"({"v":1,"id":")" + to_string(sale) + R"(","till":")" + hash_text(town_.shop.key.public_key().id()) +
      R"(","shop":")" + to_string(town_.shop.account) + R"(","account":")" + field("account") +
      R"(","points":)" + std::to_string(object.at("points").as_int64()) + R"(,"goods":")" + field("goods") +
      R"(","cash":)" + std::to_string(object.at("cash").as_int64()) + R"(,"expires":)" +
      std::to_string(object.at("expires_us").as_int64()) + "}";
  return CustomersWord{CustomersWord::Said::yes,
                       sign(town_.resident.key, SignedKind::quote, town_.origin, line)};
}

Result<std::vector<ShopGood>> TownLine::goods() {
  if (lasting != Fault::none) return fail(Code::unreachable, "no line");
  ++goods_asked;
  return stock;
}

std::int64_t TownLine::left(const std::string& good) const {
  for (const ShopGood& one : stock)
    if (one.id == good) return one.stock;
  return -1;
}

// As the town does it: the list has to be the one whose digest the payload has.
Result<void> TownLine::take_goods(const boost::json::object& command, const book::Payload& payload) {
  if (sold_goods_.contains(payload.id) || ledger_.rows().get<book::CommandRow>({payload.id})) return ok();
  if (const auto* cancel = std::get_if<book::Cancel>(&payload.body)) {
    for (const book::GoodsLine& line : sold_goods_[cancel->target])
      for (ShopGood& good : stock)
        if (good.id == line.good) good.stock += line.count;
    sold_goods_.erase(cancel->target);
  }
  if (const auto* resolve = std::get_if<book::Resolve>(&payload.body))
    sold_goods_[payload.id] = lines_of(reserved[resolve->hold]);
  const auto* sale = std::get_if<book::Transfer>(&payload.body);
  if (sale == nullptr || sale->kind != book::TransferKind::redeem) return ok();
  std::vector<book::GoodsLine> lines;
  if (const auto* goods = command.if_contains("goods"))
    for (const auto& one : goods->as_array())
      lines.push_back({one.at("good").as_string().c_str(), one.at("count").as_int64()});
  if (book::goods_digest(lines) != sale->goods) return fail(Code::malformed, "other goods");
  for (const book::GoodsLine& line : lines)
    if (left(line.good) < line.count) return fail(Code::out_of_stock);
  for (const book::GoodsLine& line : lines)
    for (ShopGood& good : stock)
      if (good.id == line.good) good.stock -= line.count;
  sold_goods_[payload.id] = lines;
  return ok();
}

Result<std::vector<StaffMember>> TownLine::staff() {
  if (revoked) return fail(Code::key_revoked, "this till was revoked");
  if (lasting != Fault::none) return fail(Code::unreachable, "no line");
  return people;
}

Result<StaffVerdict> TownLine::staff_pin(const std::string& staff, std::string_view entered,
                                         const std::string& unlock) {
  DFB_TRY_VOID(faulty());
  using Said = StaffVerdict::Said;
  for (StaffMember& one : people) {
    if (one.id != staff) continue;
    if (one.tries_left == 0) return StaffVerdict{Said::locked, one.manager, 0};
    --one.tries_left;
    if (pins.at(staff) != entered)
      return StaffVerdict{one.tries_left == 0 ? Said::locked : Said::wrong, one.manager, one.tries_left};
    one.tries_left = 5;
    for (StaffMember& other : people)
      if (other.id == unlock && one.manager) other.tries_left = 5;
    return StaffVerdict{Said::right, one.manager, 5};
  }
  return fail(Code::not_found);
}

Result<Reply> TownLine::post(Route route, const std::string& body) {
  ++posts;
  routes.push_back(route);
  bodies.push_back(body);
  if (on_post) on_post();
  const Fault fault = next_fault();
  if (fault == Fault::cut) return fail(Code::unreachable, "no line");
  if (fault == Fault::busy) return fail(Code::busy);
  if (fault == Fault::lose_request) return fail(Code::timed_out, "no answer");
  const auto object = boost::json::parse(body).as_object();
  // As the town's reader does.
  for (const auto& field : object)
    if (field.key() != "payload" && field.key() != "signatures" && route != Route::redemptions)
      return Reply{{}, Error{Code::malformed, "the field " + std::string(field.key()) + " is unknown"}};
  Reply reply = receive(object);
  if (fault == Fault::lose_answer) return fail(Code::timed_out, "no answer");
  if (forge) forge(reply);
  return reply;
}

Reply TownLine::receive(const boost::json::object& object) {
  const auto& signature = object.at("signatures").as_array().at(0).as_object();
  SignedLine line;
  line.payload = std::string(object.at("payload").as_string().c_str());
  line.signatures.push_back({parse_hash_text(signature.at("key").as_string().c_str()).value(),
                             base64url_decode(signature.at("signature").as_string().c_str()).value()});
  line.id = book::parse_payload(line.payload)->id;
  if (!verify(town_.shop.key.public_key(), SignedKind::payload, town_.origin, line.payload,
              line.signatures.front().bytes))
    return Reply{{}, Error{Code::bad_signature, ""}};
  if (const auto* token = object.if_contains("pin_token"); token && token->as_string() == token_)
    line.signatures.push_back({town_.server.public_key().id(),
                               sign(town_.server, SignedKind::payload, town_.origin, line.payload)});
  if (const auto taken = take_goods(object, *book::parse_payload(line.payload)); !taken)
    return Reply{{}, taken.error()};
  keep(line);
  return take(line);
}

Result<Reply> TownLine::enquire(const Uuid& id) {
  ++enquiries;
  const Fault fault = next_fault();
  if (fault == Fault::cut) return fail(Code::unreachable, "no line");
  if (fault == Fault::busy) return fail(Code::busy);
  if (fault != Fault::none) return fail(Code::timed_out, "no answer");
  const auto row = ledger_.rows().get<book::CommandRow>({id});
  if (!row) return Reply{{}, Error{Code::not_found, ""}};
  Reply reply{answer(row->seq), {}};
  if (row->burnt_unseen != 0) reply.answer->refused = name(Code::id_burnt);
  if (forge) forge(reply);
  return reply;
}

Result<std::string> TownLine::tile(int level, std::int64_t index, int width) {
  if (lasting != Fault::none) return fail(Code::unreachable, "no line");
  return tree_.tile(level, index, width);
}

void TownLine::rewrite_history() {
  leaves_[2].back() = ' ';
  tree_ = {};
  for (const std::string& leaf : leaves_) tree_.append(leaf);
}

void TownLine::grow(int entries) {
  for (int i = 0; i < entries; ++i) {
    town_.now_us = clock_.now_us();
    take(town_.mint(1));
  }
}

void TownLine::keep(const SignedLine& line) const {
  if (received_path_.empty()) return;
  std::ofstream(received_path_, std::ios::app) << clock_.now_us() << "\n"
                                               << line.payload << "\n"
                                               << base64url_encode(line.signatures.front().bytes) << "\n";
}

void TownLine::replay() {
  std::ifstream in(received_path_);
  const TimeUs now_us = clock_.now_us();
  std::string time, signature;
  SignedLine line;
  while (std::getline(in, time) && std::getline(in, line.payload) && std::getline(in, signature)) {
    clock_.set(parse_decimal(time).value());
    const auto payload = book::parse_payload(line.payload).value();
    line.id = payload.id;
    line.signatures = {{payload.by, base64url_decode(signature).value()}};
    take(line);
  }
  clock_.set(now_us);
}

Setup setup_of(const dfb::test::Town& town) {
  return {"https://localhost:8443", "https://localhost:8444",        town.origin, town.log_vkey,
          town.shop.account,        town.shop.key.public_key().id(), "丽景超市",  "Lijing Store"};
}

}  // namespace dfb::terminal::test
