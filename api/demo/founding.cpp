#include "api/demo/founding.h"

#include <algorithm>
#include <optional>

#include "api/demo/scoring.h"
#include "api/demo/town_data.h"
#include "api/programme/goods.h"
#include "api/programme/labels.h"
#include "api/programme/people.h"
#include "ledger/book/codes.h"
#include "ledger/crypto/hash.h"
#include "ledger/log/note.h"

namespace dfb::demo {
namespace {

using namespace book;

constexpr TimeUs kTicketLifeUs = 30 * kDayUs;

// One officer's hands in each community.
struct Officer {
  PrivateKey device, site;
  std::string scope;
};

class Founding {
 public:
  Founding(Writer& writer, const KeyCache& keys, const FoundingKeys& founding, Entrant& entrant,
           ManualClock& clock, const FoundingPlan& plan)
      : writer_(writer), keys_(keys), founding_(founding), entrant_(entrant), clock_(clock), plan_(plan) {}

  Result<FoundedTown> run(TimeUs now_us) {
    const TimeUs start = day_start_us(civil_day(now_us) - plan_.history_days) + 9 * kHourUs;
    clock_.set(std::min(start, now_us - plan_.history_days * kDayUs));
    DFB_TRY_VOID(genesis());
    DFB_TRY_VOID(administrators());
    DFB_TRY_VOID(policy_and_budget());
    DFB_TRY_VOID(officers());
    DFB_TRY_VOID(shops_and_tasks());
    DFB_TRY_VOID(residents());
    DFB_TRY_VOID(history(now_us));
    return std::move(town_);
  }

 private:
  using Work = std::function<void(sql::Connection&, TimeUs)>;

  Result<void> enter(Body body, const Signers& signers, Work work = {}) {
    SignedLine line = entrant_.sign(std::move(body), signers);
    DFB_TRY(auto command, check::check(line.payload, std::move(line.signatures), keys_, entrant_.origin()));
    Step step;
    if (work)
      step = [work](sql::Connection& sql, std::int64_t, TimeUs time_us) -> Result<void> {
        work(sql, time_us);
        return ok();
      };
    DFB_TRY(const Answer answer, writer_.run(std::move(command), std::move(step)));
    clock_.advance(kSecondUs);
    if (answer.refused) return fail(*answer.refused, "while founding the town: " + line.payload);
    if (plan_.progress) plan_.progress(++entered_, 85 + plan_.residents * 2);
    return ok();
  }

  Work label(std::string kind, std::string id, std::string_view zh, std::string_view en,
             std::string_view detail_zh = {}, std::string_view detail_en = {}) {
    programme::Label row{std::move(kind), std::move(id),          std::string(zh),
                         std::string(en), std::string(detail_zh), std::string(detail_en)};
    return [row](sql::Connection& sql, TimeUs) { put_label(sql, row); };
  }
  Work person(AccountId account, std::string name, std::string phone) {
    programme::Person row{account, std::move(name), std::move(phone)};
    return [row](sql::Connection& sql, TimeUs now) { put_person(sql, row, now); };
  }
  const PrivateKey& keep(std::string name, PrivateKey key) {
    town_.keys.emplace_back(std::move(name), std::move(key));
    return town_.keys.back().second;
  }

  Result<void> genesis() {
    Genesis body{2, {}, founding_.server.public_key().spki(), ""};
    Signers signers;
    for (const auto& root : founding_.roots)
      body.roots.push_back(root.public_key().spki()), signers.push_back(&root);
    signers.push_back(&founding_.server);
    body.log_vkey =
        format_vkey(log::make_vkey(entrant_.origin(), log::NoteKeyType::ed25519, founding_.log.public_key()));
    return enter(std::move(body), signers, label("town", "town", "八桥镇", "Baqiao Town"));
  }

  Result<void> administrators() {
    const Signers roots{&founding_.roots[0], &founding_.roots[1]};
    for (const char* name : {"administrator-1", "administrator-2"}) {
      const auto& key = keep(name, PrivateKey::generate(Algorithm::p256));
      const AccountId account = entrant_.new_account();
      const std::string shown = name == std::string("administrator-1") ? "何敏" : "罗刚";
      Signers signers = roots;
      signers.push_back(&key);
      DFB_TRY_VOID(
          enter(Open{account, AccountKind::resident, "/", "", Level::verified, key.public_key().spki()},
                signers, person(account, shown, "")));
      DFB_TRY_VOID(enter(GrantRole{account, Role::administrator, "/", clock_.now_us(), 0}, roots));
      town_.people.push_back({"administrator", shown, "/", account, "", name});
    }
    admins_ = {town_.keys[0].second, town_.keys[1].second};
    for (auto& person : town_.people) {  // once both are administrators: a member of staff's ticket needs two
      DFB_TRY(person.ticket, ticket(person.account, admins()));
    }
    return ok();
  }
  Signers admins() const { return {&admins_[0], &admins_[1]}; }

  Result<void> policy_and_budget() {
    Policy policy;
    policy.version = 1;
    policy.from_us = clock_.now_us();
    DFB_TRY(items_, parse_scoring(scoring_text()));
    for (const auto& item : items_) policy.rules.push_back(item.rule);
    Limits& l = policy.limits;
    l.code_points = 200, l.code_points_day = 400, l.code_count_day = 10, l.quote_points = 1000,
    l.quote_points_day = 2000, l.cancel_hours = 24, l.reserve_hours = 72, l.new_device_hours = 24,
    l.phone_opens_hour = 20000;
    l.card_points = 50, l.card_points_day = 100, l.card_count_day = 5;
    l.offline_allowance = 100, l.offline_hours = 48, l.offline_upload_days = 7, l.offline_till_points = 2000;
    l.phone_life_points = 100, l.balance_max = 100000, l.balance_min = 0;
    l.refund_days = 30, l.refund_grace_days = 30, l.reciprocity_days = 30, l.dispute_hours = 72;
    l.shop_floor = 5000, l.large_award_points = 500, l.large_reversal_points = 500, l.burns_hour = 60,
    l.idle_gap_hours = 36500, l.fen_per_point = 10;
    const auto items = items_;
    DFB_TRY_VOID(enter(PublishPolicy{policy}, admins(), [items](sql::Connection& sql, TimeUs) {
      for (const auto& item : items)
        programme::put_label(sql, {"rule", item.rule.id, item.zh, item.en, "", ""});
    }));
    budget_ = entrant_.new_account();
    DFB_TRY_VOID(enter(Open{budget_, AccountKind::budget, "/", "", Level::none, ""}, {&admins_[0]}));
    Transfer mint;
    mint.kind = TransferKind::mint, mint.from = kIssuance, mint.to = budget_, mint.points = Points{200000};
    mint.memo = "budget of the demo year";
    return enter(std::move(mint), admins());
  }

  Result<void> officers() {
    constexpr const char* names[] = {"陈静", "周涛", "吴倩"};
    int n = 0;
    for (const auto& community : communities()) {
      const std::string scope = "/" + std::string(community.id);
      const std::string key_name = "officer-" + std::string(community.id);
      Officer officer{PrivateKey::generate(Algorithm::p256), PrivateKey::generate(Algorithm::p256), scope};
      const AccountId account = entrant_.new_account();
      Signers signers{&founding_.roots[0], &founding_.roots[1], &officer.device};
      DFB_TRY_VOID(enter(Open{account, AccountKind::resident, scope, "", Level::verified,
                              officer.device.public_key().spki()},
                         signers, person(account, names[n], "")));
      DFB_TRY_VOID(enter(GrantRole{account, Role::officer, scope, clock_.now_us(), 0}, admins(),
                         label("scope", scope, community.zh, community.en)));
      DFB_TRY_VOID(
          enter(AddKey{account, KeyUse::site, officer.site.public_key().spki(), 0, std::string(community.id)},
                {&officer.device, &officer.site}));
      keep(key_name, officer.device);
      keep("site-" + std::string(community.id), officer.site);
      DFB_TRY(std::string code, ticket(account, admins()));
      town_.people.push_back({"officer", names[n++], scope, account, code, key_name});
      officers_.push_back(std::move(officer));
    }
    return ok();
  }

  const Officer& officer_for(std::string_view scope) const {
    for (const auto& officer : officers_)
      if (covers(officer.scope, scope)) return officer;
    return officers_.front();
  }

  Result<std::string> ticket(AccountId account, Signers signers) {
    const Ticket made = make_ticket(entrant_.random());
    signers.push_back(&made.key);
    DFB_TRY_VOID(
        enter(AddKey{account, KeyUse::ticket, made.key.public_key().spki(), clock_.now_us() + kTicketLifeUs},
              signers));
    return made.code;
  }

  // Its name, and what it sells.
  Work shop_of(AccountId account, const Shop& shop) {
    return [account, scope = shop.scope, named = label("shop", to_string(account), shop.zh, shop.en)](
               sql::Connection& sql, TimeUs now_us) {
      named(sql, now_us);
      for (const auto& good : goods())
        if (good.shop_scope == scope)
          programme::put_good(sql, account,
                              {std::string(good.id), std::string(good.zh), std::string(good.en), good.points,
                               good.stock});
    };
  }

  Result<void> shops_and_tasks() {
    for (const auto& shop : shops()) {
      const AccountId account = entrant_.new_account();
      DFB_TRY_VOID(enter(Open{account, AccountKind::shop, std::string(shop.scope), "", Level::none, ""},
                         {&admins_[0]}, shop_of(account, shop)));
      DFB_TRY(std::string code, ticket(account, {&admins_[0]}));
      town_.people.push_back({"shop", std::string(shop.zh), std::string(shop.scope), account, code, ""});
    }
    for (const auto& text : tasks()) {
      const Officer& officer = officer_for(text.scope);
      Task task{std::string(text.id),
                std::string(text.rule),
                std::string(text.scope),
                clock_.now_us(),
                clock_.now_us() + 60 * kDayUs,
                budget_,
                {},
                Review::none};
      for (const auto& one : officers_)
        if (covers(text.scope, one.scope)) task.sites.push_back(one.site.public_key().id());
      const bool townwide = text.scope == "/";
      DFB_TRY_VOID(
          enter(PublishTask{task}, {townwide ? &admins_[0] : &officer.device},
                label("task", std::string(text.id), text.zh, text.en, text.detail_zh, text.detail_en)));
    }
    return tasks_of_other_kinds();
  }

  // Who pays for reports, attendance, opinions, votes and adoptions, and where: for each of these rules the
  // task of its own name. They are no tasks to go to, so they bear no title.
  Result<void> tasks_of_other_kinds() {
    for (const auto& item : items_) {
      if (item.rule.kind == "checkin" || item.rule.kind == "award") continue;
      DFB_TRY_VOID(enter(PublishTask{Task{item.rule.id,
                                          item.rule.id,
                                          "/",
                                          clock_.now_us(),
                                          clock_.now_us() + 366 * kDayUs,
                                          budget_,
                                          {},
                                          Review::none}},
                         {&admins_[0]}));
    }
    return ok();
  }

  Result<void> residents() {
    for (int n = 0; n < plan_.residents; ++n) {
      const auto all = communities();
      const auto& community = all[static_cast<std::size_t>(n) % all.size()];
      const int grid = n / static_cast<int>(all.size()) % kGridsPerCommunity + 1;
      const std::string scope = "/" + std::string(community.id) + "/0" + std::to_string(grid);
      const Officer& officer = officer_for(scope);
      const AccountId account = entrant_.new_account();
      const std::string name = resident_name(n);
      const std::string phone = "138" + std::to_string(10000000 + n * 7919 % 90000000);
      DemoPerson row{"resident", name, scope, account, "", ""};
      Open open{account, AccountKind::resident, scope, "H" + std::to_string(n / 2), Level::verified, ""};
      Work work = person(account, name, phone);
      if (n < static_cast<int>(all.size()) * kGridsPerCommunity) {
        const Work grid_label =
            label("scope", scope, std::string(community.zh) + "第" + std::to_string(grid) + "网格",
                  std::string(community.en) + ", grid " + std::to_string(grid));
        work = [work, grid_label](sql::Connection& sql, TimeUs now) { work(sql, now), grid_label(sql, now); };
      }
      Signers signers{&officer.device};
      std::optional<PrivateKey> phone_key;
      if (n < plan_.residents_with_phones) {
        phone_key = PrivateKey::generate(Algorithm::p256);
        open.key = phone_key->public_key().spki();
        signers.push_back(&*phone_key);
      }
      DFB_TRY_VOID(enter(std::move(open), signers, work));
      if (phone_key) {
        row.key_file = "resident-" + std::to_string(n + 1);
        keep(row.key_file, *phone_key);
        phones_.push_back({account, scope, *phone_key});
      }
      DFB_TRY(row.ticket, ticket(account, {&officer.device}));
      town_.people.push_back(std::move(row));
    }
    return ok();
  }

  struct Phone {
    AccountId account;
    std::string scope;
    PrivateKey key;
  };

  Result<void> check_in(const Phone& phone, const TaskText& task, const Rule& rule) {
    Record record{rule.kind,
                  std::string(task.id),
                  period_at(rule.unique, clock_.now_us()),
                  rule.id,
                  phone.account,
                  sha256(""),
                  "",
                  0,
                  0};
    if (rule.proof == RuleProof::site)
      record.site = make_site_code(officer_for(phone.scope).site, entrant_.origin(), clock_.now_us()).text();
    return enter(std::move(record), {&phone.key});
  }

  // Every evening some of those with phones do the daily tasks of their community, and read the notice.
  Result<void> history(TimeUs now_us) {
    for (int day = plan_.history_days; day >= 1; --day) {
      const TimeUs evening = day_start_us(civil_day(now_us) - day) + 19 * kHourUs;
      if (evening > clock_.now_us()) clock_.set(evening);
      for (std::size_t i = 0; i < phones_.size(); ++i) {
        for (const auto& task : tasks()) {
          const bool takes_part = (i + static_cast<std::size_t>(day) + task.id.size()) % 3 == 0;
          if (!takes_part || !covers(task.scope, phones_[i].scope)) continue;
          for (const auto& item : items_)
            if (item.rule.id == task.rule && item.rule.unique == Unique::day &&
                item.rule.proof != RuleProof::officer)
              DFB_TRY_VOID(check_in(phones_[i], task, item.rule));
        }
      }
    }
    if (now_us > clock_.now_us()) clock_.set(now_us);
    return ok();
  }

  Writer& writer_;
  const KeyCache& keys_;
  const FoundingKeys& founding_;
  Entrant& entrant_;
  ManualClock& clock_;
  const FoundingPlan& plan_;
  FoundedTown town_;
  std::vector<ScoringItem> items_;
  std::vector<PrivateKey> admins_;
  std::vector<Officer> officers_;
  std::vector<Phone> phones_;
  AccountId budget_;
  int entered_ = 0;
};

}  // namespace

Result<FoundedTown> found_town(Writer& writer, const KeyCache& keys, const FoundingKeys& founding,
                               Entrant& entrant, ManualClock& clock, TimeUs now_us,
                               const FoundingPlan& plan) {
  return Founding(writer, keys, founding, entrant, clock, plan).run(now_us);
}

}  // namespace dfb::demo
