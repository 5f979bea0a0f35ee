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

js::object flows(const std::map<std::string, Flow>& flows) {
  js::object object;
  for (const auto& [name, flow] : flows)
    object[name] = js::object{
        {"issued", flow.issued}, {"redeemed", flow.redeemed}, {"back", flow.back}, {"expired", flow.expired}};
  return object;
}

js::array shops(const Figures& f) {
  js::array array;
  for (const auto& [shop, sales] : f.by_shop)
    array.push_back(js::object{{"shop", book::to_string(shop)},
                               {"confirmed", to_object(sales.confirmed)},
                               {"code", to_object(sales.by_code)},
                               {"offline", to_object(sales.offline)},
                               {"unsigned", to_object(sales.unsigned_)},
                               {"back", sales.back},
                               {"settled", sales.settled}});
  return array;
}

js::array rings(const Figures& f) {
  js::array array;
  for (const Ring& ring : f.rings) {
    js::array accounts;
    for (const book::AccountId account : ring.accounts)
      accounts.push_back(js::string(book::to_string(account)));
    array.push_back(js::object{{"accounts", std::move(accounts)}, {"meetings", ring.meetings}});
  }
  return array;
}

js::array witnessed(const Report& report) {
  js::array array;
  for (const Witnessed& one : report.witnessed) {
    js::object object = {
        {"witness", one.witness}, {"file", one.file}, {"size", one.size}, {"time_us", one.time_us}};
    if (one.before_us) object["last_entry_us"] = *one.before_us;
    if (one.after_us) object["next_entry_us"] = *one.after_us;
    if (one.dated_back_us > 0) object["dated_back_us"] = one.dated_back_us;
    array.push_back(std::move(object));
  }
  return array;
}

js::array trial(const TrialResults& trial) {
  js::array array;
  for (const auto& [rule, figures] : trial) {
    js::object refused;
    for (const auto& [code, count] : figures.would_refuse) refused[code] = count;
    array.push_back(js::object{{"rule", rule},
                               {"entries", figures.entries},
                               {"was_paid", figures.was_paid},
                               {"was_points", figures.was_points},
                               {"would_pay", figures.would_pay},
                               {"would_points", figures.would_points},
                               {"would_wait", figures.would_wait},
                               {"would_refuse", std::move(refused)}});
  }
  return array;
}

js::object to_object(const AsOf& as_of, const book::Account& account) {
  js::array lots;
  for (const book::Lot& lot : account.lots)
    lots.push_back(
        js::object{{"day", format_day(lot.day)}, {"points", lot.points.value}, {"grace", lot.grace}});
  return {{"account", book::to_string(account.id)},
          {"opened", true},
          {"kind", book::name(account.kind)},
          {"state", book::name(account.state)},
          {"level", book::name(account.level)},
          {"scope", account.scope},
          {"balance", account.balance.value},
          {"available", as_of.available(account)},
          {"held", account.held.value},
          {"lots", std::move(lots)}};
}

js::object to_object(const AsOf& as_of) {
  js::array accounts;
  for (std::size_t i = 0; i < as_of.accounts().size(); ++i) {
    const auto& account = as_of.answers()[i];
    accounts.push_back(
        account ? to_object(as_of, *account)
                : js::object{{"account", book::to_string(as_of.accounts()[i])}, {"opened", false}});
  }
  return {{"seq", as_of.seq()}, {"at_us", as_of.at_us()}, {"accounts", std::move(accounts)}};
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
          {"covered", to_object(f.covered)},
          {"expired", f.expired},
          {"pending", f.pending},
          {"outstanding", f.outstanding}};
}

js::object to_object(const Figures& f) {
  js::object operations, refusals, accounts, rules, liability, advisory;
  for (const auto& [month, held] : f.liability) liability[month] = held;
  for (const auto& [limit, value] : f.advisory) advisory[limit] = value;
  for (const auto& [operation, count] : f.operations) operations[operation] = count;
  for (const auto& [code, count] : f.refusals) refusals[code] = count;
  std::int64_t sum = 0;
  for (const auto& [kind, count] : f.accounts) {
    accounts[book::name(kind)] = js::object{{"count", count.count}, {"balance", count.points}};
    sum += count.points;
  }
  for (const auto& [rule, count] : f.by_rule) rules[rule] = to_object(count);
  js::array tills, gaps;
  for (const auto& [key, till] : f.by_till)
    tills.push_back(js::object{{"key", hash_text(key)},
                               {"shop", book::to_string(till.shop)},
                               {"count", till.sales.count},
                               {"points", till.sales.points},
                               {"offline_run", till.offline_run_max}});
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
          {"by_month", flows(f.by_month)},
          {"by_grid", flows(f.by_grid)},
          {"by_shop", shops(f)},
          {"liability_by_month", std::move(liability)},
          {"same_minute_rings", rings(f)},
          {"advisory_caps", std::move(advisory)},
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
  if (report.resumed > 0) object["resumed"] = report.resumed;
  js::array seen;
  for (const auto& [name, size] : report.seen) seen.push_back(js::object{{"name", name}, {"size", size}});
  if (!seen.empty()) object["continues"] = std::move(seen);
  if (!report.quorum.empty()) {
    js::object quorum = {{"needs", report.quorum}, {"reached", report.quorum_size.has_value()}};
    if (report.quorum_size) {
      quorum["size"] = *report.quorum_size;
      quorum["uncovered"] = report.checkpoint->size - *report.quorum_size;
    }
    object["quorum"] = std::move(quorum);
    object["cosignatures"] = witnessed(report);
  }
  if (report.trial) object["trial_policy"] = trial(*report.trial);
  if (report.as_of) object["as_of"] = to_object(*report.as_of);
  js::array findings;
  for (const Finding& finding : report.findings) findings.push_back(to_object(finding));
  object["findings"] = std::move(findings);
  object["findings_left_out"] = report.findings_left_out;
  if (report.verdict == Verdict::sound && !report.tree_only) object["figures"] = to_object(report.figures);
  return js::serialize(object) + "\n";
}

}  // namespace dfb::audit
