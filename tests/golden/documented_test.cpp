// The examples of docs/formats.md are read, written again and compared, so that page and program cannot part.
#include "tests/support/documented.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "ledger/base/encoding.h"
#include "ledger/base/strict_json.h"
#include "ledger/book/command.h"
#include "ledger/book/outcome.h"
#include "ledger/crypto/signed_message.h"
#include "ledger/log/entry_text.h"
#include "ledger/log/merkle.h"

namespace dfb::book {
namespace {

using test::documented;

TEST(Documented, PayloadsAreWrittenAsTheyWereRead) {
  auto lines = documented("payload");
  EXPECT_GE(lines.size(), 41u);
  for (const auto& line : lines) {
    auto payload = parse_payload(line);
    ASSERT_TRUE(payload) << to_string(payload.error()) << "\n" << line;
    EXPECT_EQ(format_payload(*payload), line);
  }
}

TEST(Documented, EveryCommandKindAndProofHasAnExample) {
  std::set<std::size_t> commands, proofs;
  std::set<TransferKind> kinds;
  for (const auto& line : documented("payload")) {
    auto payload = parse_payload(line);
    ASSERT_TRUE(payload) << line;
    commands.insert(payload->body.index());
    const auto* transfer = std::get_if<Transfer>(&payload->body);
    if (!transfer) continue;
    kinds.insert(transfer->kind);
    if (transfer->kind == TransferKind::redeem) proofs.insert(transfer->proof.index());
  }
  EXPECT_EQ(commands.size(), std::variant_size_v<Body>);
  EXPECT_EQ(kinds.size(), static_cast<std::size_t>(TransferKind::opening) + 1);
  EXPECT_EQ(proofs.size(), std::variant_size_v<Proof>);
}

TEST(Documented, OutcomesAreWrittenAsTheyWereRead) {
  auto lines = documented("outcome");
  EXPECT_GE(lines.size(), 9u);
  for (const auto& line : lines) {
    auto outcome = parse_outcome(line);
    ASSERT_TRUE(outcome) << to_string(outcome.error()) << "\n" << line;
    EXPECT_EQ(format_outcome(*outcome), line);
  }
}

TEST(Documented, QuotesAreThoseOfTheirRedemptions) {
  auto lines = documented("quote");
  EXPECT_GE(lines.size(), 1u);
  std::set<std::string> quotes;
  for (const auto& line : documented("payload")) {
    auto payload = parse_payload(line);
    ASSERT_TRUE(payload) << line;
    const auto* transfer = std::get_if<Transfer>(&payload->body);
    if (transfer && std::holds_alternative<QuoteProof>(transfer->proof)) quotes.insert(quote_line(*payload));
  }
  for (const auto& line : lines) EXPECT_TRUE(quotes.contains(line)) << line;
}

TEST(Documented, AQuoteSaysWhatItsPayloadSays) {
  for (const auto& line : documented("payload")) {
    auto payload = parse_payload(line);
    ASSERT_TRUE(payload) << line;
    const auto* transfer = std::get_if<Transfer>(&payload->body);
    const auto* proof = transfer ? std::get_if<QuoteProof>(&transfer->proof) : nullptr;
    if (!proof) continue;
    auto value = json::parse(quote_line(*payload));
    ASSERT_TRUE(value);
    json::Fields fields(*value);
    EXPECT_EQ(fields.integer("v", 1, 1), 1);
    EXPECT_EQ(fields.text("id", 36), to_string(payload->id));
    EXPECT_EQ(fields.text("till", 43), hash_text(payload->by));
    EXPECT_EQ(fields.text("shop", 13), to_string(transfer->to));
    EXPECT_EQ(fields.text("account", 13), to_string(transfer->from));
    EXPECT_EQ(fields.integer("points", 1, kPointsMax.value), transfer->points.value);
    EXPECT_EQ(fields.text("goods", 43), hash_text(transfer->goods));
    EXPECT_EQ(fields.integer("cash", 0, kPointsMax.value), transfer->cash_fen);
    EXPECT_EQ(fields.integer("expires", 0, kBalanceMax), proof->expires_us);
    EXPECT_TRUE(fields.done());
  }
}

TEST(Documented, TheEntryIsSignedAndHashedAsItSays) {
  std::string text;
  for (const auto& line : documented("entry")) text += line + "\n";
  const auto entry = log::parse_entry_text(text);
  ASSERT_TRUE(entry) << to_string(entry.error());
  EXPECT_EQ(log::format_entry_text(*entry).value(), text);
  EXPECT_TRUE(parse_payload(entry->payload));
  EXPECT_TRUE(parse_outcome(entry->outcome));
  ASSERT_EQ(documented("key").size(), 1U);
  const auto key = PublicKey::from_spki(base64url_decode(documented("key")[0]).value()).value();
  ASSERT_EQ(entry->signatures.size(), 1U);
  EXPECT_EQ(entry->signatures[0].key, key.id());
  EXPECT_TRUE(
      dfb::verify(key, SignedKind::payload, entry->origin, entry->payload, entry->signatures[0].bytes));
  EXPECT_EQ(documented("leaf"), std::vector{hash_text(log::leaf_hash(text))});
}

std::string text_of(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

std::string all_tests() {
  std::string text;
  for (const auto& file : std::filesystem::recursive_directory_iterator(DFB_SOURCE_DIR "/tests"))
    if (file.path().extension() == ".cpp") text += text_of(file.path());
  return text;
}

// docs/threats.md proves each of its lines by a test, or by a fault that the audit finds.
TEST(Documented, WhatTheThreatsPointToExists) {
  const std::string page = text_of(DFB_SOURCE_DIR "/docs/threats.md"), tests = all_tests();
  const std::regex pointer("`(?:fault: ([^`]+)|([A-Za-z]+)\\.([A-Z][A-Za-z0-9]+))`");
  int found = 0;
  for (auto it = std::sregex_iterator(page.begin(), page.end(), pointer); it != std::sregex_iterator();
       ++it) {
    const std::string fault = (*it)[1], test = std::string((*it)[2]) + ", " + std::string((*it)[3]) + ")";
    const bool there =
        fault.empty() ? tests.find("TEST(" + test) != tests.npos || tests.find("TEST_F(" + test) != tests.npos
                      : tests.find("\"" + fault + "\"") != tests.npos;
    EXPECT_TRUE(there) << it->str();
    ++found;
  }
  EXPECT_GT(found, 60);
}

}  // namespace
}  // namespace dfb::book
