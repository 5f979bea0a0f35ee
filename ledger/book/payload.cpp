#include <algorithm>

#include "ledger/book/payload_fields.h"
#include "ledger/book/payload_fields_authority.h"
#include "ledger/crypto/hash.h"

namespace dfb::book {
namespace {

constexpr std::size_t kPayloadMax = 65'000;

// The op of a command's type, and its act where the op has several types.
struct Tag {
  std::string_view op, act = {};
};
template <class T>
constexpr Tag kTag{};
template <>
constexpr Tag kTag<Transfer>{"transfer"};
template <>
constexpr Tag kTag<Hold>{"hold"};
template <>
constexpr Tag kTag<Resolve>{"resolve"};
template <>
constexpr Tag kTag<Record>{"record"};
template <>
constexpr Tag kTag<Cancel>{"cancel"};
template <>
constexpr Tag kTag<Reverse>{"reverse"};
template <>
constexpr Tag kTag<PublishPolicy>{"policy", "publish"};
template <>
constexpr Tag kTag<PublishTask>{"policy", "task"};
template <>
constexpr Tag kTag<Genesis>{"authority", "genesis"};
template <>
constexpr Tag kTag<Open>{"authority", "open"};
template <>
constexpr Tag kTag<Move>{"authority", "move"};
template <>
constexpr Tag kTag<SetLevel>{"authority", "level"};
template <>
constexpr Tag kTag<AddKey>{"authority", "key"};
template <>
constexpr Tag kTag<RevokeKey>{"authority", "revoke"};
template <>
constexpr Tag kTag<SetCard>{"authority", "card"};
template <>
constexpr Tag kTag<GrantRole>{"authority", "role"};
template <>
constexpr Tag kTag<EndRole>{"authority", "unrole"};
template <>
constexpr Tag kTag<SetState>{"authority", "state"};
template <>
constexpr Tag kTag<Roster>{"authority", "roster"};
template <>
constexpr Tag kTag<Import>{"authority", "import"};
template <>
constexpr Tag kTag<AddWitness>{"authority", "witness"};
template <>
constexpr Tag kTag<NextLogKey>{"authority", "log_key"};
template <>
constexpr Tag kTag<EndWitness>{"authority", "unwitness"};
template <>
constexpr Tag kTag<ReplaceRoots>{"authority", "roots"};
template <>
constexpr Tag kTag<NextServerKey>{"authority", "server_key"};
template <>
constexpr Tag kTag<ConfirmClock>{"authority", "clock"};
template <>
constexpr Tag kTag<EndOrigin>{"authority", "end"};

bool is_any(std::string_view) { return true; }

template <class T>
bool read_as(PayloadReader& io, std::string_view op, std::string_view act, Body& body) {
  if (op != kTag<T>.op || act != kTag<T>.act) return false;
  T value;
  fields(io, value);
  body = std::move(value);
  return true;
}

template <std::size_t... I>
void read_body(PayloadReader& io, std::string_view op, Body& body, std::index_sequence<I...>) {
  std::string act;
  if (op == "policy" || op == "authority") io.text("act", act, is_any);
  bool known = (read_as<std::variant_alternative_t<I, Body>>(io, op, act, body) || ...);
  io.require([&] { return known; }, "no such op or act");
}

constexpr std::size_t kLinkedMin = 2, kLinkedMax = 16;

bool is_chain(const std::vector<Uuid>& ids, const Uuid& own) {
  return ids.size() >= kLinkedMin && ids.size() <= kLinkedMax && all_different(ids) &&
         std::find(ids.begin(), ids.end(), own) != ids.end();
}

void read_links(PayloadReader& io, Payload& payload) {
  if (!io.has("linked", false)) return;
  io.texts(
      "linked", payload.linked, [](const Uuid& id) { return to_string(id); }, parse_uuid);
  io.require([&] { return is_chain(payload.linked, payload.id); },
             "linked names 2 to 16 commands, none twice, this one among them");
}

void write_links(json::Writer& out, const std::vector<Uuid>& ids) {
  out.key("linked").begin_array();
  for (const auto& id : ids) out.value(to_string(id));
  out.end_array();
}

// Another version may have other fields, so its number is looked at before anything else.
Result<void> check_version(const json::Value& value) {
  const auto* object = std::get_if<json::Object>(&value.data);
  if (!object) return ok();
  for (const auto& [name, field] : *object)
    if (const auto* v = std::get_if<std::int64_t>(&field.data); name == "v" && v && *v != 1)
      return fail(Code::unsupported_version, "payload of version " + std::to_string(*v));
  return ok();
}

}  // namespace

Hash no_evidence() { return sha256(""); }

std::string_view name(TransferKind kind) { return word(kTransferKinds, kind); }

Result<Payload> parse_payload(std::string_view line) {
  if (line.size() > kPayloadMax) return fail(Code::too_large, "a payload has at most 65,000 bytes");
  DFB_TRY(auto value, json::parse(line));
  DFB_TRY_VOID(check_version(value));
  PayloadReader io(value);
  Payload payload;
  std::int64_t version = 0;
  std::string op;
  io.integer("v", version, 1, 1);
  io.text("op", op, is_any);
  io.uuid("id", payload.id);
  io.hash("by", payload.by);
  time(io, "not_after", payload.not_after_us);
  read_links(io, payload);
  read_body(io, op, payload.body, std::make_index_sequence<std::variant_size_v<Body>>());
  DFB_TRY_VOID(io.done());
  return payload;
}

std::string format_payload(const Payload& payload) {
  json::Writer out;
  out.begin_object().field("v", 1);
  std::visit(
      [&](const auto& body) {
        constexpr Tag tag = kTag<std::decay_t<decltype(body)>>;
        out.field("op", tag.op).field("id", to_string(payload.id)).field("by", hash_text(payload.by));
        out.field("not_after", payload.not_after_us);
        if (!payload.linked.empty()) write_links(out, payload.linked);
        if (!tag.act.empty()) out.field("act", tag.act);
        PayloadWriter io(out);
        fields(io, body);
      },
      payload.body);
  return out.end_object().take();
}

std::string quote_line(const Payload& payload) {
  const auto* transfer = std::get_if<Transfer>(&payload.body);
  const auto* proof = transfer ? std::get_if<QuoteProof>(&transfer->proof) : nullptr;
  DFB_CHECK(proof);
  json::Writer out;
  out.begin_object().field("v", 1).field("id", to_string(payload.id)).field("till", hash_text(payload.by));
  out.field("shop", to_string(transfer->to)).field("account", to_string(transfer->from));
  out.field("points", transfer->points.value).field("goods", hash_text(transfer->goods));
  out.field("cash", transfer->cash_fen).field("expires", proof->expires_us);
  return out.end_object().take();
}

}  // namespace dfb::book
