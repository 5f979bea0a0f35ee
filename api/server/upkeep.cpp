#include "api/server/upkeep.h"

#include <unistd.h>

#include <fstream>
#include <iostream>
#include <sstream>

#include "api/programme/schema.h"
#include "api/server/progress.h"
#include "ledger/base/encoding.h"
#include "ledger/crypto/keys.h"
#include "ledger/store/sqlite_file.h"
#include "ledger/writer/read_head.h"
#include "ledger/writer/rebuild.h"

namespace dfb::server {
namespace {

constexpr std::streamsize kNoteBytesMax = 65536;

// A file on its way to its name. What a failure leaves is removed; what a crash leaves may be.
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

store::Progress shown_by(ProgressLine& line) {
  return [&line](std::int64_t done, std::int64_t all) { line.show(done, all); };
}

bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

Result<log::Vkey> log_of(const Config& config) {
  DFB_TRY(const auto key, load_private_key(config.log_key));
  return log::make_vkey(config.origin, log::NoteKeyType::ed25519, key.public_key());
}

// The file's head, from its own tiles and last entries; it is this log's.
Result<store::Head> head_of(store::Store& store, const Config& config) {
  DFB_TRY(const auto log, log_of(config));
  return read_head(*store.snapshot(), log);
}

std::string words(const log::Checkpoint& checkpoint) {
  return std::to_string(checkpoint.size) + " entries, root " + hash_text(checkpoint.root);
}

Result<log::Checkpoint> checked_head(const std::string& path, const Config& config) {
  DFB_TRY_VOID(store::check_pages(path));
  DFB_TRY(const auto store, store::open_sqlite(path, programme::migrations()));
  DFB_TRY_VOID(replay_rows(*store));
  DFB_TRY(const auto head, head_of(*store, config));
  return head.checkpoint;
}

Result<std::string> read_note(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kNoteBytesMax, '\0');
  file.read(text.data(), kNoteBytesMax);
  if (file.bad() || !file.is_open()) return fail(Code::io_error, path + " cannot be read");
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

// A checkpoint from outside continues, or is, what this ledger holds.
Result<void> check_seen(const std::string& path, const store::Head& head, store::LogReader& reader,
                        const log::Vkey& log) {
  DFB_TRY(const auto note, read_note(path));
  const auto seen = log::open_checkpoint(note, log);
  if (!seen)
    return fail(seen.error().code, path + " is no checkpoint of this log: " + to_string(seen.error()));
  if (seen->size > head.checkpoint.size)
    return fail(Code::inconsistent,
                path + " states " + std::to_string(seen->size) + " entries, the backup has " +
                    std::to_string(head.checkpoint.size) +
                    ": what came after is lost, and this log must never be continued. Look for a " +
                    "newer backup; if there is none, two administrators declare the loss");
  DFB_TRY(const auto root, log::root(seen->size, reader));
  if (root == seen->root) return ok();
  return fail(Code::inconsistent, path + " states another root for " + std::to_string(seen->size) +
                                      " entries than the backup gives");
}

}  // namespace

Result<void> backup(const Config& config, const std::string& to, bool force) {
  if (!force && exists(to)) return fail(Code::io_error, to + " is there already; --force replaces it");
  const Part part(to);
  {
    ProgressLine line("backup", "pages");
    DFB_TRY_VOID(store::copy_online(config.database, part.path(), shown_by(line)));
  }
  DFB_TRY(const auto checkpoint, checked_head(part.path(), config));
  DFB_TRY_VOID(store::put_in_place(part.path(), to, force));
  std::cout << "backup of " << words(checkpoint) << "\n" << to << "\n";
  return ok();
}

Result<void> restore(const Config& config, const std::string& from) {
  for (const char* beside : {"", "-wal"})
    if (exists(config.database + beside))
      return fail(Code::io_error,
                  config.database + beside +
                      " is there: move it away, with what lies beside it, and keep it; it may hold "
                      "what the backup lacks");
  const Part part(config.database);
  {
    ProgressLine line("restore", "bytes");
    DFB_TRY_VOID(store::copy_closed(from, part.path(), shown_by(line)));
  }
  DFB_TRY(const auto checkpoint, checked_head(part.path(), config));
  {
    DFB_TRY(const auto store, store::open_sqlite(part.path(), programme::migrations()));
    const auto transaction = store->begin();
    store::mark_restored(*transaction, {checkpoint.size, SystemClock().now_us()});
    transaction->commit();
  }
  DFB_TRY_VOID(store::put_in_place(part.path(), config.database, false));
  std::cout << "restored " << words(checkpoint) << "\n"
            << "The server will answer reads only. Gather the newest checkpoints that anybody outside has "
               "seen, then "
               "start it once with\n  --confirm-head "
            << checkpoint.size << " --seen FILE [--seen FILE ...]\n";
  return ok();
}

Result<void> check(const Config& config) {
  DFB_TRY_VOID(store::check_pages(config.database));
  std::cout << config.database << ": every page can be read\n";
  return ok();
}

Result<void> rebuild(const Config& config, const std::string& to) {
  if (exists(to)) return fail(Code::io_error, to + " is there already: name a new file");
  const Part part(to);
  DFB_TRY(const auto old, store::open_sqlite(config.database, programme::migrations()));
  DFB_TRY_VOID(store::open_sqlite(part.path(), programme::migrations()));
  DFB_TRY_VOID(store::carry_over(config.database, part.path()));
  log::Checkpoint checkpoint;
  {
    DFB_TRY(const auto made, store::open_sqlite(part.path(), programme::migrations()));
    ProgressLine line("rebuild", "entries");
    DFB_TRY_VOID(dfb::rebuild(*old, *made, shown_by(line)));
    DFB_TRY(const auto head, head_of(*made, config));
    checkpoint = head.checkpoint;
  }
  DFB_TRY_VOID(store::put_in_place(part.path(), to, false));
  std::cout << "rebuilt " << words(checkpoint) << "\n" << to << "\n";
  return ok();
}

Result<void> confirm_restored(store::Store& store, const log::Vkey& log, const Evidence& evidence) {
  const auto view = store.snapshot();
  DFB_TRY(const auto head, read_head(*view, log));
  if (evidence.confirmed_size != head.checkpoint.size)
    return fail(Code::bad_config, "--confirm-head " + std::to_string(evidence.confirmed_size) +
                                      ": the restored ledger has " + std::to_string(head.checkpoint.size) +
                                      " entries");
  if (evidence.seen.empty())
    return fail(Code::bad_config,
                "--confirm-head needs at least one --seen FILE: the newest checkpoint that a till, a page, "
                "an auditor "
                "or a witness has kept");
  store::LogReader reader(*view, head);
  for (const auto& path : evidence.seen) DFB_TRY_VOID(check_seen(path, head, reader, log));
  const auto transaction = store.begin();
  store::clear_restored(*transaction);
  transaction->commit();
  return ok();
}

}  // namespace dfb::server
