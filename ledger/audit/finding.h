// What an audit can find. A finding says where, about what, what should have stood there, and what did.
// Threads: values.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/base/bytes.h"
#include "ledger/base/encoding.h"

namespace dfb::audit {

enum class Lang : std::uint8_t { zh, en };

// X(name, English, Chinese)
#define DFB_WHATS(X)                                 \
  X(signature, "signature", "签名")                  \
  X(form, "form", "格式")                            \
  X(length, "length", "长度")                        \
  X(origin, "origin", "日志名称")                    \
  X(root, "root", "树根")                            \
  X(size, "size", "条数")                            \
  X(hash, "hash", "哈希")                            \
  X(number, "number", "序号")                        \
  X(time, "time", "时间")                            \
  X(signer, "signer", "签名者")                      \
  X(rule, "rule", "规则")                            \
  X(outcome, "outcome", "推导结果")                  \
  X(command_id, "command id", "命令编号")            \
  X(legs, "sum of the entry's legs", "本条借贷之和") \
  X(balance, "balance", "余额")                      \
  X(lots, "lots and held points", "批次与冻结积分")  \
  X(sum, "sum of all balances", "全部余额之和")      \
  X(log_key, "log key", "日志公钥")                  \
  X(entry, "entry", "条目")                          \
  X(chain, "chain", "关联操作")                      \
  X(quorum, "quorum of witnesses", "见证人法定数")   \
  X(totals, "totals", "合计")

enum class What : std::uint8_t {
#define DFB_X(enumerator, english, chinese) enumerator,
  DFB_WHATS(DFB_X)
#undef DFB_X
};
std::string_view name(What what);  // the enumerator, for JSON
std::string_view word(What what, Lang lang);

struct Finding {
  std::int64_t entry = -1;  // the entry's number, or -1
  std::string file = {};    // the file, "receipt" or "older checkpoint"; empty for what an entry says
  What what = What::form;
  std::string expected = {}, found = {};
  std::string rule = {};     // the refusal's name when a rule was broken; of totals `xreport`, `zreport` or `settle`
  std::string account = {};  // the account when one is meant
  bool is_key_doubtful = false;  // what is wrong may as well be the key that the auditor was given: people are asked
};

// How a report spells a hash: as checkpoints do.
inline std::string base64(const Hash& hash) { return base64_encode(hash.view()); }

// entry 17: outcome: expected …, found …
std::string to_line(const Finding& finding, Lang lang);

// Keeps the first so many, and counts the rest.
class Findings {
 public:
  static constexpr std::size_t kKept = 100;
  void add(Finding finding);
  void add(const Findings& others);
  bool empty() const { return kept_.empty(); }
  std::int64_t left_out() const { return left_out_; }
  // Entries first, by number; then files.
  std::vector<Finding> sorted() const;

 private:
  std::vector<Finding> kept_;
  std::int64_t left_out_ = 0;
};

}  // namespace dfb::audit
