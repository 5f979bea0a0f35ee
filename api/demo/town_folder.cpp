#include "api/demo/town_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "api/programme/schema.h"
#include "certs/authority.h"
#include "ledger/base/encoding.h"
#include "ledger/log/merkle.h"
#include "ledger/log/note.h"

namespace dfb::demo {
namespace {

namespace fs = std::filesystem;

Result<void> write_file(const fs::path& path, const std::string& text, fs::perms mode = fs::perms(0644)) {
  std::ofstream file(path, std::ios::binary);
  if (file.is_open()) fs::permissions(path, mode);  // before anything stands in it
  file << text;
  file.close();
  if (!file) return fail(Code::io_error, "cannot write " + path.string() + "; is the disk full?");
  return ok();
}

Result<std::string> read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) return fail(Code::io_error, "cannot read " + path.string());
  return text.str();
}

std::string people_json(const FoundedTown& town) {
  boost::json::array people;
  for (const auto& person : town.people) {
    boost::json::object row{{"role", person.role},
                            {"name", person.name},
                            {"scope", person.scope},
                            {"account", to_string(person.account)}};
    if (!person.ticket.empty()) row["ticket"] = person.ticket, row["link"] = "/#ticket=" + person.ticket;
    if (!person.key_file.empty()) row["key"] = "keys/" + person.key_file + ".pem";
    people.push_back(std::move(row));
  }
  std::string text = "{\"people\": [\n";
  for (std::size_t i = 0; i < people.size(); ++i)
    text += "  " + boost::json::serialize(people[i]) + (i + 1 < people.size() ? ",\n" : "\n");
  return text + "]}\n";
}

std::string server_conf(const FolderPlan& plan, const std::string& folder) {
  std::ostringstream out;
  out << "# defenbao-server --config " << folder << "/server.conf\n"
      << "origin = \"" << plan.origin << "\"\n"
      << "address = \"127.0.0.1\"\n"
      << "port = " << plan.port << "\n"
      << "database = \"" << folder << "/ledger.db\"\n"
      << "log-key = \"" << folder << "/keys/log.pem\"\n"
      << "server-key = \"" << folder << "/keys/server.pem\"\n"
      << "cert = \"" << folder << "/tls/server.crt\"\n"
      << "cert-key = \"" << folder << "/tls/server.key\"\n"
      << "client-ca = \"" << folder << "/ca.crt\"\n"
      << "crl = \"" << folder << "/ca/ca.crl\"\n"
      << "ca-dir = \"" << folder << "/ca\"\n"
      << "auditor-token = \"" << folder << "/auditor.token\"\n"
      << "open-entries = true\n"
      << "pages = \"" << plan.pages << "\"\n";
  return out.str();
}

Result<void> certificates(const FolderPlan& plan, const fs::path& folder) {
  const TimeUs now = SystemClock().now_us();
  DFB_TRY(const auto authority,
          certs::Authority::create((folder / "ca").string(), "Defenbao demo town", now));
  fs::copy_file(folder / "ca" / "ca.crt", folder / "ca.crt");
  const auto key = PrivateKey::generate(Algorithm::p256);
  DFB_TRY(const auto issued,
          authority.issue_server(key.public_key(), "localhost", plan.hosts, certs::kServerDays, now));
  DFB_TRY_VOID(save_private_key((folder / "tls" / "server.key").string(), key));
  return write_file(folder / "tls" / "server.crt", issued.chain_pem);
}

Result<FoundedTown> ledger(const FolderPlan& plan, const fs::path& folder) {
  const FoundingKeys keys{{PrivateKey::generate(Algorithm::p256), PrivateKey::generate(Algorithm::p256),
                           PrivateKey::generate(Algorithm::p256)},
                          PrivateKey::generate(Algorithm::p256),
                          PrivateKey::generate(Algorithm::ed25519)};
  const auto save = [&folder](const std::string& name, const PrivateKey& key) {
    return save_private_key((folder / "keys" / (name + ".pem")).string(), key);
  };
  for (std::size_t i = 0; i < keys.roots.size(); ++i)
    DFB_TRY_VOID(save("root-" + std::to_string(i + 1), keys.roots[i]));
  DFB_TRY_VOID(save("server", keys.server));
  DFB_TRY_VOID(save("log", keys.log));
  const auto vkey = log::make_vkey(plan.origin, log::NoteKeyType::ed25519, keys.log.public_key());
  DFB_TRY_VOID(write_file(folder / "log.vkey", format_vkey(vkey) + "\n"));

  SystemRandom random;
  ManualClock clock(SystemClock().now_us());
  const TimeUs now = clock.now_us();
  clock.set(now - (plan.founding.history_days + 1) * kDayUs);
  DFB_TRY(auto store, store::open_sqlite((folder / "ledger.db").string(), programme::migrations()));
  Writer::Options options;
  options.origin = plan.origin;
  options.fatal = [](const std::string& why) {
    throw std::runtime_error("the ledger could not be written: " + why);
  };
  DFB_TRY(auto writer, Writer::start(*store, keys.log, clock, std::move(options)));
  const KeyCache cache(*store);
  Entrant entrant(plan.origin, clock, random);
  DFB_TRY(auto town, found_town(*writer, cache, keys, entrant, clock, now, plan.founding));
  writer->stop();
  const std::string first = store->snapshot()->entries(0, 1).front();
  DFB_TRY_VOID(write_file(folder / "genesis.hash", hash_text(log::leaf_hash(first)) + "\n"));
  for (const auto& [name, key] : town.keys) DFB_TRY_VOID(save(name, key));
  return town;
}

}  // namespace

Result<void> make_folder(const FolderPlan& plan) {
  const fs::path target = fs::absolute(plan.folder).lexically_normal();
  std::error_code error;
  if (fs::exists(target) && !(fs::is_directory(target) && fs::is_empty(target, error)))
    return fail(Code::io_error, target.string() + " exists already; remove it to found a new town");
  const fs::path folder = target.string() + ".new";
  fs::remove_all(folder, error);
  fs::create_directories(folder / "keys", error);
  if (!error) fs::create_directories(folder / "tls", error);
  if (error) return fail(Code::io_error, "cannot make " + folder.string() + ": " + error.message());
  fs::permissions(folder, fs::perms(0700));
  DFB_TRY_VOID(certificates(plan, folder));
  DFB_TRY(const FoundedTown town, ledger(plan, folder));
  SystemRandom random;
  DFB_TRY_VOID(
      write_file(folder / "auditor.token", base64url_encode(random.bytes(24)) + "\n", fs::perms(0600)));
  DFB_TRY_VOID(write_file(folder / "people.json", people_json(town), fs::perms(0600)));
  DFB_TRY_VOID(write_file(folder / "server.conf", server_conf(plan, target.string())));
  fs::rename(folder, target, error);
  if (error)
    return fail(Code::io_error, "cannot move " + folder.string() + " into place: " + error.message());
  return ok();
}

Result<PrivateKey> TownFolder::key(const std::string& name) const {
  return load_private_key(path("keys/" + name + ".pem"));
}

Result<TownFolder> read_folder(const std::string& folder) {
  TownFolder town{folder, "", "", {}};
  DFB_TRY(town.log_vkey, read_file(town.path("log.vkey")));
  while (!town.log_vkey.empty() && town.log_vkey.back() == '\n') town.log_vkey.pop_back();
  DFB_TRY(const auto vkey, log::parse_vkey(town.log_vkey));
  town.origin = vkey.name;
  DFB_TRY(const std::string text, read_file(town.path("people.json")));
  boost::system::error_code error;
  const auto document = boost::json::parse(text, error);
  if (error || !document.is_object()) return fail(Code::malformed, town.path("people.json"));
  const auto field = [](const boost::json::object& row, const char* name) {
    const auto* value = row.if_contains(name);
    return value && value->is_string() ? std::string(value->as_string()) : std::string();
  };
  for (const auto& row : document.at("people").as_array()) {
    const auto& object = row.as_object();
    DemoPerson person{field(object, "role"),   field(object, "name"),
                      field(object, "scope"),  {},
                      field(object, "ticket"), fs::path(field(object, "key")).stem().string()};
    DFB_TRY(person.account, book::parse_account(field(object, "account")));
    town.people.push_back(std::move(person));
  }
  return town;
}

}  // namespace dfb::demo
