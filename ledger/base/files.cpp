#include "ledger/base/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace dfb {
namespace {

Result<void> sync_folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const File directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || ::fsync(directory.get()) != 0) return io_failure(folder);
  return ok();
}

// The mode as given, whatever the umask.
Result<void> fill(const File& file, std::string_view content, mode_t mode, const std::string& path) {
  if (::fchmod(file.get(), mode) != 0) return io_failure(path);
  return write_all(file, content, path);
}

}  // namespace

File& File::operator=(File&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

File::~File() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Error io_failure(const std::string& path) { return fail(Code::io_error, path + ": " + std::strerror(errno)); }

bool file_exists(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return io_failure(path);
  std::string content;
  char buffer[16 * 1024];
  while (true) {
    const ssize_t got = ::read(file.get(), buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_failure(path);
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
    if (content.size() > bytes_max)
      return fail(Code::too_large, path + " is longer than " + std::to_string(bytes_max) + " bytes");
  }
}

Result<void> write_all(const File& file, std::string_view content, const std::string& path) {
  while (!content.empty()) {
    const ssize_t put = ::write(file.get(), content.data(), content.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return io_failure(path);
    content.remove_prefix(static_cast<std::size_t>(put));
  }
  return ::fsync(file.get()) == 0 ? ok() : io_failure(path);
}

Result<void> replace_file(const std::string& path, std::string_view content, mode_t mode,
                          const std::function<void()>& after_step) {
  const auto step = [&after_step] {
    if (after_step) after_step();
  };
  const std::string fresh = path + ".new";  // a crash leaves it behind; the next replacement overwrites it
  const File file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode));
  if (file.get() < 0) return io_failure(fresh);
  step();
  Result<void> filled = fill(file, content, mode, fresh);
  if (filled.has_value()) step();
  if (filled.has_value() && ::rename(fresh.c_str(), path.c_str()) != 0) filled = io_failure(path);
  if (!filled.has_value()) {
    ::unlink(fresh.c_str());
    return filled;
  }
  step();
  DFB_TRY_VOID(sync_folder_of(path));
  step();
  return ok();
}

Result<void> create_file(const std::string& path, std::string_view content, mode_t mode) {
  const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode));
  if (file.get() < 0) return io_failure(path);
  Result<void> filled = fill(file, content, mode, path);
  if (!filled.has_value()) {
    ::unlink(path.c_str());
    return filled;
  }
  return sync_folder_of(path);
}

}  // namespace dfb
