#include "api/demo/load.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <thread>
#include <vector>

#include "api/demo/client.h"
#include "api/demo/town_folder.h"
#include "ledger/base/encoding.h"

namespace dfb::demo {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

struct Measured {
  std::mutex mutex;
  std::vector<double> latencies_ms;
  std::optional<Error> error;
};

// One client's work: keys and payloads are made before the clock runs, so that what is measured is the town.
void enrol_many(const LoadPlan& plan, const TownFolder& town, const KeyId& server, std::atomic<bool>& go,
                std::atomic<bool>& stop, Measured& measured) {
  SystemRandom random;
  SystemClock clock;
  Entrant entrant(town.origin, clock, random);
  fetch::Options options;
  options.ca_file = town.path("ca.crt");
  Client client(plan.url, options);
  std::vector<SignedLine> lines;
  for (int i = 0; i < 200 * plan.seconds / std::max(1, plan.clients / 8); ++i) {
    const auto key = PrivateKey::generate(Algorithm::p256);
    const book::Open open{entrant.new_account(), book::AccountKind::resident, "/lijing/01", "",
                          book::Level::phone,    key.public_key().spki()};
    lines.push_back(entrant.sign(server, open, {&key}));
  }
  (void)client.get("/healthz");  // the handshake
  while (!go) std::this_thread::yield();
  std::vector<double> own;
  for (const auto& line : lines) {
    if (stop) break;
    const auto start = std::chrono::steady_clock::now();
    const auto answer = client.post("/v1/enrolments", line, {{"name", "负载"}, {"phone", "13900000000"}});
    own.push_back(Milliseconds(std::chrono::steady_clock::now() - start).count());
    if (answer) continue;
    const std::lock_guard lock(measured.mutex);
    measured.error = answer.error();
    return;
  }
  const std::lock_guard lock(measured.mutex);
  measured.latencies_ms.insert(measured.latencies_ms.end(), own.begin(), own.end());
}

}  // namespace

Result<void> run_load(const LoadPlan& plan) {
  DFB_TRY(const TownFolder town, read_folder(plan.folder));
  fetch::Options options;
  options.ca_file = town.path("ca.crt");
  DFB_TRY(const Json facts, Client(plan.url, options).get("/v1/town"));
  DFB_TRY(const KeyId server, parse_hash_text(std::string(facts.at("server_key").as_string())));
  Measured measured;
  std::atomic<bool> go = false, stop = false;
  std::vector<std::thread> clients;
  for (int i = 0; i < plan.clients; ++i)
    clients.emplace_back([&] { enrol_many(plan, town, server, go, stop, measured); });
  std::this_thread::sleep_for(std::chrono::seconds(3));
  const auto start = std::chrono::steady_clock::now();
  go = true;
  std::this_thread::sleep_for(std::chrono::seconds(plan.seconds));
  stop = true;
  for (auto& client : clients) client.join();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  if (measured.error) return *measured.error;
  auto& all = measured.latencies_ms;
  if (all.empty()) return fail(Code::internal, "nothing was measured");
  std::sort(all.begin(), all.end());
  std::printf(
      "%d clients, %.1f s: %zu enrolments, %.0f a second; answers: median %.1f ms, 99 %% within %.1f ms\n",
      plan.clients, seconds, all.size(), static_cast<double>(all.size()) / seconds, all[all.size() / 2],
      all[all.size() * 99 / 100]);
  return ok();
}

}  // namespace dfb::demo
