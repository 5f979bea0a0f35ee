#include "ledger/book/outcome.h"

#include "ledger/base/strict_json.h"
#include "ledger/book/lots_json.h"

namespace dfb::book {
namespace {

constexpr std::size_t kLotsMax = 4096;
constexpr std::int64_t kNumberMax = (std::int64_t{1} << 53) - 1;

std::optional<std::int64_t> read_number(json::Fields& fields, std::string_view name) {
  if (!fields.has(name)) return std::nullopt;
  return fields.integer(name, 0, kNumberMax);
}

std::optional<Points> read_points(json::Fields& fields, std::string_view name) {
  if (!fields.has(name)) return std::nullopt;
  return Points{fields.integer(name, 0, kBalanceMax)};
}

Lots read_lots_field(json::Fields& fields, std::string_view name) {
  if (!fields.has(name)) return {};
  auto lots = read_lots(fields.array(name, kLotsMax));
  if (!lots || lots->empty()) {
    fields.refuse(std::string(name) + ": " + (lots ? "no lots" : lots.error().detail));
    return {};
  }
  return *std::move(lots);
}

template <class T, class Parse>
std::optional<T> read_text(json::Fields& fields, std::string_view name, std::size_t max_size, Parse parse) {
  if (!fields.has(name)) return std::nullopt;
  Result<T> value = parse(fields.text(name, max_size));
  if (value) return *std::move(value);
  fields.refuse(std::string(name) + ": " + value.error().detail);
  return std::nullopt;
}

Result<Code> parse_refusal(std::string_view text) {
  auto code = code_from_name(text);
  if (!code || !is_refusal(*code)) return fail(Code::malformed, "no such refusal");
  return Result<Code>(boost::system::in_place_value, *code);
}

}  // namespace

std::string format_outcome(const Outcome& outcome) {
  json::Writer out;
  auto number = [&](std::string_view field, const std::optional<std::int64_t>& value) {
    if (value) out.field(field, *value);
  };
  auto points = [&](std::string_view field, const std::optional<Points>& value) {
    if (value) out.field(field, value->value);
  };
  auto lots = [&](std::string_view field, const Lots& value) {
    if (!value.empty()) write_lots(out.key(field), value);
  };
  out.begin_object();
  if (outcome.refused) out.field("refused", name(*outcome.refused));
  number("policy", outcome.policy);
  points("points", outcome.points);
  if (outcome.budget) out.field("budget", to_string(*outcome.budget));
  lots("ate", outcome.ate);
  lots("got", outcome.got);
  points("held", outcome.held);
  points("lapsed", outcome.lapsed);
  number("undone", outcome.undone);
  if (outcome.burnt) out.field("burnt", to_string(*outcome.burnt));
  points("unrecovered", outcome.unrecovered);
  return out.end_object().take();
}

Result<Outcome> parse_outcome(std::string_view line) {
  DFB_TRY(auto value, json::parse(line));
  json::Fields fields(value);
  Outcome outcome;
  outcome.refused = read_text<Code>(fields, "refused", 64, parse_refusal);
  outcome.policy = read_number(fields, "policy");
  outcome.points = read_points(fields, "points");
  outcome.budget = read_text<AccountId>(fields, "budget", 13, parse_account);
  outcome.ate = read_lots_field(fields, "ate");
  outcome.got = read_lots_field(fields, "got");
  outcome.held = read_points(fields, "held");
  outcome.lapsed = read_points(fields, "lapsed");
  outcome.undone = read_number(fields, "undone");
  outcome.burnt = read_text<Uuid>(fields, "burnt", 36, parse_uuid);
  outcome.unrecovered = read_points(fields, "unrecovered");
  DFB_TRY_VOID(fields.done());
  return outcome;
}

}  // namespace dfb::book
