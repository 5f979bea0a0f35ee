// Every fault of a line in every state of a sale: delayed, swallowed one way or the other, cut, doubled. The till's
// own parts and a real town, with real TLS and a relay between. Whatever happens, what the till says in the end is
// what the ledger holds, and nothing is charged twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "api/demo/fault_proxy.h"
#include "terminal/counter/counter.h"
#include "terminal/link/link.h"
#include "tests/e2e/live_town.h"

namespace dfb::e2e {
namespace {

using namespace terminal;

enum class State : std::uint8_t { presenting, waiting, offering, word, sending, asking, cancelling };
constexpr std::pair<State, const char*> kStates[] = {
    {State::presenting, "presenting"}, {State::waiting, "waiting"},       {State::offering, "offering"},
    {State::word, "word"},             {State::sending, "sending"},       {State::asking, "asking"},
    {State::cancelling, "cancelling"},
};

enum class Fault : std::uint8_t { late, no_requests, no_answers, cut, twice };
constexpr std::pair<Fault, const char*> kFaults[] = {{Fault::late, "late"},
                                                     {Fault::no_requests, "no_requests"},
                                                     {Fault::no_answers, "no_answers"},
                                                     {Fault::cut, "cut"},
                                                     {Fault::twice, "twice"}};

void spoil(demo::FaultProxy& proxy, Fault fault, bool on) {
  switch (fault) {
    case Fault::late:
      return proxy.delay(milliseconds(on ? 150 : 0));
    case Fault::no_requests:
      return proxy.lose_requests(on);
    case Fault::no_answers:
      return proxy.lose_answers(on);
    case Fault::cut:
      return proxy.cut(on);
    case Fault::twice:
      return proxy.twice(on);
  }
}

// The link, which says before each exchange in which state of the sale it is made.
class ToldLine final : public terminal::Line {
 public:
  ToldLine(terminal::Line& line, std::function<void(State)> before) : line_(line), before_(std::move(before)) {}
  Result<TillInfo> info() override { return line_.info(); }
  Result<Customer> present(std::string_view code) override { return told(State::presenting), line_.present(code); }
  Result<Reservation> reservation(const Uuid& hold) override { return line_.reservation(hold); }
  Result<std::string> attest(book::AccountId card, std::string_view pin, const Uuid& sale,
                             book::Points points) override {
    return line_.attest(card, pin, sale, points);
  }
  Result<void> offer(const std::string& quote) override { return told(State::offering), line_.offer(quote); }
  Result<CustomersWord> word(const Uuid& sale) override { return told(State::word), line_.word(sale); }
  Result<std::vector<ShopGood>> goods() override { return line_.goods(); }
  Result<std::vector<StaffMember>> staff() override { return line_.staff(); }
  Result<StaffVerdict> staff_pin(const std::string& staff, std::string_view pin,
                                 const std::string& unlock) override {
    return line_.staff_pin(staff, pin, unlock);
  }
  Result<Reply> post(Route route, const std::string& command) override {
    told(route == Route::cancels ? State::cancelling : State::sending);
    return line_.post(route, command);
  }
  Result<Reply> enquire(const Uuid& id) override { return told(State::asking), line_.enquire(id); }
  Result<std::vector<LogKeyChange>> log_keys() override { return line_.log_keys(); }
  Result<OfflineNews> offline_news(std::int64_t after, std::int64_t policy_version) override {
    return line_.offline_news(after, policy_version);
  }
  Result<std::vector<Reply>> upload(const std::string& sales) override { return line_.upload(sales); }
  Result<LeafPage> leaves(std::optional<std::int64_t> before) override { return line_.leaves(before); }
  Result<std::string> tile(int level, std::int64_t index, int width) override {
    return line_.tile(level, index, width);
  }

 private:
  void told(State state) { before_(state); }
  terminal::Line& line_;
  std::function<void(State)> before_;
};

class BadLine : public testing::TestWithParam<std::pair<Fault, const char*>> {
 protected:
  void sell_through(State state, Fault fault);
  // A customer who has not paid yet: the next code of one who has is five seconds away.
  Phone next_customer() { return town_.resident(resident_++); }
  int resident_ = 1;
  LiveTown town_;
  const Till till_ = town_.enrol_till(1);
};

void BadLine::sell_through(State state, Fault fault) {
  Phone phone = next_customer();
  std::int64_t before = town_.balance(phone);
  // The customer's phone is asked where the test is about that; its owner says no more.
  const bool by_phone = state == State::offering || state == State::word;
  const std::int64_t limit = by_phone ? 2 : 100, points = 5;

  demo::FaultProxy proxy(static_cast<std::uint16_t>(town_.port() + 1));
  const Folder folder{till_.folder};
  terminal::Setup setup = load_setup(folder).value();
  const auto key = load_private_key(folder.key()).value();
  const auto vkey = log::parse_vkey(setup.log_vkey).value();
  Link link("https://localhost:" + std::to_string(proxy.port()), folder, 400);
  // The states behind a lost answer are reached by losing one.
  bool spoilt = false, lost = false;
  ToldLine line(link, [&](State now) {
    const bool behind = state == State::asking || state == State::cancelling;
    if (now == State::sending && behind && !lost) {
      lost = true;
      proxy.lose_answers(true);
    }
    if (now == state && !spoilt) {
      spoilt = true;
      if (behind) proxy.lose_answers(false);
      spoil(proxy, fault, true);
    }
  });
  History history;
  Journal journal =
      Journal::open(folder.journal(), [&](const terminal::Record& record) { return history.add(record); }).value();
  SystemClock clock;
  SystemRandom random;
  std::vector<Do> shown;
  Counter counter({journal, history, line, key, setup, vkey, clock, random,
                   Timing{400'000, 1'200'000, 100'000, 2 * kSecondUs, 200'000},
                   [&](Do what, const Sale&) { shown.push_back(what); }});
  // A busy machine may take longer to begin than this line waits.
  bool greeted = false;
  for (int i = 0; i < 20 && !greeted; ++i) greeted = counter.greet().has_value();
  ASSERT_TRUE(greeted);

  // Ticks for so long, or until it is settled or a person is needed.
  Counter::Wait wait = std::optional<TimeUs>();
  const auto pump = [&](seconds most) {
    const auto until = std::chrono::steady_clock::now() + most;
    while (wait.value() && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::microseconds(*wait.value()));
      wait = counter.tick();
    }
  };
  wait = counter.scan(town_.pay_code(phone, limit));
  if (state == State::presenting && counter.sale().phase != Phase::ready) {
    // Nobody was charged; with the line mended the next customer pays.
    EXPECT_EQ(town_.balance(phone), before);
    spoil(proxy, fault, false);
    phone = next_customer(), before = town_.balance(phone);
    wait = counter.scan(town_.pay_code(phone, limit));
  }
  ASSERT_EQ(counter.sale().phase, Phase::ready) << name(counter.sale().why.code) << " " << counter.sale().why.detail;
  if (state == State::waiting) spoil(proxy, fault, true);
  wait = counter.amount(book::Points{points}, 0);
  pump(seconds(3));
  proxy.lose_answers(false);
  spoil(proxy, fault, false);
  pump(seconds(20));

  const Sale& sale = counter.sale();
  EXPECT_FALSE(is_open(sale)) << "not settled: " << name(sale.phase);
  const bool charged = sale.phase == Phase::done;
  EXPECT_EQ(town_.balance(phone), before - (charged ? points : 0)) << name(sale.phase);
  EXPECT_EQ(std::count(shown.begin(), shown.end(), Do::show_done), charged ? 1 : 0);
  EXPECT_TRUE(history.unfinished().empty());
  if (by_phone) {
    EXPECT_FALSE(charged) << "nobody said yes";
  }
  if (state == State::waiting && fault == Fault::late) {
    EXPECT_TRUE(charged) << "late is not lost";
  }
  // The same till sells again.
  phone = next_customer(), before = town_.balance(phone);
  wait = counter.scan(town_.pay_code(phone, 100));
  ASSERT_EQ(counter.sale().phase, Phase::ready);
  wait = counter.amount(book::Points{1}, 0);
  pump(seconds(20));
  EXPECT_EQ(counter.sale().phase, Phase::done);
  EXPECT_EQ(town_.balance(phone), before - 1);
}

TEST_P(BadLine, TheTillSaysWhatTheLedgerHolds) {
  for (const auto& [state, name] : kStates) {
    SCOPED_TRACE(name);
    sell_through(state, GetParam().first);
  }
}

INSTANTIATE_TEST_SUITE_P(Faults, BadLine, testing::ValuesIn(kFaults),
                         [](const auto& row) { return std::string(row.param.second); });

}  // namespace
}  // namespace dfb::e2e
