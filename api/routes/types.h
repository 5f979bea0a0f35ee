// Every body that the API takes or gives, described once: parsing, serialising and OpenAPI come from these
// structs. Fields and their meaning: docs/api.md. Times are µs since 1970 UTC.
#pragma once
#include <boost/describe.hpp>
#include <boost/json/object.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace dfb::routes {

struct Nothing {};
BOOST_DESCRIBE_STRUCT(Nothing, (), ())

struct SignatureBody {
  std::string key, signature;
};
BOOST_DESCRIBE_STRUCT(SignatureBody, (), (key, signature))

struct SignedCommand {
  std::string payload;
  std::vector<SignatureBody> signatures;
};
BOOST_DESCRIBE_STRUCT(SignedCommand, (), (payload, signatures))

struct EnrolmentBody {
  std::string payload;
  std::vector<SignatureBody> signatures;
  std::string name, phone;
};
BOOST_DESCRIBE_STRUCT(EnrolmentBody, (), (payload, signatures, name, phone))

struct TaskBody {
  std::string payload;
  std::vector<SignatureBody> signatures;
  std::string title_zh, title_en, detail_zh, detail_en;
};
BOOST_DESCRIBE_STRUCT(TaskBody, (), (payload, signatures, title_zh, title_en, detail_zh, detail_en))

struct CommandAnswer {
  std::int64_t seq = 0, time_us = 0;
  bool known = false;
  std::string entry, receipt;
  boost::json::object outcome;
  std::optional<std::string> refused;
};
BOOST_DESCRIBE_STRUCT(CommandAnswer, (), (seq, time_us, known, entry, receipt, outcome, refused))

// A chain of linked commands: all of it or nothing.
struct ChainBody {
  std::vector<SignedCommand> commands;
};
BOOST_DESCRIBE_STRUCT(ChainBody, (), (commands))

struct ChainAnswer {
  std::vector<CommandAnswer> answers;
};
BOOST_DESCRIBE_STRUCT(ChainAnswer, (), (answers))

struct ProposalView {
  std::string id, account, name, payload;  // name: of who proposes
  std::vector<SignatureBody> signatures;
  std::int64_t at_us = 0, until_us = 0;
  bool own = false;
};
BOOST_DESCRIBE_STRUCT(ProposalView, (), (id, account, name, payload, signatures, at_us, until_us, own))

struct ProposalsView {
  std::vector<ProposalView> proposals;
};
BOOST_DESCRIBE_STRUCT(ProposalsView, (), (proposals))

struct ProposalSignatureBody {
  std::string signature;  // by the key of the session
};
BOOST_DESCRIBE_STRUCT(ProposalSignatureBody, (), (signature))

struct StatusView {
  std::string status;
};
BOOST_DESCRIBE_STRUCT(StatusView, (), (status))

struct ReadyView {
  std::string status;
  std::vector<std::string> warnings;
};
BOOST_DESCRIBE_STRUCT(ReadyView, (), (status, warnings))

struct WitnessView {
  std::string name, vkey, standing;
  std::int64_t size = 0, cosigned_us = 0;
};
BOOST_DESCRIBE_STRUCT(WitnessView, (), (name, vkey, standing, size, cosigned_us))

struct WitnessesView {
  std::vector<WitnessView> witnesses;
};
BOOST_DESCRIBE_STRUCT(WitnessesView, (), (witnesses))

struct CosignatureBody {
  std::string checkpoint, cosignature, vkey, signature;
};
BOOST_DESCRIBE_STRUCT(CosignatureBody, (), (checkpoint, cosignature, vkey, signature))

struct CosignatureView {
  std::string till, checkpoint, cosignature, vkey, signature;
  std::int64_t size = 0, time_s = 0;
};
BOOST_DESCRIBE_STRUCT(CosignatureView, (), (till, checkpoint, cosignature, vkey, signature, size, time_s))

struct CosignaturesView {
  std::vector<CosignatureView> cosignatures;
};
BOOST_DESCRIBE_STRUCT(CosignaturesView, (), (cosignatures))

struct LogKeyView {
  std::string vkey;
  std::int64_t until_us = 0;
  std::string entry, receipt;
};
BOOST_DESCRIBE_STRUCT(LogKeyView, (), (vkey, until_us, entry, receipt))

struct LogKeysView {
  std::vector<LogKeyView> changes;
};
BOOST_DESCRIBE_STRUCT(LogKeysView, (), (changes))

struct ScopeView {
  std::string scope, name_zh, name_en;
};
BOOST_DESCRIBE_STRUCT(ScopeView, (), (scope, name_zh, name_en))

struct TownView {
  std::string origin, log_vkey;        // the key that is named last
  std::vector<std::string> log_vkeys;  // all that sign now, the one named last behind the others
  std::string server_key;
  std::int64_t time_us = 0;
  std::string name_zh, name_en;
  std::vector<ScopeView> scopes;
  boost::json::object limits;
};
BOOST_DESCRIBE_STRUCT(TownView, (),
                      (origin, log_vkey, log_vkeys, server_key, time_us, name_zh, name_en, scopes, limits))

struct ChallengeBody {
  std::string key;
};
BOOST_DESCRIBE_STRUCT(ChallengeBody, (), (key))

struct ChallengeView {
  std::string nonce;
};
BOOST_DESCRIBE_STRUCT(ChallengeView, (), (nonce))

struct SessionBody {
  std::string key, nonce, client_nonce, signature;
};
BOOST_DESCRIBE_STRUCT(SessionBody, (), (key, nonce, client_nonce, signature))

struct RoleView {
  std::string role, scope;
};
BOOST_DESCRIBE_STRUCT(RoleView, (), (role, scope))

struct SessionView {
  std::string token, account;
  std::int64_t expires_us = 0;
  std::vector<RoleView> roles;
};
BOOST_DESCRIBE_STRUCT(SessionView, (), (token, account, expires_us, roles))

struct TicketView {
  std::string account, kind, name;
};
BOOST_DESCRIBE_STRUCT(TicketView, (), (account, kind, name))

struct CertificateBody {
  std::string csr;
};
BOOST_DESCRIBE_STRUCT(CertificateBody, (), (csr))

struct CertificateView {
  std::string certificate;
};
BOOST_DESCRIBE_STRUCT(CertificateView, (), (certificate))

// A cap that is near (80 %) or full; `rule` is empty for phone_life_points.
struct CapView {
  std::string rule, of, per;
  std::int64_t used = 0, limit = 0;
};
BOOST_DESCRIBE_STRUCT(CapView, (), (rule, of, per, used, limit))

// `period`: what a check-in that is entered now has to name.
struct TaskView {
  std::string task, title_zh, title_en, detail_zh, detail_en, rule, kind;
  std::int64_t points = 0;
  std::string proof, unique, period, scope;
  std::int64_t opens_us = 0, closes_us = 0;
  bool done = false, full = false;
  std::vector<CapView> caps;
};
BOOST_DESCRIBE_STRUCT(TaskView, (),
                      (task, title_zh, title_en, detail_zh, detail_en, rule, kind, points, proof, unique,
                       period, scope, opens_us, closes_us, done, full, caps))

struct TasksView {
  std::vector<TaskView> tasks;
};
BOOST_DESCRIBE_STRUCT(TasksView, (), (tasks))

struct LotView {
  std::string day;
  std::int64_t points = 0;
};
BOOST_DESCRIBE_STRUCT(LotView, (), (day, points))

// The entry and the moment that an answer stands for, where one was asked for.
struct AsOfView {
  std::int64_t seq = 0, at_us = 0;
};
BOOST_DESCRIBE_STRUCT(AsOfView, (), (seq, at_us))

struct MeView {
  std::string account, name, kind, level, state, scope;
  std::int64_t balance = 0, available = 0, held = 0;
  std::vector<LotView> lots;
  std::optional<std::vector<RoleView>> roles;
  std::optional<std::vector<CapView>> caps;
  std::optional<AsOfView> as_of;
};
BOOST_DESCRIBE_STRUCT(MeView, (),
                      (account, name, kind, level, state, scope, balance, available, held, lots, roles, caps,
                       as_of))

struct EntryLine {
  std::int64_t seq = 0, time_us = 0;
  std::string id, op, kind;
  std::int64_t points = 0;
  std::string reason_zh, reason_en;
  std::optional<std::string> refused;
};
BOOST_DESCRIBE_STRUCT(EntryLine, (), (seq, time_us, id, op, kind, points, reason_zh, reason_en, refused))

struct EntriesView {
  std::vector<EntryLine> entries;
  std::optional<std::int64_t> next;
};
BOOST_DESCRIBE_STRUCT(EntriesView, (), (entries, next))

struct ProofView {
  std::string entry, receipt;
};
BOOST_DESCRIBE_STRUCT(ProofView, (), (entry, receipt))

struct LeafGoodView {
  std::string good;
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(LeafGoodView, (), (good, count))

struct LeafView {
  std::int64_t seq = 0;
  std::string entry;
  std::vector<LeafGoodView> goods;
};
BOOST_DESCRIBE_STRUCT(LeafView, (), (seq, entry, goods))

struct LeavesView {
  std::string checkpoint;
  std::vector<LeafView> leaves;
  std::optional<std::int64_t> next;
};
BOOST_DESCRIBE_STRUCT(LeavesView, (), (checkpoint, leaves, next))

struct ResidentView {
  std::string account, name, phone_end, level, state, scope;
  std::int64_t balance = 0, available = 0, held = 0;
  std::vector<LotView> lots;
  std::optional<AsOfView> as_of;
};
BOOST_DESCRIBE_STRUCT(ResidentView, (),
                      (account, name, phone_end, level, state, scope, balance, available, held, lots, as_of))

struct AccountView {
  std::string account, name, kind, level, state, scope;
  std::int64_t balance = 0, available = 0, held = 0;
  std::vector<LotView> lots;
  std::optional<AsOfView> as_of;
};
BOOST_DESCRIBE_STRUCT(AccountView, (),
                      (account, name, kind, level, state, scope, balance, available, held, lots, as_of))

struct BudgetCapView {
  std::string rule, of, per, whom;
  std::int64_t used = 0, limit = 0;
  bool near = false;
};
BOOST_DESCRIBE_STRUCT(BudgetCapView, (), (rule, of, per, whom, used, limit, near))

struct BudgetView {
  std::string account, scope, state;
  std::int64_t balance = 0, held = 0, awarded = 0, since_us = 0;
  bool near = false;
  std::vector<BudgetCapView> caps;
};
BOOST_DESCRIBE_STRUCT(BudgetView, (), (account, scope, state, balance, held, awarded, since_us, near, caps))

struct BudgetsView {
  std::vector<BudgetView> budgets;
};
BOOST_DESCRIBE_STRUCT(BudgetsView, (), (budgets))

struct QrBody {
  std::string text;
};
BOOST_DESCRIBE_STRUCT(QrBody, (), (text))

struct TillView {
  std::string shop, name_zh, name_en, till, origin, log_vkey;
  std::int64_t time_us = 0, fen_per_point = 0;
  boost::json::object limits;
  std::optional<std::string> last = {};  // id of the newest sale or refund that the ledger has from this till
};
BOOST_DESCRIBE_STRUCT(TillView, (),
                      (shop, name_zh, name_en, till, origin, log_vkey, time_us, fen_per_point, limits, last))

struct PresentationBody {
  std::string code;
};
BOOST_DESCRIBE_STRUCT(PresentationBody, (), (code))

struct PresentationView {
  std::string device, account, name;
  std::int64_t code_limit = 0, spend_max = 0, expires_us = 0;
  std::optional<std::string> card = {};  // a card was presented: its number; `device` is empty
  std::optional<std::string> code = {};  // digits were typed: the pay code that they stand for
  std::optional<std::string> pick_up = {};  // or the reservation, and all else is that of no customer
};
BOOST_DESCRIBE_STRUCT(PresentationView, (),
                      (device, account, name, code_limit, spend_max, expires_us, card, code, pick_up))

}  // namespace dfb::routes
