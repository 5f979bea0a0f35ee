#include "ledger/audit/state_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "ledger/crypto/hash.h"

namespace dfb::audit {
namespace {

constexpr std::string_view kFormat = "defenbao/audit-state/v", kFirstLine = "defenbao/audit-state/v4\n";
constexpr int kSizeBytes = 4;
constexpr std::size_t kBlockBytesMax = std::size_t{1} << 20;

Error failed(const std::string& path, const char* what) {
  return fail(Code::io_error, path + ": " + what + ": " + std::strerror(errno));
}

class Out {
 public:
  // A file of this name that is there already is a torn one of before, or somebody's trap.
  explicit Out(std::string path) : path_(std::move(path)) {
    ::unlink(path_.c_str());
    fd_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, S_IRUSR | S_IWUSR);
  }
  // Also when the rows to write could not be read.
  ~Out() {
    if (fd_ < 0) return;
    ::close(fd_);
    if (!kept_) ::unlink(path_.c_str());
  }
  Out(const Out&) = delete;
  Out& operator=(const Out&) = delete;

  bool good() const { return fd_ >= 0 && good_; }
  void write(std::string_view bytes) {
    while (good() && !bytes.empty()) {
      const ssize_t done = ::write(fd_, bytes.data(), bytes.size());
      if (done < 0 && errno == EINTR) continue;
      good_ = done > 0;
      if (good_) bytes.remove_prefix(static_cast<std::size_t>(done));
    }
  }
  void block(std::string_view bytes) {
    chain_ = sha256({chain_.view(), bytes});
    std::string head;
    put_be(head, bytes.size(), kSizeBytes);
    write(head);
    write(chain_.view());
    write(bytes);
  }
  void sync() { good_ = good() && ::fchmod(fd_, S_IRUSR | S_IWUSR) == 0 && ::fsync(fd_) == 0; }
  void keep() { kept_ = true; }

 private:
  std::string path_;
  int fd_ = -1;
  bool good_ = true, kept_ = false;
  Hash chain_;
};

}  // namespace

Result<void> write_state_file(const std::string& path, const std::function<void(ArchiveWriter&)>& write) {
  const std::string fresh = path + ".new";
  {
    Out out(fresh);
    if (!out.good()) return failed(fresh, "cannot be opened");
    out.write(kFirstLine);
    ArchiveWriter writer([&](std::string_view piece) {
      for (; !piece.empty(); piece.remove_prefix(std::min(piece.size(), kBlockBytesMax)))
        out.block(piece.substr(0, kBlockBytesMax));
    });
    write(writer);
    writer.flush();
    out.block({});
    out.sync();
    if (!out.good()) return failed(fresh, "cannot be written");
    out.keep();
  }
  if (::rename(fresh.c_str(), path.c_str()) != 0) return failed(path, "cannot be replaced");
  std::string folder = std::filesystem::path(path).parent_path().string();
  if (folder.empty()) folder = ".";
  if (const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); fd >= 0) {
    ::fsync(fd);
    ::close(fd);
  }
  return ok();
}

Result<void> read_state_file(const std::string& path, const std::function<void(ArchiveReader&)>& read) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) return fail(Code::not_found, path + ": there is no such file");
  std::ifstream in(path, std::ios::binary);
  if (!in) return failed(path, "cannot be read");
  std::string first(kFirstLine.size(), '\0');
  in.read(first.data(), static_cast<std::streamsize>(first.size()));
  if (first != kFirstLine && first.starts_with(kFormat))
    return fail(Code::corrupt,
                path +
                    ": the state of another version of defenbao-audit; remove it and audit from "
                    "the first entry");
  if (!in || first != kFirstLine)
    return fail(Code::corrupt, path + ": no state of defenbao-audit; give --state another name");
  Hash chain;
  bool damaged = false, ended = false;
  const auto next = [&]() -> std::string {
    if (damaged || ended) return {};
    std::string head(kSizeBytes, '\0'), hash(chain.bytes.size(), '\0'), bytes;
    damaged = !in.read(head.data(), static_cast<std::streamsize>(head.size())) ||
              !in.read(hash.data(), static_cast<std::streamsize>(hash.size())) ||
              get_be(head) > kBlockBytesMax;
    if (damaged) return {};
    bytes.resize(static_cast<std::size_t>(get_be(head)));
    damaged = !bytes.empty() && !in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    chain = sha256({chain.view(), bytes});
    damaged = damaged || chain.view() != hash;
    ended = bytes.empty();
    return damaged ? std::string() : bytes;
  };
  ArchiveReader reader(next);
  read(reader);
  if (reader.ok() && (!reader.at_end() || in.peek() != std::ifstream::traits_type::eof())) damaged = true;
  if (damaged || !ended || !reader.ok())
    return fail(Code::corrupt, path + ": the state is damaged; remove it and audit from the first entry");
  return ok();
}

}  // namespace dfb::audit
