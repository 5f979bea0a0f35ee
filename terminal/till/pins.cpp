#include "terminal/till/pins.h"

#include "ledger/base/encoding.h"
#include "ledger/base/strict_json.h"

namespace dfb::terminal {
namespace {

constexpr std::int64_t kPinsIntegerMax = (std::int64_t{1} << 53) - 1;
constexpr std::size_t kPinsMost = 1'000'000, kSpkiTextMax = 200, kNameTextMax = 200;

template <class T>
T taken(json::Fields& fields, std::string_view name, Result<T> parsed) {
  if (parsed) return std::move(parsed).value();
  fields.refuse(std::string(name) + ": " + parsed.error().detail);
  return {};
}

Result<void> read_allowance(const json::Value& value, Pins& pins) {
  json::Fields fields(value);
  PinnedAllowance one;
  const Uuid id = taken(fields, "id", parse_uuid(fields.text("id", 36)));
  one.spki = taken(fields, "key", base64url_decode(fields.text("key", kSpkiTextMax)));
  one.account = taken(fields, "account", book::parse_account(fields.text("account", 13)));
  one.points = {fields.integer("points", 1, book::kPointsMax.value)};
  one.until_us = fields.integer("until", 0, kPinsIntegerMax);
  one.name = taken(fields, "name", base64url_decode(fields.text("name", kNameTextMax)));
  DFB_TRY_VOID(fields.done());
  pins.allowances.emplace(id, std::move(one));
  return ok();
}

Result<void> read_name(const json::Value& value, Pins& pins) {
  json::Fields fields(value);
  const auto account = taken(fields, "account", book::parse_account(fields.text("account", 13)));
  std::string name = taken(fields, "name", base64url_decode(fields.text("name", kNameTextMax)));
  DFB_TRY_VOID(fields.done());
  pins.names.emplace(account, std::move(name));
  return ok();
}

}  // namespace

book::Points Pins::allowed() const {
  book::Points sum;
  for (const auto& [id, one] : allowances) sum.value += one.points.value;
  return sum;
}

std::string Pins::name_of(book::AccountId account) const {
  if (const auto kept = names.find(account); kept != names.end()) return kept->second;
  for (const auto& [id, one] : allowances)
    if (one.account == account) return one.name;
  return {};
}

void Pins::keep_names(const std::set<book::AccountId>& of) {
  std::map<book::AccountId, std::string> kept;
  for (const book::AccountId account : of)
    if (std::string name = name_of(account); !name.empty()) kept.emplace(account, std::move(name));
  names = std::move(kept);
}

void Pins::drop_expired(TimeUs town_us) {
  std::erase_if(allowances, [&](const auto& one) { return one.second.until_us <= town_us; });
}

std::string format_pins(const Pins& pins) {
  json::Writer out;
  out.begin_object().field("v", std::int64_t{2}).field("policy", pins.policy_version);
  out.field("till_points", pins.till_points.value).field("hours", pins.hours);
  out.field("synced", pins.synced_us).field("off", pins.off_us).field("last", pins.last_seq);
  out.field("tills", pins.tills).field("suspended", std::int64_t{pins.suspended ? 1 : 0});
  out.key("stopped").begin_array();
  for (const Uuid& id : pins.stopped) out.value(to_string(id));
  out.end_array().key("allowances").begin_array();
  for (const auto& [id, one] : pins.allowances) {
    out.begin_object().field("id", to_string(id)).field("key", base64url_encode(one.spki));
    out.field("account", to_string(one.account)).field("points", one.points.value);
    out.field("until", one.until_us).field("name", base64url_encode(one.name)).end_object();
  }
  out.end_array().key("names").begin_array();
  for (const auto& [account, name] : pins.names)
    out.begin_object().field("account", to_string(account)).field("name", base64url_encode(name)).end_object();
  out.end_array().end_object();
  return out.take();
}

Result<Pins> parse_pins(std::string_view text) {
  DFB_TRY(const json::Value value, json::parse(text));
  json::Fields fields(value);
  Pins pins;
  fields.integer("v", 2, 2);
  pins.policy_version = fields.integer("policy", 0, kPinsIntegerMax);
  pins.till_points = {fields.integer("till_points", 0, book::kPointsMax.value)};
  pins.hours = fields.integer("hours", 0, 36'500);
  pins.synced_us = fields.integer("synced", 0, kPinsIntegerMax);
  pins.off_us = fields.integer("off", -kPinsIntegerMax, kPinsIntegerMax);
  pins.last_seq = fields.integer("last", -1, kPinsIntegerMax);
  pins.tills = fields.integer("tills", 0, kPinsIntegerMax);
  pins.suspended = fields.integer("suspended", 0, 1) == 1;
  for (const json::Value& one : fields.array("stopped", kPinsMost)) {
    const auto* id = std::get_if<std::string>(&one.data);
    if (id == nullptr) return fail(Code::malformed, "stopped: not a text");
    DFB_TRY(const Uuid parsed, parse_uuid(*id));
    pins.stopped.insert(parsed);
  }
  for (const json::Value& one : fields.array("allowances", kPinsMost))
    DFB_TRY_VOID(read_allowance(one, pins));
  for (const json::Value& one : fields.array("names", kPinsMost)) DFB_TRY_VOID(read_name(one, pins));
  DFB_TRY_VOID(fields.done());
  return pins;
}

}  // namespace dfb::terminal
