#include "ledger/audit/witness_policy.h"

#include <algorithm>

#include "ledger/base/encoding.h"
#include "ledger/log/cosignature.h"

namespace dfb::audit {
namespace {

constexpr std::size_t kTextBytesMax = 256 * 1024;
constexpr const char* kNone = "none";

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  line = line.substr(0, line.find('#'));
  while (!line.empty()) {
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == line.npos) break;
    line.remove_prefix(begin);
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

template <class List>
auto find_named(const List& list, std::string_view name) {
  return std::find_if(list.begin(), list.end(), [&](const auto& item) { return item.name == name; });
}

bool defines(const WitnessPolicy& policy, std::string_view name) {
  return find_named(policy.witnesses, name) != policy.witnesses.end() ||
         find_named(policy.groups, name) != policy.groups.end();
}

class Reader {
 public:
  Result<WitnessPolicy> read(std::string_view text) {
    if (text.size() > kTextBytesMax) return fail(Code::malformed, "a witness policy of more than 256 KiB");
    for (int number = 1; !text.empty(); ++number) {
      const std::size_t end = text.find('\n');
      std::string_view line = text.substr(0, end);
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (auto done = take(words_of(line)); !done)
        return fail(Code::malformed, "line " + std::to_string(number) + ": " + done.error().detail);
      text = end == text.npos ? std::string_view() : text.substr(end + 1);
    }
    if (!has_quorum_) return fail(Code::malformed, "no quorum line");
    return std::move(policy_);
  }

 private:
  Result<void> take(const std::vector<std::string_view>& words) {
    if (words.empty()) return ok();
    if (words[0] == "log") return take_log(words);
    if (words[0] == "witness") return take_witness(words);
    if (words[0] == "group") return take_group(words);
    if (words[0] == "quorum") return take_quorum(words);
    return fail(Code::malformed, "neither log, witness, group nor quorum");
  }

  Result<void> take_log(const std::vector<std::string_view>& words) {
    if (words.size() < 2 || words.size() > 3) return fail(Code::malformed, "log <vkey> [url]");
    DFB_TRY(log::Vkey key, log::parse_vkey(words[1]));
    if (key.type != log::NoteKeyType::ed25519) return fail(Code::malformed, "a log's key is no witness's");
    policy_.logs.push_back(std::move(key));
    return ok();
  }

  Result<void> take_witness(const std::vector<std::string_view>& words) {
    if (words.size() < 3 || words.size() > 4) return fail(Code::malformed, "witness <name> <vkey> [url]");
    DFB_TRY_VOID(check_new(words[1]));
    DFB_TRY(log::Vkey key, log::parse_vkey(words[2]));
    if (key.type != log::NoteKeyType::cosignature)
      return fail(Code::malformed, "a witness's key is of the cosignature type");
    for (const auto& witness : policy_.witnesses)
      if (log::format_vkey(witness.key) == words[2])
        return fail(Code::malformed, "a witness's key stands twice");
    policy_.witnesses.push_back({std::string(words[1]), std::move(key)});
    return ok();
  }

  Result<void> take_group(const std::vector<std::string_view>& words) {
    if (words.size() < 4) return fail(Code::malformed, "group <name> all|any|<k> <member>...");
    DFB_TRY_VOID(check_new(words[1]));
    WitnessPolicy::Group group;
    group.name = words[1];
    for (std::size_t i = 3; i < words.size(); ++i) {
      if (!defines(policy_, words[i]))
        return fail(Code::malformed, "no witness or group " + std::string(words[i]) + " was defined before");
      if (std::find(group.members.begin(), group.members.end(), words[i]) != group.members.end())
        return fail(Code::malformed, "a member stands twice");
      group.members.emplace_back(words[i]);
    }
    DFB_TRY(group.needed, needed(words[2], group.members.size()));
    policy_.groups.push_back(std::move(group));
    return ok();
  }

  static Result<std::size_t> needed(std::string_view word, std::size_t members) {
    if (word == "all") return members;
    if (word == "any") return std::size_t{1};
    const auto number = parse_decimal(word);
    if (!number || *number < 1 || *number > static_cast<std::int64_t>(members))
      return fail(Code::malformed, "a group needs all, any, or 1 to as many as it has members");
    return static_cast<std::size_t>(*number);
  }

  Result<void> take_quorum(const std::vector<std::string_view>& words) {
    if (words.size() != 2) return fail(Code::malformed, "quorum <name>|none");
    if (has_quorum_) return fail(Code::malformed, "a second quorum line");
    if (words[1] != kNone && !defines(policy_, words[1]))
      return fail(Code::malformed, "the quorum was not defined before");
    has_quorum_ = true;
    if (words[1] != kNone) policy_.quorum = words[1];
    return ok();
  }

  Result<void> check_new(std::string_view name) const {
    if (name == kNone) return fail(Code::malformed, "the name none is taken");
    if (defines(policy_, name)) return fail(Code::malformed, "a name is defined twice");
    return ok();
  }

  WitnessPolicy policy_;
  bool has_quorum_ = false;
};

// Groups only name what was defined before them, so they are judged in their order, and none runs in a
// circle.
std::vector<bool> groups_met(const WitnessPolicy& policy, const std::vector<Cosigned>& cosigned) {
  std::vector<bool> met;
  const auto holds = [&](const std::string& name) {
    if (const auto group = find_named(policy.groups, name); group != policy.groups.end())
      return static_cast<bool>(met[static_cast<std::size_t>(group - policy.groups.begin())]);
    return std::any_of(cosigned.begin(), cosigned.end(),
                       [&](const Cosigned& one) { return policy.witnesses[one.witness].name == name; });
  };
  for (const auto& group : policy.groups)
    met.push_back(static_cast<std::size_t>(
                      std::count_if(group.members.begin(), group.members.end(), holds)) >= group.needed);
  return met;
}

}  // namespace

Result<WitnessPolicy> parse_witness_policy(std::string_view text) { return Reader().read(text); }

Result<std::vector<Cosigned>> cosignatures(const log::Note& note, const WitnessPolicy& policy) {
  std::vector<Cosigned> cosigned;
  for (const log::NoteSignature& line : note.signatures)
    for (std::size_t i = 0; i < policy.witnesses.size(); ++i) {
      const log::Vkey& key = policy.witnesses[i].key;
      if (key.name != line.name || key.key_id != line.key_id) continue;
      const auto time_s = log::verify_cosignature(note.text, line, key);
      if (!time_s) return fail(Code::bad_signature, "the cosignature of " + key.name + " does not hold");
      cosigned.push_back({i, *time_s});
    }
  return cosigned;
}

bool has_quorum(const WitnessPolicy& policy, const std::vector<Cosigned>& cosigned) {
  if (policy.quorum.empty()) return true;
  const auto group = find_named(policy.groups, policy.quorum);
  if (group != policy.groups.end())
    return groups_met(policy, cosigned)[static_cast<std::size_t>(group - policy.groups.begin())];
  return std::any_of(cosigned.begin(), cosigned.end(), [&](const Cosigned& one) {
    return policy.witnesses[one.witness].name == policy.quorum;
  });
}

std::string quorum_text(const WitnessPolicy& policy) {
  const auto group = find_named(policy.groups, policy.quorum);
  if (group == policy.groups.end()) return policy.quorum.empty() ? kNone : policy.quorum;
  std::string members;
  for (const std::string& member : group->members) members += (members.empty() ? "" : ", ") + member;
  return group->name + ": " + std::to_string(group->needed) + " of (" + members + ")";
}

}  // namespace dfb::audit
