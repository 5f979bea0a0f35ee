// What the server does by itself: points expire and holds run out, each once.
#include "api/server/timekeeper.h"

#include <atomic>

#include "api/programme/due.h"
#include "tests/unit/api/api_town.h"

namespace dfb::routes {
namespace {

class Due : public ApiTown {
 protected:
  void enter(const SignedLine& line) {
    const auto answer = town.run(line);
    ASSERT_TRUE(answer) << to_string(answer.error());
    ASSERT_FALSE(answer->refused);
  }
  void wait_until(TimeUs us) {
    town.clock.advance(us - town.town.now_us);
    town.town.now_us = us;
  }
  std::size_t due() { return programme::due_commands(*store->snapshot(), town.town.now_us, 100).size(); }
  book::Account resident() {
    return store->snapshot()->get<book::Account>({people.resident.account}).value();
  }

  test::Town& people = town.town;
  std::vector<std::string> said;
};

// Knows no key from the second question on, until it is mended: then the look ends while its first command is
// on its way.
class FailingKeys final : public check::KeySource {
 public:
  explicit FailingKeys(const check::KeySource& keys) : keys_(keys) {}
  std::optional<PublicKey> key(const KeyId& id) const override {
    if (fails && asked++ > 0) return std::nullopt;
    return keys_.key(id);
  }
  mutable std::atomic<int> asked = 0;
  std::atomic<bool> fails = true;

 private:
  const check::KeySource& keys_;
};

TEST_F(Due, ALookThatEndsEarlyLeavesNoAnswerInTheAir) {
  for (const auto& who : {people.resident, people.sibling}) {
    enter(people.award(who, 60));
    enter(people.reserve(who, 10, people.now_us + kHourUs));
  }
  wait_until(people.now_us + kHourUs);
  ASSERT_EQ(due(), 2U);
  FailingKeys keys(town.keys);
  server::Timekeeper timekeeper(
      {test::kTownOrigin, *store, *town.writer, keys, server_keys, town.clock, [](const std::string&) {}});
  while (keys.asked < 2) std::this_thread::yield();  // the keeper's own first look
  while (due() == 2) std::this_thread::yield();      // what it had sent is entered all the same
  EXPECT_EQ(due(), 1U);
  keys.asked = 1;
  EXPECT_THROW(timekeeper.run_once(), std::runtime_error);
  keys.fails = false;
  EXPECT_EQ(timekeeper.run_once(), 1);
  EXPECT_EQ(due(), 0U);
}

TEST_F(Due, ExpiresAndReleasesWhatIsDueOnce) {
  enter(people.award(people.resident, 60));
  enter(people.check_in(people.sibling));
  const auto reservation = people.reserve(people.resident, 10, people.now_us + kHourUs);
  enter(reservation);
  enter(people.allowance(people.resident, 20, people.now_us + kHourUs));
  const auto spent = people.allowance(people.sibling, 20, people.now_us + kHourUs);
  enter(spent);
  enter(people.redeem_offline(people.sibling, spent.id, 1, 20));
  EXPECT_EQ(due(), 0U);
  wait_until(people.now_us + kHourUs);
  EXPECT_EQ(due(), 1U) << "the reservation; allowances wait for their upload days, spent or not";
  wait_until(people.now_us + 7 * kDayUs);
  EXPECT_EQ(due(), 3U);
  server::Timekeeper timekeeper({test::kTownOrigin, *store, *town.writer, town.keys, server_keys, town.clock,
                                 [](const std::string&) {}});
  while (due() != 0) std::this_thread::yield();
  EXPECT_EQ(resident().held.value, 0);
  EXPECT_EQ(resident().balance.value, 60);

  wait_until(day_start_us(parse_day("2027-12-01").value()));
  EXPECT_EQ(due(), 2U) << "one lot of each of the two";
  timekeeper.run_once();
  EXPECT_EQ(due(), 0U);
  EXPECT_EQ(resident().balance.value, 0);
  EXPECT_EQ(store->snapshot()->get<book::Account>({book::kExpired})->balance.value, 90);
  EXPECT_EQ(timekeeper.run_once(), 0);
}

}  // namespace
}  // namespace dfb::routes
