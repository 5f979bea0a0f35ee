// Known keys, signatures and codes: signed/vectors.json is added to, and what stands in it is never made
// again. The codes of the till and its journal are in till_test.cpp. A change of what a signature covers, of
// how a ticket becomes a key, or of a code's bytes fails here.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <map>
#include <sstream>

#include "ledger/base/encoding.h"
#include "ledger/book/codes.h"
#include "ledger/book/command.h"
#include "ledger/book/offline_code.h"
#include "ledger/book/shift_report.h"

namespace dfb::book {
namespace {

namespace bj = boost::json;

const bj::object& vectors() {
  static const bj::value value = [] {
    std::ifstream file(std::string(DFB_GOLDEN_DIR) + "/signed/vectors.json");
    std::stringstream text;
    text << file.rdbuf();
    return bj::parse(text.str());
  }();
  return value.as_object();
}
std::string text_of(const bj::value& object, std::string_view field) {
  return bj::value_to<std::string>(object.at(field));
}
std::string origin() { return text_of(vectors(), "origin"); }

PublicKey key_named(const std::string& name) {
  for (const auto& key : vectors().at("keys").as_array())
    if (text_of(key, "name") == name)
      return PublicKey::from_spki(base64url_decode(text_of(key, "spki")).value()).value();
  throw std::runtime_error("no vector key " + name);
}

TEST(Signed, TicketsBecomeTheSameKeys) {
  const auto& keys = vectors().at("keys").as_array();
  ASSERT_GE(keys.size(), 4u);
  for (const auto& key : keys) {
    auto made = PrivateKey::from_ticket(hex_decode(text_of(key, "ticket")).value());
    EXPECT_EQ(base64url_encode(made.public_key().spki()), text_of(key, "spki"));
    EXPECT_EQ(hash_text(made.public_key().id()), text_of(key, "id"));
  }
}

TEST(Signed, MessagesOfEveryKindStillVerify) {
  std::set<std::string> kinds;
  for (const auto& message : vectors().at("messages").as_array()) {
    auto body = hex_decode(text_of(message, "body")).value();
    auto signature = base64url_decode(text_of(message, "signature")).value();
    auto key = key_named(text_of(message, "key"));
    auto verifies = [&](SignedKind kind, std::string_view town, std::string_view what) {
      return dfb::verify(key, kind, town, what, signature);
    };
    for (auto kind : {SignedKind::login, SignedKind::paycode, SignedKind::quote, SignedKind::offline,
                      SignedKind::payload, SignedKind::site, SignedKind::witness}) {
      bool same = name(kind) == text_of(message, "kind");
      EXPECT_EQ(verifies(kind, origin(), body), same) << text_of(message, "kind") << " as " << name(kind);
      if (!same) continue;
      kinds.insert(std::string(name(kind)));
      EXPECT_EQ(hex_encode(signed_message(kind, origin(), key.id(), body)), text_of(message, "covers"));
      EXPECT_FALSE(verifies(kind, "other.example/points", body));
      EXPECT_FALSE(verifies(kind, origin(), body + "x"));
    }
  }
  EXPECT_EQ(kinds.size(), 7u);
}

// A till's reading of its shift, and what the reports of either kind are called.
TEST(Signed, ShiftReportsStillReadAndAreCalledAlike) {
  const auto& reports = vectors().at("shift_reports").as_array();
  ASSERT_GE(reports.size(), 2u);
  for (const auto& vector : reports)
    EXPECT_EQ(shift_report_subject(text_of(vector, "kind"), key_named(text_of(vector, "till")).id(),
                                   vector.at("number").as_int64()),
              text_of(vector, "subject"));
  int readings = 0;
  for (const auto& message : vectors().at("messages").as_array()) {
    if (text_of(message, "kind") != "payload") continue;
    const auto body = hex_decode(text_of(message, "body")).value();
    const auto payload = parse_payload(body);
    if (!payload || !std::holds_alternative<Record>(payload->body)) continue;
    const auto& record = std::get<Record>(payload->body);
    EXPECT_EQ(format_payload(*payload), body);
    EXPECT_EQ(record.kind, kXReport);
    EXPECT_EQ(record.subject, text_of(reports.at(0), "subject"));
    EXPECT_EQ(payload->by, key_named("till").id());
    ++readings;
  }
  EXPECT_EQ(readings, 1);
}

TEST(Signed, PayCodesStillReadAndVerify) {
  const auto& codes = vectors().at("pay_codes").as_array();
  ASSERT_GE(codes.size(), 2u);
  for (const auto& vector : codes) {
    auto code = parse_pay_code(text_of(vector, "text"));
    ASSERT_TRUE(code) << to_string(code.error());
    EXPECT_EQ(to_string(code->account), text_of(vector, "account"));
    EXPECT_EQ(code->step, vector.at("step").as_int64());
    EXPECT_EQ(code->limit.value, vector.at("limit").as_int64());
    EXPECT_EQ(code->text(), text_of(vector, "text"));
    EXPECT_TRUE(verify(*code, key_named(text_of(vector, "key")), origin()));
    EXPECT_FALSE(verify(*code, key_named("till"), origin()));
  }
}

TEST(Signed, OfflineCodesStillReadAndVerify) {
  const auto& codes = vectors().at("offline_codes").as_array();
  ASSERT_GE(codes.size(), 2u);
  for (const auto& vector : codes) {
    auto code = parse_offline_code(text_of(vector, "text"));
    ASSERT_TRUE(code) << to_string(code.error());
    EXPECT_EQ(to_string(code->allowance), text_of(vector, "allowance"));
    EXPECT_EQ(to_string(code->shop), text_of(vector, "shop"));
    EXPECT_EQ(code->counter, vector.at("counter").as_int64());
    EXPECT_EQ(code->points.value, vector.at("points").as_int64());
    EXPECT_EQ(code->at_us, vector.at("at").as_int64());
    EXPECT_EQ(to_string(code->account), text_of(vector, "account"));
    EXPECT_EQ(code->text(), text_of(vector, "text"));
    EXPECT_TRUE(verify(*code, key_named(text_of(vector, "key")), origin()));
    EXPECT_FALSE(verify(*code, key_named("till"), origin()));
  }
}

TEST(Signed, TicketsAreReadFromWhatPeopleCarry) {
  const auto& tickets = vectors().at("tickets").as_array();
  ASSERT_GE(tickets.size(), 2u);
  for (const auto& vector : tickets) {
    auto secret = crockford_decode_bytes_typed(text_of(vector, "text"), 20);
    ASSERT_TRUE(secret) << text_of(vector, "text");
    EXPECT_EQ(PrivateKey::from_ticket(*secret).public_key().id(), key_named(text_of(vector, "key")).id());
  }
}

TEST(Signed, SiteCodesStillReadAndVerify) {
  const auto& codes = vectors().at("site_codes").as_array();
  ASSERT_GE(codes.size(), 1u);
  for (const auto& vector : codes) {
    auto code = parse_site_code(text_of(vector, "text"));
    ASSERT_TRUE(code) << to_string(code.error());
    EXPECT_EQ(code->step, vector.at("step").as_int64());
    EXPECT_EQ(code->key, key_named(text_of(vector, "key")).id());
    EXPECT_EQ(code->text(), text_of(vector, "text"));
    EXPECT_TRUE(verify(*code, key_named(text_of(vector, "key")), origin()));
    EXPECT_FALSE(verify(*code, key_named("till"), origin()));
  }
}

TEST(Signed, ASignedPayloadAndItsQuoteStillVerify) {
  const auto& sale = vectors().at("sale").as_object();
  std::string line = text_of(sale, "payload");
  auto payload = parse_payload(line);
  ASSERT_TRUE(payload) << to_string(payload.error());
  EXPECT_EQ(payload->by, key_named("till").id());
  auto signature = base64url_decode(text_of(sale, "signature")).value();
  EXPECT_TRUE(dfb::verify(key_named("till"), SignedKind::payload, origin(), line, signature));
  const auto& proof = std::get<QuoteProof>(std::get<Transfer>(payload->body).proof);
  EXPECT_EQ(proof.device, key_named("device").id());
  EXPECT_TRUE(
      dfb::verify(key_named("device"), SignedKind::quote, origin(), quote_line(*payload), proof.signature));
}

}  // namespace
}  // namespace dfb::book
