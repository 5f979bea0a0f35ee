#include "terminal/link/request.h"

#include <boost/json.hpp>

#include "ledger/base/encoding.h"

namespace dfb::terminal {
namespace {

namespace js = boost::json;

js::array goods_json(const std::vector<book::GoodsLine>& goods) {
  js::array out;
  for (const book::GoodsLine& line : goods)
    out.push_back(js::object{{"good", line.good}, {"count", line.count}});
  return out;
}

}  // namespace

std::string signed_command_json(std::string_view payload,
                                const std::vector<std::pair<KeyId, std::string>>& signatures,
                                const std::string& pin_token, const std::vector<book::GoodsLine>& goods) {
  js::array list;
  for (const auto& [key_id, signature] : signatures)
    list.push_back({{"key", hash_text(key_id)}, {"signature", base64url_encode(signature)}});
  js::object command;
  command["payload"] = js::string_view(payload.data(), payload.size());
  command["signatures"] = std::move(list);
  if (!pin_token.empty()) command["pin_token"] = pin_token;
  if (!goods.empty()) command["goods"] = goods_json(goods);
  return js::serialize(command);
}

std::string offline_sales_json(const std::vector<SignedLine>& lines, const KeyId& till) {
  js::array commands;
  for (const SignedLine& line : lines)
    commands.push_back(
        {{"payload", line.payload},
         {"signatures", js::array{js::object{{"key", hash_text(till)},
                                             {"signature", base64url_encode(line.signature)}}}}});
  return js::serialize(js::object{{"commands", std::move(commands)}});
}

std::string quote_json(const book::Payload& payload, const std::vector<book::GoodsLine>& goods) {
  const auto& sale = std::get<book::Transfer>(payload.body);
  const auto& proof = std::get<book::QuoteProof>(sale.proof);
  js::object body;
  body["id"] = to_string(payload.id);
  body["device"] = hash_text(proof.device);
  body["account"] = to_string(sale.from);
  body["points"] = sale.points.value;
  body["goods"] = hash_text(sale.goods);
  body["cash"] = sale.cash_fen;
  body["expires_us"] = proof.expires_us;
  if (!goods.empty()) body["lines"] = goods_json(goods);
  return js::serialize(body);
}

}  // namespace dfb::terminal
