#include "certs/authority.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "certs/certificate.h"
#include "certs/request.h"
#include "certs/revocation_list.h"
#include "ledger/base/encoding.h"
#include "ledger/base/random.h"

namespace dfb::certs {
namespace {

constexpr TimeUs kAuthorityUs = 3653 * kDayUs;  // 10 years
constexpr std::size_t kFileBytesMax = 16 * 1024 * 1024;

std::string fresh_serial() {
  std::string serial = SystemRandom().bytes(16);
  serial[0] = static_cast<char>((serial[0] & 0x3f) | 0x40);
  return serial;
}

Result<Certificate> read_certificate(const std::string& path) {
  DFB_TRY(const std::string pem, read_file(path, kFileBytesMax));
  const QuietErrors quiet;
  Certificate certificate(PEM_read_bio_X509(reader(pem).get(), nullptr, nullptr, nullptr));
  if (!certificate) return fail(Code::bad_config, path + " is not a certificate in PEM");
  return certificate;
}

// True when it was not there before.
Result<bool> make_folder(const std::string& folder) {
  if (::mkdir(folder.c_str(), 0755) == 0) return true;
  if (errno == EEXIST) return false;
  return io_failure(folder);
}

// What is to be done about files that could not be made.
Error not_made(Error error) {
  if (error.code == Code::io_error)
    error.detail += "; no authority was made: free some space or choose another folder, then try again";
  return error;
}

Result<void> fill(const std::string& folder, std::string_view name, TimeUs now_us) {
  const PrivateKey key = PrivateKey::generate(Algorithm::p256);
  DFB_TRY_VOID(save_private_key(folder + "/ca.key", key));
  const Contents contents{Profile::authority,     fresh_serial(),       std::string(name), {},
                          now_us - kClockSlackUs, now_us + kAuthorityUs};
  const Certificate certificate = make_certificate(contents, key.public_key(), nullptr, key);
  const std::string list = make_revocation_list({}, {}, certificate.get(), key, now_us);
  DFB_TRY_VOID(create_file(folder + "/ca.crl", list, 0644));
  return create_file(folder + "/ca.crt", to_pem(PEM_write_bio_X509, certificate.get()), 0644);
}

}  // namespace

struct Authority::State {
  std::string folder;
  PrivateKey key;
  Certificate certificate;
  std::string pem;
  TimeUs not_after_us;

  std::string path(const char* file) const { return folder + "/" + file; }
};

struct Authority::Wish {
  Profile profile;
  PublicKey key;
  std::string common_name;
  std::string name;
  std::vector<SubjectAlternative> alternatives;
  int days;
};

Result<Authority> Authority::create(const std::string& folder, std::string_view name, TimeUs now_us) {
  if (!is_common_name(name))
    return fail(Code::bad_config, "a name has 1 to 64 bytes of UTF-8 and no control characters");
  DFB_TRY(const bool fresh, make_folder(folder));
  for (const char* file : {"/ca.key", "/ca.crt", "/ca.db", "/ca.crl"}) {
    if (file_exists(folder + file))
      return fail(Code::bad_config,
                  folder + file + " exists; an authority is never overwritten, choose another folder");
  }
  // The index first: of two processes at once, one creates it and the other stops here.
  const Result<Index> index = Index::create(folder + "/ca.db");
  const Result<void> filled = index.has_value() ? fill(folder, name, now_us) : Result<void>(index.error());
  if (filled.has_value()) return open(folder);
  // Behind the index, all of them are this call's own; half an authority would only stand in the way of the next attempt.
  if (index.has_value())
    for (const char* file : {"/ca.crt", "/ca.crl", "/ca.key", "/ca.db"}) ::unlink((folder + file).c_str());
  if (fresh) ::rmdir(folder.c_str());  // not when somebody put something there
  return not_made(filled.error());
}

Result<Authority> Authority::open(const std::string& folder) {
  std::string missing;
  int there = 0;
  for (const char* file : {"/ca.db", "/ca.crt", "/ca.key"}) {
    if (file_exists(folder + file))
      ++there;
    else
      missing = folder + file;  // the key, if it is one of them
  }
  if (there == 0)
    return fail(Code::bad_config, missing + " is missing; make an authority with: defenbao-certs init --dir " + folder);
  // Another authority would be of no use beside this one's certificates, and init refuses.
  if (!missing.empty())
    return fail(Code::bad_config, missing + " is missing, which belongs to what is in " + folder +
                                      ": copy it back from the backup of this folder");
  DFB_TRY(PrivateKey key, load_private_key(folder + "/ca.key"));
  DFB_TRY(Certificate certificate, read_certificate(folder + "/ca.crt"));
  const QuietErrors quiet;
  if (X509_check_private_key(certificate.get(), native(key)) != 1)
    return fail(Code::bad_config, folder + "/ca.key is not the key of " + folder + "/ca.crt");
  if (X509_check_ca(certificate.get()) != 1)
    return fail(Code::bad_config, folder + "/ca.crt is not an authority's certificate");
  std::string pem = to_pem(PEM_write_bio_X509, certificate.get());
  const TimeUs until_us = from_time(X509_get0_notAfter(certificate.get()));
  return Authority(std::make_shared<const State>(
      State{folder, std::move(key), std::move(certificate), std::move(pem), until_us}));
}

Result<Issued> Authority::issue(const Wish& wish, TimeUs now_us) const {
  if (!is_common_name(wish.name))
    return fail(Code::bad_config, "a name has 1 to 64 bytes of UTF-8 and no control characters");
  if (wish.days < 1 || wish.days > kDaysMax)
    return fail(Code::bad_config, "a certificate lasts 1 to " + std::to_string(kDaysMax) + " days");
  if (wish.key.algorithm() != Algorithm::p256) return fail(Code::bad_config, "the key is not a P-256 key");
  if (now_us >= state_->not_after_us)
    return fail(Code::bad_config, state_->path("ca.crt") + " expired on " +
                                      format_time(state_->not_after_us) + "; the town needs a new authority");
  const TimeUs whole_us = now_us / kSecondUs * kSecondUs;  // certificates count in seconds
  const TimeUs until_us = std::min(whole_us + wish.days * kDayUs, state_->not_after_us);
  DFB_TRY(Index index, Index::open(state_->path("ca.db")));
  const Contents contents{wish.profile,      fresh_serial(),         wish.common_name,
                          wish.alternatives, now_us - kClockSlackUs, until_us};
  const Certificate certificate =
      make_certificate(contents, wish.key, state_->certificate.get(), state_->key);
  const Kind kind = wish.profile == Profile::server ? Kind::server : Kind::terminal;
  const std::string serial = hex_encode(contents.serial);
  // A crash after this line leaves a record of a certificate that nobody holds: harmless.
  DFB_TRY_VOID(index.add_issued({serial, kind, until_us, wish.name, 0}));
  return Issued{serial, until_us, to_pem(PEM_write_bio_X509, certificate.get()) + state_->pem};
}

Result<Issued> Authority::issue_terminal(std::string_view request_pem, std::string_view name,
                                         TimeUs now_us) const {
  DFB_TRY(const PublicKey key, key_of_request(request_pem));
  return issue_terminal(key, name, kTerminalDays, now_us);
}

Result<Issued> Authority::issue_terminal(const PublicKey& key, std::string_view name, int days,
                                         TimeUs now_us) const {
  return issue({Profile::terminal, key, hash_text(key.id()), std::string(name), {}, days}, now_us);
}

Result<Issued> Authority::issue_server(const PublicKey& key, std::string_view name,
                                       const std::vector<std::string>& alternatives, int days,
                                       TimeUs now_us) const {
  Wish wish{Profile::server, key, std::string(name), std::string(name), {}, days};
  if (alternatives.empty())
    return fail(Code::bad_config, "a server needs at least one name or address under which it is reached");
  for (const std::string& text : alternatives) {
    DFB_TRY(SubjectAlternative alternative, parse_subject_alternative(text));
    wish.alternatives.push_back(std::move(alternative));
  }
  return issue(wish, now_us);
}

Result<Record> Authority::revoke(std::string_view text, TimeUs now_us) const {
  DFB_TRY(const std::string serial, parse_serial(text));
  DFB_TRY(Index index, Index::open(state_->path("ca.db")));
  const Record* record = index.find(serial);
  if (record == nullptr) return fail(Code::not_found, "no certificate has the serial " + serial);
  if (record->revoked_us == 0) DFB_TRY_VOID(index.add_revoked(serial, now_us));
  // A crash here: the index knows, the list does not yet. refresh_crl() compares the two.
  DFB_TRY_VOID(write_crl(index, now_us));
  return *index.find(serial);
}

Result<void> Authority::write_crl(const Index& index, TimeUs now_us) const {
  const Result<std::string> former = read_file(crl_path(), kFileBytesMax);
  return replace_file(crl_path(),
                      make_revocation_list(index.records(), former.has_value() ? *former : "",
                                           state_->certificate.get(), state_->key, now_us),
                      0644);
}

Result<bool> Authority::refresh_crl(TimeUs now_us, bool always) const {
  DFB_TRY(const Index index, Index::open(state_->path("ca.db")));
  const Result<std::string> former = read_file(crl_path(), kFileBytesMax);
  if (!always && former.has_value() && !is_stale(*former, index.records(), state_->certificate.get(), now_us))
    return false;
  DFB_TRY_VOID(write_crl(index, now_us));
  return true;
}

Result<std::vector<Record>> Authority::list() const {
  DFB_TRY(const Index index, Index::open(state_->path("ca.db")));
  return index.records();
}

std::string Authority::certificate_pem() const { return state_->pem; }
TimeUs Authority::not_after_us() const { return state_->not_after_us; }
std::string Authority::crl_path() const { return state_->path("ca.crl"); }

Result<std::string> parse_serial(std::string_view text) {
  std::string serial;
  for (const char c : text)
    if (c != ':') serial += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  if (serial.size() != 32 || !hex_decode(serial).has_value())
    return fail(Code::bad_config, "a serial has 32 hex digits; see: defenbao-certs list");
  return serial;
}

}  // namespace dfb::certs
