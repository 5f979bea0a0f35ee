// ca.db: which certificates the town has issued, and which it has revoked. Append-only text.
//
//   defenbao/ca/v1
//   issued <serial, 32 hex digits> <server|terminal> <not after, µs> <name>
//   revoked <serial> <time, µs>
//
// A line is on disk before the certificate that it announces leaves the process. A crash can tear the last
// line, whose certificate then never existed: it is cut off at the next opening. Any other broken line is
// corrupt. Threads and processes: an open Index holds the file's lock, others wait.
#pragma once
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "ledger/base/files.h"
#include "ledger/base/clock.h"

namespace dfb::certs {

enum class Kind : std::uint8_t { server, terminal };
std::string_view name(Kind kind);

struct Record {
  std::string serial;  // 32 hex digits, lower case
  Kind kind = Kind::server;
  TimeUs not_after_us = 0;
  std::string name;
  TimeUs revoked_us = 0;  // 0: not revoked
};

class Index {
 public:
  // io_error if the file exists.
  static Result<Index> create(const std::string& path);
  // io_error, corrupt (the line's number).
  static Result<Index> open(const std::string& path);

  const std::vector<Record>& records() const { return records_; }
  const Record* find(const std::string& serial) const;  // null when unknown
  Result<void> add_issued(Record record);
  // REQUIRES: find(serial) is there and not revoked.
  Result<void> add_revoked(const std::string& serial, TimeUs now_us);

 private:
  Index(File file, std::string path) : file_(std::move(file)), path_(std::move(path)) {}
  Result<void> append(const std::string& line);
  Result<void> read(std::string_view text);
  bool read_line(std::string_view line);
  File file_;
  std::string path_;
  std::vector<Record> records_;
  std::unordered_map<std::string, std::size_t> places_;  // serial → index in records_
};

}  // namespace dfb::certs
