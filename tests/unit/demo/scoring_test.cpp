// The demo town's scoring items: the file, the policy that it makes, and the names that people read.
#include "api/demo/scoring.h"

#include <gtest/gtest.h>

#include <set>

#include "api/demo/founding.h"
#include "api/programme/labels.h"
#include "api/programme/schema.h"
#include "tests/support/memory_ledger.h"
#include "tests/support/temp_folder.h"

namespace dfb::demo {
namespace {

using namespace book;

constexpr std::size_t kLeafBytesMax = 65'535;

std::vector<ScoringItem> items() { return parse_scoring(scoring_text()).value(); }

const Rule* find(const std::vector<ScoringItem>& items, std::string_view id) {
  for (const auto& item : items)
    if (item.rule.id == id) return &item.rule;
  return nullptr;
}

TEST(Scoring, HasSeventyTwoItemsWithTwoTitlesEach) {
  std::set<std::string> ids, zh, en;
  for (const auto& item : items()) {
    ids.insert(item.rule.id), zh.insert(item.zh), en.insert(item.en);
    EXPECT_TRUE(is_name(item.rule.id)) << item.rule.id;
    EXPECT_TRUE(programme::check_label({"rule", item.rule.id, item.zh, item.en, "", ""})) << item.rule.id;
    EXPECT_FALSE(item.rule.caps.empty()) << item.rule.id << ": nothing is earned without bound";
    EXPECT_GT(item.rule.points.value, 0);
  }
  EXPECT_EQ(ids.size(), 72U);
  EXPECT_EQ(zh.size(), 72U);
  EXPECT_EQ(en.size(), 72U);
}

// The rates that are known, and every kind of act that can earn.
TEST(Scoring, PaysTheKnownRatesForEveryKindOfAct) {
  const auto all = items();
  for (const auto& [id, points] :
       {std::pair("patrol", 50), {"cleaning", 25}, {"publicity", 30}, {"reading", 2}}) {
    ASSERT_NE(find(all, id), nullptr) << id;
    EXPECT_EQ(find(all, id)->points.value, points) << id;
  }
  std::set<std::string> kinds;
  for (const auto& item : all) kinds.insert(item.rule.kind);
  EXPECT_EQ(kinds, (std::set<std::string>{"adoption", "attendance", "award", "checkin", "opinion", "report",
                                          "vote"}));
}

TEST(Scoring, IsAPolicyThatTheBookTakes) {
  test::Town town;
  test::MemoryLedger ledger;
  for (const auto& line : town.founding()) ASSERT_TRUE(ledger.apply(line, town.now_us));
  Policy policy = town.policy;
  policy.version = 2, policy.from_us = town.now_us;
  policy.rules.clear();
  for (const auto& item : items()) policy.rules.push_back(item.rule);
  const auto line = town.publish(policy);
  EXPECT_LT(line.payload.size(), kLeafBytesMax / 2) << "a leaf has room for it";
  const auto applied = ledger.apply(line, town.now_us);
  ASSERT_TRUE(applied) << to_string(applied.error());
  const auto row = ledger.rows().get<PolicyRow>({2});
  ASSERT_TRUE(row);
  EXPECT_EQ(std::get<PublishPolicy>(parse_payload(row->payload)->body).policy.rules.size(), 72U);
}

TEST(Scoring, IsInForceInTheDemoTownAndEveryItemHasALabel) {
  const test::TempFolder folder;
  const auto store = store::open_sqlite(folder.path("town.db"), programme::migrations()).value();
  ManualClock clock(test::kTownStartUs);
  SeededRandom random(1);
  FoundingKeys keys{{}, PrivateKey::generate(Algorithm::p256), PrivateKey::generate(Algorithm::ed25519)};
  for (int i = 0; i < 3; ++i) keys.roots.push_back(PrivateKey::generate(Algorithm::p256));
  KeyCache cache(*store);
  const auto writer =
      Writer::start(*store, keys.log, clock,
                    {.origin = test::kTownOrigin, .fatal = [](const std::string&) { std::abort(); }})
          .value();
  Entrant entrant(test::kTownOrigin, clock, random);
  const auto town = found_town(*writer, cache, keys, entrant, clock, test::kTownStartUs, {3, 2, 1, {}});
  ASSERT_TRUE(town) << to_string(town.error());
  const auto view = store->snapshot();
  State state(*view);
  const Policy* policy = state.policy_at(clock.now_us());
  ASSERT_NE(policy, nullptr);
  EXPECT_EQ(policy->rules.size(), 72U);
  for (const Rule& rule : policy->rules) {
    EXPECT_TRUE(programme::find_label(view->sql(), "rule", rule.id)) << rule.id;
    if (rule.kind == "checkin" || rule.kind == "award") continue;
    const auto task = view->get<TaskRow>({rule.id});
    EXPECT_TRUE(task && task->data.rule == rule.id) << rule.id << ": nobody pays for it";
  }
  writer->stop();
}

TEST(Scoring, AWrongFileIsNamed) {
  const std::string good =
      R"({"id":"a","zh":"甲","en":"A","kind":"vote","points":3,"caps":["account/day:1"],"unique":"once",)"
      R"("proof":"none","review":"none","expiry_months":12})";
  const auto file = [](const std::string& rules) { return R"({"rules":[)" + rules + "]}"; };
  ASSERT_TRUE(parse_scoring(file(good)));
  const auto with = [&](const std::string& from, const std::string& to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return file(text);
  };
  for (const auto& [text, named] : std::initializer_list<std::pair<std::string, std::string>>{
           {"", "rules"},
           {"[]", "rules"},
           {file(""), "rules"},
           {R"({"rules":[],"more":1})", "rules"},
           {file("1"), "item 1"},
           {file(good + "," + good), "item 2"},
           {with(R"("points":3)", R"("points":0)"), "points"},
           {with(R"("points":3)", R"("points":-3)"), "points"},
           {with(R"("points":3)", R"("points":"3")"), "points"},
           {with(R"("caps":["account/day:1"])", R"("caps":["person/day:1"])"), "caps"},
           {with(R"("caps":["account/day:1"])", R"("caps":1)"), "caps"},
           {with(R"("unique":"once")", R"("unique":"twice")"), "unique"},
           {with(R"("review":"none")", R"("review":"none","more":1)"), "more"},
           {with(R"("zh":"甲",)", ""), "zh"},
           {with(R"("expiry_months":12)", R"("expiry_months":121)"), "expiry_months"}}) {
    const auto parsed = parse_scoring(text);
    ASSERT_FALSE(parsed) << text;
    EXPECT_NE(parsed.error().detail.find(named), std::string::npos) << parsed.error().detail;
  }
}

}  // namespace
}  // namespace dfb::demo
