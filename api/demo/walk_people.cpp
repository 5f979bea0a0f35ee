// The walkthrough's first half: the town, a resident, an officer, a check-in.
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <iostream>

#include "api/demo/walk_steps.h"
#include "ledger/base/encoding.h"
#include "ledger/crypto/hash.h"
#include "ledger/log/receipt.h"
#include "ledger/store/sqlite_store.h"

namespace dfb::demo {
namespace {

using namespace book;
namespace fs = std::filesystem;

constexpr const char* kGrid = "/lijing/01";
constexpr const char* kTask = "patrol-evening";
constexpr int kTaskPoints = 50;

}  // namespace

Walk::Walk(const WalkPlan& plan) : plan_(plan) {}

void Walk::step(const std::string& zh, const std::string& en) {
  ++steps_;
  std::cout << "\n[" << (steps_ < 10 ? " " : "") << steps_ << "] " << (plan_.chinese ? zh : en) << std::endl;
}
void Walk::say(const std::string& zh, const std::string& en) {
  std::cout << "     " << (plan_.chinese ? zh : en) << std::endl;
}
void Walk::quote(const std::string& text) {
  std::size_t start = 0;
  while (start < text.size()) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    std::cout << "     | " << text.substr(start, end - start) << "\n";
    start = end + 1;
  }
  std::cout << std::flush;
}
void Walk::held(bool holds, const std::string& what) {
  if (!holds) throw StepFailed(what);
}

Client Walk::client(const std::string& till_folder) {
  fetch::Options options;
  options.ca_file = town_.path("ca.crt");
  if (till_folder.empty()) return Client(url(), options);
  options.cert_file = till_folder + "/till.crt";
  options.key_file = till_folder + "/till.key";
  return Client(url(1), options);
}

// An answer is believed when its receipt leads to the town's signed root, and only then.
void Walk::prove(const Json& answer, const std::string& what) {
  const auto vkey = must(log::parse_vkey(town_.log_vkey), "log.vkey");
  const auto receipt = must(log::parse_receipt(std::string(answer.at("receipt").as_string())), what);
  const auto entry =
      must(log::verify_entry(receipt, vkey, std::string(answer.at("entry").as_string())), what);
  const auto checkpoint = must(log::open_checkpoint(receipt.checkpoint, vkey), what);
  const std::string number = std::to_string(entry.seq), size = std::to_string(checkpoint.size);
  say("记录 " + number + "：哈希路径（" + std::to_string(receipt.path.size()) +
          " 级）通到镇里签名的根，账本共 " + size + " 条",
      "entry " + number + ": its path of " + std::to_string(receipt.path.size()) +
          " hashes leads to the signed root of " + size + " entries");
}

void Walk::found_and_start() {
  step("建镇并启动服务", "Found the town, start the server");
  // Before anything is removed.
  for (const char* name : {"defenbao-server", "defenbao-terminal", "defenbao-audit", "defenbao-witness"})
    if (::access(program(name).c_str(), X_OK) != 0)
      throw StepFailed(program(name) + ": " + std::strerror(errno) + "; --bin names the folder of the programs");
  const fs::path folder = plan_.folder;
  if (const std::string lock = folder / "ledger.db.lock"; fs::exists(lock))
    must(store::FileLock::take(lock), "an older walkthrough there still runs");
  if (fs::exists(folder) && !fs::exists(folder / "server.conf"))
    throw StepFailed(folder.string() + " is not a demo town's folder; choose another");
  fs::remove_all(folder);
  fs::create_directories(folder.parent_path());
  port_ = free_port(2);
  FolderPlan making;
  making.folder = plan_.folder;
  making.pages = plan_.pages;
  making.port = port_;
  must(make_folder(making), "founding the town");
  town_ = must(read_folder(plan_.folder), "reading the town's folder");
  entrant_.emplace(town_.origin, clock_, random_);
  start_witness();
  server_ = std::make_unique<Process>(
      std::vector<std::string>{program("defenbao-server"), "--config", town_.path("server.conf")});
  held(server_->wait_for(" ready: "), "the server did not start: " + server_->err());
  const auto status = must(client().get("/healthz"), "the server's health");
  held(status.at("status").as_string() == "ok", "the server's health");
  say("账本 " + town_.origin + "，公钥 " + town_.log_vkey,
      "ledger " + town_.origin + ", public key " + town_.log_vkey);
  say("见证者 " + witness_vkey_, "witness " + witness_vkey_);
  say("服务 " + url() + "，终端 " + url(1), "server " + url() + ", terminals " + url(1));
}

void Walk::enrol_resident() {
  step("居民在手机上登记（密钥在本机生成）", "A resident enrols; the key is made on the device");
  phone_ = PrivateKey::generate(Algorithm::p256);
  resident_.emplace(client());
  const auto town = must(resident_->get("/v1/town"), "the town's facts");
  const KeyId server =
      must(parse_hash_text(std::string(town.at("server_key").as_string())), "the server's key");
  account_ = entrant_->new_account();
  const SignedLine line = entrant_->sign(
      server, Open{account_, AccountKind::resident, kGrid, "", Level::phone, phone_->public_key().spki()},
      {&*phone_});
  const auto answer =
      must(resident_->post("/v1/enrolments", line, {{"name", "林小雨"}, {"phone", "13900001234"}}),
           "the enrolment");
  say("账号 " + to_string(account_) + "，设备钥 " + hash_text(phone_->public_key().id()),
      "account " + to_string(account_) + ", device key " + hash_text(phone_->public_key().id()));
  prove(answer, "the enrolment's receipt");
  must(resident_->sign_in(*phone_, town_.origin, random_), "signing in");
}

void Walk::verify_resident() {
  step("网格员当面核实", "A grid officer verifies the resident in person");
  const auto key = must(town_.key("officer-lijing"), "the officer's key");
  Client officer = client();
  must(officer.sign_in(key, town_.origin, random_), "the officer signs in");
  const auto shown = must(officer.get("/v1/residents/" + to_string(account_)), "looking the resident up");
  const std::string shown_name(shown.at("name").as_string()), phone_end(shown.at("phone_end").as_string());
  say("网格员看到：" + shown_name + "，尾号 " + phone_end,
      "the officer sees: " + shown_name + ", phone ending " + phone_end);
  const auto answer =
      must(officer.post("/v1/residents/levels", entrant_->sign(SetLevel{account_, Level::verified}, {&key})),
           "verifying");
  prove(answer, "the verification's receipt");
}

void Walk::check_in() {
  step("到现场扫站点码打卡", "Check in on site, by the rotating site code");
  const auto site = must(town_.key("site-lijing"), "the site's key");
  const std::string code = make_site_code(site, town_.origin, clock_.now_us()).text();
  say("站点码 " + code.substr(0, 24) + "…（30 秒一换）",
      "site code " + code.substr(0, 24) + "… (a new one every 30 s)");
  const auto tasks = must(resident_->get("/v1/tasks"), "the tasks");
  held(!tasks.at("tasks").as_array().empty(), "the resident should see tasks");
  const auto record = [&] {
    return Record{"checkin", kTask,    period_at(Unique::day, clock_.now_us()),
                  "patrol",  account_, sha256(""),
                  code,      0,        0};
  };
  const SignedLine line = entrant_->sign(record(), {&*phone_});
  const auto answer = must(resident_->post("/v1/check-ins", line), "the check-in");
  const std::int64_t points = answer.at("outcome").at("points").as_int64();
  held(points == kTaskPoints && balance() == kTaskPoints, "the check-in should bring 50 points");
  say("得 " + std::to_string(points) + " 分，余额 " + std::to_string(balance()),
      std::to_string(points) + " points, balance " + std::to_string(balance()));
  prove(answer, "the check-in's receipt");

  const auto again = must(resident_->post("/v1/check-ins", line), "the same check-in sent again");
  held(again.at("known").as_bool() && again.at("seq") == answer.at("seq") && balance() == kTaskPoints,
       "the same command again is the same entry");
  say("同一请求再发一次：还是同一条记录，不加分", "the same request again: the same entry, no more points");
  const auto second = resident_->post("/v1/check-ins", entrant_->sign(record(), {&*phone_}));
  held(!second && second.error().code == Code::fact_exists, "a second check-in on one day is refused");
  say("同日再打卡：拒绝（fact_exists)", "a second check-in the same day: refused (fact_exists)");
  // The rest of the walk spends this as well.
  Record cleaning{"checkin",
                  "under-the-bridge",
                  period_at(Unique::day, clock_.now_us()),
                  "cleaning",
                  account_,
                  sha256(""),
                  code,
                  0,
                  0};
  must(resident_->post("/v1/check-ins", entrant_->sign(std::move(cleaning), {&*phone_})), "the second task");
  say("再完成一项任务，余额 " + std::to_string(balance()),
      "a second task; balance " + std::to_string(balance()));
}

std::int64_t Walk::balance() {
  return must(resident_->get("/v1/me"), "the balance").at("available").as_int64();
}

}  // namespace dfb::demo
