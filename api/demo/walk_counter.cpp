// The walkthrough's second half: the counter, the lost line, the auditor.
#include <boost/json.hpp>
#include <csignal>
#include <fstream>
#include <iostream>
#include <thread>

#include "api/demo/walk_steps.h"
#include "api/qr/qr.h"
#include "ledger/base/bytes.h"
#include "ledger/base/encoding.h"

namespace dfb::demo {
namespace {

using namespace book;
namespace fs = std::filesystem;

constexpr int kRefused = 1;
constexpr int kSalePoints = 30, kLostPoints = 20, kRefundPoints = 10;

}  // namespace

Finished Walk::terminal(int n, std::vector<std::string> words) {
  words.insert(words.begin(),
               {program("defenbao-terminal"), "--dir", till(n), "--lang", plan_.chinese ? "zh" : "en"});
  return run(words);
}

void Walk::refused(const Finished& ended, Code why) {
  quote(ended.out + ended.err);
  const std::string reason(name(why));
  held(ended.status == kRefused && (ended.out + ended.err).find(reason) != std::string::npos,
       "this must be refused as " + reason);
}

// A code is good once and for its own five seconds, so the next one waits for the next step.
std::string Walk::fresh_code(const PrivateKey& device, std::int64_t limit) {
  while (clock_.now_us() / kPayStepUs <= last_step_)
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  last_step_ = clock_.now_us() / kPayStepUs;
  return make_pay_code(device, town_.origin, account_, Points{limit}, clock_.now_us()).text();
}

void Walk::enrol_terminals() {
  step("两家商店的终端用一次性登记码入网", "Two shops' terminals come in by a one-time code");
  int n = 0;
  for (const auto& person : town_.people) {
    if (person.role != "shop" || n == 2) continue;
    const Finished ended =
        terminal(++n, {"enrol", "--server", url(), "--ca", town_.path("ca.crt"), "--code", person.ticket});
    quote(ended.out + ended.err);
    held(ended.status == 0, "the terminal's enrolment");
  }
}

void Walk::sell() {
  step("付款码画成图片，终端识别图片并兑换",
       "The pay code is drawn as a picture; the terminal reads it and redeems");
  const std::int64_t before = balance();
  used_code_ = fresh_code(*phone_);
  const std::string picture = town_.path("pay-code.png");
  must(qr::write_png(used_code_, picture), "drawing the pay code");
  say("付款码 " + used_code_.substr(0, 24) + "… → " + picture,
      "pay code " + used_code_.substr(0, 24) + "… → " + picture);
  const Finished ended =
      terminal(1, {"sale", "--image", picture, "--points", std::to_string(kSalePoints), "--yes"});
  quote(ended.out + ended.err);
  held(ended.status == 0, "the sale");
  held(balance() == before - kSalePoints, "the sale should take 30 points");
  const auto payload = must(parse_payload(last_sent(1).payload), "the sale's payload");
  sale_id_ = to_string(payload.id);
  say("居民余额 " + std::to_string(before) + " → " + std::to_string(balance()),
      "the resident's balance " + std::to_string(before) + " → " + std::to_string(balance()));
}

void Walk::refuse_used_code() {
  step("同一付款码再用：本店、别店都被拒绝", "The same code again, at this shop and at another: refused");
  for (const int n : {1, 2}) {
    refused(terminal(n, {"sale", "--code", used_code_, "--points", "5", "--yes"}), Code::code_used);
  }
}

void Walk::refuse_bad_codes() {
  step("伪造的、过期的、超额的付款码：都被拒绝", "A forged code, a stale one, too many points: all refused");
  const std::int64_t before = balance();
  const auto thief = PrivateKey::generate(Algorithm::p256);
  const std::string stale =
      make_pay_code(*phone_, town_.origin, account_, Points{200}, clock_.now_us() - 2 * kMinuteUs).text();
  const std::string forged =
      make_pay_code(thief, town_.origin, account_, Points{200}, clock_.now_us()).text();
  const std::string small = fresh_code(*phone_, 20);
  const struct {
    std::string zh, en, code;
    int points;
    Code why;
  } tries[] = {
      {"伪造（别人的密钥签名）：", "forged, signed by somebody else's key:", forged, 5, Code::bad_signature},
      {"过期（两分钟前的码）：", "stale, of two minutes ago:", stale, 5, Code::code_stale},
      {"超额（码上限 20，要 40）：", "too many points, 40 on a code for 20:", small, 40,
       Code::code_limit_exceeded}};
  for (const auto& one : tries) {
    say(one.zh, one.en);
    refused(terminal(1, {"sale", "--code", one.code, "--points", std::to_string(one.points), "--yes"}),
            one.why);
  }
  held(balance() == before, "refusals take nothing");
}

std::unique_ptr<Process> Walk::console_before_confirming(int points) {
  const std::string folder = till(1);
  std::ifstream in(folder + "/terminal.json");
  auto setup = boost::json::parse(std::string(std::istreambuf_iterator<char>(in), {})).as_object();
  if (!line_) line_ = std::make_unique<FaultProxy>(static_cast<std::uint16_t>(port_ + 1));
  setup["terminal_url"] = "https://localhost:" + std::to_string(line_->port());
  std::ofstream(folder + "/terminal.json") << boost::json::serialize(setup) << "\n";
  auto console = std::make_unique<Process>(std::vector<std::string>{
      program("defenbao-terminal"), "--dir", folder, "--lang", plan_.chinese ? "zh" : "en", "--ask-after-ms",
      "1000", "--cancel-after-ms", "3000", "--retry-ms", "300", "--console"});
  await(*console, plan_.chinese ? "就绪" : "Ready.", std::chrono::seconds(20), "the console: ");
  console->write(fresh_code(*phone_) + "\n");
  await(*console, "林*", std::chrono::seconds(20), "the console should greet the customer: ");
  console->write(std::to_string(points) + "\n");
  await(*console, plan_.chinese ? "回车" : "Enter", std::chrono::seconds(20),
        "the console should ask to confirm: ");
  return console;
}

SignedLine Walk::last_sent(int n) {
  std::ifstream journal(till(n) + "/journal");
  SignedLine found;
  for (std::string line; std::getline(journal, line);) {
    const auto from = line.find('{'), to = line.rfind('}');
    if (line.find(" sent ") == std::string::npos || from == std::string::npos) continue;
    const auto record = boost::json::parse(line.substr(from, to - from + 1));
    found.payload = must(base64url_decode(std::string(record.at("payload").as_string())), "the journal");
    const auto key = must(load_private_key(till(n) + "/till.key"), "the till's key").public_key().id();
    found.signatures = {
        {key, must(base64url_decode(std::string(record.at("signature").as_string())), "the journal")}};
  }
  held(!found.payload.empty(), "the journal should hold a sent command");
  return found;
}

// The very bytes that the till had sent, again, after it gave the sale up: the first answer where they had
// arrived, else nothing any more.
void Walk::retry_late(const SignedLine& sale, std::int64_t expected_balance, bool had_arrived) {
  const auto answer = client(till(1)).post("/v1/redemptions", sale);
  const std::string outcome = answer ? "known" : std::string(name(answer.error().code));
  held(had_arrived ? answer && answer->at("known").as_bool() : outcome == name(Code::id_burnt),
       "the late retry is answered " + outcome);
  held(balance() == expected_balance, "the late retry must charge nobody; the answer was " + outcome);
  say("迟到的重发：" + outcome + "，余额仍是 " + std::to_string(expected_balance) + "，没有人被扣分",
      "the late retry: " + outcome + "; the balance is still " + std::to_string(expected_balance) +
          ", nobody is charged");
}

void Walk::await(Process& process, const std::string& text, std::chrono::seconds limit,
                 const std::string& what) {
  const bool seen = process.wait_for(text, limit);
  held(seen, what + process.out() + process.err());
}

std::string Walk::end(Process& process) {
  const auto finished = process.wait(std::chrono::seconds(20));
  held(finished && finished->status == 0, "a clean end: " + process.out() + process.err());
  return finished->out + finished->err;
}

void Walk::mend_line() {
  line_->cut(true);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  line_->lose_answers(false), line_->lose_requests(false), line_->cut(false);
}

// The cashier confirms on a line that loses what `lose` says, and is told so.
std::unique_ptr<Process> Walk::sell_on_bad_line(void (FaultProxy::*lose)(bool)) {
  auto console = console_before_confirming(kLostPoints);
  (*line_.*lose)(true);
  console->write("\n");
  await(*console, plan_.chinese ? "结果未知" : "NOT KNOWN YET", std::chrono::seconds(20),
        "the console should say so: ");
  return console;
}

// The line comes back after the till has begun to cancel; in the end nobody has paid.
void Walk::end_unknown_sale(Process& console, std::int64_t balance_before, bool had_arrived) {
  std::this_thread::sleep_for(std::chrono::seconds(3));
  mend_line();
  await(console, plan_.chinese ? "已取消" : "CANCELLED", std::chrono::seconds(40),
        "the cancel should be answered: ");
  console.write("quit\n");
  quote(end(console));
  held(balance() == balance_before, "a cancelled sale takes nothing");
  retry_late(last_sent(1), balance_before, had_arrived);
}

void Walk::lose_answer() {
  step("兑换已入账，回答在路上丢失：终端撤销",
       "The sale is entered, the answer is lost on the way: the terminal cancels");
  const std::int64_t before = balance();
  const auto console = sell_on_bad_line(&FaultProxy::lose_answers);
  held(balance() == before - kLostPoints, "the sale itself did arrive");
  say("服务器已扣 " + std::to_string(kLostPoints) + " 分，终端不知道：不交货",
      "the server took " + std::to_string(kLostPoints) +
          " points, the terminal does not know: hand nothing over");
  end_unknown_sale(*console, before, true);
}

void Walk::lose_request() {
  step("请求根本没到：撤销先到，号码作废",
       "The request never arrives: the cancel comes first and burns its id");
  const std::int64_t before = balance();
  const auto console = sell_on_bad_line(&FaultProxy::lose_requests);
  held(balance() == before, "nothing arrived");
  end_unknown_sale(*console, before, false);
}

void Walk::refund() {
  step("商店退回一部分", "The shop refunds a part");
  const std::int64_t before = balance();
  const Finished ended = terminal(
      1, {"refund", "--sale", sale_id_, "--points", std::to_string(kRefundPoints), "--memo", "broken bag"});
  quote(ended.out + ended.err);
  held(ended.status == 0 && balance() == before + kRefundPoints, "the refund should give 10 points back");
  refused(terminal(1, {"refund", "--sale", sale_id_, "--points", std::to_string(kSalePoints)}),
          Code::refund_exceeds_sale);
  held(balance() == before + kRefundPoints, "more than the sale cannot be refunded");
}

void Walk::audit() {
  step("外部审计：取回全部记录，逐条重算", "An outside auditor fetches everything and re-derives it");
  const Finished ended =
      run({program("defenbao-audit"), "--log", url() + "/log", "--key", town_.path("log.vkey"), "--genesis",
           town_.path("genesis.hash"), "--token", town_.path("auditor.token"), "--ca", town_.path("ca.crt"),
           "--save", town_.path("log-copy"), "--lang", plan_.chinese ? "zh" : "en"});
  quote(ended.out + ended.err);
  held(ended.status == 0, "the audit should find the ledger sound");
}

void Walk::find_changed_byte() {
  step("改动副本里的一个字节，再审计", "One byte of the copy is changed, and audited again");
  const std::string bundle = town_.path("log-copy") + "/tile/entries/000";
  held(fs::exists(bundle), "the copy should have the first bundle");
  std::fstream file(bundle, std::ios::in | std::ios::out | std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(file), {});
  const std::size_t at = bytes.find("\"points\":200000");
  held(at != std::string::npos, "the minting entry should stand in the first bundle");
  std::size_t entry = 0;
  for (std::size_t end = 0; end <= at; ++entry) end += 2 + get_be(std::string_view(bytes).substr(end, 2));
  const std::string number = std::to_string(entry - 1);
  file.seekp(static_cast<std::streamoff>(at + 9));
  file.put('9');  // 200000 points become 900000
  file.close();
  say("第一个分包，第 " + std::to_string(at + 9) + " 字节，属于第 " + number + " 条：200000 分改成 900000 分",
      "first bundle, byte " + std::to_string(at + 9) + ", of entry " + number +
          ": 200000 points become 900000");
  const Finished ended = run({program("defenbao-audit"), "--log", town_.path("log-copy"), "--key",
                              town_.path("log.vkey"), "--quiet", "--lang", plan_.chinese ? "zh" : "en"});
  quote(ended.out + ended.err);
  held(ended.status == 1 && ended.out.find(plan_.chinese ? "第 " + number + " 条"
                                                         : "entry " + number + ":") != std::string::npos,
       "the auditor must name the changed entry, " + number);
}

void Walk::stop() {
  step("停止服务和见证者", "Stop the server and the witness");
  server_->signal(SIGTERM);
  end(*server_);
  witness_->signal(SIGTERM);
  end(*witness_);
  say("干净退出", "it stopped cleanly");
}

int walk(const WalkPlan& plan) {
  end_processes_on_signals();
  Walk walk(plan);
  try {
    walk.found_and_start();
    walk.enrol_resident();
    walk.verify_resident();
    walk.check_in();
    walk.enrol_terminals();
    walk.sell();
    walk.refuse_used_code();
    walk.refuse_bad_codes();
    walk.lose_answer();
    walk.lose_request();
    walk.refund();
    walk.reserve_and_pick_up();
    walk.approve_by_two();
    walk.reverse_award();
    walk.ask_witness();
    walk.audit();
    walk.find_changed_byte();
    walk.stop();
  } catch (const StepFailed& failure) {
    std::cout << std::endl;
    std::cerr << (plan.chinese ? "这一步没有成立：" : "This step did not hold: ") << failure.what() << "\n";
    return 1;
  }
  std::cout << "\n" << (plan.chinese ? "每一步都成立。" : "Every step held.") << std::endl;
  return 0;
}

}  // namespace dfb::demo
