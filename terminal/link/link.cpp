#include "terminal/link/link.h"

#include <boost/json.hpp>

#include "ledger/base/encoding.h"
#include "ledger/book/card_number.h"
#include "ledger/crypto/signed_message.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/cosignature.h"

namespace dfb::terminal {
namespace {

constexpr std::string_view kRoutes[] = {"/v1/redemptions", "/v1/refunds", "/v1/cancels",
                                         "/v1/shift-reports", "/v1/pick-ups"};

fetch::Options for_till(const Folder& folder, long ms) {
  fetch::Options options = trusting(folder.ca());
  options.cert_file = folder.certificate();
  options.key_file = folder.key();
  options.timeout_ms = ms;
  options.connect_timeout_ms = std::min(options.connect_timeout_ms, ms);
  return options;
}

}  // namespace

fetch::Options trusting(const std::string& ca_file) {
  fetch::Options options;
  options.ca_file = ca_file;
  return options;
}

Result<std::string> good_body(Result<fetch::Response> response) {
  if (!response) return response.error();
  if (response->status == 200 || response->status == 201) return std::move(response->body);
  if (response->status == 503) return fail(Code::busy, "the town is busy or restarting");
  return parse_problem(response->body);
}

Link::Link(std::string terminal_url, const Folder& folder, long answer_after_ms)
    : url_(std::move(terminal_url)), http_(for_till(folder, answer_after_ms)) {}

Result<TillInfo> Link::info() {
  DFB_TRY(const std::string body, good_body(http_.get(url_ + "/v1/till")));
  return parse_till_info(body);
}

Result<Customer> Link::present(std::string_view code) {
  boost::json::object body;
  body["code"] = boost::json::string_view(code.data(), code.size());
  DFB_TRY(const std::string answer,
          good_body(http_.post(url_ + "/v1/presentations", kJson, boost::json::serialize(body))));
  return parse_presentation(answer);
}

Result<Reservation> Link::reservation(const Uuid& hold) {
  DFB_TRY(const std::string body, good_body(http_.get(url_ + "/v1/pick-ups/" + to_string(hold))));
  return parse_reservation(body);
}

Result<std::string> Link::attest(book::AccountId card, std::string_view pin, const Uuid& sale,
                                 book::Points points) {
  boost::json::object body;
  body["card"] = book::card_digits(card);
  body["pin"] = boost::json::string_view(pin.data(), pin.size());
  body["id"] = to_string(sale);
  body["points"] = points.value;
  DFB_TRY(const std::string answer,
          good_body(http_.post(url_ + "/v1/pin", kJson, boost::json::serialize(body))));
  return parse_pin_token(answer);
}

Result<void> Link::offer(const std::string& quote) {
  DFB_TRY_VOID(good_body(http_.post(url_ + "/v1/quotes", kJson, quote)));
  return ok();
}

Result<CustomersWord> Link::word(const Uuid& sale) {
  DFB_TRY(const std::string body, good_body(http_.get(url_ + "/v1/quotes/" + to_string(sale))));
  return parse_word(body);
}

Result<std::vector<ShopGood>> Link::goods() {
  auto body = good_body(http_.get(url_ + "/v1/goods"));
  if (!body && body.error().code == Code::not_found) return std::vector<ShopGood>();  // an older town
  if (!body) return body.error();
  return parse_goods(*body);
}

Result<std::vector<StaffMember>> Link::staff() {
  auto body = good_body(http_.get(url_ + "/v1/staff"));
  if (!body && body.error().code == Code::not_found) return std::vector<StaffMember>();  // an older town
  if (!body) return body.error();
  return parse_staff(*body);
}

Result<StaffVerdict> Link::staff_pin(const std::string& staff, std::string_view pin,
                                     const std::string& unlock) {
  boost::json::object body;
  body["staff"] = staff;
  body["pin"] = boost::json::string_view(pin.data(), pin.size());
  if (!unlock.empty()) body["unlock"] = unlock;
  DFB_TRY(const std::string answer,
          good_body(http_.post(url_ + "/v1/staff/pin", kJson, boost::json::serialize(body))));
  return parse_staff_verdict(answer);
}

Result<Reply> Link::post(Route route, const std::string& signed_command) {
  const std::string url = url_ + std::string(kRoutes[static_cast<std::size_t>(route)]);
  DFB_TRY(const auto response, http_.post(url, kJson, signed_command));
  return parse_reply(response.status, response.body);
}

Result<Reply> Link::enquire(const Uuid& id) {
  DFB_TRY(const auto response, http_.get(url_ + "/v1/commands/" + to_string(id)));
  return parse_reply(response.status, response.body);
}

Result<LeafPage> Link::leaves(std::optional<std::int64_t> before) {
  const std::string query = before ? "?before=" + std::to_string(*before) : "";
  DFB_TRY(const std::string body, good_body(http_.get(url_ + "/v1/till/entries" + query)));
  return parse_leaves(body);
}

Result<std::vector<LogKeyChange>> Link::log_keys() {
  auto body = good_body(http_.get(url_ + "/v1/log/keys"));
  if (!body && body.error().code == Code::not_found) return std::vector<LogKeyChange>();
  if (!body) return body.error();
  return parse_log_keys(*body);
}

Result<OfflineNews> Link::offline_news(std::int64_t after, std::int64_t policy_version) {
  const std::string query =
      "?after=" + std::to_string(after) + "&policy=" + std::to_string(policy_version);
  DFB_TRY(const std::string body, good_body(http_.get(url_ + "/v1/till/offline" + query)));
  return parse_offline_news(body);
}

Result<std::vector<Reply>> Link::upload(const std::string& sales) {
  DFB_TRY(const std::string body, good_body(http_.post(url_ + "/v1/offline-sales", kJson, sales)));
  return parse_offline_answers(body);
}

Result<void> Link::cosign(const Seen& seen, const std::string& origin, const PrivateKey& till,
                          const PrivateKey& witness, std::int64_t unix_s) {
  const std::string name = origin + "/till/" + hash_text(till.public_key().id());
  const std::string vkey =
      format_vkey(log::make_vkey(name, log::NoteKeyType::cosignature, witness.public_key()));
  boost::json::object body;
  body["checkpoint"] = log::format_checkpoint({origin, seen.size, seen.root});
  body["cosignature"] = log::cosign(body["checkpoint"].as_string(), name, witness, unix_s);
  body["vkey"] = vkey;
  body["signature"] = base64url_encode(sign(till, SignedKind::witness, origin, vkey));
  DFB_TRY_VOID(good_body(http_.post(url_ + "/v1/log/cosignatures", kJson, boost::json::serialize(body))));
  return ok();
}

Result<std::string> Link::fetch_tile(int level, std::int64_t index, int width) {
  const std::string path = log::format_tile_path({false, level, index, width});
  DFB_TRY(auto response, http_.get(url_ + "/log/" + path));
  if (response.status == 404) return fail(Code::not_found, "the town's log has no " + path);
  if (response.status != 200)
    return fail(Code::internal, path + ": the town answered with status " + std::to_string(response.status));
  return std::move(response.body);
}

Result<std::string> Link::tile(int level, std::int64_t index, int width) {
  auto tile = fetch_tile(level, index, width);
  if (tile || width == log::kTileWidth || tile.error().code != Code::not_found) return tile;
  DFB_TRY(auto full, fetch_tile(level, index, log::kTileWidth));
  return full.substr(0, static_cast<std::size_t>(width) * 32);
}

}  // namespace dfb::terminal
