#include "api/http/static_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <optional>

#include "api/http/problem.h"

namespace dfb::http {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }
  bool valid() const { return fd_ >= 0; }

 private:
  int fd_;
};

constexpr int kFlags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK;

bool is_allowed(std::string_view segment) {
  return !segment.empty() && segment.front() != '.' &&
         segment.find_first_of(std::string_view("\0/\\", 3)) == std::string_view::npos;
}

// The file or folder at `path` below `directory`; invalid if any segment is hidden, a link or missing.
Descriptor open_below(const std::string& directory, std::string_view path) {
  Descriptor at(::open(directory.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
  while (at.valid()) {
    const std::size_t slash = path.find('/');
    const std::string_view segment = path.substr(0, slash);
    if (!is_allowed(segment)) return Descriptor();
    const bool last = slash == std::string_view::npos;
    at = Descriptor(::openat(at.get(), std::string(segment).c_str(), last ? kFlags : kFlags | O_DIRECTORY));
    if (last) return at;
    path.remove_prefix(slash + 1);
  }
  return Descriptor();
}

std::optional<std::string> read_all(int fd, std::size_t size) {
  std::string content(size, '\0');
  std::size_t got = 0;
  while (got < size) {
    const ssize_t count = ::read(fd, content.data() + got, size - got);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return std::nullopt;  // a file that shrinks under our hands is not served half
    got += static_cast<std::size_t>(count);
  }
  return content;
}

std::string etag_of(const struct stat& info) {
  char text[80];
  std::snprintf(text, sizeof text, "\"%llx-%llx-%llx\"", static_cast<unsigned long long>(info.st_ino),
                static_cast<unsigned long long>(info.st_size),
                static_cast<unsigned long long>(info.st_mtim.tv_sec) * 1'000'000'000 +
                    static_cast<unsigned long long>(info.st_mtim.tv_nsec));
  return text;
}

// If-None-Match: * or a list of tags, weak or not.
bool holds(std::string_view if_none_match, const std::string& etag) {
  return if_none_match == "*" || if_none_match.find(etag) != std::string_view::npos;
}

Response not_found() { return problem(fail(Code::not_found, "there is no such page or file")); }

Response to_folder(std::string_view path) {
  const std::string_view last = path.substr(path.rfind('/') + 1);
  const auto plain = [](unsigned char c) { return std::isalnum(c) || c == '-' || c == '_' || c == '.'; };
  if (!std::all_of(last.begin(), last.end(), plain)) return not_found();
  Response response{308, "", "", {}};
  response.headers.emplace_back("Location", "./" + std::string(last) + "/");
  return response;
}

}  // namespace

std::string_view content_type_of(std::string_view file_name) {
  constexpr std::pair<std::string_view, std::string_view> kTypes[] = {
      {"html", "text/html; charset=utf-8"},
      {"js", "text/javascript; charset=utf-8"},
      {"mjs", "text/javascript; charset=utf-8"},
      {"css", "text/css; charset=utf-8"},
      {"json", "application/json"},
      {"webmanifest", "application/manifest+json"},
      {"svg", "image/svg+xml"},
      {"png", "image/png"},
      {"jpg", "image/jpeg"},
      {"jpeg", "image/jpeg"},
      {"webp", "image/webp"},
      {"ico", "image/x-icon"},
      {"woff2", "font/woff2"},
      {"wasm", "application/wasm"},
      {"txt", "text/plain; charset=utf-8"},
      {"md", "text/markdown; charset=utf-8"},
      {"pdf", "application/pdf"},
      {"mp3", "audio/mpeg"},
  };
  const std::size_t dot = file_name.rfind('.');
  if (dot != std::string_view::npos) {
    for (const auto& [extension, type] : kTypes) {
      if (file_name.substr(dot + 1) == extension) return type;
    }
  }
  return "application/octet-stream";
}

Result<StaticFiles> StaticFiles::open(StaticOptions options) {
  const Descriptor folder(::open(options.directory.c_str(), O_RDONLY | O_CLOEXEC | O_DIRECTORY));
  if (!folder.valid()) {
    return fail(Code::bad_config, "the folder of pages " + options.directory + ": " + std::strerror(errno));
  }
  return StaticFiles(std::move(options));
}

Response StaticFiles::serve(const Request& request, std::string_view path) const {
  std::string file(path);
  if (file.empty() || file.back() == '/') file += "index.html";
  const Descriptor opened = open_below(options_.directory, file);
  struct stat info {};
  if (!opened.valid() || ::fstat(opened.get(), &info) != 0) return not_found();
  if (S_ISDIR(info.st_mode)) return to_folder(path);
  if (!S_ISREG(info.st_mode)) return not_found();
  if (static_cast<std::size_t>(info.st_size) > options_.file_bytes_max) return not_found();

  Response response;
  response.content_type = content_type_of(file);
  const std::string etag = etag_of(info);
  const bool immutable = file.rfind("assets/", 0) == 0;
  response.headers = {
      {"ETag", etag},
      {"Cache-Control", immutable ? "public, max-age=31536000, immutable" : "no-cache"},
      {"Content-Security-Policy", options_.content_security_policy},
      {"Permissions-Policy", options_.permissions_policy},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
  };
  if (holds(request.header("if-none-match"), etag)) {
    response.status = 304;
    return response;
  }
  auto content = read_all(opened.get(), static_cast<std::size_t>(info.st_size));
  if (!content) return problem(fail(Code::io_error, "reading " + file));
  response.body = std::move(*content);
  return response;
}

}  // namespace dfb::http
