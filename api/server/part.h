// A file on its way to its name. What a failure leaves is removed; what a crash leaves may be.
#pragma once
#include <unistd.h>

#include <string>

namespace dfb::server {

class Part {
 public:
  explicit Part(const std::string& to) : path_(to + ".part-" + std::to_string(::getpid())) {}
  ~Part() {
    for (const char* beside : {"", "-wal", "-shm", ".lock"}) ::unlink((path_ + beside).c_str());
  }
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

inline bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

}  // namespace dfb::server
