#include "api/server/signing.h"

#include <algorithm>
#include <iostream>

#include "api/http/json.h"
#include "api/server/in_words.h"
#include "api/server/policy_document.h"
#include "ledger/base/clock.h"
#include "ledger/base/encoding.h"
#include "ledger/base/files.h"
#include "ledger/base/random.h"
#include "ledger/base/uuid.h"
#include "ledger/check/checked_command.h"

namespace dfb::server {
namespace {

using book::Payload;
using routes::SignedCommand;

constexpr TimeUs kGoodForUs = 6 * kDayUs;  // the ledger takes seven, and its clock may be behind this one
constexpr std::size_t kFileMax = 256 * 1024;
constexpr mode_t kReadable = 0644;

Error wrong(const std::string& what) { return fail(Code::bad_config, what); }

Result<PrivateKey> load_p256_key(const std::string& path) {
  DFB_TRY(PrivateKey key, load_private_key(path));
  if (key.public_key().algorithm() != Algorithm::p256) return wrong(path + " is not a P-256 key");
  return key;
}

Result<std::string> public_half(const std::string& text) {
  auto der = base64url_decode(text);
  const auto key = der ? PublicKey::from_spki(*der) : Result<PublicKey>(der.error());
  if (!key || key->algorithm() != Algorithm::p256)
    return wrong("--new " + text + " is no public key as `defenbao-server key` prints it");
  return *std::move(der);
}

// The end of that civil day.
Result<TimeUs> end_of_day(const std::string& text) {
  const auto day = parse_day(text);
  if (!day) return wrong("--until is a day, such as 2027-01-31");
  return day_start_us(*day + 1);
}

Result<std::string> one_new(const SigningPlan& plan) {
  if (plan.fresh.size() != 1) return wrong("--new names one key for this act");
  return plan.fresh.front();
}

Result<book::Body> policy_of(const SigningPlan& plan) {
  if (plan.document.empty() || plan.policy_version < 1)
    return wrong(
        "--document names the policy's file and --policy-version its number, one above the present one");
  TimeUs from_us = 0;
  if (!plan.from.empty()) {
    const auto day = parse_day(plan.from);
    if (!day) return wrong("--from is a day, such as 2027-01-01");
    from_us = day_start_us(*day);
  }
  DFB_TRY(const std::string text, read_file(plan.document, kFileMax));
  auto policy = parse_policy_document(text, plan.policy_version, from_us);
  if (!policy) return fail(policy.error().code, plan.document + ": " + policy.error().detail);
  return book::Body(book::PublishPolicy{*std::move(policy)});
}

Result<book::Body> body_of(const SigningPlan& plan) {
  if (plan.act == "policy") return policy_of(plan);
  if (plan.act == "roots") {
    book::ReplaceRoots next{plan.threshold, {}};
    if (plan.fresh.empty()) return wrong("--new names every root from then on");
    for (const std::string& text : plan.fresh) {
      DFB_TRY(std::string der, public_half(text));
      next.roots.push_back(std::move(der));
    }
    return book::Body(std::move(next));
  }
  DFB_TRY(const std::string text, one_new(plan));
  if (plan.act == "server_key") {
    book::NextServerKey next;
    DFB_TRY(next.key, public_half(text));
    if (plan.until == "now") return book::Body(std::move(next));
    DFB_TRY(next.until_us, end_of_day(plan.until));
    return book::Body(std::move(next));
  }
  book::NextLogKey next{text, 0};
  DFB_TRY(next.until_us, end_of_day(plan.until));
  return book::Body(std::move(next));
}

void show(const std::string& origin, const Payload& payload, const SignedCommand& command,
          const PrivateKey& key) {
  std::cout << "签署内容（账本 " << origin << "）\nTo be signed, for the ledger " << origin << ":\n\n"
            << in_words(payload)
            << "\n须在此前提交 / to be sent before: " << format_time(payload.not_after_us) << "\n";
  for (const auto& one : command.signatures) std::cout << "已签 / signed by: " << one.key << "\n";
  std::cout << "现签 / signs now: " << hash_text(key.public_key().id()) << "\n正文 / the exact line:\n"
            << command.payload << "\n\n";
}

Result<void> ask(const SigningPlan& plan) {
  if (plan.yes) return ok();
  std::cout << "确认无误请输入 yes / type yes to sign: " << std::flush;
  std::string word;
  std::getline(std::cin, word);
  if (word == "yes") return ok();
  return wrong("not signed: nobody typed yes (or give --yes)");
}

void add_signature(const std::string& origin, SignedCommand& command, const PrivateKey& key) {
  const std::string bytes = sign(key, SignedKind::payload, origin, command.payload);
  command.signatures.push_back({hash_text(key.public_key().id()), base64url_encode(bytes)});
}

Result<void> may_sign(const Payload& payload, const SignedCommand& command, const PrivateKey& key) {
  const std::string id = hash_text(key.public_key().id());
  if (std::any_of(command.signatures.begin(), command.signatures.end(),
                  [&](const auto& one) { return one.key == id; }))
    return wrong("this key has signed already");
  if (command.signatures.empty() && payload.by != key.public_key().id())
    return wrong("the first signature is that of the key that the line names in `by`");
  if (command.signatures.size() >= check::kSignaturesMax) return wrong("a command has at most 16 signatures");
  if (SystemClock().now_us() >= payload.not_after_us)
    return fail(Code::too_late, "the time to send it has passed: propose it anew");
  return ok();
}

}  // namespace

void declare(CLI::App& app, SigningPlan& plan) {
  const auto add = [&app](const char* name, const char* what) {
    auto* const one = app.add_subcommand(name, what);
    one->fallthrough();
    one->configurable(false);
    // A root's machine has no server, and no configuration of one.
    one->preparse_callback([&app](std::size_t) {
      for (auto* option : app.get_options()) option->required(false);
    });
    return one;
  };
  auto* const key = add("key", "A root's or the server's key (P-256): print its public half");
  key->add_option("--file", plan.key, "The key's file")->required();
  key->add_flag("--make", plan.is_new, "Make it, in a new file");
  auto* const propose =
      add("propose",
          "Write a command that the roots or two administrators are to sign, with the first signature");
  propose->add_option("--act", plan.act, "roots: all roots from now on; server_key; log_key; policy")
      ->required()
      ->check(CLI::IsMember({"roots", "server_key", "log_key", "policy"}));
  propose->add_option("--new", plan.fresh, "Public keys as `key` prints them; for log_key the vkey")
      ->take_all();
  propose->add_option("--document", plan.document, "policy: its `rules` and `limits`, a JSON file");
  propose->add_option("--policy-version", plan.policy_version, "policy: one above the present one's number");
  propose->add_option("--from", plan.from, "policy: its first day; else from its entry on");
  propose->add_option("--threshold", plan.threshold, "roots: how many of them sign")->capture_default_str();
  propose->add_option("--until", plan.until,
                      "The last day on which the present key signs too; for server_key also: now");
  auto* const sign = add("sign", "Add a signature to a command in a file");
  for (auto* const one : {propose, sign}) {
    one->add_option("--file", plan.file, "The command's file")->required();
    one->add_option("--key", plan.key, "The key's file that signs")->required();
    one->add_flag("--yes", plan.yes, "Sign without asking");
  }
}

Result<void> make_key(const SigningPlan& plan) {
  if (plan.is_new) DFB_TRY_VOID(save_private_key(plan.key, PrivateKey::generate(Algorithm::p256)));
  DFB_TRY(const PrivateKey key, load_p256_key(plan.key));
  std::cout << base64url_encode(key.public_key().spki()) << "\n";
  std::cerr << "key id " << hash_text(key.public_key().id()) << "\n";
  return ok();
}

Result<CommandFile> parse_command_file(std::string_view text) {
  DFB_TRY(SignedCommand command, http::from_json<SignedCommand>(text));
  DFB_TRY(Payload payload, book::parse_payload(command.payload));
  return CommandFile{std::move(command), std::move(payload)};
}

Result<void> propose(const std::string& origin, const SigningPlan& plan) {
  if (origin.empty()) return wrong("name the ledger: --origin bq.example/points");
  if (file_exists(plan.file)) return fail(Code::io_error, plan.file + " is there already: name a new file");
  DFB_TRY(const PrivateKey key, load_p256_key(plan.key));
  DFB_TRY(book::Body body, body_of(plan));
  SystemRandom random;
  const TimeUs now_us = SystemClock().now_us();
  const Payload payload{make_uuid(now_us, random), key.public_key().id(), now_us + kGoodForUs,
                        std::move(body)};
  SignedCommand command{book::format_payload(payload), {}};
  if (const auto right = book::parse_payload(command.payload); !right) return right.error();
  show(origin, payload, command, key);
  DFB_TRY_VOID(ask(plan));
  add_signature(origin, command, key);
  return create_file(plan.file, http::to_json(command) + "\n", kReadable);
}

Result<void> sign_file(const std::string& origin, const SigningPlan& plan) {
  if (origin.empty()) return wrong("name the ledger: --origin bq.example/points");
  DFB_TRY(const PrivateKey key, load_p256_key(plan.key));
  DFB_TRY(const std::string text, read_file(plan.file, kFileMax));
  DFB_TRY(CommandFile parsed, parse_command_file(text));
  auto& [command, payload] = parsed;
  DFB_TRY_VOID(may_sign(payload, command, key));
  show(origin, payload, command, key);
  DFB_TRY_VOID(ask(plan));
  add_signature(origin, command, key);
  return replace_file(plan.file, http::to_json(command) + "\n", kReadable);
}

}  // namespace dfb::server
