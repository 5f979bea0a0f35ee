#include "tests/e2e/storm.h"

#include <boost/json.hpp>

#include "ledger/crypto/hash.h"

namespace dfb::e2e {
namespace {

using namespace book;

constexpr int kReadingPoints = 2;
constexpr int kSalesOfOnePerson = 9;  // the policy lets everybody pay ten times a day

// The answer did not come, or was "not now": what was sent may or may not have happened. A restart forgets
// who was signed in.
bool undecided(Code code) {
  return code == Code::unauthenticated || code == Code::unreachable || code == Code::timed_out ||
         code == Code::busy || code == Code::shutting_down || code == Code::internal;
}

}  // namespace

Storm::Storm(LiveTown& town, int residents, const std::vector<Till>& tills,
             const std::vector<Phone>& customers)
    : town_(town) {
  for (int i = 0; i < residents; ++i) threads_.emplace_back([this] { enrol_and_check_in(); });
  for (std::size_t i = 0; i < tills.size(); ++i) {
    std::vector<Phone> own;
    for (std::size_t k = i; k < customers.size(); k += tills.size()) own.push_back(customers[k]);
    threads_.emplace_back([this, till = tills[i], own] { sell(till, own); });
  }
}

std::size_t Storm::count() const {
  const std::lock_guard lock(mutex_);
  return acknowledged_.size();
}

std::vector<std::string> Storm::surprises() const {
  const std::lock_guard lock(mutex_);
  return surprises_;
}

void Storm::finish() {
  stopping_ = true;
  for (auto& thread : threads_) thread.join();
  threads_.clear();
}

void Storm::keep(const SignedLine& line, const Json& answer, AccountId account, std::int64_t points) {
  const std::lock_guard lock(mutex_);
  acknowledged_.push_back(
      {line.id, answer.at("seq").as_int64(), std::string(answer.at("entry").as_string()), account, points});
}

void Storm::surprise(const std::string& what) {
  const std::lock_guard lock(mutex_);
  surprises_.push_back(what);
}

std::optional<Json> Storm::persist(const std::string& what, const std::function<Result<Json>()>& send) {
  for (int tries = 0; tries < 1000; ++tries) {
    const auto answer = send();
    if (tries == 1) ++resent_;
    if (answer) return *answer;
    if (!undecided(answer.error().code)) {
      surprise(what + ": " + to_string(answer.error()));
      return std::nullopt;
    }
    std::this_thread::sleep_for(milliseconds(50));
  }
  surprise(what + ": no answer in a thousand tries");
  return std::nullopt;
}

void Storm::enrol_and_check_in() {
  SystemClock clock;
  SystemRandom random;
  demo::Entrant entrant(town_.facts().origin, clock, random);
  const KeyId server = town_.key("server").public_key().id();
  Client client = town_.client();
  while (!stopping_) {
    const Phone phone{entrant.new_account(), PrivateKey::generate(Algorithm::p256)};
    const Open open{phone.account, AccountKind::resident,        "/lijing/01", "",
                    Level::phone,  phone.key.public_key().spki()};
    const SignedLine enrolment = entrant.sign(server, open, {&phone.key});
    const auto opened = persist("enrolment", [&] {
      return client.post("/v1/enrolments", enrolment, {{"name", "林小雨"}, {"phone", "13900001234"}});
    });
    if (!opened) return;
    keep(enrolment, *opened, phone.account, 0);

    const SignedLine reading =
        entrant.sign(Record{"checkin", "town-notice", period_at(Unique::day, clock.now_us()), "reading",
                            phone.account, sha256(""), "", 0, 0},
                     {&phone.key});
    bool signed_in = false;
    const auto read = persist("check-in", [&]() -> Result<Json> {
      if (!signed_in) DFB_TRY_VOID(client.sign_in(phone.key, town_.facts().origin, random));
      auto answer = client.post("/v1/check-ins", reading);
      signed_in = answer || answer.error().code != Code::unauthenticated;
      return answer;
    });
    if (!read) return;
    keep(reading, *read, phone.account, kReadingPoints);
  }
}

void Storm::sell(const Till& till, std::vector<Phone> customers) {
  SystemClock clock;
  SystemRandom random;
  demo::Entrant entrant(town_.facts().origin, clock, random);
  Client client = town_.client(till);
  std::map<AccountId, std::pair<std::int64_t, int>> codes;  // the last time step, and how many
  for (std::size_t i = 0; !stopping_; ++i) {
    const Phone& who = customers[i % customers.size()];
    auto& [last_step, count] = codes[who.account];
    const TimeUs now = clock.now_us();
    if (now / kPayStepUs <= last_step || count == kSalesOfOnePerson) {
      std::this_thread::sleep_for(milliseconds(20));
      continue;
    }
    last_step = now / kPayStepUs, ++count;
    const std::string code =
        make_pay_code(who.key, town_.facts().origin, who.account, Points{200}, now).text();
    Transfer sale;
    sale.kind = TransferKind::redeem;
    sale.from = who.account, sale.to = till.shop, sale.points = Points{1};
    sale.goods = sha256("");
    sale.proof = CodeProof{who.key.public_key().id(), code};
    const SignedLine line = entrant.sign(sale, {&till.key});
    bool never_entered = false;
    const auto sold = persist("sale", [&]() -> Result<Json> {
      auto answer = client.post("/v1/redemptions", line);
      if (answer || answer.error().code != Code::not_presented) return answer;
      // Not in the ledger, then; a restart forgets presentations too, and codes run out meanwhile.
      const auto presented = client.post("/v1/presentations", Json{{"code", code}});
      if (presented) return client.post("/v1/redemptions", line);
      never_entered = presented.error().code == Code::code_stale;
      return never_entered ? Json{{"given_up", true}} : Result<Json>(presented.error());
    });
    if (!sold) return;
    if (!never_entered) keep(line, *sold, who.account, -1);
  }
}

}  // namespace dfb::e2e
