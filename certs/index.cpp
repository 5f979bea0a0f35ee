#include "certs/index.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>

#include "certs/certificate.h"
#include "ledger/base/encoding.h"

namespace dfb::certs {
namespace {

constexpr std::string_view kHeader = "defenbao/ca/v1\n";
constexpr std::size_t kIndexBytesMax = 64 * 1024 * 1024;

bool is_serial(std::string_view text) { return text.size() == 32 && hex_decode(text).has_value(); }

// Cuts the text up to the next space off, or takes what is left.
std::string_view word(std::string_view& line) {
  const std::size_t space = line.find(' ');
  const std::string_view taken = line.substr(0, space);
  line.remove_prefix(space == std::string_view::npos ? line.size() : space + 1);
  return taken;
}

Result<void> take_lock(const File& file, const std::string& path) {
  while (::flock(file.get(), LOCK_EX) != 0)
    if (errno != EINTR) return io_failure(path);
  return ok();
}

}  // namespace

std::string_view name(Kind kind) { return kind == Kind::server ? "server" : "terminal"; }

Result<Index> Index::create(const std::string& path) {
  File file(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600));
  if (file.get() < 0) return io_failure(path);
  Result<void> made = take_lock(file, path);
  if (made.has_value()) made = write_all(file, kHeader, path);
  if (!made.has_value()) {
    ::unlink(path.c_str());  // an empty index is none, and would block the next attempt
    return made.error();
  }
  return Index(std::move(file), path);
}

Result<Index> Index::open(const std::string& path) {
  File file(::open(path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC));
  if (file.get() < 0) return io_failure(path);
  DFB_TRY_VOID(take_lock(file, path));
  DFB_TRY(const std::string text, read_file(path, kIndexBytesMax));
  Index index(std::move(file), path);
  if (!std::string_view(text).starts_with(kHeader))
    return fail(Code::corrupt, path + ": line 1 is not defenbao/ca/v1");
  const std::size_t whole = text.rfind('\n') + 1;
  DFB_TRY_VOID(index.read(std::string_view(text).substr(0, whole)));
  if (whole < text.size() && ::ftruncate(index.file_.get(), static_cast<off_t>(whole)) != 0)
    return io_failure(path);
  return index;
}

Result<void> Index::read(std::string_view text) {
  text.remove_prefix(kHeader.size());
  for (int number = 2; !text.empty(); ++number) {
    const std::size_t end = text.find('\n');
    if (!read_line(text.substr(0, end)))
      return fail(Code::corrupt, path_ + ": line " + std::to_string(number) + " is broken");
    text.remove_prefix(end + 1);
  }
  return ok();
}

bool Index::read_line(std::string_view line) {
  const std::string_view what = word(line);
  const std::string serial(word(line));
  if (!is_serial(serial)) return false;
  const auto known = places_.find(serial);
  if (what == "revoked") {
    const Result<std::int64_t> time_us = parse_decimal(word(line));
    if (known == places_.end() || !time_us.has_value() || !line.empty()) return false;
    Record& record = records_[known->second];
    if (record.revoked_us != 0) return false;
    record.revoked_us = *time_us;
    return *time_us > 0;
  }
  const std::string_view kind = word(line);
  const Result<std::int64_t> until_us = parse_decimal(word(line));
  if (what != "issued" || known != places_.end() || !until_us.has_value() || !is_common_name(line))
    return false;
  if (kind != name(Kind::server) && kind != name(Kind::terminal)) return false;
  places_.emplace(serial, records_.size());
  records_.push_back(
      {serial, kind == name(Kind::server) ? Kind::server : Kind::terminal, *until_us, std::string(line), 0});
  return true;
}

const Record* Index::find(const std::string& serial) const {
  const auto at = places_.find(serial);
  return at == places_.end() ? nullptr : &records_[at->second];
}

Result<void> Index::append(const std::string& line) {
  const off_t before = ::lseek(file_.get(), 0, SEEK_END);
  if (before < 0) return io_failure(path_);
  Result<void> written = write_all(file_, line, path_);
  // Half a line would tear the next one too; if even this fails, the next opening finds it.
  if (!written.has_value() && ::ftruncate(file_.get(), before) != 0) return written;
  return written;
}

Result<void> Index::add_issued(Record record) {
  DFB_CHECK(is_serial(record.serial) && find(record.serial) == nullptr && is_common_name(record.name) &&
            record.revoked_us == 0);
  DFB_TRY_VOID(append("issued " + record.serial + " " + std::string(name(record.kind)) + " " +
                      std::to_string(record.not_after_us) + " " + record.name + "\n"));
  places_.emplace(record.serial, records_.size());
  records_.push_back(std::move(record));
  return ok();
}

Result<void> Index::add_revoked(const std::string& serial, TimeUs now_us) {
  const auto at = places_.find(serial);
  DFB_CHECK(at != places_.end() && records_[at->second].revoked_us == 0 && now_us > 0);
  DFB_TRY_VOID(append("revoked " + serial + " " + std::to_string(now_us) + "\n"));
  records_[at->second].revoked_us = now_us;
  return ok();
}

}  // namespace dfb::certs
