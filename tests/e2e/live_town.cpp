#include "tests/e2e/live_town.h"

#include <csignal>
#include <filesystem>
#include <thread>

#include "ledger/base/encoding.h"
#include "ledger/crypto/hash.h"
#include "terminal/setup.h"

namespace dfb::e2e {
namespace {

namespace fs = std::filesystem;

// Made by the first test that asks for so many, gone with the process.
const std::string& founded(int residents) {
  static const test::TempFolder folder;
  static std::map<int, std::string> made;
  auto [it, fresh] = made.try_emplace(residents, folder.path("founded-" + std::to_string(residents)));
  if (fresh) {
    demo::FolderPlan plan;
    plan.folder = it->second;
    plan.founding.residents = plan.founding.residents_with_phones = residents;
    plan.founding.history_days = 3;
    must(demo::make_folder(plan), "founding the town");
  }
  return it->second;
}

void replace_all(std::string& text, const std::string& from, const std::string& to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

std::string copy_town(int residents, const std::string& to) {
  fs::copy(founded(residents), to, fs::copy_options::recursive);
  return to;
}

}  // namespace

std::string program(const std::string& name) { return DFB_BIN_DIR "/defenbao-" + name; }

LiveTown::LiveTown(const Options& options)
    : port_(demo::free_port(2)),
      facts_(must(demo::read_folder(copy_town(options.residents, folder_.path("town"))), "the town's folder")),
      entrant_(facts_.origin, clock_, random_) {
  std::string config = folder_.read("town/server.conf");
  replace_all(config, founded(options.residents), folder_.path("town"));
  replace_all(config, "port = 8443", "port = " + std::to_string(port_));
  if (!options.open_entries) replace_all(config, "open-entries = true\n", "");
  if (options.limits_lifted)
    config += "enrolments-per-hour = 1000000\nsign-ins-per-minute = 1000000\nrequests-per-minute = 1000000\n";
  config += options.more_config;
  folder_.write("town/server.conf", config);
  if (options.started) start();
}

Process LiveTown::launch(const std::vector<std::string>& wrapper, const std::vector<std::string>& more) {
  std::vector<std::string> words = wrapper;
  words.insert(words.end(), {program("server"), "--config", path("server.conf")});
  words.insert(words.end(), more.begin(), more.end());
  return Process(words);
}

void LiveTown::start() {
  server_ = std::make_unique<Process>(launch());
  if (!server_->wait_for(" ready: ", seconds(60)))
    throw std::runtime_error("the server did not start: " + server_->err());
}

Finished LiveTown::stop() {
  server_->signal(SIGTERM);
  const auto finished = server_->wait(seconds(60));
  if (!finished) throw std::runtime_error("the server does not stop: " + server_->err());
  return *finished;
}

Client LiveTown::client(const std::string& token) const {
  fetch::Options options;
  options.ca_file = path("ca.crt");
  options.bearer_token = token;
  return Client(url(), options);
}

Client LiveTown::client(const Till& till) const {
  fetch::Options options;
  options.ca_file = path("ca.crt");
  options.cert_file = till.folder + "/till.crt";
  options.key_file = till.folder + "/till.key";
  return Client(url(1), options);
}

Client LiveTown::signed_in(const PrivateKey& device) {
  Client client = this->client();
  must(client.sign_in(device, facts_.origin, random_), "signing in");
  return client;
}

Phone LiveTown::resident(int n) const {
  const std::string wanted = "resident-" + std::to_string(n);
  for (const auto& person : facts_.people)
    if (person.key_file == wanted) return {person.account, key(wanted)};
  throw std::runtime_error("the demo has no " + wanted);
}

Phone LiveTown::enrol(const std::string& name) {
  Client nobody = client();
  const Phone phone{entrant_.new_account(), PrivateKey::generate(Algorithm::p256)};
  const auto server = key("server").public_key().id();
  const book::Open open{phone.account,      book::AccountKind::resident,  "/lijing/01", "",
                        book::Level::phone, phone.key.public_key().spki()};
  must(nobody.post("/v1/enrolments", entrant_.sign(server, open, {&phone.key}),
                   {{"name", name}, {"phone", "13900001234"}}),
       "the enrolment");
  return phone;
}

void LiveTown::verify(const Phone& who) {
  const PrivateKey officer = key("officer-lijing");
  Client desk = signed_in(officer);
  must(desk.post("/v1/residents/levels",
                 entrant_.sign(book::SetLevel{who.account, book::Level::verified}, {&officer})),
       "verifying");
}

Till LiveTown::enrol_till(int n) {
  int seen = 0;
  for (const auto& person : facts_.people) {
    if (person.role != "shop" || ++seen != n) continue;
    Till till{path("till-" + std::to_string(n)), person.account, PrivateKey::generate(Algorithm::p256)};
    const Finished finished =
        terminal(till, {"enrol", "--server", url(), "--ca", path("ca.crt"), "--code", person.ticket});
    if (finished.status != 0) throw std::runtime_error("the terminal's enrolment: " + finished.err);
    till.key = must(load_private_key(till.folder + "/till.key"), "the till's key");
    return till;
  }
  throw std::runtime_error("the demo has no such shop");
}

Till LiveTown::enrol_beside(const Till& till, const std::string& folder) {
  const PrivateKey office = key("administrator-1");
  const demo::Ticket ticket = demo::make_ticket(entrant_.random());
  const book::AddKey entry{till.shop, book::KeyUse::ticket, ticket.key.public_key().spki(), clock_.now_us() + kHourUs};
  must(signed_in(office).post("/v1/commands", entrant_.sign(entry, {&office, &ticket.key})), "the ticket");
  Till next{path(folder), till.shop, PrivateKey::generate(Algorithm::p256)};
  const Finished enrolled = terminal(next, {"enrol", "--server", url(), "--ca", path("ca.crt"), "--code", ticket.code});
  if (enrolled.status != 0) throw std::runtime_error("the terminal's enrolment: " + enrolled.err);
  next.key = must(load_private_key(next.folder + "/till.key"), "the till's key");
  return next;
}

SignedLine LiveTown::check_in(const Phone& who, const std::string& task, const std::string& rule) {
  const TimeUs now = clock_.now_us();
  book::Record record{
      "checkin", task, book::period_at(book::Unique::day, now), rule, who.account, sha256(""), "", 0, 0};
  if (rule != "reading") record.site = book::make_site_code(key("site-lijing"), facts_.origin, now).text();
  return entrant_.sign(std::move(record), {&who.key});
}

std::string LiveTown::pay_code(const Phone& who, std::int64_t limit) {
  auto& last = last_steps_[who.account];
  while (clock_.now_us() / book::kPayStepUs <= last) std::this_thread::sleep_for(milliseconds(20));
  const TimeUs now = clock_.now_us();
  last = now / book::kPayStepUs;
  return book::make_pay_code(who.key, facts_.origin, who.account, book::Points{limit}, now).text();
}

SignedLine LiveTown::redeem(const Till& at, const Phone& who, const std::string& code, std::int64_t points) {
  book::Transfer sale;
  sale.kind = book::TransferKind::redeem;
  sale.from = who.account, sale.to = at.shop, sale.points = book::Points{points};
  sale.goods = sha256("");
  sale.proof = book::CodeProof{who.key.public_key().id(), code};
  return entrant_.sign(std::move(sale), {&at.key});
}

std::int64_t LiveTown::balance(const Phone& who) {
  return must(signed_in(who.key).get("/v1/me"), "the balance").at("available").as_int64();
}

Finished LiveTown::terminal(const Till& till, std::vector<std::string> words) const {
  words.insert(words.begin(), {program("terminal"), "--dir", till.folder, "--lang", "en"});
  return demo::run(words);
}

Finished LiveTown::audit(std::vector<std::string> words) const {
  words.insert(words.begin(), {program("audit"), "--log", url() + "/log", "--key", path("log.vkey"), "--ca",
                               path("ca.crt"), "--lang", "en", "--quiet"});
  return demo::run(words);
}

}  // namespace dfb::e2e
