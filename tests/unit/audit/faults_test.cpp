// The planted faults: each history is one that an operator with the log's key could sign, and none passes.
#include "tests/unit/audit/faults.h"

#include "tests/unit/book/provocations.h"

namespace dfb::audit {
namespace {

using namespace test;

void plant_each(const std::vector<Fault>& faults) {
  for (const Fault& fault : faults) {
    SCOPED_TRACE(fault.name);
    AuditedTown town = founded();
    const Planted planted = fault.plant(town);
    const Report report = audit_town(town);
    EXPECT_EQ(report.verdict, Verdict::unsound) << lines(report);
    ASSERT_EQ(report.findings.size(), 1U) << lines(report);
    EXPECT_EQ(report.findings[0].entry, planted.entry) << lines(report);
    EXPECT_EQ(name(report.findings[0].what), name(planted.what)) << lines(report);
    EXPECT_EQ(report.findings[0].rule, planted.rule) << lines(report);
  }
}

TEST(AuditFaults, OfBytes) { plant_each(faults_of_bytes()); }
TEST(AuditFaults, OfPeople) { plant_each(faults_of_people()); }
TEST(AuditFaults, OfAwards) { plant_each(faults_of_awards()); }
TEST(AuditFaults, OfSpending) { plant_each(faults_of_spending()); }
TEST(AuditFaults, OfTreasury) { plant_each(faults_of_treasury()); }
TEST(AuditFaults, OfTotals) { plant_each(faults_of_totals()); }

// Every refusal that the book knows, entered by an operator as if it had not been one.
TEST(AuditFaults, EveryRefusalOfTheBookIsFoundWhereItWasPassedOver) {
  dfb::test::Scene scene{Town(kTownOrigin, log::format_vkey(vkey_of(log_key()))), {}};
  for (const auto& line : scene.town.founding()) scene.must(line);
  for (const auto& provocation : dfb::test::provocations()) {
    SCOPED_TRACE(name(provocation.code));
    dfb::test::Scene s = scene;
    const SignedLine line = provocation.provoke(s);
    AuditedTown town{s.town, s.ledger, {}};
    for (const auto& entered : s.ledger.entered()) {
      town.town.now_us = entered.time_us;
      town.forge(entered.line, entered.outcome);
    }
    town.town.now_us = s.town.now_us;
    const auto seq = town.forge(line, R"({"policy":1,"points":1})");
    const Report report = audit_town(town);
    EXPECT_EQ(report.verdict, Verdict::unsound);
    ASSERT_EQ(report.findings.size(), 1U) << lines(report);
    const Finding& finding = report.findings[0];
    EXPECT_EQ(finding.entry, seq) << lines(report);
    if (provocation.burns)
      EXPECT_EQ(finding.expected, "{\"refused\":\"" + std::string(name(provocation.code)) + "\"}");
    else if (provocation.code == Code::clock_behind)
      EXPECT_EQ(finding.what, What::time) << lines(report);
    else if (provocation.code == Code::key_not_enrolled)
      EXPECT_EQ(finding.what, What::signer) << lines(report);
    else
      EXPECT_EQ(finding.rule, name(provocation.code)) << lines(report);
  }
}

}  // namespace
}  // namespace dfb::audit
