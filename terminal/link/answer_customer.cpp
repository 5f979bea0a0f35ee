// What the town says of those who pay: at the till, on their phones, and for the time without a line.
#include "ledger/base/encoding.h"
#include "terminal/link/answer.h"
#include "terminal/link/answer_fields.h"

namespace dfb::terminal {
namespace {

constexpr std::size_t kSignatureSize = 64;

Result<OfflineNews::Proof> proof(const AnswerFields& fields) {
  OfflineNews::Proof out;
  DFB_TRY(out.entry, fields.text("entry"));
  DFB_TRY(out.receipt, fields.text("receipt"));
  return out;
}

}  // namespace

Result<Customer> parse_presentation(std::string_view body) {
  DFB_TRY(const auto fields, AnswerFields::of(body));
  Customer customer;
  if (fields.has("pick_up")) {
    DFB_TRY(customer.pick_up, fields.uuid("pick_up"));
    return customer;
  }
  if (fields.has("card")) {
    DFB_TRY(customer.card, fields.account("card"));
  } else {
    DFB_TRY(customer.device, fields.key("device"));
  }
  if (fields.has("code")) {
    DFB_TRY(customer.code, fields.text("code"));
  }
  DFB_TRY(customer.account, fields.account("account"));
  DFB_TRY(customer.name, fields.shown("name"));
  DFB_TRY(customer.code_limit, fields.points("code_limit"));
  DFB_TRY(customer.spend_max, fields.points("spend_max"));
  return customer;
}

Result<Reservation> parse_reservation(std::string_view body) {
  DFB_TRY(const auto fields, AnswerFields::of(body));
  Reservation out;
  DFB_TRY(out.proof, proof(fields));
  DFB_TRY(out.name, fields.shown("name"));
  DFB_TRY(const auto goods, fields.objects("goods"));
  for (const AnswerFields& one : goods) {
    SoldGood line;
    DFB_TRY(line.good, one.text("good"));
    DFB_TRY(line.count, one.integer("count"));
    DFB_TRY(line.points, one.integer("points"));
    if (line.points < 1 || line.points > book::kPointsMax.value) return AnswerFields::missing("points");
    out.goods.push_back(std::move(line));
  }
  if (!out.goods.empty() && !book::check_goods(lines_of(out.goods))) return AnswerFields::missing("goods");
  return out;
}

Result<std::string> parse_pin_token(std::string_view body) {
  DFB_TRY(const auto fields, AnswerFields::of(body));
  return fields.text("token");
}

Result<CustomersWord> parse_word(std::string_view body) {
  DFB_TRY(const auto fields, AnswerFields::of(body));
  DFB_TRY(const auto state, fields.text("state"));
  if (state == "declined") return CustomersWord{CustomersWord::Said::no, {}};
  if (state != "confirmed") return CustomersWord{};
  DFB_TRY(const auto signature, fields.text("signature"));
  DFB_TRY(auto bytes, base64url_decode(signature));
  if (bytes.size() != kSignatureSize) return fail(Code::malformed, "a confirmation's signature has 64 bytes");
  return CustomersWord{CustomersWord::Said::yes, std::move(bytes)};
}

Result<OfflineNews> parse_offline_news(std::string_view body) {
  DFB_TRY(const auto fields, AnswerFields::of(body));
  OfflineNews news;
  DFB_TRY(news.time_us, fields.integer("time_us"));
  DFB_TRY(news.tills, fields.integer("tills"));
  DFB_TRY(news.suspended, fields.boolean("suspended"));
  DFB_TRY(news.more, fields.boolean("more"));
  if (const auto policy = fields.object("policy")) {
    DFB_TRY(news.policy, proof(*policy));
  }
  DFB_TRY(const auto allowances, fields.objects("allowances"));
  for (const AnswerFields& one : allowances) {
    OfflineNews::Allowance allowance;
    DFB_TRY(allowance.proof, proof(one));
    DFB_TRY(const auto key, one.text("key"));
    DFB_TRY(allowance.spki, base64url_decode(key));
    DFB_TRY(allowance.name, one.shown("name"));
    news.allowances.push_back(std::move(allowance));
  }
  DFB_TRY(const auto stopped, fields.texts("stopped"));
  for (const std::string& one : stopped) {
    DFB_TRY(const Uuid id, parse_uuid(one));
    news.stopped.push_back(id);
  }
  return news;
}

}  // namespace dfb::terminal
