// Made tests/golden/ledger-v1 once: `make_golden_ledger FOLDER` writes a small town's signed ledger into an
// existing, empty folder. ECDSA signatures differ each time, so what is in the repository is never made
// again; a later format gets a folder of its own, from a maker that says what its town does.
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "ledger/base/check.h"
#include "ledger/crypto/hash.h"
#include "ledger/writer/key_cache.h"
#include "ledger/writer/writer.h"
#include "tests/golden/ledger_files.h"
#include "tests/support/town.h"

namespace dfb::test {
namespace {

using namespace book;

struct Maker {
  PrivateKey log_key = PrivateKey::generate(Algorithm::ed25519);
  PrivateKey next_log_key = PrivateKey::generate(Algorithm::ed25519);
  log::Vkey vkey = log::make_vkey(kTownOrigin, log::NoteKeyType::ed25519, log_key.public_key());
  ManualClock clock{kTownStartUs};
  std::unique_ptr<store::Store> store = store::open_memory();
  KeyCache keys{*store};
  std::unique_ptr<Writer> writer =
      Writer::start(*store, log::Signer(kTownOrigin, {log_key, next_log_key}), clock,
                    {.origin = kTownOrigin, .fatal = [](const std::string&) { DFB_CHECK(false); }})
          .value();
  Town town{kTownOrigin, log::format_vkey(vkey)};

  Answer send(const SignedLine& line) {
    auto answer = writer->run(check::check(line.payload, line.signatures, keys, kTownOrigin).value());
    if (!answer) std::fprintf(stderr, "%s\n%s\n", line.payload.c_str(), to_string(answer.error()).c_str());
    DFB_CHECK(answer.has_value());
    return *std::move(answer);
  }
  void must(const SignedLine& line) { DFB_CHECK(!send(line).refused); }
  void must(Body body, std::initializer_list<const PrivateKey*> signers) {
    must(town.sign(std::move(body), signers));
  }
  void later(TimeUs by_us) {
    clock.advance(by_us);
    town.now_us += by_us;
  }
  Record record(std::string kind, std::string subject, AccountId account, std::string period,
                std::string rule) const {
    Record record;
    record.kind = std::move(kind), record.subject = std::move(subject), record.account = account;
    record.period = std::move(period), record.rule = std::move(rule);
    record.evidence = sha256("");
    return record;
  }

  void earn();
  void spend();
  void administer();
  void a_year_later();
  void set_aside();
  void review();
  void hand_over();
  void close_the_books();
  Transfer transfer(TransferKind kind, AccountId from, AccountId to, std::int64_t points) const {
    Transfer transfer;
    transfer.kind = kind, transfer.from = from, transfer.to = to, transfer.points = {points};
    return transfer;
  }
  void later_at_month(std::int64_t months) {
    const auto day = month_end(civil_day(town.now_us), static_cast<int>(months)) + 1;
    later(day_start_us(day) - town.now_us);
  }
};

void Maker::earn() {
  must(town.award(town.resident, 90));
  must(town.check_in(town.resident));
  must(record("checkin", "visit", town.sibling.account, "2026-11-24", "visit"), {&town.officer.key});
  must(record("report", "case-7", town.newcomer.account, "-", "report"), {&town.newcomer.key});
  must(SetLevel{town.newcomer.account, Level::verified}, {&town.officer.key});
  later(kMinuteUs);
}

void Maker::spend() {
  const auto sale = town.redeem(town.resident, 60);
  must(sale);
  must(town.refund(sale.id, town.resident, 20));
  later(kMinuteUs);
  must(town.redeem_confirmed(town.resident, 25, town.now_us + kMinuteUs));
  const auto second = town.redeem(town.resident, 15, town.other_shop);
  must(second);
  must(town.cancel(second.id, town.other_shop));
  must(town.cancel(town.next_id()));
  DFB_CHECK(send(town.redeem(town.sibling, 180)).refused == Code::insufficient_points);
  auto shift = record("zreport", "till-1-z-1", town.shop.account, "2026-11-24", "");
  shift.count = 2, shift.total = 85, shift.refunds = 1, shift.refunded = 20;
  shift.lines = 31, shift.head = "uGqJb5x0cWmRZ1n8KJ3dQA";
  must(shift, {&town.shop.key});
  later(kHourUs);
}

void Maker::administer() {
  const auto &a = town.admin_a.key, &b = town.admin_b.key, &officer = town.officer.key;
  const auto spare = test_key("spare"), ticket = test_key("ticket"), till = test_key("ticket's till");
  must(AddKey{town.resident.account, KeyUse::device, spare.public_key().spki(), 0},
       {&town.resident.key, &spare});
  must(RevokeKey{spare.public_key().id(), "phone lost"}, {&town.resident.key});
  must(AddKey{town.shop.account, KeyUse::ticket, ticket.public_key().spki(), town.now_us + kDayUs},
       {&a, &ticket});
  must(AddKey{town.shop.account, KeyUse::till, till.public_key().spki(), 0}, {&ticket, &till});
  must(GrantRole{town.sibling.account, Role::auditor, "/", town.now_us, town.now_us + 90 * kDayUs}, {&a, &b});
  must(EndRole{town.sibling.account, Role::auditor, "/"}, {&a, &b});
  must(Move{town.sibling.account, "/lijing/04", "H8"}, {&officer});
  const Member walker{{kFirstFreeAccount + 71}, test_key("walker")};
  must(town.open_resident(walker, "/lijing/03", "", Level::phone), {&town.server, &walker.key});
  must(Roster{"/lijing/03", {walker.account}}, {&officer});
  must(Import{{{{kFirstFreeAccount + 72}, "/lijing/05", "M1"}, {{kFirstFreeAccount + 73}, "/jinsha", ""}}},
       {&a, &b});
  must(SetState{walker.account, AccountState::frozen, "dispute 4"}, {&officer});
  must(SetState{walker.account, AccountState::closed, "moved away"}, {&officer});
  Transfer back;
  back.kind = TransferKind::return_;
  back.from = town.budget, back.to = kIssuance, back.points = {500}, back.memo = "left over";
  must(back, {&a, &b});
  must(record("erasure", "request-9", town.sibling.account, "-", ""), {&a});
  auto policy = town.policy;
  policy.version = 2, policy.from_us = town.now_us + kMinuteUs;
  policy.rules[0].points = {40}, policy.limits.refund_days = 60;
  must(town.publish(policy));
  must(PublishTask{Task{"patrol-evening",
                        "patrol",
                        "/lijing",
                        town.now_us,
                        town.now_us + 400 * kDayUs,
                        town.budget,
                        {town.site.public_key().id()},
                        Review::none}},
       {&officer});
  later(2 * kMinuteUs);
  must(town.check_in(town.sibling));  // the new policy pays
}

// A refund after its lots' day makes a grace lot; one after the grace lot's day gets nothing back.
void Maker::a_year_later() {
  later(360 * kDayUs);
  const auto sale = town.redeem(town.resident, 30);
  must(sale);
  later(20 * kDayUs);
  must(town.refund(sale.id, town.resident, 10));
  const auto of_grace = town.redeem(town.resident, 6);
  must(of_grace);
  later(40 * kDayUs);
  must(town.refund(of_grace.id, town.resident, 4));
}

// Reservations, captured in part, released and cancelled; an allowance that is overspent; the reserve pays.
void Maker::set_aside() {
  const auto &a = town.admin_a.key, &b = town.admin_b.key;
  must(town.award(town.resident, 100));
  const auto taken = town.reserve(town.resident, 30, town.now_us + kDayUs);
  must(taken);
  must(Resolve{taken.id, true, town.shop.account, {20}, ""}, {&town.shop.key});
  const auto cancelled = town.reserve(town.resident, 5, town.now_us + kDayUs);
  must(cancelled);
  must(town.cancel(cancelled.id, town.resident));
  const auto allowance = town.allowance(town.resident, 40, town.now_us + kDayUs);
  must(allowance);
  must(town.redeem_offline(town.resident, allowance.id, 1, 25));
  const auto conflict = town.redeem_offline(town.resident, allowance.id, 1, 10, town.other_shop);
  DFB_CHECK(send(conflict).refused == Code::counter_used);
  must(transfer(TransferKind::fund, town.budget, kOfflineLoss, 200), {&a, &b});
  auto cover = transfer(TransferKind::cover, kOfflineLoss, town.other_shop.account, 10);
  cover.sale = conflict.id, cover.memo = "conflict 1";
  must(cover, {&a});
  later(8 * kDayUs);
  must(Resolve{allowance.id, false, town.resident.account, {0}, ""}, {&town.server});
  const AccountId card{kFirstFreeAccount + 75};
  must(town.issue(town.resident, card));
  later(kDayUs);
  must(town.redeem_by_card(town.resident, 5, card));
  must(SetCard{town.resident.account, card, false, "lost"}, {&town.resident.key});
}

void Maker::review() {
  const auto &a = town.admin_a.key, &b = town.admin_b.key;
  const Member reviewer{{kFirstFreeAccount + 74}, test_key("reviewer")};
  must(town.open_resident(reviewer, "/lijing/05", "R1", Level::verified),
       {&town.roots[0], &town.roots[1], &reviewer.key});
  must(GrantRole{reviewer.account, Role::reviewer, "/lijing", town.now_us, 0}, {&a, &b});
  must(PublishTask{Task{"reports",
                        "report",
                        "/lijing",
                        town.now_us,
                        town.now_us + 400 * kDayUs,
                        town.budget,
                        {},
                        Review::all}},
       {&town.officer.key});
  for (const char* subject : {"case-8", "case-9"}) {
    auto report = record("report", subject, town.resident.account, "-", "report");
    report.task = "reports";
    const auto line = town.sign(report, {&town.resident.key});
    must(line);
    if (std::string(subject) == "case-8")
      must(Resolve{line.id, true, town.resident.account, {20}, ""}, {&reviewer.key});
    else
      must(Resolve{line.id, false, town.budget, {0}, "photo of another place"}, {&reviewer.key});
  }
  const auto chain = town.chain(
      {{town.award(town.sibling, 7), &town.officer.key}, {town.award(town.sibling, 8), &town.officer.key}});
  std::vector<check::CheckedCommand> checked;
  for (const auto& line : chain)
    checked.push_back(check::check(line.payload, line.signatures, keys, kTownOrigin).value());
  DFB_CHECK(writer->run(std::move(checked)).has_value());
  const std::int64_t award = store->snapshot()->size() - 1;
  must(Reverse{award, "counted twice"}, {&a});
}

// A root gives way to a new one, which signs at once; the server's next key, beside the former and alone.
void Maker::hand_over() {
  const auto root = test_key("new root"), server = test_key("new server");
  ReplaceRoots next{2, {}};
  for (const PrivateKey& key : {town.roots[0], town.roots[2], root})
    next.roots.push_back(key.public_key().spki());
  must(next, {&town.roots[0], &town.roots[1], &root});
  must(NextServerKey{server.public_key().spki(), town.now_us + kDayUs}, {&root, &town.roots[2], &server});
  const auto walk_in = [&](std::uint64_t n, const PrivateKey& by) {
    const Member walker{{kFirstFreeAccount + 80 + n}, test_key("walker " + std::to_string(n))};
    must(town.open_resident(walker, "/lijing/03", "", Level::phone), {&by, &walker.key});
  };
  walk_in(1, town.server), walk_in(2, server);
  later(kDayUs);
  walk_in(3, server);
}

// Expiry, a shop's statement, a witness, the clock, the log's next key, other roots and server, and the end.
void Maker::close_the_books() {
  const auto &a = town.admin_a.key, &b = town.admin_b.key;
  later_at_month(13);
  const auto resident = store->snapshot()->get<Account>({town.resident.account}).value();
  DFB_CHECK(!resident.lots.empty());
  const Day first = resident.lots.front().day;
  std::int64_t points = 0;
  for (const auto& lot : resident.lots)
    if (lot.day == first) points += lot.points.value;
  must(town.expire(town.resident, points, first));
  auto settle = transfer(TransferKind::settle, town.shop.account, kSettled, 137);
  settle.fen = 1370, settle.count = 10, settle.through = store->snapshot()->size() - 1;
  must(settle, {&a, &b});
  must(AddWitness{"station.example/w1",
                  "station.example/w1+530d903a+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"},
       {&a, &b});
  must(ConfirmClock{town.now_us}, {&a});
  const auto next = log::make_vkey(kTownOrigin, log::NoteKeyType::ed25519, next_log_key.public_key());
  must(NextLogKey{log::format_vkey(next), town.now_us + 30 * kDayUs}, {&town.roots[0], &town.roots[1]});
  must(EndWitness{"station.example/w1"}, {&a, &b});
  hand_over();
  const auto head = writer->head();
  must(EndOrigin{head->checkpoint.size, head->checkpoint.root}, {&a, &b});
}

int make(const std::string& folder) {
  Maker maker;
  for (const auto& line : maker.town.founding()) maker.must(line);
  maker.earn();
  maker.spend();
  maker.administer();
  maker.a_year_later();
  maker.set_aside();
  maker.review();
  maker.close_the_books();
  maker.writer->stop();

  MemoryLedger ledger;
  std::string bundle;
  const auto view = maker.store->snapshot();
  for (const auto& text : view->entries(0, view->size())) {
    log::append_to_bundle(bundle, text);
    const auto replayed = replay(ledger, text, kTownOrigin);
    DFB_CHECK(replayed.has_value());
  }
  write_golden(folder, "log.vkey", log::format_vkey(maker.vkey) + "\n");
  write_golden(folder, "entries.bundle", bundle);
  write_golden(folder, "checkpoint", view->checkpoint());
  write_golden(folder, "balances.txt", balances(ledger.rows()));
  return 0;
}

}  // namespace
}  // namespace dfb::test

int main(int argc, char** argv) {
  if (argc != 2 || !std::filesystem::is_empty(argv[1])) {
    std::fprintf(stderr, "usage: make_golden_ledger FOLDER (existing and empty)\n");
    return 2;
  }
  return dfb::test::make(argv[1]);
}
