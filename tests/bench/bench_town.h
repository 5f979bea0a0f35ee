// The town that is measured: its ledger in one file, and a day's redemptions that this ledger has not seen.
//
// Every measurement takes a copy of the file and sends the same lines, so all of them start alike and every
// message is fresh. Threads: one; lines are read by any.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "ledger/check/checked_command.h"
#include "ledger/store/store.h"
#include "tests/support/town.h"

namespace dfb::bench {

using test::SignedLine;

struct Size {
  int residents = 20'000;    // with a device key each, verified, 100 points
  int shops = 200;           // with a till each
  int redemptions = 20'000;  // at most one a resident
};

class BenchTown {
 public:
  // Founds it in `folder`, with real commands through the real writer.
  BenchTown(std::string folder, const Size& size);

  const PrivateKey& log_key() const { return log_key_; }
  TimeUs now_us() const { return people_.now_us; }
  std::string path(const std::string& name) const { return folder_ + "/" + name; }
  // A fresh copy of the founded ledger, opened. The copy before under that name is replaced.
  std::unique_ptr<store::Store> copy(const std::string& name) const;
  std::string copy_file(const std::string& name) const;

  const std::vector<SignedLine>& uniform() const { return uniform_; }  // over all shops
  const std::vector<SignedLine>& hot() const { return hot_; }          // all at one shop
  // The keys of the town's residents, to be verified bare.
  const std::vector<test::Member>& residents() const { return residents_; }

 private:
  void found();
  void sign_day();

  std::string folder_;
  Size size_;
  PrivateKey log_key_;
  test::Town people_;
  std::vector<test::Member> residents_, shops_;
  std::vector<SignedLine> uniform_, hot_;
};

}  // namespace dfb::bench
