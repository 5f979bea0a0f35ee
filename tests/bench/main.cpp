// defenbao-bench: what this machine makes of the ledger, each figure beside what the machine could do at
// best, measured in the same run.
//
// Runs on two processors, also where there are more. Exit status: 0 every line passed (or --quick or --only,
// which judge nothing), 1 a MISS or INVALID, 2 it could not run.
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "ledger/base/arguments.h"
#include "tests/bench/bare_sqlite.h"
#include "tests/bench/measures.h"
#include "tests/bench/report.h"
#include "tests/support/temp_folder.h"

namespace dfb::bench {
namespace {

constexpr int kCouldNotRun = 2;

double load() {
  double average = 0;
  return ::getloadavg(&average, 1) == 1 ? average : -1;
}

struct Options {
  bool json = false, quick = false;
  std::string folder, only;
};

// What --only measures by itself, for a profiler.
const std::vector<std::string> kFigures = {"redemptions", "hot", "writer", "sqlite", "audit"};

// One round of everything, so that whatever else the machine does meets figures and denominators alike.
class Rounds {
 public:
  Rounds(const BenchTown& town, const Size& size, double seconds)
      : town_(town), count_(size.redemptions), seconds_(seconds) {
    record_rows();
  }

  void one() {
    if (const auto checks = openssl_checks()) openssl_.push_back(*checks);
    bare_.push_back(bare_checks(town_, seconds_));
    uniform_.push_back(redeem(town_.uniform()));
    hot_.push_back(redeem(town_.hot()));
    writer_.push_back(write());
    sqlite_.push_back(count_ / write_bare(town_.copy_file("bare.db"), recorded_));
    const auto audited = log_->audit();
    audit_.push_back(static_cast<double>(audited.signatures) / audited.seconds);
  }

  // One figure a round and nothing beside it.
  double only(const std::string& figure) {
    if (figure == "redemptions") return redeem(town_.uniform());
    if (figure == "hot") return redeem(town_.hot());
    if (figure == "writer") return write();
    if (figure == "sqlite") return count_ / write_bare(town_.copy_file("bare.db"), recorded_);
    const auto audited = log_->audit();
    return static_cast<double>(audited.signatures) / audited.seconds;
  }

  void into(Report& report) const {
    report.bare = median(bare_);
    if (!openssl_.empty()) report.openssl = median(openssl_);
    std::vector<double> halves;
    for (const double checks : bare_) halves.push_back(checks / 2);
    report.lines = {
        {"redemptions", "redemptions/s", uniform_, halves, "bare checks / 2", 0.5},
        {"one hot shop", "redemptions/s", hot_, uniform_, "the same over all shops", 0.95},
        {"writer alone", "redemptions/s", writer_, sqlite_, "bare SQLite, same rows and batches", 0.6},
        {"audit with signatures", "checks/s", audit_, bare_, "bare checks", 0.8},
    };
    report.rows = static_cast<double>(recorded_.rows()) / count_;
    report.bytes = static_cast<double>(recorded_.bytes()) / count_;
    report.log_bytes = log_bytes_ / count_;
    report.syncs = syncs_ / count_;
  }

 private:
  double redeem(const std::vector<SignedLine>& lines) {
    const auto store = town_.copy("round.db");
    Bench bench(town_, *store);
    (void)bench.check_all(lines);
    return count_ / bench.redeem(lines);
  }

  double write() {
    const auto store = town_.copy("round.db");
    Bench bench(town_, *store);
    auto commands = bench.check_all(town_.uniform());
    const auto before = static_cast<double>(sync_count());
    const double seconds = bench.write(std::move(commands));
    syncs_ = static_cast<double>(sync_count()) - before;
    std::error_code ignored;
    const auto bytes = std::filesystem::file_size(town_.path("round.db-wal"), ignored);
    log_bytes_ = std::max(log_bytes_, ignored ? 0 : static_cast<double>(bytes));
    return count_ / seconds;
  }

  // The rows of one untimed run, and the log that it leaves for the auditor.
  void record_rows() {
    const auto store = town_.copy("round.db");
    const auto recording = record(*store, recorded_);
    {
      Bench bench(town_, *recording);
      bench.write(bench.check_all(town_.uniform()));
    }
    log_.emplace(town_, *store->snapshot());
  }

  const BenchTown& town_;
  const double count_, seconds_;
  Recorded recorded_;
  std::optional<AuditedLog> log_;
  std::vector<double> openssl_, bare_, uniform_, hot_, writer_, sqlite_, audit_;
  double log_bytes_ = 0, syncs_ = 0;
};

int run(const Options& options) {
  const Size size = options.quick ? Size{.residents = 300, .shops = 5, .redemptions = 300} : Size{};
  const int rounds = options.quick ? 1 : 5;
  std::optional<test::TempFolder> own;
  if (options.folder.empty()) own.emplace();
  Report report{.residents = size.residents,
                .redemptions = size.redemptions,
                .rounds = rounds,
                .processors = confine_to_two()};
  report.load_before = load();
  std::cerr << "founding a town of " << size.residents << " residents\n";
  const BenchTown town(own ? own->path() : options.folder, size);
  Rounds all(town, size, options.quick ? 0.1 : 1.0);
  for (int i = 1; i <= rounds; ++i) {
    std::cerr << "round " << i << " of " << rounds << "\n";
    if (options.only.empty())
      all.one();
    else
      std::cout << options.only << " " << std::llround(all.only(options.only)) << " /s" << std::endl;
  }
  if (!options.only.empty()) return 0;
  all.into(report);
  report.load_after = load();
  std::cout << (options.json ? report.json() : report.text());
  return options.quick ? 0 : report.exit_status();
}

}  // namespace
}  // namespace dfb::bench

int main(int argc, char** argv) {
  CLI::App app("Measures the ledger against what this machine can do at best.");
  dfb::bench::Options options;
  app.add_flag("--json", options.json, "One JSON document instead of lines");
  app.add_flag("--quick", options.quick,
               "A small town, once: shows that everything runs, and judges nothing");
  app.add_option("--only", options.only, "This figure alone, five times, judging nothing: for a profiler")
      ->check(CLI::IsMember(dfb::bench::kFigures))
      ->excludes("--json");
  app.add_option("--dir", options.folder, "An empty folder on the disk to be measured; else a temporary one")
      ->check(CLI::ExistingDirectory);
  if (const auto ended = dfb::parse_arguments(app, "defenbao-bench", argc, argv)) return *ended;
  try {
    return dfb::bench::run(options);
  } catch (const std::exception& error) {
    std::cerr << "defenbao-bench: " << error.what() << "\n";
    return dfb::bench::kCouldNotRun;
  }
}
