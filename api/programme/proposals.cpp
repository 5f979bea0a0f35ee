#include "api/programme/proposals.h"

#include "ledger/base/encoding.h"

namespace dfb::programme {
namespace {

constexpr const char* kSelect = "SELECT id, account, payload, signatures, at_us, until_us FROM proposal ";

// `<key id> <base64url>` each, by line feeds.
std::string signatures_text(const std::vector<KeySignature>& signatures) {
  std::string text;
  for (const auto& one : signatures) text += hash_text(one.key) + " " + base64url_encode(one.bytes) + "\n";
  return text;
}

std::vector<KeySignature> parse_signatures(std::string_view text) {
  std::vector<KeySignature> signatures;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    const auto space = line.find(' ');
    signatures.push_back(
        {parse_hash_text(line.substr(0, space)).value(), base64url_decode(line.substr(space + 1)).value()});
    text.remove_prefix(line.size() + 1);
  }
  return signatures;
}

Proposal read_proposal(const sql::Row& row) {
  return {parse_uuid(row.text(0)).value(),
          book::parse_account(row.text(1)).value(),
          std::string(row.text(2)),
          parse_signatures(row.text(3)),
          row.integer(4),
          row.integer(5)};
}

}  // namespace

Result<void> put_proposal(sql::Connection& sql, const Proposal& proposal) {
  sql.run("DELETE FROM proposal WHERE until_us <= ?1", {proposal.at_us});
  if (const auto there = find_proposal(sql, proposal.id)) {
    if (there->payload == proposal.payload && there->account == proposal.account) return ok();
    return fail(Code::exists_with_different_content, "another proposal has this id");
  }
  const std::string account = to_string(proposal.account);
  const auto own = sql.run(
      "SELECT count(*), coalesce(sum(length(payload)), 0) FROM proposal WHERE account = ?1", {account});
  const auto size = static_cast<std::int64_t>(proposal.payload.size());
  if (own.at(0).integer(0) >= kProposalsMax || own.at(0).integer(1) + size > kProposalBytesMax)
    return fail(Code::rate_limited, "20 proposals of yours are open, or 256 KiB of them: withdraw one first");
  if (sql.run("SELECT count(*) FROM proposal").at(0).integer(0) >= kTownProposalsMax)
    return fail(Code::rate_limited, "1,000 proposals are open in this town: have some signed first");
  sql.run(
      "INSERT INTO proposal (id, account, payload, signatures, at_us, until_us) VALUES (?1, ?2, ?3, ?4, ?5, "
      "?6)",
      {to_string(proposal.id), account, proposal.payload, signatures_text(proposal.signatures),
       proposal.at_us, proposal.until_us});
  return ok();
}

std::optional<Proposal> find_proposal(sql::Connection& sql, const Uuid& id) {
  const auto rows = sql.run(std::string(kSelect) + "WHERE id = ?1", {to_string(id)});
  return rows.empty() ? std::nullopt : std::optional(read_proposal(rows.front()));
}

std::vector<Proposal> proposals_at(sql::Connection& sql, TimeUs now_us) {
  std::vector<Proposal> out;
  for (const auto& row : sql.run(std::string(kSelect) + "WHERE until_us > ?1 ORDER BY at_us, id", {now_us}))
    out.push_back(read_proposal(row));
  return out;
}

void drop_proposal(sql::Connection& sql, const Uuid& id) {
  sql.run("DELETE FROM proposal WHERE id = ?1", {to_string(id)});
}

void drop_proposals(sql::Connection& sql) { sql.run("DELETE FROM proposal"); }

}  // namespace dfb::programme
