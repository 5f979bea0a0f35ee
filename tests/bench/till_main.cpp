// defenbao-till-bench: a counter with a queue. The real server and real tills, each a process of its own on
// loopback with mutual TLS, a journal on disk and every proof checked; customers' codes are scanned at a fixed
// rate over all tills.
//
//   cold start        from starting the program until it takes scans; median
//   scan to result    what the customer waits for the machine: from the scan to the customer's name, and from
//                     the cashier's yes to the result; the cashier's own time is none of it; 99 %
//   resident memory   of the tills, the highest of any (VmHWM)
//
// Exit status: 0 every line passed (or --quick, which judges nothing), 1 a MISS, 2 it could not run.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <thread>

#include "tests/e2e/live_town.h"

namespace dfb::bench {
namespace {

using e2e::LiveTown;
using e2e::Phone;
using demo::milliseconds;
using demo::Process;
using Steady = std::chrono::steady_clock;

constexpr double kColdStartS = 1, kScanToResultMs = 60, kMemoryMb = 40;
constexpr int kStarts = 5;

struct Options {
  int tills = 3, rate = 20, seconds = 30;
  bool json = false, quick = false;
};

double seconds_since(Steady::time_point begin) {
  return std::chrono::duration<double>(Steady::now() - begin).count();
}

double at(std::vector<double> values, double share) {
  std::sort(values.begin(), values.end());
  const auto index = static_cast<std::size_t>(share * static_cast<double>(values.size()));
  return values.at(std::min(index, values.size() - 1));
}

[[noreturn]] void give_up(const std::string& why) { throw std::runtime_error(why); }

class Counter {
 public:
  explicit Counter(const e2e::Till& till)
      : started_(Steady::now()),
        program_({e2e::program("terminal"), "--dir", till.folder, "--lang", "en", "--console"}) {
    if (!program_.wait_for("Ready.")) give_up("the till does not start: " + program_.out() + program_.err());
    cold_start_s_ = seconds_since(started_);
  }
  double cold_start_s() const { return cold_start_s_; }

  // ms that the customer waited for the machine.
  double sell(const std::string& code) {
    double waited = step(code + "\n", "allows up to");
    step("1\n", "Enter = yes");
    waited += step("\n", "DONE: ");
    return waited * 1000;
  }
  double memory_mb() const {
    std::ifstream status("/proc/" + std::to_string(program_.pid()) + "/status");
    for (std::string line; std::getline(status, line);)
      if (line.starts_with("VmHWM:")) return std::atof(line.c_str() + 6) / 1024;
    give_up("no VmHWM");
  }
  void quit() {
    program_.close_input();
    if (!program_.wait()) give_up("a till does not end");
  }

 private:
  double step(const std::string& input, const std::string& answer) {
    const auto begin = Steady::now();
    program_.write(input);
    if (!program_.wait_for(answer)) give_up("a till said instead of \"" + answer + "\": " + program_.out());
    return seconds_since(begin);
  }
  Steady::time_point started_;
  Process program_;
  double cold_start_s_ = 0;
};

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
  std::vector<std::unique_ptr<Counter>> counters;
  Figures out;
  std::vector<e2e::Till> tills;
  for (int n = 1; n <= options.tills; ++n) tills.push_back(town.enrol_till(n));
  for (int i = 0; i < kStarts; ++i) {
    Counter one(tills[0]);
    out.cold_starts_s.push_back(one.cold_start_s());
    one.quit();
  }
  for (const auto& till : tills) counters.push_back(std::make_unique<Counter>(till));

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
          waits[t].push_back(counters[t]->sell(code));
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

int run(const Options& options) {
  const Figures made = measure(options);
  const double cold = at(made.cold_starts_s, 0.5), p99 = at(made.waits_ms, 0.99);
  const bool passes[] = {cold <= kColdStartS, p99 <= kScanToResultMs, made.memory_mb <= kMemoryMb};
  double load = 0;
  if (::getloadavg(&load, 1) != 1) load = -1;
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
  app.add_flag("--json", options.json, "The figures as JSON");
  app.add_flag("--quick", options.quick, "A few sales, to see that it runs; judges nothing");
  CLI11_PARSE(app, argc, argv);
  if (options.quick) options.rate = 4, options.seconds = 1;
  try {
    return dfb::bench::run(options);
  } catch (const std::exception& error) {
    std::cerr << "defenbao-till-bench: " << error.what() << "\n";
    return 2;
  }
}
