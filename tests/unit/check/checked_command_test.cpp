#include "ledger/check/checked_command.h"

#include <gtest/gtest.h>

#include "tests/support/memory_ledger.h"

namespace dfb::test {
namespace {

using namespace book;

// The keys that a ledger in memory has enrolled.
class LedgerKeys final : public check::KeySource {
 public:
  explicit LedgerKeys(const MemoryLedger& ledger) : ledger_(ledger) {}
  std::optional<PublicKey> key(const KeyId& id) const override {
    auto row = ledger_.rows().get<KeyRow>({id});
    if (!row) return std::nullopt;
    return PublicKey::from_spki(row->spki).value();
  }

 private:
  const MemoryLedger& ledger_;
};

class CheckedCommandTest : public testing::Test {
 protected:
  CheckedCommandTest() {
    for (const auto& line : town_.founding()) {
      auto checked = check_line(line);
      EXPECT_TRUE(checked) << to_string(checked.error()) << line.payload;
      EXPECT_TRUE(ledger_.apply(checked->command(), town_.now_us)) << line.payload;
    }
  }
  Result<check::CheckedCommand> check_line(const SignedLine& line) {
    return check::check(line.payload, line.signatures, LedgerKeys(ledger_), town_.origin);
  }
  void expect_refused(const SignedLine& line, Code code) {
    auto checked = check_line(line);
    ASSERT_FALSE(checked) << line.payload;
    EXPECT_EQ(name(checked.error().code), name(code)) << checked.error().detail;
  }
  // The redemption with its proof changed and the till's signature made anew.
  template <class Change>
  SignedLine redeem_changed(const SignedLine& line, Change change) {
    Payload payload = parse_payload(line.payload).value();
    change(std::get<Transfer>(payload.body));
    return town_.sign(payload, {&town_.shop.key});
  }

  Town town_;
  MemoryLedger ledger_;
};

TEST_F(CheckedCommandTest, KeepsBytesDigestAndSigners) {
  auto line = town_.mint(5);
  auto checked = check_line(line);
  ASSERT_TRUE(checked);
  EXPECT_EQ(checked->payload(), line.payload);
  EXPECT_EQ(checked->signatures(), line.signatures);
  auto same = command_of(line);
  EXPECT_EQ(checked->command().digest, same.digest);
  EXPECT_EQ(checked->command().signers, same.signers);
  EXPECT_EQ(checked->command().payload.id, line.id);
}

TEST_F(CheckedCommandTest, TakesTheEverydayCommands) {
  for (const auto& line :
       {town_.check_in(town_.resident), town_.redeem(town_.resident, 10),
        town_.redeem_confirmed(town_.resident, 10, town_.now_us + kMinuteUs),
        town_.refund(town_.next_id(), town_.resident, 5), town_.cancel(town_.next_id()),
        town_.award(town_.resident, 5), town_.mint(5), town_.hand_in(5), town_.publish(town_.policy)})
    EXPECT_TRUE(check_line(line)) << line.payload;
}

TEST_F(CheckedCommandTest, RefusesWrongSignatures) {
  auto line = town_.mint(5);
  auto other = town_.mint(6);
  auto moved = line;
  moved.signatures[1].bytes[20] ^= 1;
  expect_refused(moved, Code::bad_signature);
  auto borrowed = line;
  borrowed.signatures = other.signatures;
  expect_refused(borrowed, Code::bad_signature);
  Town elsewhere("elsewhere.example/points");
  expect_refused(elsewhere.mint(5), Code::bad_signature);
}

TEST_F(CheckedCommandTest, RefusesWrongSigners) {
  auto stranger = test_key("stranger");
  expect_refused(town_.sign(Cancel{town_.next_id()}, {&stranger}), Code::unknown_key);
  auto line = town_.mint(5);
  auto none = line, swapped = line, doubled = line, many = line;
  none.signatures.clear();
  expect_refused(none, Code::malformed);
  std::swap(swapped.signatures[0], swapped.signatures[1]);
  expect_refused(swapped, Code::malformed);
  doubled.signatures.push_back(doubled.signatures[1]);
  expect_refused(doubled, Code::malformed);
  many.signatures.resize(check::kSignaturesMax + 1, many.signatures[1]);
  expect_refused(many, Code::malformed);
}

TEST_F(CheckedCommandTest, RefusesWrongPayloads) {
  auto line = town_.mint(5);
  auto spaced = line, other_version = line, large = line;
  spaced.payload += " ";
  expect_refused(spaced, Code::malformed);
  other_version.payload.replace(other_version.payload.find("\"v\":1"), 5, "\"v\":2");
  expect_refused(other_version, Code::unsupported_version);
  large.payload.append(65'000, ' ');
  expect_refused(large, Code::too_large);
}

TEST_F(CheckedCommandTest, ABroughtKeyMustSignWithItself) {
  auto fresh = test_key("fresh"), stranger = test_key("stranger");
  AddKey add{town_.resident.account, KeyUse::device, fresh.public_key().spki(), 0};
  EXPECT_TRUE(check_line(town_.sign(add, {&town_.resident.key, &fresh})));
  // Whether it has to sign is apply()'s question; a signature under its name has to be its own.
  EXPECT_TRUE(check_line(town_.sign(add, {&town_.resident.key})));
  auto forged = town_.sign(add, {&town_.resident.key, &stranger});
  forged.signatures[1].key = fresh.public_key().id();
  expect_refused(forged, Code::bad_signature);
  expect_refused(town_.sign(add, {&town_.resident.key, &fresh, &stranger}), Code::unknown_key);
}

TEST_F(CheckedCommandTest, RefusesWrongPayCodes) {
  auto code = town_.pay_code(town_.resident, 50);
  auto line = town_.redeem(town_.resident, 10, town_.shop, code);
  EXPECT_TRUE(check_line(line));
  auto raised = code;
  raised.limit = {60};
  expect_refused(town_.redeem(town_.resident, 10, town_.shop, raised), Code::bad_signature);
  expect_refused(town_.redeem(town_.resident, 10, town_.shop, town_.pay_code(town_.sibling, 50)),
                 Code::malformed);
  expect_refused(redeem_changed(line,
                                [&](Transfer& transfer) {
                                  std::get<CodeProof>(transfer.proof).device =
                                      town_.sibling.key.public_key().id();
                                }),
                 Code::bad_signature);
  expect_refused(redeem_changed(line,
                                [&](Transfer& transfer) {
                                  std::get<CodeProof>(transfer.proof).device =
                                      test_key("none").public_key().id();
                                }),
                 Code::unknown_key);
}

TEST_F(CheckedCommandTest, AConfirmationCoversTheWholeSale) {
  auto line = town_.redeem_confirmed(town_.resident, 10, town_.now_us + kMinuteUs);
  EXPECT_TRUE(check_line(line));
  expect_refused(redeem_changed(line, [](Transfer& transfer) { transfer.points = {11}; }),
                 Code::bad_signature);
  expect_refused(redeem_changed(line, [](Transfer& transfer) { transfer.cash_fen = 1; }),
                 Code::bad_signature);
  expect_refused(redeem_changed(line, [](Transfer& transfer) { transfer.goods.bytes[0] ^= 1; }),
                 Code::bad_signature);
  expect_refused(redeem_changed(line, [&](Transfer& transfer) { transfer.to = town_.other_shop.account; }),
                 Code::bad_signature);
  Payload renamed = parse_payload(line.payload).value();
  renamed.id = town_.next_id();
  expect_refused(town_.sign(renamed, {&town_.shop.key}), Code::bad_signature);
}

TEST_F(CheckedCommandTest, AnOfflineCodeIsSignedForThisSale) {
  auto line = town_.redeem_offline(town_.resident, town_.next_id(), 1, 10);
  EXPECT_TRUE(check_line(line));
  auto with = [&](auto change) { return redeem_changed(line, change); };
  expect_refused(with([](Transfer& transfer) { transfer.points.value += 1; }), Code::bad_signature);
  expect_refused(with([&](Transfer& transfer) { transfer.from = town_.sibling.account; }),
                 Code::bad_signature);
  expect_refused(with([](Transfer& transfer) { std::get<OfflineProof>(transfer.proof).counter = 2; }),
                 Code::bad_signature);
  expect_refused(with([](Transfer& transfer) { std::get<OfflineProof>(transfer.proof).at_us += kPayStepUs; }),
                 Code::bad_signature);
  expect_refused(with([&](Transfer& transfer) {
                   std::get<OfflineProof>(transfer.proof).device = town_.sibling.key.public_key().id();
                 }),
                 Code::bad_signature);
}

TEST_F(CheckedCommandTest, RefusesWrongSiteCodes) {
  auto line = town_.check_in(town_.resident);
  auto with_site = [&](const SiteCode& code) {
    Payload payload = parse_payload(line.payload).value();
    std::get<Record>(payload.body).site = code.text();
    return town_.sign(payload, {&town_.resident.key});
  };
  auto code = make_site_code(town_.site, town_.origin, town_.now_us);
  EXPECT_TRUE(check_line(with_site(code)));
  auto later = code;
  later.step += 1;
  expect_refused(with_site(later), Code::bad_signature);
  expect_refused(with_site(make_site_code(test_key("none"), town_.origin, town_.now_us)), Code::unknown_key);
}

}  // namespace
}  // namespace dfb::test
