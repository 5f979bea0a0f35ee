// Clients who do not give up: residents who enrol and check in, a till that sells, each sending the same
// bytes until they are answered, whatever happens to the server meanwhile.
#pragma once
#include <atomic>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/e2e/live_town.h"

namespace dfb::e2e {

// What the town has said it did.
struct Acknowledged {
  Uuid id;
  std::int64_t seq = 0;
  std::string entry;
  book::AccountId account;
  std::int64_t points = 0;  // what it brought that account
};

class Storm {
 public:
  // Begins `residents` threads that enrol and check in, and one a till that sells to `customers`, split among
  // them.
  Storm(LiveTown& town, int residents, const std::vector<Till>& tills, const std::vector<Phone>& customers);
  ~Storm() { finish(); }

  std::size_t count() const;  // acknowledged so far
  // Lets everybody bring their last command to its end. The server must run.
  void finish();
  // After finish(). Sends that were never answered and are not in the ledger do not stand here.
  const std::vector<Acknowledged>& acknowledged() const { return acknowledged_; }
  std::vector<std::string> surprises() const;  // answers that should not be, so far
  int resent() const { return resent_; }       // commands that took more than one try

 private:
  void enrol_and_check_in();
  void sell(const Till& till, std::vector<Phone> customers);
  // Tries until the town answers; nothing when it refuses, which is a surprise, or it is known not to have
  // happened.
  std::optional<Json> persist(const std::string& what, const std::function<Result<Json>()>& send);
  void keep(const SignedLine& line, const Json& answer, book::AccountId account, std::int64_t points);
  void surprise(const std::string& what);

  LiveTown& town_;
  std::atomic<bool> stopping_ = false;
  std::atomic<int> resent_ = 0;
  mutable std::mutex mutex_;
  std::vector<Acknowledged> acknowledged_;
  std::vector<std::string> surprises_;
  std::vector<std::thread> threads_;
};

}  // namespace dfb::e2e
