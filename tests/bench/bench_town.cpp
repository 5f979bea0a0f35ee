#include "tests/bench/bench_town.h"

#include <filesystem>
#include <iostream>

#include "ledger/base/check.h"
#include "tests/bench/measures.h"

namespace dfb::bench {
namespace {

namespace fs = std::filesystem;
using namespace book;

constexpr std::int64_t kPoints = 100;  // of each resident; a redemption takes one

std::string vkey_of(const PrivateKey& key) {
  return log::format_vkey(log::make_vkey(test::kTownOrigin, log::NoteKeyType::ed25519, key.public_key()));
}

test::Member member(std::uint64_t number) {
  return {{kFirstFreeAccount + 2'000'000'011 + 7 * number}, PrivateKey::generate(Algorithm::p256)};
}

}  // namespace

BenchTown::BenchTown(std::string folder, const Size& size)
    : folder_(std::move(folder)),
      size_(size),
      log_key_(PrivateKey::generate(Algorithm::ed25519)),
      people_(test::kTownOrigin, vkey_of(log_key_)) {
  for (int i = 0; i < size_.residents; ++i) residents_.push_back(member(static_cast<std::uint64_t>(i)));
  for (int i = 0; i < size_.shops; ++i)
    shops_.push_back(member(static_cast<std::uint64_t>(size_.residents + i)));
  found();
  sign_day();
}

void BenchTown::found() {
  auto store = store::open_sqlite(path("base.db"), {}).value();
  std::vector<SignedLine> lines = people_.founding();
  const auto &a = people_.admin_a.key, &o = people_.officer.key;
  lines.push_back(people_.mint(kPoints * size_.residents));
  for (const auto& shop : shops_) {
    lines.push_back(
        people_.sign(Open{shop.account, AccountKind::shop, "/lijing", "", Level::none, ""}, {&a}));
    lines.push_back(
        people_.sign(AddKey{shop.account, KeyUse::till, shop.key.public_key().spki(), 0}, {&a, &shop.key}));
  }
  int household = 0;
  for (const auto& who : residents_) {
    lines.push_back(people_.sign(
        people_.open_resident(who, "/lijing/03", "R" + std::to_string(household++ / 3), Level::verified),
        {&o, &who.key}));
    lines.push_back(people_.award(who, kPoints));
  }
  Bench bench(*this, *store);
  // In order: a key must be enrolled before it is looked up.
  bench.run_in_order(lines);
  people_.now_us += kMinuteUs;
}

void BenchTown::sign_day() {
  for (int i = 0; i < size_.redemptions; ++i) {
    const auto& who = residents_[static_cast<std::size_t>(i)];
    const auto shop = static_cast<std::size_t>(i * 7919 % size_.shops);
    uniform_.push_back(people_.redeem(who, 1, shops_[shop]));
    hot_.push_back(people_.redeem(who, 1, shops_.front()));
  }
}

std::string BenchTown::copy_file(const std::string& name) const {
  for (const char* part : {"", "-wal", "-shm"}) fs::remove(path(name) + part);
  fs::copy_file(path("base.db"), path(name));
  return path(name);
}

std::unique_ptr<store::Store> BenchTown::copy(const std::string& name) const {
  return store::open_sqlite(copy_file(name), {}).value();
}

}  // namespace dfb::bench
