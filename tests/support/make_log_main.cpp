// make_log FOLDER ENTRIES: a town of 20,000 residents who check in once a day and spend some of it at one of
// twenty shops by pay code, every signature real, as a folder in tlog-tiles layout and its vkey beside it.
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "ledger/audit/compact_rows.h"
#include "ledger/book/apply.h"
#include "ledger/log/entry_text.h"
#include "tests/support/log_folder.h"
#include "tests/support/town.h"

namespace {

using namespace dfb;
using namespace dfb::test;

constexpr int kResidents = 20'000, kShops = 20, kGrids = 20;
constexpr std::int64_t kEntriesMax = 1'100'000;  // the town's task is open for 30 days
constexpr TimeUs kStepUs = 4 * kSecondUs;        // 20,000 of them fill 22 hours

class MadeLog {
 public:
  MadeLog(const std::string& folder, std::int64_t size)
      : key_(PrivateKey::generate(Algorithm::ed25519)),
        town_(kTownOrigin,
              log::format_vkey(log::make_vkey(kTownOrigin, log::NoteKeyType::ed25519, key_.public_key()))),
        log_(folder),
        wanted_(size) {}

  void make() {
    for (const auto& line : town_.founding()) send(line);
    for (int i = 0; i < 10; ++i) send(town_.mint(100'000'000));
    for (int i = 0; i < kShops; ++i) {
      const Member shop{{book::kFirstFreeAccount + 50'000'000 + static_cast<std::uint64_t>(i)},
                        test_key("shop " + std::to_string(i))};
      send(town_.sign(book::Open{shop.account, book::AccountKind::shop, "/lijing", "", book::Level::none, ""},
                      {&town_.admin_a.key}));
      send(town_.sign(book::AddKey{shop.account, book::KeyUse::till, shop.key.public_key().spki(), 0},
                      {&town_.admin_a.key, &shop.key}));
      shops_.push_back(shop);
    }
    for (int i = 0; i < kResidents && size_ < wanted_; ++i) {
      const Member who{{book::kFirstFreeAccount + 60'000'000 + static_cast<std::uint64_t>(i)},
                       test_key("resident " + std::to_string(i))};
      send(town_.sign(
          town_.open_resident(who, "/lijing/" + std::to_string(i % kGrids), "", book::Level::verified),
          {&town_.officer.key, &who.key}));
      residents_.push_back(who);
    }
    for (std::size_t i = 0; size_ < wanted_; ++i) {
      if (i % residents_.size() == 0) town_.now_us = day_start_us(civil_day(town_.now_us) + 1);
      town_.now_us += kStepUs;
      const Member& who = residents_[i % residents_.size()];
      send(town_.check_in(who));
      if (size_ < wanted_) send(town_.redeem(who, 10, shops_[i % shops_.size()]));
    }
    drain();
    log_.finish(town_.origin, key_);
  }
  const std::string& vkey() const { return town_.log_vkey; }

 private:
  void send(const SignedLine& line) {
    if (!state_) state_.emplace(rows_);
    const auto applied = book::apply(*state_, command_of(line), town_.now_us);
    if (!applied || !applied->outcome || applied->outcome->refused) {
      std::cerr << "not taken: " << line.payload << (applied ? "" : "\n" + to_string(applied.error()))
                << "\n";
      std::exit(1);
    }
    state_->accept();
    log_.append(log::format_entry_text({town_.origin, size_, town_.now_us, line.payload,
                                        book::format_outcome(*applied->outcome), line.signatures})
                    .value());
    if (++size_ % 1024 == 0) drain();
  }
  void drain() {
    if (state_) state_->for_each_change([&](const auto& row) { rows_.put(row); });
    state_.reset();
  }

  PrivateKey key_;
  Town town_;
  LogFolder log_;
  audit::CompactRows rows_;
  std::optional<book::State> state_;
  std::vector<Member> shops_, residents_;
  std::int64_t size_ = 0, wanted_;
};

}  // namespace

int main(int argc, char** argv) {
  const std::int64_t size = argc == 3 ? std::atoll(argv[2]) : 0;
  if (size < 1 || size > kEntriesMax) {
    std::cerr << "make_log FOLDER ENTRIES (at most " << kEntriesMax << ")\n";
    return 2;
  }
  MadeLog log(argv[1], size);
  log.make();
  std::ofstream(std::string(argv[1]) + "/log.vkey") << log.vkey() << "\n";
}
