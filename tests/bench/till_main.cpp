// defenbao-till-bench: a counter with a queue. The real server and real tills, each a process of its own on
// loopback with mutual TLS, a journal on disk and every proof checked; customers' codes are scanned at a fixed
// rate over all tills.
//
//   cold start        from starting the program until it takes scans; median
//   scan to result    what the customer waits for the machine: from the scan to the customer's name, and from
//                     the cashier's yes to the result; the cashier's own time is none of it; 99 %
//   resident memory   of the tills, the highest of any (VmHWM)
//   offline sales     with --offline N: how long one till takes to tell the town N sales (offline_return.h)
//   long journal      with --journal N: cold start and memory of a till whose journal has N sales (long_journal.h)
//
// Exit status: 0 every line passed (or --quick, which judges nothing), 1 a MISS, 2 it could not run.
#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <thread>

#include "ledger/base/arguments.h"
#include "tests/bench/long_journal.h"
#include "tests/bench/offline_return.h"
#include "tests/bench/till_process.h"
#include "tests/e2e/live_town.h"

namespace dfb::bench {
namespace {

using e2e::LiveTown;
using e2e::Phone;

constexpr double kColdStartS = 1, kScanToResultMs = 60, kMemoryMb = 40;
constexpr int kStarts = 5;
// For so many sales or fewer.
constexpr double kToldS = 30;
constexpr int kToldSales = 10'000;
constexpr int kJournalSales = 200'000;

struct Options {
  int tills = 3, rate = 20, seconds = 30, offline = 0, journal = 0;
  bool json = false, quick = false;
};

double at(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const auto index = static_cast<std::size_t>(share * static_cast<double>(values.size()));
  return values.at(std::min(index, values.size() - 1));
}

// Phones whose owners have a point to spend, each good for one code in five seconds.
std::vector<Phone> customers(const LiveTown& town, int residents) {
  std::vector<Phone> out;
  for (int n = 1; n <= residents; ++n) {
    const std::string name = "resident-" + std::to_string(n);
    for (const auto& person : town.facts().people)
      if (person.key_file == name) out.push_back(town.resident(n));
  }
  return out;
}

// ms that the customer waited for the machine.
double sell(TillProcess& till, const std::string& code) {
  double waited_s = till.step(code + "\n", "allows up to");
  till.step("1\n", "Enter = yes");
  waited_s += till.step("\n", "DONE: ");
  return waited_s * 1000;
}

struct Figures {
  std::vector<double> cold_starts_s, waits_ms;
  double memory_mb = 0, took_s = 0;
};

Figures measure(const Options& options) {
  const int residents = options.rate * 5 + 20;
  LiveTown::Options plan;
  plan.residents = residents;
  LiveTown town(plan);
  const auto phones = customers(town, residents);
  const int sales = options.rate * options.seconds;
  if (static_cast<int>(phones.size()) < options.rate * 5) give_up("the demo has too few phones for that rate");
  std::vector<std::unique_ptr<TillProcess>> counters;
  Figures out;
  std::vector<e2e::Till> tills;
  for (int n = 1; n <= options.tills; ++n) tills.push_back(town.enrol_till(n));
  for (int i = 0; i < kStarts; ++i) {
    TillProcess one(tills[0]);
    out.cold_starts_s.push_back(one.cold_start_s());
    one.quit();
  }
  for (const auto& till : tills) counters.push_back(std::make_unique<TillProcess>(till));

  // Sale i is due at i / rate; till i % tills takes it, and whoever is late is late for the next one too.
  std::vector<std::vector<double>> waits(counters.size());
  std::atomic<bool> failed = false;
  std::string why;
  std::mutex mutex;
  const auto begin = Steady::now();
  std::vector<std::jthread> threads;
  for (std::size_t t = 0; t < counters.size(); ++t)
    threads.emplace_back([&, t] {
      try {
        for (auto i = static_cast<int>(t); i < sales && !failed; i += options.tills) {
          const auto due = begin + std::chrono::microseconds(i * 1'000'000LL / options.rate);
          std::this_thread::sleep_until(due);
          const Phone& who = phones[static_cast<std::size_t>(i) % phones.size()];
          const std::string code =
              book::make_pay_code(who.key, town.facts().origin, who.account, book::Points{20},
                                  SystemClock().now_us())
                  .text();
          waits[t].push_back(sell(*counters[t], code));
        }
      } catch (const std::exception& error) {
        const std::lock_guard lock(mutex);
        failed = true;
        why = error.what();
      }
    });
  threads.clear();
  if (failed) give_up(why);
  out.took_s = seconds_since(begin);
  for (std::size_t t = 0; t < counters.size(); ++t) {
    out.waits_ms.insert(out.waits_ms.end(), waits[t].begin(), waits[t].end());
    out.memory_mb = std::max(out.memory_mb, counters[t]->memory_mb());
    counters[t]->quit();
  }
  return out;
}

double load_now() {
  double load = 0;
  return ::getloadavg(&load, 1) == 1 ? load : -1;
}

int run_offline(const Options& options) {
  const OfflineReturn made = measure_offline_return(options.offline);
  const bool pass = made.told_s <= kToldS, judged = !options.quick && options.offline >= kToldSales;
  const char* word = !judged ? "" : pass ? "  PASS" : "  MISS";
  if (options.json) {
    std::cout << boost::json::object{{"offline_sales", made.sales},
                                     {"phones", made.phones},
                                     {"sold_s", made.sold_s},
                                     {"told_s", made.told_s},
                                     {"memory_mb", made.memory_mb},
                                     {"cores", std::thread::hardware_concurrency()},
                                     {"load", load_now()},
                                     {"pass", pass}}
              << "\n";
  } else {
    std::printf("%d sales of %d phones without a line in %.1f s; %u cores, load %.2f\n", made.sales, made.phones,
                made.sold_s, std::thread::hardware_concurrency(), load_now());
    std::printf("offline sales    %d told in %.2f s (%d in at most %.0f), each once; %.1f MB%s\n", made.sales,
                made.told_s, kToldSales, kToldS, made.memory_mb, word);
  }
  return !judged || pass ? 0 : 1;
}

int run_journal(const Options& options) {
  LiveTown town;
  const e2e::Till till = town.enrol_till(1);
  lengthen_journal(till, town.facts().origin, options.journal);
  const double size_mb = static_cast<double>(std::filesystem::file_size(till.folder + "/journal")) / 1e6;
  std::vector<double> starts_s, processor_s;
  double memory_mb = 0;
  for (int i = 0; i < kStarts; ++i) {
    TillProcess one(till);
    starts_s.push_back(one.cold_start_s());
    processor_s.push_back(one.cold_start_cpu_s());
    memory_mb = std::max(memory_mb, one.memory_mb());
    one.quit();
  }
  const double cold = at(starts_s, 0.5), processor = at(processor_s, 0.5);
  const bool pass = cold <= kColdStartS && memory_mb <= kMemoryMb;
  const bool judged = !options.quick && (options.journal >= kJournalSales || !pass);
  const char* word = options.quick || !judged ? "" : pass ? "  PASS" : "  MISS";
  if (options.json) {
    std::cout << boost::json::object{{"journal_sales", options.journal},
                                     {"journal_mb", size_mb},
                                     {"cold_start_s", cold},
                                     {"processor_s", processor},
                                     {"memory_mb", memory_mb},
                                     {"cores", std::thread::hardware_concurrency()},
                                     {"load", load_now()},
                                     {"pass", pass}}
              << "\n";
  } else {
    std::printf("long journal     %d sales, %.1f MB: cold start %.2f s, %.2f of them the processor's, %.1f MB resident (%d in at most %.0f s and "
                "%.0f MB); %u cores, load %.2f%s\n",
                options.journal, size_mb, cold, processor, memory_mb, kJournalSales, kColdStartS, kMemoryMb,
                std::thread::hardware_concurrency(), load_now(), word);
  }
  return !judged || pass ? 0 : 1;
}

int run(const Options& options) {
  const Figures made = measure(options);
  const double cold = at(made.cold_starts_s, 0.5), p99 = at(made.waits_ms, 0.99);
  const bool passes[] = {cold <= kColdStartS, p99 <= kScanToResultMs, made.memory_mb <= kMemoryMb};
  const double load = load_now();
  if (options.json) {
    std::cout << boost::json::object{{"tills", options.tills},
                                     {"rate", options.rate},
                                     {"sales", made.waits_ms.size()},
                                     {"took_s", made.took_s},
                                     {"cold_start_s", cold},
                                     {"median_ms", at(made.waits_ms, 0.5)},
                                     {"p99_ms", p99},
                                     {"most_ms", at(made.waits_ms, 1)},
                                     {"memory_mb", made.memory_mb},
                                     {"cores", std::thread::hardware_concurrency()},
                                     {"load", load},
                                     {"pass", passes[0] && passes[1] && passes[2]}}
              << "\n";
  } else {
    const auto word = [&](bool pass) { return options.quick ? "" : pass ? "  PASS" : "  MISS"; };
    std::printf("%zu sales in %.1f s at %d tills, %d a second wanted; %u cores, load %.2f\n", made.waits_ms.size(),
                made.took_s, options.tills, options.rate, std::thread::hardware_concurrency(), load);
    std::printf("cold start       %.2f s (at most %.0f)%s\n", cold, kColdStartS, word(passes[0]));
    std::printf("scan to result   %.1f ms for 99 %% (at most %.0f), median %.1f, most %.1f%s\n", p99, kScanToResultMs,
                at(made.waits_ms, 0.5), at(made.waits_ms, 1), word(passes[1]));
    std::printf("resident memory  %.1f MB (at most %.0f)%s\n", made.memory_mb, kMemoryMb, word(passes[2]));
  }
  return options.quick || (passes[0] && passes[1] && passes[2]) ? 0 : 1;
}

}  // namespace
}  // namespace dfb::bench

int main(int argc, char** argv) {
  CLI::App app("A counter with a queue: how long a customer waits for the machine, how fast a till starts, what it holds");
  dfb::bench::Options options;
  app.add_option("--tills", options.tills, "Tills, each of a shop of its own (3)")->check(CLI::Range(1, 3));
  app.add_option("--rate", options.rate, "Sales a second over all tills (20)")->check(CLI::Range(1, 200));
  app.add_option("--seconds", options.seconds, "How long (30)")->check(CLI::Range(1, 600));
  app.add_option("--offline", options.offline,
                 "Instead: so many sales at one till without a line, and how long it then takes to tell the town")
      ->check(CLI::Range(1, 100'000));
  app.add_option("--journal", options.journal, "Instead: how a till starts whose journal has so many sales")
      ->check(CLI::Range(1, 1'000'000));
  app.add_flag("--json", options.json, "The figures as JSON");
  app.add_flag("--quick", options.quick, "A few sales, to see that it runs; judges nothing");
  if (const auto ended = dfb::parse_arguments(app, "defenbao-till-bench", argc, argv)) return *ended;
  if (options.quick) options.rate = 4, options.seconds = 1;
  try {
    if (options.offline > 0) return dfb::bench::run_offline(options);
    if (options.journal > 0) return dfb::bench::run_journal(options);
    const int status = dfb::bench::run(options);
    if (!options.quick) return status;
    options.offline = 30, options.journal = 300;
    return dfb::bench::run_offline(options) + dfb::bench::run_journal(options);
  } catch (const std::exception& error) {
    std::cerr << "defenbao-till-bench: " << error.what() << "\n";
    return 2;
  }
}
