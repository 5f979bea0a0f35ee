#include "api/programme/statement.h"

#include "api/programme/effect.h"
#include "api/programme/labels.h"
#include "ledger/base/check.h"
#include "ledger/base/strict_json.h"
#include "ledger/book/command.h"
#include "ledger/book/outcome.h"
#include "ledger/log/entry_text.h"

namespace dfb::programme {
namespace {

using namespace book;

struct Reason {
  std::string zh, en;
};

Reason label_reason(sql::Connection& sql, std::string_view kind, const std::string& id,
                    const Reason& prefix = {}) {
  const auto label = find_label(sql, kind, id);
  return {prefix.zh + (label ? label->zh : id), prefix.en + (label ? label->en : id)};
}

Reason hold_reason(const store::View& view, const Account& viewer, const Uuid& id, bool captured) {
  const auto hold = view.get<HoldRow>({id});
  if (!hold) return {};
  switch (hold->purpose) {
    case HoldPurpose::reserve:
      if (!captured) return {"预留已退回", "Reservation returned"};
      if (viewer.kind == AccountKind::shop) return {"顾客取货", "Picked up by a customer"};
      return label_reason(view.sql(), "shop", to_string(hold->to), {"取货：", "Picked up at "});
    case HoldPurpose::allowance:
      return {"离线额度已退回", "Offline allowance returned"};
    case HoldPurpose::review:
      break;
  }
  return captured ? Reason{"审核通过", "Approved by a reviewer"}
                  : Reason{"审核未通过", "Not approved by a reviewer"};
}

Reason reason_of(const store::View& view, const Account& viewer, const Payload& payload,
                 const Outcome& outcome) {
  sql::Connection& sql = view.sql();
  if (const auto* record = std::get_if<Record>(&payload.body)) {
    const bool task = find_label(sql, "task", record->subject).has_value();
    return task ? label_reason(sql, "task", record->subject) : label_reason(sql, "rule", record->rule);
  }
  if (const auto* transfer = std::get_if<Transfer>(&payload.body)) {
    switch (transfer->kind) {
      case TransferKind::redeem:
        if (viewer.kind == AccountKind::shop) return {"顾客兑换", "Redeemed by a customer"};
        return label_reason(sql, "shop", to_string(transfer->to), {"在 ", "Spent at "});
      case TransferKind::refund:
        if (viewer.kind == AccountKind::shop) return {"退回给顾客", "Refunded to a customer"};
        return label_reason(sql, "shop", to_string(transfer->from), {"退回：", "Refund: "});
      case TransferKind::award:
        return label_reason(sql, "rule", transfer->rule);
      case TransferKind::mint:
        return {"发行预算", "Budget issued"};
      case TransferKind::expire:
        return {"积分到期", "Points expired"};
      case TransferKind::settle:
        return {"结算", "Settled"};
      case TransferKind::opening:
        return {"期初余额", "Opening balance"};
      case TransferKind::cover:
        return {"离线损失补偿", "Offline loss covered"};
      default:
        return {transfer->memo, transfer->memo};
    }
  }
  if (const auto* hold = std::get_if<Hold>(&payload.body)) {
    if (hold->purpose == HoldPurpose::allowance) return {"离线额度", "Offline allowance"};
    return label_reason(sql, "shop", to_string(hold->shop), {"预留：", "Reserved at "});
  }
  if (const auto* resolve = std::get_if<Resolve>(&payload.body))
    return hold_reason(view, viewer, resolve->hold, resolve->capture);
  if (std::holds_alternative<Reverse>(payload.body)) return {"奖励更正", "Award taken back"};
  if (const auto* cancel = std::get_if<Cancel>(&payload.body); cancel && view.get<HoldRow>({cancel->target}))
    return {"取消预留", "Reservation cancelled"};
  if (std::holds_alternative<Cancel>(payload.body))
    return outcome.undone ? Reason{"撤销兑换", "Sale cancelled"}
                          : Reason{"作废未到的兑换", "Unseen sale voided"};
  if (std::holds_alternative<Open>(payload.body)) return {"开户", "Account opened"};
  if (const auto* level = std::get_if<SetLevel>(&payload.body))
    return level->level == Level::verified ? Reason{"已当面核实", "Verified in person"}
                                           : Reason{"级别变更", "Level changed"};
  if (std::holds_alternative<Roster>(payload.body))
    return {"按网格名册核实", "Verified by the grid's roster"};
  if (const auto* key = std::get_if<AddKey>(&payload.body)) {
    if (key->use == KeyUse::ticket) return {"签发一次性登记码", "One-time code issued"};
    return key->use == KeyUse::site ? Reason{"新增站点码", "Site code key added"}
                                    : Reason{"新增设备", "Device added"};
  }
  if (std::holds_alternative<RevokeKey>(payload.body)) return {"停用设备", "Device revoked"};
  if (std::holds_alternative<GrantRole>(payload.body)) return {"任命", "Role granted"};
  if (std::holds_alternative<EndRole>(payload.body)) return {"卸任", "Role ended"};
  if (const auto* card = std::get_if<SetCard>(&payload.body))
    return card->open ? Reason{"办理积分卡", "Card issued"} : Reason{"积分卡已停用", "Card ended"};
  if (std::holds_alternative<SetState>(payload.body)) return {"账户状态变更", "Account state changed"};
  if (std::holds_alternative<Move>(payload.body)) return {"迁移网格", "Moved to another grid"};
  return {};
}

std::string text_field(const json::Object& object, std::string_view name) {
  for (const auto& [key, value] : object)
    if (key == name)
      if (const auto* text = std::get_if<std::string>(&value.data)) return *text;
  return {};
}

StatementLine line_of(const store::View& view, const Account& viewer, const std::string& leaf) {
  // What the store holds was written by the writer from parsed values; anything else is a broken store.
  const auto entry = log::parse_entry_text(leaf);
  DFB_CHECK(entry.has_value());
  const auto payload = parse_payload(entry->payload);
  const auto outcome = parse_outcome(entry->outcome);
  const auto fields = json::parse(entry->payload);
  DFB_CHECK(payload.has_value() && outcome.has_value() && fields.has_value());
  const auto& object = std::get<json::Object>(fields->data);
  StatementLine line{
      entry->seq, entry->time_us, to_string(payload->id), text_field(object, "op"), "", 0, "", "", ""};
  for (const auto* name : {"kind", "act", "purpose"})
    if (line.kind.empty() || line.op == "authority")
      line.kind = text_field(object, name).empty() ? line.kind : text_field(object, name);
  line.points = effect_of(view, viewer, *payload, *outcome).balance;
  const Reason reason = reason_of(view, viewer, *payload, *outcome);
  line.reason_zh = reason.zh, line.reason_en = reason.en;
  if (outcome->refused) line.refused = name(*outcome->refused);
  return line;
}

}  // namespace

std::vector<StatementLine> statement(const store::View& view, const Account& account, std::int64_t before,
                                     std::int64_t limit) {
  std::vector<StatementLine> lines;
  for (const std::int64_t seq : view.entries_of(account.id, before, limit)) {
    const auto texts = view.entries(seq, 1);
    DFB_CHECK(texts.size() == 1);
    lines.push_back(line_of(view, account, texts.front()));
  }
  return lines;
}

}  // namespace dfb::programme
