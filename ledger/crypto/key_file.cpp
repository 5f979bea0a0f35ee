// Private keys in files: who may read them, and what a crash leaves behind.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "ledger/crypto/keys.h"

namespace dfb {
namespace {

constexpr std::size_t kKeyFileMax = 16 * 1024;

class File {
 public:
  explicit File(int descriptor) : descriptor_(descriptor) {}
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  int get() const { return descriptor_; }

 private:
  int descriptor_;
};

Error io_failure(const std::string& path) { return fail(Code::io_error, path + ": " + std::strerror(errno)); }

Result<std::string> read_all(const File& file, const std::string& path) {
  std::string content(kKeyFileMax, '\0');
  std::size_t size = 0;
  while (size < content.size()) {
    const ssize_t got = ::read(file.get(), content.data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return io_failure(path);
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  content.resize(size);
  return content;
}

bool write_all(const File& file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t put = ::write(file.get(), content.data(), content.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(put));
  }
  return ::fsync(file.get()) == 0;
}

}  // namespace

Result<PrivateKey> load_private_key(const std::string& path) {
  const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return io_failure(path);
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return io_failure(path);
  if (!S_ISREG(status.st_mode)) return fail(Code::bad_config, path + " is not a file");
  if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fail(Code::bad_config, path + " can be read by others; run: chmod 600 " + path);
  DFB_TRY(const std::string pem, read_all(file, path));
  Result<PrivateKey> key = PrivateKey::from_pem(pem);
  if (!key.has_value()) return fail(key.error().code, path + ": " + key.error().detail);
  return key;
}

Result<void> save_private_key(const std::string& path, const PrivateKey& key) {
  const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
  if (file.get() < 0) return io_failure(path);
  if (!write_all(file, key.to_pem())) {
    const Error error = io_failure(path);
    ::unlink(path.c_str());  // half a key would look like one, and would block the next attempt
    return error;
  }
  // Without this the name may be gone after a power cut, although the key was already in use.
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const File directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || ::fsync(directory.get()) != 0) return io_failure(folder);
  return ok();
}

}  // namespace dfb
