// Temporary files of an audit that outgrows its memory, and how much memory that is.
#pragma once
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace dfb {
class File;
}
namespace dfb::audit {

// How much may stand in memory, and where the rest goes.
struct MemoryLimit {
  std::size_t bytes = std::size_t{64} << 20;
  std::string folder = "/tmp";  // one that exists
};

// The disk failed or is full, or what was written reads back otherwise. what() is one line for whoever runs
// the audit. Rows are read behind an interface that has no other way to say so.
class TempError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A file without a name: unlinked as it is made, so that nothing is left behind, however the process ends.
// Every function throws TempError. Threads: one at a time.
class TempFile {
 public:
  explicit TempFile(const std::string& folder);
  ~TempFile();
  void append(std::string_view bytes);
  // `size` bytes from `at` on into `out`. REQUIRES: they were written.
  void read(std::uint64_t at, std::size_t size, std::string& out) const;
  std::uint64_t size() const { return size_; }
  [[noreturn]] void damaged() const;

 private:
  std::string folder_;
  std::unique_ptr<const File> file_;
  std::uint64_t size_ = 0;
};

}  // namespace dfb::audit
