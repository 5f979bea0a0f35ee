#include "api/server/in_words.h"

#include "ledger/base/clock.h"
#include "ledger/base/encoding.h"
#include "ledger/base/overloaded.h"
#include "ledger/crypto/hash.h"

namespace dfb::server {
namespace {

using namespace book;

std::string both(const std::string& zh, const std::string& en) { return zh + "\n" + en + "\n"; }

std::string key_line(const std::string& spki) { return "  " + hash_text(sha256(spki)) + "\n"; }

std::string roots_words(const ReplaceRoots& next) {
  const std::string n = std::to_string(next.roots.size()), k = std::to_string(next.threshold);
  std::string text =
      both("本镇的根密钥换成以下 " + n + " 把，每次须 " + k + " 把签字。不在其中的旧根密钥即告永久作废。",
           "The town's roots become these " + n + ", of whom " + k +
               " sign each time. A present root that is not among them is revoked for good.");
  for (const auto& root : next.roots) text += key_line(root);
  return text;
}

std::string server_words(const NextServerKey& next) {
  const std::string zh = next.until_us == 0 ? "以前的服务器密钥立即作废。"
                                            : "以前的密钥用到 " + format_time(next.until_us) + " 为止。";
  const std::string en = next.until_us == 0
                             ? "Its keys before are revoked at once."
                             : "Its keys before sign until " + format_time(next.until_us) + ".";
  return both("服务器换用以下密钥。" + zh, "The server's next key is this one. " + en) + key_line(next.key);
}

std::string log_words(const NextLogKey& next) {
  return both("账本换用以下签名密钥；现用密钥同时签到 " + format_time(next.until_us) + " 为止。",
              "The log's next key is this one; the present one signs beside it until " +
                  format_time(next.until_us) + ".") +
         "  " + next.vkey + "\n";
}

std::string span_words(TimeUs from_us, TimeUs until_us) {
  return format_time(from_us) + " – " + (until_us == 0 ? "…" : format_time(until_us));
}

std::string role_words(const GrantRole& grant) {
  const std::string what = std::string(name(grant.role)) + " " + grant.scope;
  return both("授予账户 " + to_string(grant.account) + " 角色 " + what,
              "Account " + to_string(grant.account) + " gets the role " + what) +
         "  " + span_words(grant.from_us, grant.until_us) + "\n";
}

std::string policy_words(const Policy& policy) {
  const std::string number = std::to_string(policy.version),
                    zh = policy.from_us == 0 ? "入账即" : format_time(policy.from_us) + " 起",
                    en = policy.from_us == 0 ? "its entry" : format_time(policy.from_us);
  std::string text = both("发布第 " + number + " 版规则，" + zh + "生效：",
                          "Policy number " + number + ", in force from " + en + " on:");
  for (const Rule& rule : policy.rules) {
    text += "  " + rule.id + ": " + std::to_string(rule.points.value) + ",";
    for (const Cap& cap : rule.caps) text += " " + to_string(cap);
    text += "\n";
  }
  return text;
}

std::string transfer_words(const Transfer& transfer) {
  const std::string what = std::string(name(transfer.kind)) + ": " + to_string(transfer.from) + " → " +
                           to_string(transfer.to) + ", " + std::to_string(transfer.points.value);
  return both("积分划转 " + what + " 分", "Points: " + what);
}

}  // namespace

std::string in_words(const Payload& payload) {
  return std::visit(Overloaded{
                        [](const ReplaceRoots& next) { return roots_words(next); },
                        [](const NextServerKey& next) { return server_words(next); },
                        [](const NextLogKey& next) { return log_words(next); },
                        [](const GrantRole& grant) { return role_words(grant); },
                        [](const EndRole& end) {
                          const std::string what = std::string(name(end.role)) + " " + end.scope;
                          return both("取消账户 " + to_string(end.account) + " 的角色 " + what,
                                      "Account " + to_string(end.account) + " loses the role " + what);
                        },
                        [](const RevokeKey& revoke) {
                          return both("作废密钥 " + hash_text(revoke.key),
                                      "Key revoked: " + hash_text(revoke.key));
                        },
                        [](const EndOrigin& end) {
                          const std::string size = std::to_string(end.size);
                          return both("终止本账本（第 " + size + " 条之后不再记账）",
                                      "This ledger ends for good after its first " + size + " entries");
                        },
                        [](const PublishPolicy& publish) { return policy_words(publish.policy); },
                        [](const Transfer& transfer) { return transfer_words(transfer); },
                        [](const auto&) {
                          return both("另一种指令，请逐字核对下面的正文",
                                      "Another kind of command: read its line below word by word");
                        },
                    },
                    payload.body);
}

}  // namespace dfb::server
