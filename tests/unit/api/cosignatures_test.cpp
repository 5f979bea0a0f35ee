// What the API publishes of witnesses, and what it takes from tills.
#include <gmock/gmock.h>

#include "ledger/crypto/signed_message.h"
#include "ledger/log/cosignature.h"
#include "ledger/log/receipt.h"
#include "ledger/store/log_reader.h"
#include "tests/unit/api/api_town.h"

namespace dfb::routes {
namespace {

using testing::HasSubstr;

class CosignaturesTest : public ApiTown {
 protected:
  log::Checkpoint head() { return town.writer->head()->checkpoint; }
  std::string head_note() { return town.writer->head()->note; }
  log::Checkpoint at(std::int64_t size) {
    const auto now = town.writer->head();
    const auto view = store->snapshot();
    store::LogReader reader(*view, *now);
    return {test::kTownOrigin, size, log::root(size, reader).value()};
  }
  log::Cosigned cosigned(const log::Checkpoint& checkpoint) {
    const std::string note = log::sign_checkpoint(checkpoint, town.log_key);
    const std::string text = log::parse_note(note).value().text;
    return {checkpoint, note + log::cosign(text, "witness.example/w1", witness_key, 1'795'484'400), 1};
  }
  void publish(const log::Cosigned& newest) {
    services.cosigned =
        services.cosigned_newest = [kept = std::make_shared<const log::Cosigned>(newest)] { return kept; };
  }
  bool has_witness(const log::Note& note) {
    const auto vkey =
        log::make_vkey("witness.example/w1", log::NoteKeyType::cosignature, witness_key.public_key());
    return log::verify_note(note, {&vkey, 1}).has_value();
  }

  std::string till_name() { return std::string(test::kTownOrigin) + "/till/" + till_id(); }
  std::string till_id() { return hash_text(town.town.shop.key.public_key().id()); }
  object gossip(const log::Checkpoint& checkpoint) {
    const std::string text = log::format_checkpoint(checkpoint);
    const std::string vkey =
        format_vkey(log::make_vkey(till_name(), log::NoteKeyType::cosignature, witness_key.public_key()));
    return {{"checkpoint", text},
            {"cosignature", log::cosign(text, till_name(), witness_key, 1'795'484'401)},
            {"vkey", vkey},
            {"signature",
             base64url_encode(sign(town.town.shop.key, SignedKind::witness, test::kTownOrigin, vkey))}};
  }
  http::Response post(const object& body) {
    return at_till(town.town.shop, "POST", "/v1/log/cosignatures", boost::json::serialize(body));
  }
  boost::json::array known() {
    return json(at_town("GET", "/v1/log/cosignatures")).at("cosignatures").as_array();
  }

  const PrivateKey witness_key = PrivateKey::generate(Algorithm::ed25519);
};

TEST_F(CosignaturesTest, WithoutWitnessesTheCheckpointIsTheLogsAlone) {
  EXPECT_EQ(at_town("GET", "/log/checkpoint").body, head_note());
  EXPECT_EQ(at_town("GET", "/log/cosigned").status, 404);
  EXPECT_TRUE(json(at_town("GET", "/v1/witnesses")).at("witnesses").as_array().empty());
}

TEST_F(CosignaturesTest, TheNewestCheckpointBearsItsCosignaturesAndIsNeverOlderForThem) {
  publish(cosigned(at(head().size - 1)));
  EXPECT_EQ(at_town("GET", "/log/checkpoint").body, head_note());
  const std::string older = at_town("GET", "/log/cosigned").body;
  EXPECT_TRUE(has_witness(log::parse_note(older).value()));
  publish(cosigned(head()));
  const std::string newest = at_town("GET", "/log/checkpoint").body;
  EXPECT_TRUE(newest.starts_with(head_note())) << "the log's own line first";
  EXPECT_TRUE(has_witness(log::parse_note(newest).value()));
  EXPECT_EQ(at_town("GET", "/log/cosigned").body, newest);
}

TEST_F(CosignaturesTest, AReceiptThatIsFetchedLaterEndsInTheCosignedTree) {
  const std::string token = sign_in(town.town.resident.key);
  const auto answer =
      json(at_town("POST", "/v1/check-ins", body_of(town.town.check_in(town.town.resident)), token));
  const std::int64_t seq = answer.at("seq").as_int64();
  const auto receipt = [&] {
    const auto shown = json(at_town("GET", "/v1/me/entries/" + std::to_string(seq), "", token));
    const auto read = log::parse_receipt(std::string(shown.at("receipt").as_string())).value();
    const auto vkey = log::parse_vkey(services.log_vkey).value();
    EXPECT_TRUE(log::verify_entry(read, vkey, std::string(shown.at("entry").as_string())));
    return read;
  };
  EXPECT_FALSE(has_witness(receipt().checkpoint));
  publish(cosigned(at(seq)));
  EXPECT_FALSE(has_witness(receipt().checkpoint)) << "that tree does not have the entry";
  publish(cosigned(at(seq + 1)));
  town.writer->run(town.check(town.town.mint(1))).value();
  EXPECT_TRUE(has_witness(receipt().checkpoint));
}

TEST_F(CosignaturesTest, ATillsCosignatureIsKeptAndShown) {
  EXPECT_EQ(post(gossip(at(3))).status, 200);
  ASSERT_EQ(known().size(), 1U);
  const object one = known().at(0).as_object();
  EXPECT_EQ(one.at("till").as_string(), till_id());
  EXPECT_EQ(one.at("size").as_int64(), 3);
  EXPECT_EQ(one.at("time_s").as_int64(), 1'795'484'401);
  for (const char* field : {"checkpoint", "cosignature", "vkey"})
    EXPECT_EQ(one.at(field), gossip(at(3)).at(field)) << field;
  EXPECT_EQ(post(gossip(head())).status, 200);
  EXPECT_EQ(post(gossip(at(2))).status, 200) << "late, and no harm";
  EXPECT_EQ(known().at(0).as_object().at("size").as_int64(), head().size);
}

TEST_F(CosignaturesTest, ATillThatSawAnotherHistoryIsHeard) {
  log::Checkpoint other = head();
  other.root = at(2).root;
  log::Checkpoint beyond = head();
  ++beyond.size;
  for (const auto& checkpoint : {other, beyond}) {
    const auto answer = post(gossip(checkpoint));
    EXPECT_EQ(answer.status, 422);
    EXPECT_EQ(code(answer), "inconsistent");
    ASSERT_FALSE(logged.empty());
    EXPECT_THAT(logged.back(), HasSubstr("another history"));
    logged.clear();
  }
  EXPECT_TRUE(known().empty());
}

TEST_F(CosignaturesTest, WhatIsNotTheTillsOwnIsRefused) {
  const object good = gossip(at(3));
  const auto with = [&good](const char* field, const std::string& value) {
    object body = good;
    body[field] = value;
    return body;
  };
  const std::string vkey(good.at("vkey").as_string());
  const std::string text(good.at("checkpoint").as_string());
  const auto other_name =
      log::make_vkey("somebody.example", log::NoteKeyType::cosignature, witness_key.public_key());
  const auto as_log = log::make_vkey(till_name(), log::NoteKeyType::ed25519, witness_key.public_key());
  const std::string by_other =
      base64url_encode(sign(town.town.other_shop.key, SignedKind::witness, test::kTownOrigin, vkey));
  const std::string as_payload =
      base64url_encode(sign(town.town.shop.key, SignedKind::payload, test::kTownOrigin, vkey));
  const std::string line(good.at("cosignature").as_string());
  log::Checkpoint elsewhere = at(3);
  elsewhere.origin = "other.example/log";
  const std::vector<std::pair<object, std::string>> wrongs = {
      {with("checkpoint", "nothing"), "malformed"},
      {with("checkpoint", log::format_checkpoint(elsewhere)), "malformed"},
      {with("checkpoint", log::format_checkpoint(at(2))), "bad_signature"},
      {with("vkey", "nothing"), "malformed"},
      {with("vkey", format_vkey(other_name)), "malformed"},
      {with("vkey", format_vkey(as_log)), "malformed"},
      {with("signature", by_other), "bad_signature"},
      {with("signature", as_payload), "bad_signature"},
      {with("signature", "="), "malformed"},
      {with("cosignature", line + line), "malformed"},
      {with("cosignature", log::cosign(text, "somebody.example", witness_key, 1)), "unknown_key"},
  };
  for (const auto& [body, wanted] : wrongs)
    EXPECT_EQ(code(post(body)), wanted) << boost::json::serialize(body);
  EXPECT_TRUE(known().empty());
  const auto as_other =
      at_till(town.town.other_shop, "POST", "/v1/log/cosignatures", boost::json::serialize(good));
  EXPECT_EQ(code(as_other), "malformed") << "another till's words";
  EXPECT_EQ(post(good).status, 200);
}

TEST(TillCosignatures, TheTillThatSawLeastMakesRoom) {
  programme::TillCosignatures kept(2);
  const auto one = [](std::uint8_t till, std::int64_t size) {
    programme::TillCosignature out;
    out.till.bytes.fill(till);
    out.checkpoint.size = size;
    return out;
  };
  kept.put(one(1, 5)), kept.put(one(2, 3)), kept.put(one(3, 9)), kept.put(one(1, 4));
  ASSERT_EQ(kept.newest().size(), 2U);
  EXPECT_EQ(kept.newest()[0].checkpoint.size, 9);
  EXPECT_EQ(kept.newest()[1].checkpoint.size, 5);
}

}  // namespace
}  // namespace dfb::routes
