#include "terminal/link/answer.h"

#include "terminal/link/answer_fields.h"
#include "terminal/text.h"

namespace dfb::terminal {
namespace {

// A refusal whose code this terminal does not know tells no more than no answer would.
std::optional<Error> problem(const AnswerFields& fields) {
  const auto word = fields.text("code");
  const auto code = word ? code_from_name(word.value()) : std::nullopt;
  if (!code) return std::nullopt;
  const auto detail = fields.text("detail");
  return Error{*code, detail ? printable(detail.value()) : std::string()};
}

Error no_problem() {
  return fail(Code::malformed, "the town refuses in a way that this terminal does not understand");
}

Result<CommandAnswer> command_answer(const AnswerFields& fields) {
  CommandAnswer answer;
  DFB_TRY(answer.seq, fields.integer("seq"));
  DFB_TRY(answer.entry, fields.text("entry"));
  DFB_TRY(answer.receipt, fields.text("receipt"));
  if (fields.holds("refused")) {
    DFB_TRY(answer.refused, fields.text("refused"));
  }
  return answer;
}

}  // namespace

Result<Reply> parse_reply(int status, std::string_view body) {
  if (status == 503) return fail(Code::busy, "the town is busy or restarting");
  const bool good = status == 200 || status == 201;
  if (!good && (status < 400 || status > 499))
    return fail(Code::internal, "the town answered with status " + std::to_string(status));
  DFB_TRY(const auto fields, AnswerFields::of(body));
  Reply reply;
  if (!good) {
    reply.problem = problem(fields);
    if (!reply.problem) return no_problem();
  }
  if (good || fields.has("entry")) {
    DFB_TRY(reply.answer, command_answer(fields));
  }
  return reply;
}

Error parse_problem(std::string_view body) {
  const auto fields = AnswerFields::of(body);
  if (!fields) return fields.error();
  return problem(fields.value()).value_or(no_problem());
}

Result<std::vector<Reply>> parse_offline_answers(std::string_view body) {
  DFB_TRY(const auto fields, AnswerFields::of(body));
  DFB_TRY(const auto answers, fields.objects("answers"));
  std::vector<Reply> replies;
  for (const AnswerFields& one : answers) {
    Reply reply;
    if (const auto answer = one.object("answer")) {
      DFB_TRY(reply.answer, command_answer(*answer));
    } else if (const auto why = one.object("problem")) {
      reply.problem = problem(*why);
    }
    if (!reply.answer && !reply.problem) return no_problem();
    replies.push_back(std::move(reply));
  }
  return replies;
}

Result<Town> parse_town(std::string_view body) {
  DFB_TRY(const auto fields, AnswerFields::of(body));
  Town town;
  DFB_TRY(town.origin, fields.text("origin"));
  DFB_TRY(town.log_vkey, fields.text("log_vkey"));
  DFB_TRY(town.time_us, fields.integer("time_us"));
  return town;
}

Result<Ticket> parse_ticket(std::string_view body) {
  DFB_TRY(const auto fields, AnswerFields::of(body));
  Ticket ticket;
  DFB_TRY(ticket.account, fields.account("account"));
  DFB_TRY(ticket.kind, fields.text("kind"));
  DFB_TRY(const auto name, fields.text("name"));
  ticket.name = printable(name);
  return ticket;
}

Result<TillInfo> parse_till_info(std::string_view body) {
  DFB_TRY(const auto fields, AnswerFields::of(body));
  TillInfo till;
  DFB_TRY(till.shop, fields.account("shop"));
  DFB_TRY(till.till, fields.key("till"));
  DFB_TRY(const auto name_zh, fields.text("name_zh"));
  DFB_TRY(const auto name_en, fields.text("name_en"));
  till.name_zh = printable(name_zh);
  till.name_en = printable(name_en);
  DFB_TRY(till.origin, fields.text("origin"));
  DFB_TRY(till.log_vkey, fields.text("log_vkey"));
  DFB_TRY(till.time_us, fields.integer("time_us"));
  if (fields.has("fen_per_point")) {
    DFB_TRY(till.fen_per_point, fields.integer("fen_per_point"));
  }
  if (fields.holds("last")) {
    DFB_TRY(till.last, fields.uuid("last"));
  }
  return till;
}

Result<std::vector<LogKeyChange>> parse_log_keys(std::string_view body) {
  DFB_TRY(const auto fields, AnswerFields::of(body));
  DFB_TRY(const auto list, fields.objects("changes"));
  std::vector<LogKeyChange> changes;
  for (const AnswerFields& one : list) {
    LogKeyChange change;
    DFB_TRY(change.entry, one.text("entry"));
    DFB_TRY(change.receipt, one.text("receipt"));
    changes.push_back(std::move(change));
  }
  return changes;
}

Result<LeafPage> parse_leaves(std::string_view body) {
  DFB_TRY(const auto fields, AnswerFields::of(body));
  LeafPage page;
  DFB_TRY(page.checkpoint, fields.text("checkpoint"));
  DFB_TRY(const auto leaves, fields.objects("leaves"));
  for (const AnswerFields& one : leaves) {
    DFB_TRY(const auto seq, one.integer("seq"));
    DFB_TRY(auto entry, one.text("entry"));
    page.leaves.emplace_back(seq, std::move(entry));
    if (!one.holds("goods")) continue;
    DFB_TRY(const auto goods, one.objects("goods", book::kGoodsLinesMax));
    for (const AnswerFields& line : goods) {
      DFB_TRY(auto good, line.text("good"));
      DFB_TRY(const auto count, line.integer("count"));
      page.goods[seq].push_back({std::move(good), count});
    }
  }
  if (fields.holds("next")) {
    DFB_TRY(page.next, fields.integer("next"));
  }
  return page;
}

Result<std::string> parse_certificate(std::string_view body) {
  DFB_TRY(const auto fields, AnswerFields::of(body));
  return fields.text("certificate");
}

}  // namespace dfb::terminal
