// How long a till takes to tell the town what it sold without a line.
//
// The real server and a real till, with the limits that a server has when nothing is said about them. Phones set
// points aside, the server stops, the till sells their codes, each sale on its disk before the next; then the
// server starts again. What is counted is from the server's "ready" until the till says that nothing waits: the
// till's own pause before it tries the line is in it. Afterwards every sale has to be in the ledger exactly once:
// by the till's journal, by the phones' balances, and by the auditor.
// Failures throw std::runtime_error. Threads: one.
#pragma once

namespace dfb::bench {

struct OfflineReturn {
  int sales = 0, phones = 0;
  double sold_s = 0, told_s = 0, memory_mb = 0;
};

OfflineReturn measure_offline_return(int sales);

}  // namespace dfb::bench
