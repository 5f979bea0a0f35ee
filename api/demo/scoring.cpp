#include "api/demo/scoring.h"

#include <algorithm>
#include <boost/json.hpp>
#include <set>

namespace dfb::demo {
namespace {

namespace js = boost::json;
using namespace book;

constexpr const char* kFields[] = {"id",   "zh",     "en",    "kind",   "points",
                                   "caps", "unique", "proof", "review", "expiry_months"};

// Reads one item; the first field that is wrong is the one that is told.
class Item {
 public:
  explicit Item(const js::object& object) : object_(object) {
    for (const auto& field : object)
      if (std::find(std::begin(kFields), std::end(kFields), field.key()) == std::end(kFields))
        refuse(field.key(), "is unknown");
  }
  std::string text(std::string_view field) {
    const js::value* value = object_.if_contains(field);
    if (value && value->is_string()) return std::string(value->get_string());
    refuse(field, "is no text");
    return {};
  }
  std::int64_t number(std::string_view field, std::int64_t least, std::int64_t most) {
    const js::value* value = object_.if_contains(field);
    if (value && value->is_int64() && value->get_int64() >= least && value->get_int64() <= most)
      return value->get_int64();
    refuse(field, "is no number of its range");
    return least;
  }
  template <class Word>
  Word word(std::string_view field) {
    Word out{};
    const auto parsed = parse(text(field), out);
    if (!parsed) refuse(field, parsed.error().detail);
    return out;
  }
  std::vector<Cap> caps() {
    std::vector<Cap> out;
    const js::value* value = object_.if_contains("caps");
    if (!value || !value->is_array()) {
      refuse("caps", "is no list");
      return out;
    }
    for (const js::value& one : value->get_array()) {
      const auto cap = one.is_string() ? parse_cap(std::string_view(one.get_string()))
                                       : Result<Cap>(fail(Code::malformed, "is no text"));
      if (cap) {
        out.push_back(*cap);
      } else {
        refuse("caps", cap.error().detail);
      }
    }
    return out;
  }
  Result<void> done(std::size_t number) const {
    if (wrong_.empty()) return ok();
    return fail(Code::malformed, "scoring item " + std::to_string(number + 1) + ": " + wrong_);
  }
  void refuse(std::string_view field, std::string_view why) {
    if (wrong_.empty()) wrong_ = std::string(field) + ": " + std::string(why);
  }

 private:
  const js::object& object_;
  std::string wrong_;
};

ScoringItem read(Item& item) {
  ScoringItem out;
  out.zh = item.text("zh"), out.en = item.text("en");
  out.rule.id = item.text("id"), out.rule.kind = item.text("kind");
  out.rule.points = {item.number("points", 1, kPointsMax.value)};
  out.rule.caps = item.caps();
  out.rule.unique = item.word<Unique>("unique");
  out.rule.proof = item.word<RuleProof>("proof");
  out.rule.review = item.word<Review>("review");
  out.rule.expiry_months = static_cast<int>(item.number("expiry_months", 1, 120));
  return out;
}

}  // namespace

Result<std::vector<ScoringItem>> parse_scoring(std::string_view text) {
  boost::system::error_code error;
  const js::value root = js::parse(text, error);
  const js::object* file = error ? nullptr : root.if_object();
  const js::value* rules = file && file->size() == 1 ? file->if_contains("rules") : nullptr;
  if (!rules || !rules->is_array() || rules->get_array().empty())
    return fail(Code::malformed, "the scoring items are an object with the list `rules`");
  std::vector<ScoringItem> items;
  std::set<std::string> met;
  for (const js::value& one : rules->get_array()) {
    const js::object none;
    Item item(one.is_object() ? one.get_object() : none);
    ScoringItem read = demo::read(item);
    for (const std::string* name : {&read.rule.id, &read.zh, &read.en})
      if (!met.insert(*name).second) item.refuse("id, zh, en", *name + " stands twice");
    DFB_TRY_VOID(item.done(items.size()));
    items.push_back(std::move(read));
  }
  return items;
}

}  // namespace dfb::demo
