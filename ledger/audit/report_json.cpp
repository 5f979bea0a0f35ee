#include <boost/json.hpp>

#include "ledger/audit/report.h"
#include "ledger/base/encoding.h"

namespace dfb::audit {
namespace {

namespace js = boost::json;

js::object to_object(const Count& count) { return {{"count", count.count}, {"points", count.points}}; }

js::object to_object(const Finding& finding) {
  js::object object;
  if (finding.entry >= 0) object["entry"] = finding.entry;
  if (!finding.file.empty()) object["file"] = finding.file;
  object["what"] = name(finding.what);
  if (!finding.rule.empty()) object["rule"] = finding.rule;
  if (!finding.account.empty()) object["account"] = finding.account;
  object["expected"] = finding.expected;
  object["found"] = finding.found;
  object["line"] = to_line(finding, Lang::en);
  return object;
}

js::array hands(const std::map<KeyId, Hand>& hands) {
  js::array array;
  for (const auto& [key, hand] : hands)
    array.push_back(js::object{{"key", hash_text(key)},
                               {"use", book::name(hand.use)},
                               {"account", hand.account.value == 0 ? "" : book::to_string(hand.account)},
                               {"residents", hand.residents},
                               {"awards", hand.awards.count},
                               {"points", hand.awards.points}});
  return array;
}

js::object points(const Figures& f) {
  return {{"minted", f.minted},
          {"returned", f.returned},
          {"awarded", to_object(f.awarded)},
          {"redeemed", to_object(f.redeemed)},
          {"refunded", to_object(f.refunded)},
          {"cancelled", to_object(f.cancelled)},
          {"reversed", to_object(f.reversed)},
          {"settled", to_object(f.settled)},
          {"expired", f.expired},
          {"pending", f.pending},
          {"outstanding", f.outstanding}};
}

js::object to_object(const Figures& f) {
  js::object operations, refusals, accounts, rules;
  for (const auto& [operation, count] : f.operations) operations[operation] = count;
  for (const auto& [code, count] : f.refusals) refusals[code] = count;
  std::int64_t sum = 0;
  for (const auto& [kind, count] : f.accounts) {
    accounts[book::name(kind)] = js::object{{"count", count.count}, {"balance", count.points}};
    sum += count.points;
  }
  for (const auto& [rule, count] : f.by_rule) rules[rule] = to_object(count);
  js::array tills, gaps;
  for (const auto& [key, count] : f.by_till)
    tills.push_back(js::object{{"key", hash_text(key)},
                               {"shop", book::to_string(f.shop_of_till.at(key))},
                               {"count", count.count},
                               {"points", count.points}});
  for (const Gap& gap : f.gaps)
    gaps.push_back(js::object{{"entry", gap.seq}, {"from_us", gap.from_us}, {"to_us", gap.to_us}});
  return {{"first_us", f.first_us},
          {"last_us", f.last_us},
          {"operations", std::move(operations)},
          {"refusals", std::move(refusals)},
          {"accounts", std::move(accounts)},
          {"sum_of_balances", sum},
          {"points", points(f)},
          {"awards_by_rule", std::move(rules)},
          {"issuance_by_enroller", hands(f.by_enroller)},
          {"issuance_by_site", hands(f.by_site)},
          {"redemptions_by_till", std::move(tills)},
          {"long_gaps", std::move(gaps)}};
}

}  // namespace

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::sound:
      return "sound";
    case Verdict::unsound:
      return "unsound";
    case Verdict::could_not_check:
      break;
  }
  return "could_not_check";
}

int exit_status(Verdict verdict) {
  return verdict == Verdict::sound ? 0 : verdict == Verdict::unsound ? 1 : 2;
}

std::string to_json(const Report& report) {
  js::object object = {{"verdict", name(report.verdict)}};
  if (report.could_not)
    object["could_not_check"] =
        js::object{{"code", dfb::name(report.could_not->code)}, {"detail", report.could_not->detail}};
  if (report.checkpoint) {
    object["origin"] = report.checkpoint->origin;
    object["size"] = report.checkpoint->size;
    object["root"] = base64_encode(report.checkpoint->root.view());
  }
  object["tree_only"] = report.tree_only;
  object["replayed"] = report.replayed;
  if (report.older_size) object["extends_size"] = *report.older_size;
  if (report.receipt_index) object["receipt_proves"] = *report.receipt_index;
  js::array findings;
  for (const Finding& finding : report.findings) findings.push_back(to_object(finding));
  object["findings"] = std::move(findings);
  object["findings_left_out"] = report.findings_left_out;
  if (report.verdict == Verdict::sound && !report.tree_only) object["figures"] = to_object(report.figures);
  return js::serialize(object) + "\n";
}

}  // namespace dfb::audit
