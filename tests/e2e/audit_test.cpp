// defenbao-audit over a living town: each of its arguments that wants a town's own files.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "ledger/base/bytes.h"
#include "ledger/base/encoding.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/merkle.h"
#include "tests/e2e/live_town.h"

namespace dfb::e2e {
namespace {

using testing::HasSubstr;

class Auditor : public testing::Test {
 protected:
  void SetUp() override {
    Client client = town.signed_in(phone.key);
    const Json statement = must(client.get("/v1/me/entries"), "the statement");
    for (const auto& line : statement.at("entries").as_array())
      if (line.at("kind").as_string() == "checkin") seq = line.at("seq").as_int64();
    ASSERT_GE(seq, 0);
    const auto proof = must(client.get("/v1/me/entries/" + std::to_string(seq)), "the proof");
    receipt = put("receipt", std::string(proof.at("receipt").as_string()));
    entry = put("entry", std::string(proof.at("entry").as_string()));
  }
  std::string put(const std::string& name, const std::string& text) {
    std::ofstream(town.path(name), std::ios::binary) << text;
    return town.path(name);
  }
  static std::string read(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  boost::json::value json_of(std::vector<std::string> words, int status) {
    words.push_back("--json");
    const Finished audit = town.audit(words);
    EXPECT_EQ(audit.status, status) << audit.out << audit.err;
    return boost::json::parse(audit.out);
  }
  // A policy that nobody has published: check-ins on patrol alone, for `points` and under `caps`.
  std::string policy(std::int64_t points, std::vector<book::Cap> caps) {
    book::PublishPolicy publish;
    book::Rule rule;
    rule.id = "patrol", rule.kind = "checkin", rule.proof = book::RuleProof::site;
    rule.points = {points}, rule.caps = std::move(caps);
    publish.policy.version = 2, publish.policy.rules = {rule};
    publish.policy.limits.balance_max = 100'000;
    publish.policy.limits.idle_gap_hours = 24 * 30;
    const PrivateKey administrator = town.key("administrator-1");
    return put("policy.line", town.entrant().sign(publish, {&administrator}).payload + "\n");
  }

  LiveTown town;
  Phone phone = town.resident(1);
  std::int64_t seq = -1;  // of a check-in of theirs
  std::string receipt, entry;
};

TEST_F(Auditor, TakesAReceiptItsEntryAndWhatWasSeen) {
  const auto report =
      json_of({"--receipt", receipt, "--entry", entry, "--seen", receipt, "--threads", "3"}, 0);
  EXPECT_EQ(report.at("receipt_proves").as_int64(), seq);
  EXPECT_EQ(report.at("continues").at(0).at("name").as_string(), receipt);
  std::string other = read(entry);
  const auto at = other.find("checkin");
  ASSERT_NE(at, other.npos);
  other[at] = 'C';
  const auto forged = json_of({"--receipt", receipt, "--entry", put("forged", other)}, 1);
  EXPECT_EQ(forged.at("findings").at(0).at("file").as_string(), "receipt");
}

TEST_F(Auditor, PinsTheFirstEntry) {
  ASSERT_EQ(town.audit({"--save", town.path("copy")}).status, 0);
  std::string bundle;
  for (const auto& file : std::filesystem::recursive_directory_iterator(town.path("copy/tile/entries"))) {
    const std::string path = file.path();
    if (file.is_regular_file() && (bundle.empty() || path < bundle)) bundle = path;
  }
  const std::string bytes = read(bundle);
  const std::string first = bytes.substr(2, get_be(std::string_view(bytes).substr(0, 2)));
  EXPECT_EQ(town.audit({"--genesis", hash_text(log::leaf_hash(first))}).status, 0);
  const Finished other = town.audit({"--genesis", hash_text(log::leaf_hash("another town"))});
  EXPECT_EQ(other.status, 1) << other.out << other.err;
  EXPECT_THAT(other.out, HasSubstr("entry 0"));
}

TEST_F(Auditor, GoesOnFromItsState) {
  const std::string state = town.path("audit.state");
  const auto whole = json_of({"--state", state}, 0);
  EXPECT_EQ(whole.as_object().if_contains("resumed"), nullptr);
  town.enrol();
  const auto more = json_of({"--state", state}, 0);
  EXPECT_EQ(more.at("resumed"), whole.at("size"));
  EXPECT_EQ(more.at("size").as_int64(), whole.at("size").as_int64() + 1);
  EXPECT_EQ(more.at("figures"), json_of({}, 0).at("figures")) << "as if all had been read";
}

TEST_F(Auditor, WritesAPage) {
  ASSERT_EQ(town.audit({"--html", town.path("report.html")}).status, 0);
  const std::string page = read(town.path("report.html"));
  EXPECT_THAT(page, testing::StartsWith("<!doctype html>"));
  EXPECT_THAT(page, HasSubstr("class=\"verdict sound\""));
  EXPECT_THAT(page, testing::EndsWith("</html>\n"));
}

TEST_F(Auditor, DemandsTheQuorumOfItsOwnPolicy) {
  const auto key = PrivateKey::generate(Algorithm::ed25519);
  const log::Vkey vkey = log::make_vkey("station.example", log::NoteKeyType::cosignature, key.public_key());
  const std::string witness = "witness station " + log::format_vkey(vkey) + "\n";
  const auto none = json_of({"--policy", put("none", witness + "quorum none\n")}, 0);
  EXPECT_TRUE(none.at("quorum").at("reached").as_bool());
  const auto missed = json_of({"--policy", put("one", witness + "quorum station\n")}, 1);
  EXPECT_FALSE(missed.at("quorum").at("reached").as_bool());
  EXPECT_EQ(missed.at("findings").at(0).at("what").as_string(), "quorum");
}

TEST_F(Auditor, TriesAPolicy) {
  const auto report = json_of({"--try-policy", policy(7, {{book::CapOf::account, book::CapPer::day, 1}})}, 0);
  bool found = false;
  for (const auto& rule : report.at("trial_policy").as_array()) {
    if (rule.at("rule").as_string() != "patrol") continue;
    found = true;
    EXPECT_GT(rule.at("was_paid").as_int64(), 0);
    EXPECT_EQ(rule.at("was_points").as_int64(), 50 * rule.at("was_paid").as_int64());
    EXPECT_GT(rule.at("would_pay").as_int64(), 0);
    EXPECT_EQ(rule.at("would_points").as_int64(), 7 * rule.at("would_pay").as_int64());
  }
  EXPECT_TRUE(found);
  const Finished unfit = town.audit({"--try-policy", policy(7, {})});
  EXPECT_EQ(unfit.status, 2);
  EXPECT_THAT(unfit.err, HasSubstr("a rule without an officer's proof and without a cap"));
}

}  // namespace
}  // namespace dfb::e2e
