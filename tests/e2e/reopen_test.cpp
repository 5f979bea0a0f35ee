// A loss is declared: the old origin stays as it is, and a new one begins with its balances.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>

#include "api/programme/schema.h"
#include "ledger/crypto/hash.h"
#include "ledger/log/entry_text.h"
#include "ledger/store/sqlite_file.h"
#include "tests/e2e/live_town.h"

namespace dfb::e2e {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Reopen : public testing::Test {
 protected:
  Reopen() {
    std::string text = read("server.conf");
    replace(text, "origin = \"" + town.facts().origin + "\"", "origin = \"" + new_origin() + "\"");
    replace(text, "/ledger.db", "/new.db");
    replace(text, "/keys/log.pem", "/keys/new-log.pem");
    std::ofstream(town.path("new.conf")) << text;
    must(save_private_key(town.path("keys/new-log.pem"), new_log), "the new log's key");
  }
  std::string read(const std::string& name) {
    std::ifstream file(town.path(name));
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void replace(std::string& text, const std::string& from, const std::string& to) {
    const auto at = text.find(from);
    if (at == std::string::npos) throw std::runtime_error("no " + from);
    text.replace(at, from.size(), to);
  }
  std::string new_origin() const { return town.facts().origin + "-2"; }
  Finished server(const std::string& conf, std::vector<std::string> words) {
    words.insert(words.begin() + 1, {"--config", town.path(conf)});
    words.insert(words.begin(), program("server"));
    return demo::run(words);
  }
  std::string key_file(const std::string& name) { return town.path("keys/" + name + ".pem"); }
  Finished reopen(std::vector<std::string> roots, const std::vector<std::string>& admins,
                  const std::string& conf = "new.conf") {
    std::vector<std::string> words{"reopen", "--from", town.path("ledger.db")};
    for (const auto& root : roots) words.insert(words.end(), {"--root", key_file(root)});
    for (const auto& admin : admins) words.insert(words.end(), {"--administrator", key_file(admin)});
    return server(conf, words);
  }
  std::map<std::string, std::int64_t> balances(const std::string& database) {
    const auto store = must(store::open_sqlite(town.path(database), programme::migrations()), database);
    std::map<std::string, std::int64_t> out;
    for (const auto& row :
         store->snapshot()->sql().run("SELECT id, balance FROM account WHERE kind <> 'issuance'"))
      if (row.integer(1) != 0) out[row.text(0)] = row.integer(1);
    return out;
  }

  LiveTown town;
  const PrivateKey new_log = PrivateKey::generate(Algorithm::ed25519);
};

const std::vector<std::string> kRoots{"root-1", "root-2", "root-3"};
const std::vector<std::string> kAdmins{"administrator-1", "administrator-2"};

TEST_F(Reopen, ANewOriginBeginsWithTheBalancesOfALostOne) {
  const Till till = town.enrol_till(1);
  const Phone phone = town.resident(1), other = town.resident(4);
  ASSERT_EQ(town.terminal(till, {"sale", "--code", town.pay_code(phone), "--points", "5", "--yes"}).status,
            0);
  book::Hold hold;
  hold.purpose = book::HoldPurpose::reserve, hold.account = other.account, hold.points = {7};
  hold.until_us = SystemClock().now_us() + kHourUs, hold.shop = till.shop, hold.goods = sha256("");
  Client client = town.signed_in(other.key);
  must(client.post("/v1/holds", town.entrant().sign(hold, {&other.key})), "the reservation");
  town.enrol("钱小贝");
  ASSERT_EQ(server("server.conf", {"backup", "--to", town.path("backup.db")}).status, 0);
  town.enrol("来不及");
  town.stop();
  const auto refused = [&](const Finished& finished, const std::string& why) {
    EXPECT_EQ(finished.status, 2) << finished.out;
    EXPECT_THAT(finished.err, HasSubstr(why));
    EXPECT_FALSE(fs::exists(town.path("new.db")));
  };
  refused(reopen(kRoots, kAdmins), "can go on");
  for (const char* part : {"ledger.db", "ledger.db-wal", "ledger.db-shm"}) fs::remove(town.path(part));
  ASSERT_EQ(server("server.conf", {"restore", "--from", town.path("backup.db")}).status, 0);
  refused(reopen(kRoots, {"administrator-1"}), "two administrators");
  refused(reopen(kRoots, {"administrator-1", "administrator-1"}), "two administrators");
  refused(reopen(kRoots, {"administrator-1", "officer-lijing"}), "no device of an administrator");
  refused(reopen({"root-1", "server", "officer-lijing"}, kAdmins), "of them have to declare the loss");
  refused(reopen({"root-1", "root-2"}, kAdmins), "too_few_roots");
  const auto before = balances("ledger.db");
  const std::string old_note = [&] {
    const auto store = must(store::open_sqlite(town.path("ledger.db"), programme::migrations()), "the old");
    return store->snapshot()->checkpoint();
  }();

  const Finished made = reopen(kRoots, kAdmins);
  ASSERT_EQ(made.status, 0) << made.err;
  EXPECT_THAT(made.out, HasSubstr(new_origin() + " continues " + town.facts().origin));
  EXPECT_EQ(balances("new.db"), before);
  {
    const auto store = must(store::open_sqlite(town.path("new.db"), programme::migrations()), "the new");
    const auto view = store->snapshot();
    EXPECT_FALSE(store::restored(*view));
    const auto first = log::parse_entry_text(view->entries(0, 1).at(0)).value();
    const auto old_checkpoint = log::parse_checkpoint(log::parse_note(old_note).value().text).value();
    EXPECT_THAT(first.payload, HasSubstr("\"continues\":{\"origin\":\"" + town.facts().origin +
                                         "\",\"size\":" + std::to_string(old_checkpoint.size)));
    const auto resident = view->get<book::Account>({other.account}).value();
    EXPECT_EQ(resident.held.value, 0) << "what was set aside is free again";
    EXPECT_EQ(book::total(resident.lots), resident.balance);
  }
  EXPECT_THAT(reopen(kRoots, kAdmins).err, HasSubstr("is there already"));

  // It serves, and an auditor finds it sound.
  fs::copy_file(town.path("new.conf"), town.path("server.conf"), fs::copy_options::overwrite_existing);
  town.start();
  EXPECT_EQ(must(town.client().get("/v1/town"), "the town").at("origin").as_string(), new_origin());
  std::ofstream(town.path("log.vkey"), std::ios::trunc)
      << format_vkey(log::make_vkey(new_origin(), log::NoteKeyType::ed25519, new_log.public_key())) << "\n";
  const Finished audit = town.audit();
  EXPECT_EQ(audit.status, 0) << audit.out << audit.err;
}

}  // namespace
}  // namespace dfb::e2e
