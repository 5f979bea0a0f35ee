#include "api/server/reopen.h"

#include <algorithm>
#include <future>
#include <iostream>
#include <map>

#include "api/programme/proposals.h"
#include "api/programme/reservations.h"
#include "api/programme/row_id.h"
#include "api/programme/schema.h"
#include "api/server/log_keys.h"
#include "api/server/part.h"
#include "api/server/progress.h"
#include "ledger/base/check.h"
#include "ledger/base/encoding.h"
#include "ledger/book/command.h"
#include "ledger/book/lots.h"
#include "ledger/crypto/signed_message.h"
#include "ledger/store/sqlite_file.h"
#include "ledger/writer/key_cache.h"
#include "ledger/writer/read_head.h"
#include "ledger/writer/rebuild.h"
#include "ledger/writer/writer.h"

namespace dfb::server {
namespace {

using namespace book;

constexpr std::size_t kAtOnce = 500;  // commands in the writer's inbox
constexpr TimeUs kCommandLifeUs = 4 * kMinuteUs, kCommandLifeOfManyUs = 6 * kDayUs;

using Signers = std::vector<const PrivateKey*>;

// What the old ledger holds, for those who begin anew.
struct Old {
  log::Checkpoint checkpoint;
  std::vector<Account> accounts;
  std::map<AccountId, Lots> set_aside;  // of residents, in holds that were open
  std::map<AccountId, std::vector<Grant>> roles;
};

struct Administrator {
  AccountId account;
  PrivateKey key;
};

Result<std::vector<PrivateKey>> load_p256(const std::vector<std::string>& paths) {
  std::vector<PrivateKey> keys;
  for (const std::string& path : paths) {
    DFB_TRY(PrivateKey key, load_private_key(path));
    if (key.public_key().algorithm() != Algorithm::p256)
      return fail(Code::bad_config, path + " is not a P-256 key");
    keys.push_back(std::move(key));
  }
  return keys;
}

Result<void> must_not_go_on(const store::View& old) {
  const auto ledger = old.get<LedgerRow>({1});
  if (store::restored(old) || (ledger && ledger->ended != 0)) return ok();
  return fail(Code::bad_config,
              "the old ledger can go on: it was not restored (`restore` its newest backup first), and no "
              "administrators "
              "have ended it");
}

Result<Old> read_old(const store::View& view) {
  Old old;
  DFB_TRY(const auto head, read_head(view));
  old.checkpoint = head.checkpoint;
  for (const auto& row : view.sql().run("SELECT id FROM account ORDER BY opened_us, id")) {
    DFB_TRY(const AccountId id, parse_account(row.text(0)));
    old.accounts.push_back(view.get<Account>({id}).value());
    if (const auto roles = view.get<RoleRow>({id})) old.roles[id] = roles->grants;
  }
  for (const auto& row : view.sql().run("SELECT id FROM hold WHERE resolved = 0")) {
    const auto hold = view.get<HoldRow>({programme::row_id(row.bytes(0))}).value();
    for (const Lot& lot : hold.lots) add_lot(old.set_aside[hold.account], lot);
  }
  return old;
}

// The same people, as far as keys can tell.
Result<void> check_roots(const store::View& old, const std::vector<PrivateKey>& roots) {
  std::int64_t known = 0;
  for (const PrivateKey& root : roots) {
    const auto row = old.get<KeyRow>({root.public_key().id()});
    if (row && row->use == KeyUse::root && row->revoked_us == 0) ++known;
  }
  const auto needed = old.get<LedgerRow>({1})->threshold;
  if (known >= needed) return ok();
  return fail(Code::bad_config, "only " + std::to_string(known) +
                                    " of the roots given with --root are the old ledger's; " +
                                    std::to_string(needed) + " of them have to declare the loss");
}

Result<std::vector<Administrator>> administrators(const store::View& old, std::vector<PrivateKey> keys) {
  std::vector<Administrator> out;
  for (PrivateKey& key : keys) {
    const auto row = old.get<KeyRow>({key.public_key().id()});
    const auto roles = row ? old.get<RoleRow>({row->account}) : std::nullopt;
    const bool holds_role =
        roles && std::any_of(roles->grants.begin(), roles->grants.end(),
                             [](const Grant& grant) { return grant.role == Role::administrator; });
    if (!holds_role || row->use != KeyUse::device || row->revoked_us != 0)
      return fail(Code::bad_config, "--administrator " + hash_text(key.public_key().id()) +
                                        " is no device of an administrator of the old ledger");
    out.push_back({row->account, std::move(key)});
  }
  if (out.size() >= 2 && out[0].account != out[1].account) return out;
  return fail(Code::bad_config,
              "two administrators declare the loss: give a device key of each (--administrator)");
}

class Opening {
 public:
  Opening(const Config& config, const ReopenPlan& plan, Writer& writer, const KeyCache& keys, const Old& old)
      : config_(config), plan_(plan), writer_(writer), keys_(keys), old_(old) {}

  Result<void> run(const std::vector<PrivateKey>& roots, const PrivateKey& server,
                   const std::string& log_vkey, const std::vector<Administrator>& admins) {
    for (std::int64_t i = 0; i < plan_.threshold; ++i) roots_.push_back(&roots[static_cast<std::size_t>(i)]);
    DFB_TRY_VOID(genesis(roots, server, log_vkey));
    DFB_TRY_VOID(open_accounts(admins));
    DFB_TRY_VOID(grant_roles());
    DFB_TRY_VOID(open_balances());
    return freeze();
  }
  std::int64_t accounts = 0, points = 0;
  std::vector<std::string> owing;

 private:
  Result<check::CheckedCommand> sign(Body body, const Signers& signers) {
    const TimeUs now_us = clock_.now_us();
    Payload payload;
    payload.id = make_uuid(now_us, random_);
    payload.by = signers.front()->public_key().id();
    payload.not_after_us = now_us + (signers.size() > 1 ? kCommandLifeOfManyUs : kCommandLifeUs);
    payload.body = std::move(body);
    std::string line = format_payload(payload);
    std::vector<KeySignature> signatures;
    for (const PrivateKey* key : signers)
      signatures.push_back(
          {key->public_key().id(), dfb::sign(*key, SignedKind::payload, config_.origin, line)});
    return check::check(std::move(line), std::move(signatures), keys_, config_.origin);
  }
  Result<void> enter(Body body, const Signers& signers) {
    DFB_TRY(auto command, sign(std::move(body), signers));
    auto promise = std::make_shared<std::promise<Result<Answer>>>();
    waiting_.push_back(promise->get_future());
    writer_.submit(std::move(command), {},
                   [promise](Result<Answer> answer) { promise->set_value(std::move(answer)); });
    return waiting_.size() < kAtOnce ? ok() : settle();
  }
  // What was sent is in the ledger, in its order.
  Result<void> settle() {
    Result<void> done = ok();
    for (auto& one : waiting_) {
      const auto answer = one.get();
      if (!answer && done) done = answer.error();
      if (answer && answer->refused && done) done = fail(*answer->refused);
    }
    waiting_.clear();
    return done;
  }

  Result<void> genesis(const std::vector<PrivateKey>& roots, const PrivateKey& server,
                       const std::string& log_vkey) {
    Genesis body{plan_.threshold, {}, server.public_key().spki(), log_vkey};
    Signers signers;
    for (const PrivateKey& root : roots)
      body.roots.push_back(root.public_key().spki()), signers.push_back(&root);
    signers.push_back(&server);
    body.continues = Former{old_.checkpoint.origin, old_.checkpoint.size, old_.checkpoint.root};
    DFB_TRY_VOID(enter(std::move(body), signers));
    return settle();
  }

  // A closed account is empty, and stays with the old ledger.
  bool is_taken_over(const Account& account) const {
    const bool reserved = account.id.value < kFirstFreeAccount;
    return !reserved && (account.state != AccountState::closed || account.balance.value != 0);
  }

  Result<void> open_accounts(const std::vector<Administrator>& admins) {
    for (const Account& account : old_.accounts) {
      if (!is_taken_over(account)) continue;
      Open open{account.id, account.kind, account.scope, account.household, account.level, ""};
      Signers signers = roots_;
      for (const Administrator& admin : admins)
        if (admin.account == account.id && open.key.empty()) {
          open.key = admin.key.public_key().spki();
          signers.push_back(&admin.key);
        }
      DFB_TRY_VOID(enter(std::move(open), signers));
      ++accounts;
    }
    return settle();
  }

  Result<void> grant_roles() {
    const TimeUs now_us = clock_.now_us();
    for (const Account& account : old_.accounts) {
      const auto roles = old_.roles.find(account.id);
      if (roles == old_.roles.end() || account.state != AccountState::open) continue;
      for (const Grant& grant : roles->second)
        if (grant.until_us == 0 || grant.until_us > now_us)
          DFB_TRY_VOID(
              enter(GrantRole{account.id, grant.role, grant.scope, grant.from_us, grant.until_us}, roots_));
    }
    return settle();
  }

  Result<void> open_balances() {
    for (const Account& account : old_.accounts) {
      if (account.kind == AccountKind::issuance || account.balance.value == 0) continue;
      if (account.balance.value < 0) {
        owing.push_back(to_string(account.id) + " owes " + std::to_string(-account.balance.value));
        continue;
      }
      DFB_TRY_VOID(account.kind == AccountKind::resident ? open_lots(account) : open_balance(account));
      points += account.balance.value;
    }
    return settle();
  }
  Transfer opening(const Account& account, std::int64_t points_of_it) const {
    Transfer transfer;
    transfer.kind = TransferKind::opening, transfer.from = kIssuance, transfer.to = account.id;
    transfer.points = Points{points_of_it};
    return transfer;
  }
  Result<void> open_lots(const Account& account) {
    Transfer transfer = opening(account, account.balance.value);
    transfer.lots = account.lots;
    const auto held = old_.set_aside.find(account.id);
    if (held != old_.set_aside.end())
      for (const Lot& lot : held->second) add_lot(transfer.lots, lot);
    if (total(transfer.lots) != account.balance)
      return fail(Code::corrupt, "the lots of " + to_string(account.id) + " are not its balance");
    return enter(std::move(transfer), roots_);
  }
  // One command moves so much and no more.
  Result<void> open_balance(const Account& account) {
    for (std::int64_t left = account.balance.value; left > 0; left -= kPointsMax.value)
      DFB_TRY_VOID(enter(opening(account, std::min(left, kPointsMax.value)), roots_));
    return ok();
  }

  Result<void> freeze() {
    for (const Account& account : old_.accounts)
      if (is_taken_over(account) && account.state == AccountState::frozen)
        DFB_TRY_VOID(enter(SetState{account.id, AccountState::frozen, "as before"}, roots_));
    return settle();
  }

  const Config& config_;
  const ReopenPlan& plan_;
  Writer& writer_;
  const KeyCache& keys_;
  const Old& old_;
  SystemClock clock_;
  SystemRandom random_;
  Signers roots_;
  std::vector<std::future<Result<Answer>>> waiting_;
};

// What was opened is what was there.
Result<void> compare(const Old& old, const store::View& made) {
  for (const Account& account : old.accounts) {
    if (account.kind == AccountKind::issuance) continue;
    const auto now = made.get<Account>({account.id});
    const std::int64_t expected = std::max<std::int64_t>(account.balance.value, 0);
    if ((now ? now->balance.value : 0) != expected)
      return fail(Code::corrupt, "the new balance of " + to_string(account.id) + " is not the old one");
  }
  return ok();
}

}  // namespace

Result<void> reopen(const Config& config, const ReopenPlan& plan) {
  if (exists(config.database))
    return fail(Code::io_error, config.database + " is there already: name a new file");
  DFB_TRY(const auto signer, load_log_keys(config));
  DFB_TRY(const auto server, load_p256({config.server_keys.front()}));
  DFB_TRY(const auto roots, load_p256(plan.roots));
  DFB_TRY(auto admin_keys, load_p256(plan.administrators));
  if (plan.threshold < 2 || plan.threshold > std::ssize(roots))
    return fail(Code::bad_config, "--threshold is two or more, and not more than there are roots");
  const Part part(config.database);
  DFB_TRY(const auto source, store::open_sqlite(plan.from, programme::migrations()));
  DFB_TRY_VOID(replay_rows(*source));
  const auto view = source->snapshot();
  DFB_TRY_VOID(must_not_go_on(*view));
  DFB_TRY(const Old old, read_old(*view));
  if (old.checkpoint.origin == config.origin)
    return fail(Code::bad_config,
                "the new ledger needs an origin of its own: " + config.origin + " is the old one's");
  DFB_TRY_VOID(check_roots(*view, roots));
  DFB_TRY(const auto admins, administrators(*view, std::move(admin_keys)));
  DFB_TRY_VOID(store::open_sqlite(part.path(), programme::migrations()));
  DFB_TRY_VOID(store::carry_over(plan.from, part.path()));
  log::Checkpoint checkpoint;
  {
    DFB_TRY(const auto made, store::open_sqlite(part.path(), programme::migrations()));
    {
      const auto transaction = made->begin();
      store::clear_restored(*transaction);
      programme::drop_proposals(transaction->sql());
      programme::return_all_goods(transaction->sql());
      transaction->commit();
    }
    Writer::Options options;
    options.origin = config.origin;
    options.fatal = [](const std::string& why) { throw std::runtime_error("the new ledger: " + why); };
    SystemClock clock;
    DFB_TRY(const auto writer, Writer::start(*made, signer, clock, std::move(options)));
    const KeyCache keys(*made);
    Opening opening(config, plan, *writer, keys, old);
    DFB_TRY_VOID(opening.run(roots, server.front(), signer.vkeys().front(), admins));
    writer->stop();
    DFB_TRY_VOID(compare(old, *made->snapshot()));
    checkpoint = writer->head()->checkpoint;
    std::cout << config.origin << " continues " << old.checkpoint.origin << " after its first "
              << old.checkpoint.size << " entries, root " << hash_text(old.checkpoint.root) << "\n"
              << opening.accounts << " accounts opened with " << opening.points << " points\n";
    for (const std::string& one : opening.owing) std::cout << "not taken over: " << one << "\n";
  }
  DFB_TRY_VOID(store::put_in_place(part.path(), config.database, false));
  std::cout << config.database << ", " << checkpoint.size << " entries; log key " << signer.vkeys().front()
            << "\n";
  return ok();
}

}  // namespace dfb::server
