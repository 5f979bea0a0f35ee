// The report's page: every section says what the entries say, added up here once more.
#include "ledger/audit/report.h"
#include "ledger/audit/svg.h"
#include "ledger/audit/text_table.h"
#include "ledger/log/cosignature.h"
#include "tests/unit/audit/shop_month.h"

namespace dfb::audit {
namespace {

using namespace test;
using namespace book;

// The shop's month, and what else a report speaks of: reviews, a reversal, two who keep meeting, a long
// pause, points that expire in it.
struct Year : ShopMonth {
  dfb::test::Member reviewer{{kFirstFreeAccount + 9001}, dfb::test::test_key("reviewer")};

  Year() {
    p.policy.version += 1, p.policy.rules[2].review = Review::all, p.policy.limits.idle_gap_hours = 2400;
    send(p.publish(p.policy));
    send(p.sign(p.open_resident(reviewer, "/lijing/04", "R1", Level::verified),
                {&p.roots[0], &p.roots[1], &reviewer.key}));
    send(p.sign(GrantRole{reviewer.account, Role::reviewer, "/lijing", p.now_us, 0},
                {&p.roots[0], &p.roots[1]}));
    send(p.sign(Resolve{report_case("case-1"), true, p.resident.account, {20}, ""}, {&reviewer.key}));
    report_case("case-2");
    send(p.award(p.sibling, 70));
    send(p.sign(Reverse{t.size() - 1, "counted twice"}, {&p.admin_a.key}));
    send(p.sign(SetLevel{p.newcomer.account, Level::verified}, {&p.officer.key}));
    later(kMinuteUs - p.now_us % kMinuteUs);
    for (int day = 0; day < 3; ++day, later(kDayUs)) {
      send(p.check_in(p.resident));
      send(p.check_in(p.newcomer));
    }
    later(420 * kDayUs);
    send(p.sign(ConfirmClock{p.now_us}, {&p.admin_a.key}));
    const Day day = parse_day("2027-11-30").value();
    std::int64_t points = 0;
    for (const Lot& lot : t.ledger.account(p.resident.account).lots)
      if (lot.day == day) points += lot.points.value;
    send(p.expire(p.resident, points, day));
    send(p.award(p.sibling, 9));
  }
  Uuid report_case(const char* subject) {
    book::Record record;
    record.kind = "report", record.subject = subject, record.period = "-", record.rule = "report";
    record.account = p.resident.account;
    return send(p.sign(record, {&p.resident.key}));
  }
};

struct Sum {
  std::int64_t count = 0, points = 0;
  void add(std::int64_t by) { ++count, points += by; }
};
using Sums = std::map<std::string, Sum>;

// The entries added up from their texts alone, and nothing that the auditor has.
struct Tally {
  std::map<std::string, std::int64_t> moved;  // by kind of transfer
  Sum awarded, redeemed, refunded, cancelled, reversed, settled, covered;
  std::int64_t expired = 0, offline_run = 0;
  Sums rules, sites, shops;                                 // awards; awards; sales
  std::map<std::string, std::vector<std::int64_t>> months;  // issued, redeemed, back
  std::map<std::string, std::vector<std::int64_t>> grids;   // issued, redeemed
  std::map<std::string, std::vector<std::int64_t>> proofs;  // by shop: confirmed, code, offline, unsigned

  explicit Tally(const AuditedTown& town) : town_(town) {
    for (const auto& entry : town.entries) {
      month_ = format_month(civil_day(entry.time_us));
      const Payload payload = parse_payload(entry.payload).value();
      const Outcome outcome = parse_outcome(entry.outcome).value();
      if (!outcome.refused) add(payload, outcome, entry.seq);
    }
  }

 private:
  struct Sale {
    AccountId resident, shop;
  };
  struct Award {
    std::string rule;
    std::string site;
    AccountId resident;
  };

  void add(const Payload& payload, const Outcome& outcome, std::int64_t seq) {
    const std::int64_t points = outcome.points ? outcome.points->value : 0;
    if (outcome.lapsed) expired += outcome.lapsed->value;
    if (const auto* transfer = std::get_if<Transfer>(&payload.body)) add(payload, *transfer, seq);
    if (const auto* record = std::get_if<Record>(&payload.body); record && !record->rule.empty()) {
      const Award award{record->rule,
                        record->site.empty() ? "" : short_key(parse_site_code(record->site)->key),
                        record->account};
      outcome.held ? void(waiting_[payload.id] = award) : pay(award, points, seq);
    }
    if (const auto* hold = std::get_if<Hold>(&payload.body)) held_[payload.id] = hold->account;
    if (const auto* resolve = std::get_if<Resolve>(&payload.body); resolve && resolve->capture) {
      if (waiting_.count(resolve->hold) != 0)
        pay(waiting_.at(resolve->hold), resolve->points.value, seq);
      else
        sell(payload.id, held_.at(resolve->hold), resolve->to, resolve->points.value, 0);
    }
    if (const auto* cancel = std::get_if<Cancel>(&payload.body); cancel && outcome.undone) {
      cancelled.add(points);
      back(sales_.at(cancel->target).resident, points);
    }
    if (const auto* reverse = std::get_if<Reverse>(&payload.body)) {
      const std::int64_t taken = points - (outcome.unrecovered ? outcome.unrecovered->value : 0);
      reversed.add(taken);
      back(awards_.at(reverse->entry), taken);
    }
  }
  void add(const Payload& payload, const Transfer& transfer, std::int64_t seq) {
    const std::int64_t points = transfer.points.value;
    moved[std::string(name(transfer.kind))] += points;
    if (transfer.kind == TransferKind::award) pay({transfer.rule, "", transfer.to}, points, seq);
    if (transfer.kind == TransferKind::redeem) {
      const std::size_t proof = std::holds_alternative<QuoteProof>(transfer.proof)     ? 0
                                : std::holds_alternative<CodeProof>(transfer.proof)    ? 1
                                : std::holds_alternative<OfflineProof>(transfer.proof) ? 2
                                                                                       : 3;
      sell(payload.id, transfer.from, transfer.to, points, proof);
      if (proof == 2) offline_run = std::max(offline_run, points);
    }
    if (transfer.kind == TransferKind::refund) refunded.add(points), back(transfer.to, points);
    if (transfer.kind == TransferKind::settle) settled.add(points);
    if (transfer.kind == TransferKind::cover) covered.add(points);
    if (transfer.kind == TransferKind::expire) expired += points;
  }
  void pay(const Award& award, std::int64_t points, std::int64_t seq) {
    awarded.add(points);
    rules[award.rule].add(points);
    if (!award.site.empty()) sites[award.site].add(points);
    awards_[seq] = award.resident;
    flow(award.resident, 0, points);
  }
  void sell(const Uuid& id, AccountId resident, AccountId shop, std::int64_t points, std::size_t proof) {
    redeemed.add(points);
    sales_[id] = {resident, shop};
    shops[to_string(shop)].add(points);
    auto& by = proofs[to_string(shop)];
    by.resize(4);
    by[proof] += points;
    flow(resident, 1, points);
  }
  void back(AccountId resident, std::int64_t points) { flow(resident, 2, points); }
  void flow(AccountId resident, std::size_t which, std::int64_t points) {
    const std::string& scope = town_.ledger.account(resident).scope;  // nobody moves in this town
    for (auto* by : {&months[month_], &grids[scope]}) {
      by->resize(3);
      (*by)[which] += points;
    }
  }

  const AuditedTown& town_;
  std::string month_;
  std::map<Uuid, Award> waiting_;
  std::map<Uuid, AccountId> held_;
  std::map<Uuid, Sale> sales_;
  std::map<std::int64_t, AccountId> awards_;
};

// A section's text, one space where markup stood; its drawing beside it.
class Sections {
 public:
  explicit Sections(const std::string& page) {
    for (auto at = page.find("<section"); at != page.npos; at = page.find("<section", at + 1)) {
      const std::string all = page.substr(at, page.find("</section>", at) - at);
      const std::string mark = "lang=\"en\">";
      const auto begin = all.find(mark) + mark.size();
      const std::string heading = all.substr(begin, all.find('<', begin) - begin);
      headings.push_back(heading);
      html_[heading] = all;
    }
  }
  std::vector<std::string> headings;

  const std::string& html(const std::string& heading) { return html_[heading]; }
  void expect(const std::string& heading, const std::string& said) {
    EXPECT_NE(text(html_[heading]).find(said), std::string::npos) << heading << ": " << said << "\n"
                                                                  << text(html_[heading]);
  }
  static std::string text(const std::string& html) {
    std::string text;
    bool inside = false;
    for (const char c : html) {
      if (c == '<') inside = true;
      if (!inside && !(c == ' ' && text.ends_with(' '))) text += c;
      if (c == '>' && std::exchange(inside, false) && !text.ends_with(' ')) text += ' ';
    }
    return text;
  }

 private:
  std::map<std::string, std::string> html_;
};

// The heights of the bars of one colour, as many as there are columns.
std::vector<std::string> heights(const std::string& html, int colour) {
  std::vector<std::string> all;
  const std::string begin = "<rect class=\"c" + std::to_string(colour) + "\"", mark = "height=\"";
  for (auto at = html.find(begin); at != html.npos; at = html.find(begin, at + 1)) {
    const auto value = html.find(mark, at) + mark.size();
    all.push_back(html.substr(value, html.find('"', value) - value));
  }
  return all;
}
std::string height(std::int64_t part, std::int64_t most) {
  const std::int64_t tenths = most == 0 ? 0 : (part * 1300 * 2 + most) / (2 * most);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10);
}
void expect_columns(const std::string& html, const std::vector<std::vector<std::int64_t>>& columns) {
  std::int64_t most = 0;
  for (const auto& column : columns)
    for (const std::int64_t part : column) most = std::max(most, part);
  for (std::size_t part = 0; part < columns.front().size(); ++part) {
    std::vector<std::string> expected;
    for (const auto& column : columns) expected.push_back(height(column[part], most));
    EXPECT_EQ(heights(html, static_cast<int>(part)), expected) << part;
  }
  EXPECT_NE(html.find(">" + grouped(most) + "<"), std::string::npos) << most;
}

struct Audited {
  Year year;
  std::string page;
  TimeUs witnessed_us = 0;

  Audited() {
    const PrivateKey witness = PrivateKey::generate(Algorithm::ed25519);
    const std::string vkey = log::format_vkey(
        log::make_vkey("station.example", log::NoteKeyType::cosignature, witness.public_key()));
    TempFolder folder;
    const std::string note = year.t.write(folder.path());
    witnessed_us = year.t.entries.back().time_us + 20 * kSecondUs;
    dfb::test::write_log_file(folder.path(), "checkpoint",
                              note + log::cosign(log::parse_note(note)->text, "station.example", witness,
                                                 witnessed_us / kSecondUs));
    Task task = plain_task();
    task.witnesses = parse_witness_policy("witness station " + vkey + "\nquorum station\n").value();
    Policy policy = year.p.policy;
    policy.version = 9, policy.rules[3].points = {5};
    task.trial = TrialPolicy::parse(year.p.publish(policy).payload).value();
    const Report report = audit_folder(folder.path(), task);
    EXPECT_EQ(report.verdict, Verdict::sound) << lines(report);
    page = to_html(report, Lang::zh);
  }
};
const Audited& audited() {
  static const Audited audited;
  return audited;
}

std::string slashed(const Sum& sum) { return grouped(sum.points) + " / " + grouped(sum.count); }

TEST(AuditHtml, HasEverySection) {
  EXPECT_EQ(Sections(audited().page).headings,
            (std::vector<std::string>{
                "Points", "Issuance and redemption by month", "Liability by month of expiry",
                "Issuance by rule", "By grid", "Issuance by enroller", "Issuance by site key",
                "By shop: what the resident signed", "Concentration of shops", "Same-minute rings",
                "Advisory caps", "Long gaps in time", "Cosignatures", "A policy on trial"}));
}

TEST(AuditHtml, TheHeadSaysWhatWasAudited) {
  const std::string text = Sections::text(audited().page.substr(0, audited().page.find("</header>")));
  const auto& entries = audited().year.t.entries;
  for (const std::string& said :
       {std::string("账本无误 sound"), "log " + std::string(kTownOrigin),
        "entries " + grouped(audited().year.t.size()), base64(audited().year.t.root()),
        "time " + format_time(entries.front().time_us) + " – " + format_time(entries.back().time_us),
        std::string("reached")})
    EXPECT_NE(text.find(said), std::string::npos) << said << "\n" << text;
}

TEST(AuditHtml, PointsAreThoseOfTheEntries) {
  const Tally tally(audited().year.t);
  Sections page(audited().page);
  const auto says = [&](const std::string& label, const Sum& sum) {
    page.expect("Points", label + " " + grouped(sum.count) + " " + grouped(sum.points) + " ");
  };
  says("awarded to residents", tally.awarded);
  says("redeemed at shops", tally.redeemed);
  says("refunded", tally.refunded);
  says("redemptions cancelled", tally.cancelled);
  says("awards reversed", tally.reversed);
  says("settled with shops", tally.settled);
  says("offline losses covered", tally.covered);
  std::int64_t residents = 0;
  for (const auto& [key, account] : audited().year.t.ledger.rows().all<Account>())
    if (account.kind == AccountKind::resident) residents += account.balance.value;
  page.expect("Points", "minted to budgets " + grouped(tally.moved.at("mint")) + " ");
  page.expect("Points", "expired " + grouped(tally.expired) + " ");
  page.expect("Points", "waiting for review 20 ");
  page.expect("Points", "outstanding with residents " + grouped(residents) + " ");
}

TEST(AuditHtml, ChartsDrawTheMonthsAndWhatExpires) {
  const Tally tally(audited().year.t);
  Sections page(audited().page);
  std::vector<std::vector<std::int64_t>> flows, owed;
  for (const auto& [month, flow] : tally.months) {
    flows.push_back(flow);
    page.expect("Issuance and redemption by month", month);
  }
  expect_columns(page.html("Issuance and redemption by month"), flows);
  std::map<std::string, std::int64_t> liability;
  for (const auto& [key, account] : audited().year.t.ledger.rows().all<Account>())
    for (const Lot& lot : account.lots) liability[format_month(lot.day)] += lot.points.value;
  for (const auto& [key, hold] : audited().year.t.ledger.rows().all<HoldRow>())
    for (const Lot& lot : hold.lots) liability[format_month(lot.day)] += lot.points.value;
  for (const auto& [month, points] : liability) {
    owed.push_back({points});
    page.expect("Liability by month of expiry", month);
  }
  expect_columns(page.html("Liability by month of expiry"), owed);
}

TEST(AuditHtml, RulesGridsAndKeysBearTheirSums) {
  const Tally tally(audited().year.t);
  Sections page(audited().page);
  ASSERT_EQ(tally.rules.size(), 3U);
  for (const auto& [rule, sum] : tally.rules) page.expect("Issuance by rule", rule + " " + slashed(sum));
  ASSERT_EQ(tally.grids.size(), 1U);
  for (const auto& [grid, flow] : tally.grids)
    page.expect("By grid", grid + " " + grouped(flow[0]) + " / " + grouped(flow[1]));
  ASSERT_EQ(tally.sites.size(), 1U);
  for (const auto& [site, sum] : tally.sites) page.expect("Issuance by site key", site + " " + slashed(sum));
  // All who earned were brought in, or raised to their level, by the officer.
  page.expect("Issuance by enroller", short_key(audited().year.p.officer.key.public_key().id()) + " device " +
                                          grouped(tally.awarded.points) + " / 3 ");
}

TEST(AuditHtml, ShopsBearWhatWasSignedAndTheirShare) {
  const Tally tally(audited().year.t);
  Sections page(audited().page);
  std::int64_t squares = 0;
  for (const auto& [shop, sum] : tally.shops) {
    const auto& by = tally.proofs.at(shop);
    page.expect("By shop: what the resident signed",
                shop + " " + grouped(sum.points) + " ，未签 , unsigned " + grouped(by[3]));
    const std::int64_t share = sum.points * 10'000 / tally.redeemed.points;
    page.expect("Concentration of shops", shop + " " + std::to_string((share + 50) / 100) + " %");
    squares += sum.points * sum.points;
  }
  EXPECT_EQ(tally.proofs.at(to_string(audited().year.p.shop.account)),
            (std::vector<std::int64_t>{25 + 20 + 33 + 12, 40, 50, 30}));
  const std::int64_t all = tally.redeemed.points * tally.redeemed.points;
  page.expect("Concentration of shops", "(0 to 10,000): " + grouped((squares * 10'000 + all / 2) / all));
}

TEST(AuditHtml, RingsCapsGapsWitnessesAndTrialsAreShown) {
  const Tally tally(audited().year.t);
  const Year& year = audited().year;
  Sections page(audited().page);
  page.expect("Same-minute rings",
              to_string(year.p.resident.account) + " " + to_string(year.p.newcomer.account) + " 3 ");
  page.expect("Same-minute rings", "圈子 ring 1 ，账户 , accounts 2 3 ");
  page.expect("Advisory caps", "offline_till_points 2,000 " + grouped(tally.offline_run));
  for (const char* drawn : {"Same-minute rings", "Advisory caps"})
    EXPECT_NE(page.html(drawn).find("<rect class=\"c0\""), std::string::npos) << drawn;
  std::size_t after = 0;
  for (std::size_t i = 1; i < year.t.entries.size(); ++i)
    if (year.t.entries[i].time_us - year.t.entries[i - 1].time_us > 100 * kDayUs) after = i;
  page.expect("Long gaps in time", grouped(static_cast<std::int64_t>(after)) + " " +
                                       format_time(year.t.entries[after - 1].time_us) + " " +
                                       format_time(year.t.entries[after].time_us));
  page.expect("Cosignatures",
              "station " + grouped(year.t.size()) + " " + format_time(audited().witnessed_us));
  // The last month has one award, of 9, where the tried policy allows 5.
  page.expect("A policy on trial", "help 1 9 0 0 amount_too_large 1");
}

TEST(AuditHtml, AnUnsoundLogShowsItsFindings) {
  ShopMonth changed;
  changed.report(changed.p.shop, 1, 2, 0, 0);
  const Report report = audit_town(changed.t);
  Sections page(to_html(report, Lang::en));
  EXPECT_EQ(page.headings, std::vector<std::string>{"Findings"});
  page.expect("Findings", to_line(report.findings.at(0), Lang::zh));
  page.expect("Findings", to_line(report.findings.at(0), Lang::en));
}

TEST(AuditHtml, StandsAlone) {
  const std::string& page = audited().page;
  EXPECT_EQ(page.find("<!doctype html>"), 0U);
  for (const char* outside : {"http://", "https://", "<script", "url("}) {
    auto at = page.find(outside);
    while (at != std::string::npos && page.compare(at, 26, "http://www.w3.org/2000/svg") == 0)
      at = page.find(outside, at + 1);
    EXPECT_EQ(at, std::string::npos) << "the page stands alone: " << outside;
  }
}

TEST(AuditHtml, WhatTheLogSaysCannotBecomeMarkup) {
  EXPECT_EQ(svg::escaped("<a href=\"x\">&"), "&lt;a href=&quot;x&quot;&gt;&amp;");
  Report report;
  report.verdict = Verdict::unsound;
  report.findings.push_back({.entry = 3, .what = What::form, .expected = "<script>", .found = "x"});
  EXPECT_EQ(to_html(report, Lang::en).find("<script>"), std::string::npos);
}

}  // namespace
}  // namespace dfb::audit
