#include "ledger/audit/temp_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "ledger/base/files.h"

namespace dfb::audit {
namespace {

[[noreturn]] void temp_failed(const std::string& folder, const char* what, const char* remedy) {
  throw TempError(folder + ": a temporary file cannot be " + what + ": " + std::strerror(errno) + "; " +
                  remedy);
}

}  // namespace

TempFile::TempFile(const std::string& folder) : folder_(folder) {
  std::string path = folder + "/defenbao-audit.XXXXXX";
  file_ = std::make_unique<const File>(::mkostemp(path.data(), O_CLOEXEC));
  if (file_->get() < 0 || ::unlink(path.c_str()) != 0)
    temp_failed(folder_, "made", "name a folder that can be written to with --temp");
}

TempFile::~TempFile() = default;

void TempFile::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t done = ::pwrite(file_->get(), bytes.data(), bytes.size(), static_cast<off_t>(size_));
    if (done < 0 && errno == EINTR) continue;
    if (done == 0) errno = ENOSPC;
    if (done <= 0)
      temp_failed(folder_, "written",
                  "make room there, name a folder with more by --temp, or allow more --memory");
    bytes.remove_prefix(static_cast<std::size_t>(done));
    size_ += static_cast<std::uint64_t>(done);
  }
}

void TempFile::read(std::uint64_t at, std::size_t size, std::string& out) const {
  out.resize(size);
  for (std::size_t have = 0; have < size;) {
    const ssize_t done = ::pread(file_->get(), out.data() + have, size - have, static_cast<off_t>(at + have));
    if (done < 0 && errno == EINTR) continue;
    if (done == 0) damaged();
    if (done < 0) temp_failed(folder_, "read", "name a folder on another disk with --temp");
    have += static_cast<std::size_t>(done);
  }
}

void TempFile::damaged() const {
  throw TempError(folder_ + ": a temporary file reads back otherwise than it was written; name a folder on " +
                  "another disk with --temp");
}

}  // namespace dfb::audit
