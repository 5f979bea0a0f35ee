#include "certs/commands.h"

#include <unistd.h>

#include <boost/json.hpp>
#include <cstdio>
#include <optional>

#include "certs/authority.h"
#include "ledger/base/files.h"
#include "certs/request.h"

namespace dfb::certs {
namespace {

constexpr std::size_t kRequestFileMax = 16 * 1024;

Result<void> must_be_free(const std::string& path) {
  if (!file_exists(path)) return ok();
  return fail(Code::bad_config, path + " exists and is never overwritten; choose another --out");
}

void say_issued(const Issued& issued, const std::string& path) {
  std::printf("%s  serial %s, valid until %s\n", path.c_str(), issued.serial.c_str(),
              format_time(issued.not_after_us).c_str());
}

std::string_view state_of(const Record& record, TimeUs now_us) {
  if (record.revoked_us != 0) return "revoked";
  return record.not_after_us < now_us ? "expired" : "valid";
}

void print_json(const std::vector<Record>& records, TimeUs now_us) {
  boost::json::array rows;
  for (const Record& record : records) {
    rows.push_back({{"serial", record.serial},
                    {"kind", name(record.kind)},
                    {"name", record.name},
                    {"not_after_us", record.not_after_us},
                    {"revoked_us", record.revoked_us},
                    {"state", state_of(record, now_us)}});
  }
  std::printf("%s\n", boost::json::serialize(rows).c_str());
}

}  // namespace

Result<void> init(const std::string& folder, const std::string& name, TimeUs now_us) {
  DFB_TRY(const Authority authority, Authority::create(folder, name, now_us));
  std::printf("%s/ca.crt  the certificate to trust, valid until %s\n", folder.c_str(),
              format_time(authority.not_after_us()).c_str());
  std::printf("%s/ca.key  its key: keep a copy offline, show it to nobody\n", folder.c_str());
  return ok();
}

Result<void> issue_server(const IssueArguments& arguments, TimeUs now_us) {
  DFB_TRY(const Authority authority, Authority::open(arguments.folder));
  const std::string certificate_file = arguments.out + ".crt";
  const bool fresh = arguments.key_file.empty();
  const std::string key_file = fresh ? arguments.out + ".key" : arguments.key_file;
  DFB_TRY_VOID(must_be_free(certificate_file));
  if (fresh) DFB_TRY_VOID(must_be_free(key_file));
  Result<PrivateKey> key = fresh ? PrivateKey::generate(Algorithm::p256) : load_private_key(key_file);
  if (!key.has_value()) return key.error();
  if (fresh) DFB_TRY_VOID(save_private_key(key_file, *key));
  const Result<Issued> issued = authority.issue_server(key->public_key(), arguments.name,
                                                       arguments.alternatives, arguments.days, now_us);
  const Result<void> made = issued.has_value() ? create_file(certificate_file, issued->chain_pem, 0644)
                                               : Result<void>(issued.error());
  if (!made.has_value()) {
    if (fresh) ::unlink(key_file.c_str());  // made a moment ago, and of no use alone
    return made;
  }
  say_issued(*issued, certificate_file);
  if (fresh) std::printf("%s  its key\n", key_file.c_str());
  return ok();
}

Result<void> issue_terminal(const IssueArguments& arguments, TimeUs now_us) {
  DFB_TRY(const Authority authority, Authority::open(arguments.folder));
  const std::string certificate_file = arguments.out + ".crt";
  DFB_TRY_VOID(must_be_free(certificate_file));
  std::optional<PublicKey> key;
  if (arguments.request_file.empty()) {
    DFB_TRY(const PrivateKey own, load_private_key(arguments.key_file));
    key = own.public_key();
  } else {
    DFB_TRY(const std::string request, read_file(arguments.request_file, kRequestFileMax));
    const Result<PublicKey> asking = key_of_request(request);
    if (!asking.has_value())
      return fail(asking.error().code, arguments.request_file + ": " + asking.error().detail);
    key = *asking;
  }
  DFB_TRY(const Issued issued, authority.issue_terminal(*key, arguments.name, arguments.days, now_us));
  DFB_TRY_VOID(create_file(certificate_file, issued.chain_pem, 0644));
  say_issued(issued, certificate_file);
  return ok();
}

Result<void> revoke(const std::string& folder, const std::string& serial, TimeUs now_us) {
  DFB_TRY(const Authority authority, Authority::open(folder));
  DFB_TRY(const Record record, authority.revoke(serial, now_us));
  std::printf("%s (%s %s) is revoked since %s\n", record.serial.c_str(),
              std::string(name(record.kind)).c_str(), record.name.c_str(),
              format_time(record.revoked_us).c_str());
  if (record.kind == Kind::terminal)
    std::printf(
        "This closes the terminals' port to it, but its key may still sign in the ledger and fetch another\n"
        "certificate. Revoke the key too: an administrator signs authority/revoke of the till's key and "
        "sends\n"
        "it to POST /v1/revocations. `defenbao-terminal status` on the till shows the key; so does the "
        "entry\n"
        "that enrolled it.\n");
  return ok();
}

Result<void> list(const std::string& folder, bool as_json, TimeUs now_us) {
  DFB_TRY(const Authority authority, Authority::open(folder));
  DFB_TRY(const std::vector<Record> records, authority.list());
  if (as_json) {
    print_json(records, now_us);
    return ok();
  }
  for (const Record& record : records) {
    std::printf("%s  %-8s  %-7s  until %s  %s\n", record.serial.c_str(),
                std::string(name(record.kind)).c_str(), std::string(state_of(record, now_us)).c_str(),
                format_time(record.not_after_us).c_str(), record.name.c_str());
  }
  if (records.empty()) std::printf("nothing issued yet\n");
  return ok();
}

Result<void> crl(const std::string& folder, TimeUs now_us) {
  DFB_TRY(const Authority authority, Authority::open(folder));
  DFB_TRY_VOID(authority.refresh_crl(now_us, true));
  std::printf("%s  written anew\n", authority.crl_path().c_str());
  return ok();
}

}  // namespace dfb::certs
