#include "terminal/setup.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>

#include "ledger/base/encoding.h"

namespace dfb::terminal {
namespace {

constexpr std::size_t kFileMax = 1'000'000;

Error io_failure(const std::string& path) { return fail(Code::io_error, path + ": " + std::strerror(errno)); }

bool write_and_sync(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t put = ::write(fd, content.data(), content.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(put));
  }
  return ::fsync(fd) == 0;
}

}  // namespace

Result<Setup> parse_setup(std::string_view text) {
  boost::system::error_code error;
  const auto value = boost::json::parse({text.data(), text.size()}, error);
  if (error || !value.is_object()) return fail(Code::malformed, "not a JSON object");
  std::string missing;
  const auto field = [&](const char* name) {
    const auto* found = value.get_object().if_contains(name);
    if (found != nullptr && found->is_string()) return std::string(found->get_string().c_str());
    missing = name;
    return std::string();
  };
  Setup setup;
  setup.server = field("server");
  setup.terminal_url = field("terminal_url");
  setup.origin = field("origin");
  setup.log_vkey = field("log_vkey");
  setup.name_zh = field("name_zh");
  setup.name_en = field("name_en");
  const auto shop = book::parse_account(field("shop"));
  const auto till = parse_hash_text(field("till"));
  if (!shop) missing = "shop";
  if (!till) missing = "till";
  if (!missing.empty()) return fail(Code::malformed, "`" + missing + "` is missing or wrong");
  setup.shop = shop.value();
  setup.till = till.value();
  return setup;
}

std::string format_setup(const Setup& setup) {
  boost::json::object object;
  object["server"] = setup.server;
  object["terminal_url"] = setup.terminal_url;
  object["origin"] = setup.origin;
  object["log_vkey"] = setup.log_vkey;
  object["shop"] = to_string(setup.shop);
  object["till"] = hash_text(setup.till);
  object["name_zh"] = setup.name_zh;
  object["name_en"] = setup.name_en;
  return boost::json::serialize(object) + "\n";
}

Result<Setup> load_setup(const Folder& folder) {
  if (::access(folder.setup().c_str(), F_OK) != 0)
    return fail(Code::bad_config, folder.path +
                                      " is not an enrolled terminal's folder; run: defenbao-terminal enrol " +
                                      "--server URL --ca ca.crt --dir " + folder.path + " --code CODE");
  DFB_TRY(const std::string text, read_file(folder.setup()));
  auto setup = parse_setup(text);
  if (!setup)
    return fail(Code::bad_config,
                folder.setup() + ": " + setup.error().detail + "; enrol anew in an empty folder");
  return setup;
}

Result<std::string> terminal_url_of(std::string_view server) {
  const std::size_t colon = server.rfind(':');
  const auto bad = [&] {
    return fail(Code::bad_config, "--server " + std::string(server) + ": https://HOST:PORT is wanted");
  };
  if (!server.starts_with("https://") || colon == server.npos || colon < 9) return bad();
  const auto port = parse_decimal(server.substr(colon + 1));
  if (!port || port.value() < 1 || port.value() > 65534) return bad();
  return std::string(server.substr(0, colon + 1)) + std::to_string(port.value() + 1);
}

Result<std::string> read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return io_failure(path);
  std::string content(kFileMax + 1, '\0');
  in.read(content.data(), static_cast<std::streamsize>(content.size()));
  if (in.bad()) return io_failure(path);
  content.resize(static_cast<std::size_t>(in.gcount()));
  if (content.size() > kFileMax) return fail(Code::too_large, path + ": larger than 1 MB");
  return content;
}

Result<void> write_file(const std::string& path, std::string_view content) {
  const std::string fresh = path + ".new";
  const int fd = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) return io_failure(fresh);
  const bool written = write_and_sync(fd, content);
  const Error error = io_failure(fresh);
  ::close(fd);
  if (!written) return error;
  if (::rename(fresh.c_str(), path.c_str()) != 0) return io_failure(path);
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == path.npos ? "." : path.substr(0, slash + 1);
  const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  const bool synced = directory >= 0 && ::fsync(directory) == 0;
  if (directory >= 0) ::close(directory);
  return synced ? ok() : Result<void>(io_failure(folder));
}

}  // namespace dfb::terminal
