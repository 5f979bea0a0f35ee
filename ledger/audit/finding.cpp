#include "ledger/audit/finding.h"

#include <algorithm>
#include <tuple>

namespace dfb::audit {

std::string_view name(What what) {
  switch (what) {
#define DFB_X(enumerator, english, chinese) \
  case What::enumerator:                    \
    return #enumerator;
    DFB_WHATS(DFB_X)
#undef DFB_X
  }
  return "form";
}

std::string_view word(What what, Lang lang) {
  switch (what) {
#define DFB_X(enumerator, english, chinese) \
  case What::enumerator:                    \
    return lang == Lang::zh ? chinese : english;
    DFB_WHATS(DFB_X)
#undef DFB_X
  }
  return "";
}

std::string to_line(const Finding& finding, Lang lang) {
  const bool zh = lang == Lang::zh;
  const std::string colon = zh ? "：" : ": ";
  std::string line;
  if (finding.entry >= 0) line = (zh ? "第 " : "entry ") + std::to_string(finding.entry) + (zh ? " 条" : "");
  if (!finding.file.empty()) line += line.empty() ? finding.file : " (" + finding.file + ")";
  line += colon;
  line += word(finding.what, lang);
  if (!finding.rule.empty()) line += " " + finding.rule;
  if (!finding.account.empty()) line += (zh ? " 账户 " : " of account ") + finding.account;
  line +=
      colon + (zh ? "应为 " : "expected ") + finding.expected + (zh ? "，实为 " : ", found ") + finding.found;
  if (finding.is_key_doubtful) line += zh ? "（--key 是这个镇的公钥吗？）" : " (is --key this town's key?)";
  return line;
}

void Findings::add(Finding finding) {
  if (kept_.size() < kKept)
    kept_.push_back(std::move(finding));
  else
    ++left_out_;
}

void Findings::add(const Findings& others) {
  for (const Finding& finding : others.kept_) add(finding);
  left_out_ += others.left_out_;
}

std::vector<Finding> Findings::sorted() const {
  std::vector<Finding> sorted = kept_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Finding& a, const Finding& b) {
    return std::tuple(a.entry < 0, a.entry) < std::tuple(b.entry < 0, b.entry);
  });
  return sorted;
}

}  // namespace dfb::audit
