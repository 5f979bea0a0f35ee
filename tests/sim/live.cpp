#include "tests/sim/live.h"

#include <sstream>

#include "ledger/base/check.h"
#include "ledger/book/codes.h"
#include "ledger/crypto/hash.h"
#include "ledger/writer/rebuild.h"
#include "tests/support/dump.h"
#include "tests/support/temp_folder.h"

namespace dfb::sim {

using namespace book;

namespace {

// The outcome's line of an entry's text.
Outcome outcome_of(const std::string& entry) {
  std::size_t at = 0;
  for (int line = 0; line < 4; ++line) at = entry.find('\n', at) + 1;
  return parse_outcome(entry.substr(at, entry.find('\n', at) - at)).value();
}

Prediction as_prediction(const Answer& answer) {
  if (answer.known) return {{}, {}, answer.seq, {}};
  return {outcome_of(answer.entry), {}, {}, {}};
}

// Whether ledger/check would know every key that the command names.
bool keys_known(const World& world, const Command& command) {
  std::vector<KeyId> wanted = command.signers;
  std::set<KeyId> brought;
  const auto& body = command.payload.body;
  if (const auto* add = std::get_if<AddKey>(&body)) brought.insert(sha256(add->key));
  if (const auto* open = std::get_if<Open>(&body)) brought.insert(sha256(open->key));
  if (const auto* server = std::get_if<NextServerKey>(&body)) brought.insert(sha256(server->key));
  if (const auto* next = std::get_if<ReplaceRoots>(&body))
    for (const auto& root : next->roots) brought.insert(sha256(root));
  if (const auto* transfer = std::get_if<Transfer>(&body);
      transfer && transfer->kind == TransferKind::redeem) {
    if (const auto* code = std::get_if<CodeProof>(&transfer->proof)) wanted.push_back(code->device);
    if (const auto* quote = std::get_if<QuoteProof>(&transfer->proof)) wanted.push_back(quote->device);
    if (const auto* offline = std::get_if<OfflineProof>(&transfer->proof)) wanted.push_back(offline->device);
  }
  if (const auto* record = std::get_if<Record>(&body); record && !record->site.empty())
    wanted.push_back(parse_site_code(record->site).value().key);
  return std::all_of(wanted.begin(), wanted.end(),
                     [&](const KeyId& id) { return brought.contains(id) || world.keys.contains(id); });
}

}  // namespace

Live::Live(const Stage& stage, store::Store& store, const PrivateKey& log_key) : stage_(stage), keys_(store) {
  Writer::Options options;
  options.origin = stage.town.origin;
  options.fatal = [](const std::string&) { std::abort(); };
  writer_ = Writer::start(store, log_key, clock_, options).value();
}

void Live::found() {
  for (const auto& line : stage_.founding) {
    const auto answer = send({test::kTownStartUs, {line}}).front();
    DFB_CHECK(answer.outcome.has_value());
  }
}

Result<std::vector<check::CheckedCommand>> Live::checked(const Sent& sent) const {
  std::vector<check::CheckedCommand> commands;
  for (const auto& line : sent.lines) {
    DFB_TRY(auto command, check::check(line.payload, line.signatures, keys_, stage_.town.origin));
    commands.push_back(std::move(command));
  }
  return commands;
}

std::vector<Prediction> Live::send(const Sent& sent, Step step) {
  clock_.set(sent.at);
  const Prediction broken{{}, Code::chain_broken, {}, {}};
  auto commands = checked(sent);
  if (!commands) return std::vector(sent.lines.size(), Prediction{{}, commands.error().code, {}, {}});
  if (sent.lines.size() == 1) {
    auto answer = writer_->run(commands.value().front(), std::move(step));
    if (!answer) return {{{}, answer.error().code, {}, answer.error().detail}};
    return {as_prediction(*answer)};
  }
  auto answers = writer_->run(std::move(commands).value());
  if (!answers) return std::vector(sent.lines.size(), Prediction{{}, answers.error().code, {}, {}});
  std::vector<Prediction> all;
  for (const auto& answer : *answers) all.push_back(as_prediction(answer));
  return all;
}

void Live::burst(const Sequence& sequence, std::size_t first, std::size_t count,
                 std::function<void(std::size_t, const Prediction&)> done) {
  clock_.set(sequence[first].at);
  for (std::size_t i = first; i < first + count; ++i) {
    auto commands = checked(sequence[i]);
    // A key that the burst itself brings in is not known yet: its commands wait for another time.
    if (!commands) return;
    writer_->submit(commands.value().front(), {}, [i, done](Result<Answer> answer) {
      done(i, answer ? as_prediction(*answer) : Prediction{{}, answer.error().code, {}, {}});
    });
  }
}

std::vector<std::vector<Prediction>> predictions(Model& model, const Sequence& sequence) {
  std::vector<std::vector<Prediction>> all;
  for (const auto& sent : sequence) {
    std::vector<Command> commands;
    for (const auto& line : sent.lines) commands.push_back(test::command_of(line));
    const bool known = std::all_of(commands.begin(), commands.end(),
                                   [&](const Command& c) { return keys_known(model.world(), c); });
    if (!known) {
      all.push_back(std::vector(commands.size(), Prediction{{}, Code::unknown_key, {}, {}}));
    } else if (commands.front().payload.linked.empty()) {
      all.push_back({model.answer(commands.front(), sent.at)});
    } else {
      auto answers = model.answer_chain(commands, sent.at);
      // The writer answers a refused chain once, with the first refusal; what is no whole chain is turned
      // away before it is judged.
      std::vector<Uuid> ids;
      for (const auto& command : commands) ids.push_back(command.payload.id);
      const bool whole = std::all_of(commands.begin(), commands.end(),
                                     [&](const Command& c) { return c.payload.linked == ids; });
      if (!whole && answers.front().refused && *answers.front().refused > Code::id_burnt)
        answers.assign(answers.size(), Prediction{{}, Code::chain_broken, {}, {}});
      for (const auto& answer : std::vector(answers))
        if (answer.refused && *answer.refused != Code::chain_broken) answers.assign(answers.size(), answer);
      all.push_back(answers);
    }
  }
  return all;
}

std::optional<Difference> compare_rebuilt(const World& world, store::Store& store, const std::string& trial) {
  const test::TempFolder folder;
  const auto again = store::open_sqlite(folder.path("again.db"), {}).value();
  if (auto rebuilt = rebuild(store, *again); !rebuilt)
    return Difference{trial + ": rebuild", to_string(rebuilt.error())};
  if (auto problem = compare_accounts(world, *again->snapshot()); !problem.empty())
    return Difference{trial + ": rebuilt accounts", problem};
  std::istringstream found(test::dump(*store.snapshot())), entries(test::dump(*again->snapshot()));
  for (std::string has, gives; std::getline(found, has), std::getline(entries, gives), found || entries;)
    if (has != gives || !found || !entries)
      return Difference{trial + ": rows", "the store has\n  " + has + "\nits entries give\n  " + gives};
  return {};
}

std::optional<Difference> live_trial(const Stage& stage, const Sequence& sequence, store::Store& store,
                                     const PrivateKey& log_key) {
  Live live(stage, store, log_key);
  live.found();
  Model model = stage.model;
  const auto expected = predictions(model, sequence);
  for (std::size_t i = 0; i < sequence.size(); ++i) {
    const auto found = live.send(sequence[i]);
    for (std::size_t n = 0; n < found.size(); ++n)
      if (!same(expected[i][n], found[n]))
        return Difference{"live: " + kind_of(expected[i][n]) + ", not " + kind_of(found[n]),
                          "command " + std::to_string(i) + "\n  expected " + to_string(expected[i][n]) +
                              "\n  found    " + to_string(found[n])};
  }
  if (auto problem = compare_accounts(model.world(), *store.snapshot()); !problem.empty())
    return Difference{"live: accounts", problem};
  live.writer()->stop();
  return compare_rebuilt(model.world(), store, "live");
}

}  // namespace dfb::sim
