// Every fault of a line in every state of a sale: delayed, swallowed one way or the other, cut, doubled. The till's
// own parts and a real town, with real TLS and a relay between. Whatever happens, what the till says in the end is
// what the ledger holds, and nothing is charged twice.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <thread>

#include "api/demo/fault_proxy.h"
#include "api/demo/officer_commands.h"
#include "ledger/base/encoding.h"
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

// A till's own parts at the other end of a line that can be made bad.
struct BadlyConnected {
  explicit BadlyConnected(LiveTown& the_town, const Till& till)
      : town(the_town), proxy(static_cast<std::uint16_t>(the_town.port() + 1)), folder{till.folder} {
    bool greeted = false;
    for (int i = 0; i < 20 && !greeted; ++i) greeted = counter.greet().has_value();
    EXPECT_TRUE(greeted);
  }
  // Ticks for so long, or until it is settled or a person is needed.
  void pump(seconds most) {
    const auto until = std::chrono::steady_clock::now() + most;
    while (wait.value() && std::chrono::steady_clock::now() < until) {
      std::this_thread::sleep_for(std::chrono::microseconds(*wait.value()));
      wait = counter.tick();
    }
  }
  Past sell(const Phone& phone, std::int64_t points) {
    wait = counter.scan(town.pay_code(phone, 100));
    EXPECT_EQ(counter.sale().phase, Phase::ready);
    wait = counter.amount(book::Points{points}, 0);
    pump(seconds(20));
    EXPECT_EQ(counter.sale().phase, Phase::done);
    return *history.by_id(counter.sale().id);
  }

  LiveTown& town;
  demo::FaultProxy proxy;
  const Folder folder;
  const terminal::Setup setup = load_setup(folder).value();
  const PrivateKey key = load_private_key(folder.key()).value();
  const log::Vkey vkey = log::parse_vkey(setup.log_vkey).value();
  Link link{"https://localhost:" + std::to_string(proxy.port()), folder, 400};
  std::function<void(State)> before;  // each exchange of a sale
  ToldLine line{link, [this](State now) {
                  if (before) before(now);
                }};
  History history;
  Journal journal =
      Journal::open(folder.journal(), [&](const terminal::Record& record) { return history.add(record); }).value();
  SystemClock clock;
  SystemRandom random;
  std::vector<Do> shown;
  Counter counter{{journal, history, line, key, setup, vkey, clock, random,
                   Timing{400'000, 1'200'000, 100'000, 2 * kSecondUs, 200'000},
                   [this](Do what, const Sale&) { shown.push_back(what); }}};
  Counter::Wait wait = std::optional<TimeUs>();
};

TEST_P(BadLine, WhatIsGivenBackAndVoidedIsWhatTheLedgerHolds) {
  const Phone phone = next_customer(), other = next_customer();
  const std::int64_t before = town_.balance(phone), before_other = town_.balance(other);
  BadlyConnected till(town_, till_);
  const Past sold = till.sell(phone, 9), voided = till.sell(other, 7);
  const auto through_the_fault = [&](auto begin) {
    spoil(till.proxy, GetParam().first, true);
    till.wait = begin();
    till.pump(seconds(2));
    spoil(till.proxy, GetParam().first, false);
    till.pump(seconds(20));
    const Sale& sale = till.counter.sale();
    EXPECT_FALSE(is_open(sale)) << name(sale.phase);
    return sale.phase == Phase::done;
  };
  const bool given = through_the_fault(
      [&] { return till.counter.refund(sold.id, sold.account, book::Points{4}, "broken bag"); });
  EXPECT_EQ(town_.balance(phone), before - 9 + (given ? 4 : 0));
  const bool undone = through_the_fault([&] { return till.counter.undo(voided, "s-02"); });
  EXPECT_EQ(town_.balance(other), before_other - (undone ? 0 : 7));
  EXPECT_TRUE(till.history.unfinished().empty());
  EXPECT_TRUE(through_the_fault([&] { return till.counter.read_shift(); }) ||
              till.counter.sale().why.code == Code::unreachable)
      << "the town adds up the same, or was never asked: " << to_string(till.counter.sale().why);
  EXPECT_TRUE(through_the_fault([&] { return till.counter.close_shift(); }))
      << "the town adds up the same: " << to_string(till.counter.sale().why);
}

TEST_P(BadLine, ACardsPinGoesThroughTheFaultAndStaysNowhere) {
  constexpr const char* kPin = "739158";
  const std::string digits = must(demo::issue_card(town_.path(""), town_.url(), kPin), "the card");
  const PrivateKey office = town_.key("administrator-1");
  BadlyConnected till(town_, till_);
  till.wait = till.counter.scan(digits);
  ASSERT_EQ(till.counter.sale().phase, Phase::ready) << to_string(till.counter.sale().why);
  const std::string account = "/v1/accounts/" + to_string(till.counter.sale().customer.account);
  const auto balance = [&] {
    return must(town_.signed_in(office).get(account), "the balance").at("balance").as_int64();
  };
  const std::int64_t before = balance();
  till.wait = till.counter.amount(book::Points{5}, 0);
  ASSERT_EQ(till.counter.sale().phase, Phase::pin);
  spoil(till.proxy, GetParam().first, true);
  till.wait = till.counter.pin(kPin);
  till.pump(seconds(2));
  spoil(till.proxy, GetParam().first, false);
  till.pump(seconds(20));
  for (int tries = 0; tries < 3 && till.counter.sale().phase == Phase::pin; ++tries) {
    EXPECT_EQ(balance(), before);
    till.wait = till.counter.pin(kPin);
    till.pump(seconds(20));
  }
  const Sale& sale = till.counter.sale();
  EXPECT_TRUE(is_final(sale.phase)) << name(sale.phase) << " " << to_string(sale.why);
  EXPECT_EQ(balance(), before - (sale.phase == Phase::done ? 5 : 0));
  std::ifstream journal(till.folder.journal());
  const std::string written(std::istreambuf_iterator<char>(journal), {});
  EXPECT_EQ(written.find(kPin), written.npos);
  EXPECT_EQ(written.find(base64url_encode(kPin)), written.npos);
}

// Each way to pay, with the request or its answer lost for longer than the till waits: the cancel settles it.
class BadLineWays : public testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    must(office_.post("/v1/shops/" + to_string(till_.shop) + "/goods",
                      Json{{"good", "rice"}, {"name_zh", "大米"}, {"name_en", "Rice"}, {"points", 5}, {"stock", 40}}),
         "the goods");
  }
  bool is(const char* way) const { return way == std::string(GetParam()); }
  std::int64_t stock() {
    const Json goods = must(town_.client(till_).get("/v1/goods"), "the goods");
    for (const Json& one : goods.at("goods").as_array())
      if (one.at("good").as_string() == "rice") return one.at("stock").as_int64();
    return -1;
  }
  std::int64_t balance(book::AccountId account) {
    return must(office_.get("/v1/accounts/" + to_string(account)), "the balance").at("balance").as_int64();
  }
  std::string code_of(const Phone& phone) {
    if (is("card")) return must(demo::issue_card(town_.path(""), town_.url(), "739158"), "the card");
    if (!is("pick_up")) return town_.pay_code(phone, is("confirmed") ? 2 : 100);
    book::Hold hold;
    hold.purpose = book::HoldPurpose::reserve, hold.account = phone.account, hold.shop = till_.shop;
    hold.points = book::Points{10}, hold.until_us = clock_.now_us() + kHourUs;
    hold.goods = book::goods_digest({{"rice", 2}});
    const SignedLine line = town_.entrant().sign(hold, {&phone.key});
    must(town_.signed_in(phone.key).post("/v1/holds", line, {{"goods", {{{"good", "rice"}, {"count", 2}}}}}), "the hold");
    return town_.url() + "/#pickup=" + to_string(line.id);
  }
  void say_yes(const Phone& phone) {
    Client client = town_.signed_in(phone.key);
    const auto quotes = must(client.get("/v1/me/quotes"), "the quotes").at("quotes").as_array();
    const std::string line(quotes.at(0).at("line").as_string());
    const std::string id = line.substr(line.find("\"id\":\"") + 6, 36);
    must(client.post("/v1/me/quotes/" + id, Json{{"signature", base64url_encode(sign(phone.key, SignedKind::quote,
                                                                                    town_.facts().origin, line))}}),
         "the yes");
  }
  void pay(BadlyConnected& till, const Phone& phone) {
    const Sale& sale = till.counter.sale();
    const Basket rice = is("goods") ? Basket{{"rice", 2, 5}} : sale.goods;
    till.wait = till.counter.amount(book::Points{10}, 0, rice);
    if (is("card")) till.wait = till.counter.pin("739158");
    if (is("confirmed")) say_yes(phone);
  }

  LiveTown town_;
  const Till till_ = town_.enrol_till(1);
  Client office_ = town_.signed_in(town_.key("administrator-1"));
  SystemClock clock_;
};

TEST_P(BadLineWays, ALostRequestOrAnswerEndsInACancel) {
  BadlyConnected till(town_, till_);
  int customer = 1;
  for (const bool arrives : {true, false}) {
    SCOPED_TRACE(arrives ? "the answer is lost" : "the request is lost");
    const Phone phone = town_.resident(customer++);
    till.wait = till.counter.scan(code_of(phone));
    ASSERT_EQ(till.counter.sale().phase, Phase::ready) << to_string(till.counter.sale().why);
    const book::AccountId account = till.counter.sale().customer.account;
    const std::int64_t before = balance(account), stock_before = stock();
    till.before = [&](State now) {
      if (now != State::sending) return;
      if (arrives)
        till.proxy.lose_answers(true);
      else
        till.proxy.lose_requests(true);
    };
    pay(till, phone);
    till.pump(seconds(2));
    EXPECT_TRUE(is_open(till.counter.sale())) << name(till.counter.sale().phase);
    EXPECT_EQ(balance(account), before - (arrives ? 10 : 0));
    EXPECT_EQ(stock(), stock_before - (is("goods") && arrives ? 2 : 0));
    till.before = {};
    till.proxy.cut(true);
    std::this_thread::sleep_for(milliseconds(300));
    till.proxy.lose_answers(false), till.proxy.lose_requests(false), till.proxy.cut(false);
    till.pump(seconds(20));
    const Sale& sale = till.counter.sale();
    EXPECT_EQ(sale.phase, Phase::cancelled) << name(sale.phase) << " " << to_string(sale.why);
    EXPECT_EQ(sale.effect, arrives ? CancelEffect::undone : CancelEffect::burnt);
    EXPECT_EQ(balance(account), before);
    // What was reserved goes back with the sale that it had become; burnt, the reservation stands.
    EXPECT_EQ(stock(), stock_before + (is("pick_up") && arrives ? 2 : 0));
  }
  till.sell(town_.resident(customer), 3);
  till.wait = till.counter.read_shift();
  till.pump(seconds(20));
  EXPECT_EQ(till.counter.sale().phase, Phase::done) << to_string(till.counter.sale().why);
  till.wait = till.counter.close_shift();
  till.pump(seconds(20));
  EXPECT_EQ(till.counter.sale().phase, Phase::done) << to_string(till.counter.sale().why);
  EXPECT_EQ(town_.audit().status, 0);
}

INSTANTIATE_TEST_SUITE_P(All, BadLineWays, testing::Values("code", "goods", "card", "confirmed", "pick_up"),
                         [](const auto& way) { return std::string(way.param); });

// The answer to a refund is lost, and by the next try the office has revoked the till: the town turns it away without
// a look at what it asks for, which is no word on what was done.
TEST(BadLineRefund, ATownThatTurnsTheTillAwayHasNotRefusedWhatItDid) {
  LiveTown town;
  const Till till = town.enrol_till(1);
  const Phone phone = town.resident(1);
  const std::int64_t before = town.balance(phone);
  BadlyConnected bad(town, till);
  const Past sold = bad.sell(phone, 9);
  bad.proxy.lose_answers(true);
  bad.wait = bad.counter.refund(sold.id, sold.account, book::Points{4}, "broken bag");
  bad.pump(seconds(2));
  ASSERT_TRUE(is_open(bad.counter.sale()));
  ASSERT_EQ(town.balance(phone), before - 5) << "it was given back";
  const PrivateKey office = town.key("administrator-1");
  must(town.signed_in(office).post(
           "/v1/commands", town.entrant().sign(book::RevokeKey{till.key.public_key().id(), "stolen"}, {&office})),
       "revoking");
  bad.proxy.cut(true);
  std::this_thread::sleep_for(milliseconds(300));
  bad.proxy.lose_answers(false), bad.proxy.cut(false);
  bad.pump(seconds(3));
  EXPECT_TRUE(is_open(bad.counter.sale())) << name(bad.counter.sale().phase);
  EXPECT_EQ(bad.counter.sale().why.code, Code::key_revoked);
  EXPECT_EQ(std::count(bad.shown.begin(), bad.shown.end(), Do::show_refused), 0);
}

INSTANTIATE_TEST_SUITE_P(Faults, BadLine, testing::ValuesIn(kFaults),
                         [](const auto& row) { return std::string(row.param.second); });

}  // namespace
}  // namespace dfb::e2e
