// Files that survive a power cut, or were never there.
#pragma once
#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>

#include "ledger/base/result.h"

namespace dfb {

// Owns a descriptor.
class File {
 public:
  explicit File(int descriptor = -1) : descriptor_(descriptor) {}
  File(File&& other) noexcept : descriptor_(other.descriptor_) { other.descriptor_ = -1; }
  File& operator=(File&& other) noexcept;
  ~File();
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

bool file_exists(const std::string& path);
Result<std::string> read_file(const std::string& path, std::size_t bytes_max);  // io_error, too_large

// Replaces the file as a whole: a reader sees the old or the new content, also after a crash. io_error, after
// which either may stand there. REQUIRES: one writer at a time. `after_step`, for tests of crashes, is called
// behind each step that a crash could follow: opened, written and synced, renamed, folder synced.
Result<void> replace_file(const std::string& path, std::string_view content, mode_t mode,
                          const std::function<void()>& after_step = {});

// Never touches an existing file; leaves none when it fails. io_error.
Result<void> create_file(const std::string& path, std::string_view content, mode_t mode);

Result<void> write_all(const File& file, std::string_view content, const std::string& path);  // and fsync
Error io_failure(const std::string& path);                                                    // from errno

}  // namespace dfb
