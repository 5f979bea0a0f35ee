#include "terminal/till/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <optional>
#include <utility>

#include "ledger/base/check.h"
#include "ledger/base/encoding.h"
#include "ledger/crypto/hash.h"

namespace dfb::terminal {
namespace {

constexpr std::size_t kHashSize = 22;
constexpr std::int64_t kAppendMost = 1000;  // records at once; more than anybody writes
constexpr std::array<std::string_view, 20> kWords{
    "open", "sale", "sent",    "done",         "refused", "unknown", "cancel",  "cancelled", "refund",
    "shown", "seen", "offline", "acknowledged", "void",    "zreport", "xreport", "signin",    "signout",
    "resumed", "pickup"};

std::optional<What> what_from(std::string_view word) {
  for (std::size_t i = 0; i < kWords.size(); ++i)
    if (kWords[i] == word) return static_cast<What>(i);
  return std::nullopt;
}

std::string line_hash(std::string_view before, std::string_view line) {
  return base64url_encode(sha256({before, line}).view()).substr(0, kHashSize);
}

// The text up to the next space, which is taken away too.
std::optional<std::string_view> word(std::string_view& rest) {
  const std::size_t space = rest.find(' ');
  if (space == rest.npos) return std::nullopt;
  const std::string_view result = rest.substr(0, space);
  rest.remove_prefix(space + 1);
  return result;
}

Error io_failure(const std::string& path, const char* doing) {
  return fail(Code::io_error, path + ": " + doing + ": " + std::strerror(errno));
}

Result<void> sync_folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == path.npos ? "." : path.substr(0, slash + 1);
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = fd >= 0 && ::fsync(fd) == 0;
  const Error error = io_failure(folder, "fsync");
  if (fd >= 0) ::close(fd);
  if (!synced) return error;
  return ok();
}

}  // namespace

std::string_view name(What what) { return kWords[static_cast<std::size_t>(what)]; }

Result<Record> Chain::next(std::string_view line) {
  if (line.size() < kHashSize + 1) return fail(Code::corrupt, "the line is too short");
  const std::string_view body = line.substr(0, line.size() - kHashSize), hash = line.substr(body.size());
  if (line_hash(head_, body) != hash)
    return fail(Code::corrupt, "the line does not continue the one before it");
  std::string_view rest = body;
  const auto number = word(rest), time = word(rest), what_word = word(rest);
  if (!what_word || rest.size() < 2 || rest.back() != ' ') return fail(Code::corrupt, "a field is missing");
  Record record;
  DFB_TRY(record.n, parse_decimal(*number));
  DFB_TRY(record.at_us, parse_decimal(*time));
  const auto what = what_from(*what_word);
  if (!what) return fail(Code::corrupt, "an unknown kind of record; was it written by a newer version?");
  if (record.n != size_) return fail(Code::corrupt, "the number is not the next one");
  record.what = *what;
  record.text = rest.substr(0, rest.size() - 1);
  head_ = hash;
  ++size_;
  return record;
}

std::string Chain::add(TimeUs at_us, What what, std::string_view text) {
  DFB_CHECK(at_us >= 0 && !text.empty() && text.find('\n') == text.npos);
  std::string line = std::to_string(size_) + " " + std::to_string(at_us) + " " + std::string(name(what)) +
                     " " + std::string(text) + " ";
  head_ = line_hash(head_, line);
  ++size_;
  return line + head_ + "\n";
}

namespace {

bool is_holed(std::string_view line) { return line.find('\0') != line.npos; }

// Whether what stands behind a hole can be what one append() brought to the disk of its records: whole lines of one
// time, whose numbers follow one another, further holes, and a torn end.
bool is_rest_of_one_append(std::istream& in, std::int64_t records_before) {
  std::string line, time_of_all;
  std::int64_t last = records_before - 1;
  while (std::getline(in, line) && !in.eof()) {
    if (is_holed(line)) continue;
    std::string_view rest = line;
    const auto number = word(rest), time = word(rest);
    const auto n = number ? parse_decimal(*number) : Result<std::int64_t>(fail(Code::malformed));
    if (!n || !time || *n <= last || *n >= records_before + kAppendMost) return false;
    if (!time_of_all.empty() && time_of_all != *time) return false;
    time_of_all = *time;
    last = *n;
  }
  return true;
}

}  // namespace

Error at_line(std::int64_t number, const Error& why) {
  return fail(Code::corrupt, "line " + std::to_string(number) + ": " + why.detail +
                                 ". The file was changed or the disk is failing: keep a copy of it, tell the town's "
                                 "administrator, and enrol this terminal anew in an empty folder");
}

Result<ReadJournal> read_journal(std::istream& in, const Visitor& visit) {
  ReadJournal read;
  std::string line;
  std::int64_t number = 0;
  while (std::getline(in, line)) {
    const bool whole = !in.eof();
    // A file that grew before its content reached the disk reads as zero bytes there.
    if (!whole || (is_holed(line) && is_rest_of_one_append(in, read.chain.size()))) {
      read.torn = true;
      break;
    }
    ++number;
    const auto record = read.chain.next(line);
    const auto visited = record ? visit(record.value()) : Result<void>(record.error());
    if (!visited) return at_line(number, visited.error());
    read.bytes += static_cast<std::int64_t>(line.size()) + 1;
  }
  return read;
}

struct Journal::State {
  std::string path;
  int fd = -1;
  Chain chain;
  bool broken = false, torn = false;
  ~State() {
    if (fd >= 0) ::close(fd);
  }
};

Journal::Journal(std::unique_ptr<State> state) : state_(std::move(state)) {}
Journal::Journal(Journal&&) noexcept = default;
Journal& Journal::operator=(Journal&&) noexcept = default;
Journal::~Journal() = default;

Result<Journal> Journal::open(const std::string& path, const Visitor& visit) {
  auto state = std::make_unique<State>();
  state->path = path;
  state->fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (state->fd < 0) return io_failure(path, "open");
  if (::flock(state->fd, LOCK_EX | LOCK_NB) != 0)
    return fail(Code::busy, path + ": another terminal program is working with this folder; end it first");
  DFB_TRY_VOID(sync_folder_of(path));
  std::ifstream in(path, std::ios::binary);
  if (!in) return io_failure(path, "read");
  auto read = read_journal(in, visit);
  if (!read) return fail(read.error().code, path + ": " + read.error().detail);
  if (in.bad()) return io_failure(path, "read");
  // A crash between cutting and syncing leaves the torn line, and the next start cuts it again.
  if (read->torn && (::ftruncate(state->fd, read->bytes) != 0 || ::fsync(state->fd) != 0))
    return io_failure(path, "cut the torn last line");
  state->chain = std::move(read->chain);
  state->torn = read->torn;
  return Journal(std::move(state));
}

Result<Record> Journal::append(TimeUs at_us, What what, std::string_view text) {
  DFB_TRY(auto records, append(at_us, {{what, std::string(text)}}));
  return std::move(records.front());
}

Result<std::vector<Record>> Journal::append(TimeUs at_us, const std::vector<ToAppend>& to_append) {
  State& state = *state_;
  if (state.broken)
    return fail(Code::io_error, state.path + ": an earlier write failed; start the terminal again");
  std::vector<Record> records;
  std::string lines;
  for (const auto& [what, text] : to_append) {
    records.push_back({state.chain.size(), at_us, what, text});
    lines += state.chain.add(at_us, what, text);
  }
  state.broken = true;
  // A crash in here leaves a torn last line, or whole ones that nobody acted upon.
  for (std::string_view rest = lines; !rest.empty();) {
    const ssize_t put = ::write(state.fd, rest.data(), rest.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return io_failure(state.path, "write");
    rest.remove_prefix(static_cast<std::size_t>(put));
  }
  if (::fsync(state.fd) != 0) return io_failure(state.path, "fsync");
  state.broken = false;
  return records;
}

const Chain& Journal::chain() const { return state_->chain; }
bool Journal::cut_torn_line() const { return state_->torn; }

}  // namespace dfb::terminal
