#include <boost/json.hpp>

#include "ledger/audit/report.h"
#include "ledger/audit/text_table.h"
#include "ledger/log/receipt.h"
#include "tests/unit/audit/audited_town.h"

namespace dfb::audit {
namespace {

using namespace test;

TEST(AuditSound, ALivedDayIsSound) {
  const auto l = lived();
  const Report report = audit_town(l.town);
  EXPECT_EQ(report.verdict, Verdict::sound) << lines(report);
  EXPECT_EQ(report.replayed, l.town.size());
  EXPECT_EQ(report.checkpoint->size, l.town.size());
}

TEST(AuditSound, AnEmptyLogIsSound) {
  AuditedTown town;
  const Report report = audit_town(town);
  EXPECT_EQ(report.verdict, Verdict::sound) << lines(report);
  EXPECT_EQ(report.replayed, 0);
}

TEST(AuditSound, FiguresCountWhatHappened) {
  const auto l = lived();
  const Figures f = audit_town(l.town).figures;
  EXPECT_EQ(f.entries, l.town.size());
  EXPECT_EQ(f.minted, 100'000);
  EXPECT_EQ(f.awarded.count, 2);
  EXPECT_EQ(f.awarded.points, 90);
  EXPECT_EQ(f.redeemed.points, 50);
  EXPECT_EQ(f.refunded.points, 10);
  EXPECT_EQ(f.cancelled.points, 20);
  EXPECT_EQ(f.outstanding, 70);
  EXPECT_EQ(f.refused, 1);
  EXPECT_EQ(f.refusals.at("insufficient_points"), 1);
  EXPECT_EQ(f.operations.at("transfer redeem"), 3);
  EXPECT_EQ(f.operations.at("cancel"), 2);
  EXPECT_EQ(f.by_rule.at("patrol").points, 50);
  EXPECT_EQ(f.by_till.at(l.town.town.shop.key.public_key().id()).sales.points, 50);
  EXPECT_EQ(f.by_site.at(l.town.town.site.public_key().id()).awards.count, 1);
  const Hand& officer = f.by_enroller.at(l.town.town.officer.key.public_key().id());
  EXPECT_EQ(officer.residents, 2);
  EXPECT_EQ(officer.awards.points, 90);
  EXPECT_EQ(officer.account, l.town.town.officer.account);
  EXPECT_EQ(f.by_enroller.at(l.town.town.server.public_key().id()).use, book::KeyUse::server);
  std::int64_t sum = 0;
  for (const auto& [kind, count] : f.accounts) sum += count.points;
  EXPECT_EQ(sum, 0);
}

TEST(AuditSound, ALongGapIsListed) {
  AuditedTown town;
  town.town.policy.limits.idle_gap_hours = 24;
  town.found();
  town.town.now_us += 3 * kDayUs;
  const auto seq = town.send(town.town.sign(book::ConfirmClock{town.town.now_us}, {&town.town.admin_a.key}));
  town.send(town.town.check_in(town.town.resident));
  const Report report = audit_town(town);
  EXPECT_EQ(report.verdict, Verdict::sound) << lines(report);
  ASSERT_EQ(report.figures.gaps.size(), 1U);
  EXPECT_EQ(report.figures.gaps.front().seq, seq);
}

TEST(AuditSound, SeveralTilesAndChunksAreSound) {
  for (int tiles_at_once : {1, 8}) {
    Task task = plain_task();
    task.tiles_at_once = tiles_at_once;
    const Report report = audit_town(busy(), task);
    EXPECT_EQ(report.verdict, Verdict::sound) << lines(report);
    EXPECT_EQ(report.replayed, 300);
  }
}

TEST(AuditSound, APartialFileMayBeCutFromTheFullOne) {
  // The folder holds a longer log than the checkpoint that is audited, as a copy made while the log grew.
  AuditedTown longer = busy(), shorter = busy();
  shorter.entries.resize(200);
  TempFolder folder, other;
  longer.write(folder.path());
  dfb::test::write_log_file(folder.path(), "checkpoint", shorter.write(other.path()));
  const Report report = audit_folder(folder.path(), plain_task());
  EXPECT_EQ(report.verdict, Verdict::sound) << lines(report);
  EXPECT_EQ(report.replayed, 200);
}

TEST(AuditSound, TheTreeAloneNeedsNoEntries) {
  TempFolder folder;
  busy().write(folder.path());
  std::filesystem::remove_all(folder.path("tile/entries"));
  Task task = plain_task();
  task.tree_only = true;
  const Report report = audit_folder(folder.path(), task);
  EXPECT_EQ(report.verdict, Verdict::sound) << lines(report);
  EXPECT_EQ(report.replayed, 0);
}

TEST(AuditSound, AnOlderCheckpointIsExtended) {
  for (std::size_t size : {1U, 21U, 255U, 256U, 257U, 300U}) {
    AuditedTown older = busy();
    older.entries.resize(size);
    TempFolder folder;
    Task task = plain_task();
    task.older_checkpoint = older.write(folder.path());
    const Report report = audit_town(busy(), task);
    EXPECT_EQ(report.verdict, Verdict::sound) << size << "\n" << lines(report);
    EXPECT_EQ(report.older_size, static_cast<std::int64_t>(size));
  }
}

// Inclusion is proven by the tree of the entries that the folder holds.
class FolderTiles final : public log::TileReader {
 public:
  explicit FolderTiles(const std::string& folder) : source_(folder_source(folder)) {}
  Result<std::string> tile(int level, std::int64_t index, int width) override {
    return source_->read(log::format_tile_path({.level = level, .index = index, .width = width}), 8192);
  }

 private:
  std::unique_ptr<Source> source_;
};

std::string receipt_for(const AuditedTown& town, std::int64_t index) {
  TempFolder folder;
  const std::string note = town.write(folder.path());
  FolderTiles tiles(folder.path());
  return log::format_receipt(
      {index, log::inclusion_path(index, town.size(), tiles).value(), log::parse_note(note).value(), ""});
}

TEST(AuditSound, AReceiptIsProven) {
  AuditedTown older = busy();
  older.entries.resize(280);
  for (std::int64_t index : {0, 130, 255, 256, 279}) {
    Task task = plain_task();
    task.receipt = receipt_for(older, index);
    task.entry = busy().leaves()[static_cast<std::size_t>(index)];
    const Report report = audit_town(busy(), task);
    EXPECT_EQ(report.verdict, Verdict::sound) << lines(report);
    EXPECT_EQ(report.receipt_index, index);
  }
}

TEST(AuditSound, AReceiptOfAnotherHistoryIsFound) {
  auto forked = lived().town;
  forked.entries.back().outcome = R"({"refused":"limit_per_sale"})";
  Task task = plain_task();
  task.receipt = receipt_for(forked, forked.size() - 1);
  task.entry = forked.leaves().back();
  const Report report = audit_town(lived().town, task);
  EXPECT_EQ(report.verdict, Verdict::unsound);
  EXPECT_EQ(lines(report).find("receipt: root: expected "), 0U) << lines(report);
  EXPECT_FALSE(report.receipt_index);
}

TEST(AuditSound, AReceiptForAnotherEntryIsFound) {
  Task task = plain_task();
  task.receipt = receipt_for(lived().town, 3);
  task.entry = lived().town.leaves()[4];
  const Report report = audit_town(lived().town, task);
  EXPECT_EQ(report.verdict, Verdict::unsound);
  EXPECT_NE(lines(report).find("receipt: "), std::string::npos) << lines(report);
}

TEST(AuditReport, TextNamesTheFiguresInBothLanguages) {
  const Report report = audit_town(lived().town);
  const std::string en = to_text(report, Lang::en), zh = to_text(report, Lang::zh);
  for (const char* expected :
       {"verdict: sound", "awarded to residents", "issuance -100,000", "add up to 0", "patrol"})
    EXPECT_NE(en.find(expected), std::string::npos) << expected << "\n" << en;
  for (const char* expected : {"结论：账本无误", "发放给居民", "相加为 0"})
    EXPECT_NE(zh.find(expected), std::string::npos) << expected << "\n" << zh;
}

TEST(AuditReport, JsonIsOneDocument) {
  const auto l = lived();
  const auto json = boost::json::parse(to_json(audit_town(l.town))).as_object();
  EXPECT_EQ(json.at("verdict").as_string(), "sound");
  EXPECT_EQ(json.at("size").as_int64(), l.town.size());
  EXPECT_EQ(json.at("figures").at("points").at("awarded").at("points").as_int64(), 90);
  EXPECT_EQ(json.at("figures").at("sum_of_balances").as_int64(), 0);
  EXPECT_TRUE(json.at("findings").as_array().empty());
}

TEST(AuditReport, ExitStatusFollowsTheVerdict) {
  EXPECT_EQ(exit_status(Verdict::sound), 0);
  EXPECT_EQ(exit_status(Verdict::unsound), 1);
  EXPECT_EQ(exit_status(Verdict::could_not_check), 2);
}

TEST(AuditReport, ColumnsCountWideCharacters) {
  EXPECT_EQ(cells("积分 ab…"), 8U);
  EXPECT_EQ(grouped(-1234567), "-1,234,567");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(columns({{"积分", "1"}, {"ab", "200"}}), "  积分     1\n  ab     200\n");
}

}  // namespace
}  // namespace dfb::audit
