#include "terminal/link/answer.h"

#include <boost/json.hpp>
#include <set>

#include "ledger/base/encoding.h"
#include "terminal/text.h"

namespace dfb::terminal {
namespace {

namespace json = boost::json;

constexpr std::size_t kTextMax = 200'000, kSignatureSize = 64, kNameMost = 32;

Result<json::object> parse_object(std::string_view body) {
  json::parse_options options;
  options.max_depth = 16;
  boost::system::error_code error;
  json::value value = json::parse({body.data(), body.size()}, error, {}, options);
  if (error || !value.is_object())
    return fail(Code::malformed, "the town's answer is not the JSON that was expected");
  return std::move(value.get_object());
}

Error missing(std::string_view field) {
  return fail(Code::malformed, "the town's answer lacks a good `" + std::string(field) + "`");
}

Result<std::string> text(const json::object& object, std::string_view field) {
  const json::value* value = object.if_contains({field.data(), field.size()});
  if (value == nullptr || !value->is_string() || value->get_string().size() > kTextMax) return missing(field);
  return std::string(value->get_string().data(), value->get_string().size());
}

Result<std::int64_t> integer(const json::object& object, std::string_view field) {
  const json::value* value = object.if_contains({field.data(), field.size()});
  if (value == nullptr || !value->is_int64() || value->get_int64() < 0) return missing(field);
  return value->get_int64();
}

Result<book::Points> points(const json::object& object, std::string_view field) {
  DFB_TRY(const auto value, integer(object, field));
  if (value > book::kBalanceMax) return missing(field);
  return book::Points{value};
}

Result<book::AccountId> account(const json::object& object, std::string_view field) {
  DFB_TRY(const auto value, text(object, field));
  const auto parsed = book::parse_account(value);
  if (!parsed) return missing(field);
  return parsed.value();
}

Result<KeyId> key(const json::object& object, std::string_view field) {
  DFB_TRY(const auto value, text(object, field));
  const auto parsed = parse_hash_text(value);
  if (!parsed) return missing(field);
  return parsed.value();
}

// A refusal whose code this terminal does not know tells no more than no answer would.
std::optional<Error> problem(const json::object& object) {
  const auto word = text(object, "code");
  const auto code = word ? code_from_name(word.value()) : std::nullopt;
  if (!code) return std::nullopt;
  const auto detail = text(object, "detail");
  return Error{*code, detail ? printable(detail.value()) : std::string()};
}

Error no_problem() {
  return fail(Code::malformed, "the town refuses in a way that this terminal does not understand");
}

Result<bool> boolean(const json::object& object, std::string_view field) {
  const json::value* value = object.if_contains({field.data(), field.size()});
  if (value == nullptr || !value->is_bool()) return missing(field);
  return value->get_bool();
}

Result<Uuid> uuid(const json::object& object, std::string_view field) {
  DFB_TRY(const auto value, text(object, field));
  return parse_uuid(value);
}

Result<const json::array*> list(const json::object& object, std::string_view field) {
  const json::value* value = object.if_contains({field.data(), field.size()});
  if (value == nullptr || !value->is_array()) return missing(field);
  return &value->get_array();
}

Result<OfflineNews::Proof> proof(const json::object& object) {
  OfflineNews::Proof out;
  DFB_TRY(out.entry, text(object, "entry"));
  DFB_TRY(out.receipt, text(object, "receipt"));
  return out;
}

Result<CommandAnswer> command_answer(const json::object& object) {
  CommandAnswer answer;
  DFB_TRY(answer.seq, integer(object, "seq"));
  DFB_TRY(answer.entry, text(object, "entry"));
  DFB_TRY(answer.receipt, text(object, "receipt"));
  const json::value* refused = object.if_contains("refused");
  if (refused != nullptr && !refused->is_null()) {
    DFB_TRY(answer.refused, text(object, "refused"));
  }
  return answer;
}

}  // namespace

Result<Reply> parse_reply(int status, std::string_view body) {
  if (status == 503) return fail(Code::busy, "the town is busy or restarting");
  const bool good = status == 200 || status == 201;
  if (!good && (status < 400 || status > 499))
    return fail(Code::internal, "the town answered with status " + std::to_string(status));
  DFB_TRY(const auto object, parse_object(body));
  Reply reply;
  if (!good) {
    reply.problem = problem(object);
    if (!reply.problem) return no_problem();
  }
  if (good || object.contains("entry")) {
    DFB_TRY(reply.answer, command_answer(object));
  }
  return reply;
}

Error parse_problem(std::string_view body) {
  const auto object = parse_object(body);
  if (!object) return object.error();
  return problem(object.value()).value_or(no_problem());
}

Result<Town> parse_town(std::string_view body) {
  DFB_TRY(const auto object, parse_object(body));
  Town town;
  DFB_TRY(town.origin, text(object, "origin"));
  DFB_TRY(town.log_vkey, text(object, "log_vkey"));
  DFB_TRY(town.time_us, integer(object, "time_us"));
  return town;
}

Result<Ticket> parse_ticket(std::string_view body) {
  DFB_TRY(const auto object, parse_object(body));
  Ticket ticket;
  DFB_TRY(ticket.account, account(object, "account"));
  DFB_TRY(ticket.kind, text(object, "kind"));
  DFB_TRY(const auto name, text(object, "name"));
  ticket.name = printable(name);
  return ticket;
}

Result<TillInfo> parse_till_info(std::string_view body) {
  DFB_TRY(const auto object, parse_object(body));
  TillInfo till;
  DFB_TRY(till.shop, account(object, "shop"));
  DFB_TRY(till.till, key(object, "till"));
  DFB_TRY(const auto name_zh, text(object, "name_zh"));
  DFB_TRY(const auto name_en, text(object, "name_en"));
  till.name_zh = printable(name_zh);
  till.name_en = printable(name_en);
  DFB_TRY(till.origin, text(object, "origin"));
  DFB_TRY(till.log_vkey, text(object, "log_vkey"));
  DFB_TRY(till.time_us, integer(object, "time_us"));
  if (object.contains("fen_per_point")) {
    DFB_TRY(till.fen_per_point, integer(object, "fen_per_point"));
  }
  if (const json::value* last = object.if_contains("last"); last != nullptr && !last->is_null()) {
    DFB_TRY(till.last, uuid(object, "last"));
  }
  return till;
}

Result<OfflineNews> parse_offline_news(std::string_view body) {
  DFB_TRY(const auto object, parse_object(body));
  OfflineNews news;
  DFB_TRY(news.time_us, integer(object, "time_us"));
  DFB_TRY(news.tills, integer(object, "tills"));
  DFB_TRY(news.suspended, boolean(object, "suspended"));
  DFB_TRY(news.more, boolean(object, "more"));
  if (const json::value* policy = object.if_contains("policy"); policy != nullptr && policy->is_object()) {
    DFB_TRY(news.policy, proof(policy->get_object()));
  }
  DFB_TRY(const auto* allowances, list(object, "allowances"));
  for (const json::value& one : *allowances) {
    if (!one.is_object()) return missing("allowances");
    OfflineNews::Allowance allowance;
    DFB_TRY(allowance.proof, proof(one.get_object()));
    DFB_TRY(const auto key_text, text(one.get_object(), "key"));
    DFB_TRY(allowance.spki, base64url_decode(key_text));
    DFB_TRY(const auto name, text(one.get_object(), "name"));
    allowance.name = cut(printable(name), kNameMost);
    news.allowances.push_back(std::move(allowance));
  }
  DFB_TRY(const auto* stopped, list(object, "stopped"));
  for (const json::value& one : *stopped) {
    if (!one.is_string()) return missing("stopped");
    DFB_TRY(const Uuid id, parse_uuid(std::string(one.get_string().c_str(), one.get_string().size())));
    news.stopped.push_back(id);
  }
  return news;
}

Result<std::vector<Reply>> parse_offline_answers(std::string_view body) {
  DFB_TRY(const auto object, parse_object(body));
  DFB_TRY(const auto* answers, list(object, "answers"));
  std::vector<Reply> replies;
  for (const json::value& one : *answers) {
    if (!one.is_object()) return missing("answers");
    const json::value* answer = one.get_object().if_contains("answer");
    const json::value* why = one.get_object().if_contains("problem");
    Reply reply;
    if (answer != nullptr && answer->is_object()) {
      DFB_TRY(reply.answer, command_answer(answer->get_object()));
    } else if (why != nullptr && why->is_object()) {
      reply.problem = problem(why->get_object());
    }
    if (!reply.answer && !reply.problem) return no_problem();
    replies.push_back(std::move(reply));
  }
  return replies;
}

Result<Customer> parse_presentation(std::string_view body) {
  DFB_TRY(const auto object, parse_object(body));
  Customer customer;
  if (object.if_contains("pick_up")) {
    DFB_TRY(customer.pick_up, uuid(object, "pick_up"));
    return customer;
  }
  if (object.if_contains("card")) {
    DFB_TRY(customer.card, account(object, "card"));
  } else {
    DFB_TRY(customer.device, key(object, "device"));
  }
  if (object.if_contains("code")) {
    DFB_TRY(customer.code, text(object, "code"));
  }
  DFB_TRY(customer.account, account(object, "account"));
  DFB_TRY(const auto name, text(object, "name"));
  customer.name = cut(printable(name), kNameMost);
  DFB_TRY(customer.code_limit, points(object, "code_limit"));
  DFB_TRY(customer.spend_max, points(object, "spend_max"));
  return customer;
}

Result<Reservation> parse_reservation(std::string_view body) {
  DFB_TRY(const auto object, parse_object(body));
  Reservation out;
  DFB_TRY(out.proof, proof(object));
  DFB_TRY(const auto name, text(object, "name"));
  out.name = cut(printable(name), kNameMost);
  DFB_TRY(const auto* goods, list(object, "goods"));
  for (const json::value& one : *goods) {
    if (!one.is_object()) return missing("goods");
    SoldGood line;
    DFB_TRY(line.good, text(one.get_object(), "good"));
    DFB_TRY(line.count, integer(one.get_object(), "count"));
    DFB_TRY(line.points, integer(one.get_object(), "points"));
    if (line.points < 1 || line.points > book::kPointsMax.value) return missing("points");
    out.goods.push_back(std::move(line));
  }
  if (!out.goods.empty() && !book::check_goods(lines_of(out.goods))) return missing("goods");
  return out;
}

Result<std::string> parse_pin_token(std::string_view body) {
  DFB_TRY(const auto object, parse_object(body));
  return text(object, "token");
}

Result<CustomersWord> parse_word(std::string_view body) {
  DFB_TRY(const auto object, parse_object(body));
  DFB_TRY(const auto state, text(object, "state"));
  if (state == "declined") return CustomersWord{CustomersWord::Said::no, {}};
  if (state != "confirmed") return CustomersWord{};
  DFB_TRY(const auto signature, text(object, "signature"));
  DFB_TRY(auto bytes, base64url_decode(signature));
  if (bytes.size() != kSignatureSize) return fail(Code::malformed, "a confirmation's signature has 64 bytes");
  return CustomersWord{CustomersWord::Said::yes, std::move(bytes)};
}

namespace {

constexpr std::size_t kGoodsMost = 1000;

Result<ShopGood> shop_good(const json::object& object) {
  ShopGood good;
  DFB_TRY(good.id, text(object, "good"));
  if (!book::is_name(good.id)) return missing("good");
  DFB_TRY(const auto name_zh, text(object, "name_zh"));
  DFB_TRY(const auto name_en, text(object, "name_en"));
  good.name_zh = cut(printable(name_zh), kGoodNameMost);
  good.name_en = cut(printable(name_en), kGoodNameMost);
  DFB_TRY(good.points, integer(object, "points"));
  if (good.points < 1 || good.points > book::kPointsMax.value) return missing("points");
  DFB_TRY(good.stock, integer(object, "stock"));
  return good;
}

constexpr std::size_t kStaffMost = 200, kStaffIdMost = 32;

Result<StaffMember> staff_member(const json::object& object) {
  StaffMember member;
  DFB_TRY(member.id, text(object, "staff"));
  if (member.id.size() > kStaffIdMost || !book::is_name(member.id)) return missing("staff");
  DFB_TRY(const auto name, text(object, "name"));
  member.name = cut(printable(name), 32);
  DFB_TRY(const auto role, text(object, "role"));
  member.manager = role == "manager";
  DFB_TRY(member.tries_left, integer(object, "tries_left"));
  return member;
}

}  // namespace

Result<std::vector<ShopGood>> parse_goods(std::string_view body) {
  DFB_TRY(const auto object, parse_object(body));
  DFB_TRY(const auto* goods, list(object, "goods"));
  if (goods->size() > kGoodsMost) return missing("goods");
  std::vector<ShopGood> out;
  std::set<std::string> seen;
  for (const json::value& one : *goods) {
    if (!one.is_object()) return missing("goods");
    DFB_TRY(auto good, shop_good(one.get_object()));
    if (!seen.insert(good.id).second) return missing("goods");
    out.push_back(std::move(good));
  }
  return out;
}

Result<std::vector<StaffMember>> parse_staff(std::string_view body) {
  DFB_TRY(const auto object, parse_object(body));
  const json::value* list = object.if_contains("staff");
  if (list == nullptr || !list->is_array() || list->get_array().size() > kStaffMost) return missing("staff");
  std::vector<StaffMember> staff;
  for (const json::value& one : list->get_array()) {
    if (!one.is_object()) return missing("staff");
    DFB_TRY(auto member, staff_member(one.get_object()));
    staff.push_back(std::move(member));
  }
  return staff;
}

Result<StaffVerdict> parse_staff_verdict(std::string_view body) {
  DFB_TRY(const auto object, parse_object(body));
  StaffVerdict verdict;
  DFB_TRY(const auto word, text(object, "verdict"));
  if (word == "right") {
    verdict.said = StaffVerdict::Said::right;
  } else if (word == "locked") {
    verdict.said = StaffVerdict::Said::locked;
  } else if (word != "wrong") {
    return missing("verdict");
  }
  DFB_TRY(const auto role, text(object, "role"));
  verdict.manager = role == "manager";
  DFB_TRY(verdict.tries_left, integer(object, "tries_left"));
  return verdict;
}

Result<std::vector<LogKeyChange>> parse_log_keys(std::string_view body) {
  DFB_TRY(const auto object, parse_object(body));
  const json::value* list = object.if_contains("changes");
  if (list == nullptr || !list->is_array()) return missing("changes");
  std::vector<LogKeyChange> changes;
  for (const json::value& one : list->get_array()) {
    if (!one.is_object()) return missing("changes");
    LogKeyChange change;
    DFB_TRY(change.entry, text(one.get_object(), "entry"));
    DFB_TRY(change.receipt, text(one.get_object(), "receipt"));
    changes.push_back(std::move(change));
  }
  return changes;
}

Result<LeafPage> parse_leaves(std::string_view body) {
  DFB_TRY(const auto object, parse_object(body));
  LeafPage page;
  DFB_TRY(page.checkpoint, text(object, "checkpoint"));
  const json::value* list = object.if_contains("leaves");
  if (list == nullptr || !list->is_array()) return missing("leaves");
  for (const json::value& one : list->get_array()) {
    if (!one.is_object()) return missing("leaves");
    DFB_TRY(const auto seq, integer(one.get_object(), "seq"));
    DFB_TRY(auto entry, text(one.get_object(), "entry"));
    page.leaves.emplace_back(seq, std::move(entry));
  }
  const json::value* next = object.if_contains("next");
  if (next != nullptr && !next->is_null()) {
    DFB_TRY(page.next, integer(object, "next"));
  }
  return page;
}

Result<std::string> parse_certificate(std::string_view body) {
  DFB_TRY(const auto object, parse_object(body));
  return text(object, "certificate");
}

namespace {

json::array goods_json(const std::vector<book::GoodsLine>& goods) {
  json::array out;
  for (const book::GoodsLine& line : goods)
    out.push_back(json::object{{"good", line.good}, {"count", line.count}});
  return out;
}

}  // namespace

std::string signed_command_json(std::string_view payload,
                                const std::vector<std::pair<KeyId, std::string>>& signatures,
                                const std::string& pin_token, const std::vector<book::GoodsLine>& goods) {
  json::array list;
  for (const auto& [key_id, signature] : signatures)
    list.push_back({{"key", hash_text(key_id)}, {"signature", base64url_encode(signature)}});
  json::object command;
  command["payload"] = json::string_view(payload.data(), payload.size());
  command["signatures"] = std::move(list);
  if (!pin_token.empty()) command["pin_token"] = pin_token;
  if (!goods.empty()) command["goods"] = goods_json(goods);
  return json::serialize(command);
}

std::string offline_sales_json(const std::vector<SignedLine>& lines, const KeyId& till) {
  json::array commands;
  for (const SignedLine& line : lines)
    commands.push_back(
        {{"payload", line.payload},
         {"signatures", json::array{json::object{{"key", hash_text(till)},
                                                 {"signature", base64url_encode(line.signature)}}}}});
  return json::serialize(json::object{{"commands", std::move(commands)}});
}

std::string quote_json(const book::Payload& payload, const std::vector<book::GoodsLine>& goods) {
  const auto& sale = std::get<book::Transfer>(payload.body);
  const auto& proof = std::get<book::QuoteProof>(sale.proof);
  json::object body;
  body["id"] = to_string(payload.id);
  body["device"] = hash_text(proof.device);
  body["account"] = to_string(sale.from);
  body["points"] = sale.points.value;
  body["goods"] = hash_text(sale.goods);
  body["cash"] = sale.cash_fen;
  body["expires_us"] = proof.expires_us;
  if (!goods.empty()) body["lines"] = goods_json(goods);
  return json::serialize(body);
}

}  // namespace dfb::terminal
