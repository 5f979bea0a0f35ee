#include "api/witness/inquiry.h"

#include "api/witness/submission.h"
#include "ledger/base/encoding.h"
#include "ledger/log/cosignature.h"

namespace dfb::witness {
namespace {

constexpr long kConnectMs = 2000, kExchangeMs = 5000;

fetch::Options options_for(const std::string& ca_file) {
  fetch::Options options;
  options.ca_file = ca_file;
  options.connect_timeout_ms = kConnectMs;
  options.timeout_ms = kExchangeMs;
  options.body_bytes_max = log::kNoteBytesMax;
  return options;
}

Result<std::int64_t> read_size(const fetch::Response& response) {
  std::string_view body = response.body;
  if (response.content_type != kSizeType || !body.ends_with('\n'))
    return fail(Code::inconsistent, "it says that it has signed another tree of this size");
  body.remove_suffix(1);
  return parse_decimal(body);
}

// The first line of what a witness says, for a log: short, and nothing that a terminal would obey.
std::string said(const fetch::Response& response) {
  std::string line = response.body.substr(0, std::min<std::size_t>(response.body.find('\n'), 120));
  for (char& c : line)
    if (c < 0x20 || c > 0x7e) c = '?';
  return "status " + std::to_string(response.status) + ": " + line;
}

}  // namespace

Inquiry::Inquiry(Address address, const std::string& ca_file)
    : address_(std::move(address)), http_(options_for(ca_file)) {}

Result<Cosignature> Inquiry::read_lines(const std::string& body, const Offer& offer) const {
  DFB_TRY(const auto lines, log::parse_note_signatures(body));
  DFB_TRY(const log::Note note, log::parse_note(offer.note));
  for (const log::NoteSignature& line : lines) {
    const auto time_s = log::verify_cosignature(note.text, line, address_.vkey);
    if (time_s) return Cosignature{line, *time_s};
    if (time_s.error().code != Code::unknown_key) return time_s.error();
  }
  return fail(Code::unknown_key, "no cosignature by the key that the configuration names");
}

Result<Cosignature> Inquiry::ask(const Offer& offer) {
  const std::int64_t size = offer.checkpoint.size;
  std::int64_t old_size = known_size_ > size ? 0 : known_size_;
  for (bool again = false;; again = true) {
    DFB_TRY(const auto path, offer.consistency(old_size));
    DFB_TRY(const auto response, http_.post(address_.url + "/add-checkpoint", "text/plain",
                                            format_submission(old_size, path, offer.note)));
    if (response.status == 200) {
      auto cosignature = read_lines(response.body, offer);
      if (cosignature) known_size_ = size;
      return cosignature;
    }
    if (response.status == 422) return fail(Code::inconsistent, "it refuses the proof, " + said(response));
    if (response.status != 409) return fail(Code::internal, said(response));
    DFB_TRY(const std::int64_t has, read_size(response));
    known_size_ = has;
    if (has > size)
      return fail(Code::inconsistent,
                  "it has seen " + std::to_string(has) + " entries, this log has " + std::to_string(size));
    if (again || has == old_size) return fail(Code::inconsistent, "its size changes under the question");
    old_size = has;
  }
}

}  // namespace dfb::witness
