#include "api/server/upkeep.h"

#include <iostream>

#include "api/programme/schema.h"
#include "api/server/log_keys.h"
#include "api/server/part.h"
#include "api/server/progress.h"
#include "ledger/base/encoding.h"
#include "ledger/store/sqlite_file.h"
#include "ledger/writer/read_head.h"
#include "ledger/writer/rebuild.h"

namespace dfb::server {
namespace {

store::Progress shown_by(ProgressLine& line) {
  return [&line](std::int64_t done, std::int64_t all) { line.show(done, all); };
}

// The file's head, from its own tiles and last entries; it is this log's.
Result<store::Head> head_of(store::Store& store, const Config& config) {
  DFB_TRY(const auto own, load_log_keys(config));
  return read_head(*store.snapshot(), own);
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

}  // namespace dfb::server
