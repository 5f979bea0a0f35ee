#include "ledger/fetch/http_client.h"

#include <curl/curl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "ledger/base/check.h"
#include "ledger/crypto/keys.h"
#include "ledger/fetch/explain.h"
#include "ledger/fetch/url.h"

namespace dfb::fetch {
namespace {

constexpr std::size_t kHeaderBytesMax = 64 * 1024;

struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
using Headers = std::unique_ptr<curl_slist, FreeList>;

void start_libcurl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  DFB_CHECK(started == CURLE_OK);
}

template <class T>
void set(CURL* easy, CURLoption option, T value) {
  DFB_CHECK(curl_easy_setopt(easy, option, value) == CURLE_OK);
}

// What one exchange gathers, bounded.
struct Gathered {
  std::string body;
  std::size_t body_bytes_max = 0;
  std::size_t header_bytes = 0;
  bool too_large = false;
};

std::size_t on_body(char* data, std::size_t, std::size_t size, void* to) noexcept {
  auto& gathered = *static_cast<Gathered*>(to);
  gathered.too_large = size > gathered.body_bytes_max - gathered.body.size();
  if (gathered.too_large) return 0;
  gathered.body.append(data, size);
  return size;
}

std::size_t on_header(char*, std::size_t, std::size_t size, void* to) noexcept {
  auto& gathered = *static_cast<Gathered*>(to);
  gathered.header_bytes += size;
  gathered.too_large = gathered.header_bytes > kHeaderBytesMax;
  return gathered.too_large ? 0 : size;
}

// libcurl's own count of what it sent starts again when it repeats a request, so each departure is counted here.
int on_event(CURL*, curl_infotype what, char*, std::size_t, void* to) noexcept {
  if (what == CURLINFO_HEADER_OUT) ++*static_cast<int*>(to);
  return 0;
}

// A line break inside a header would be a second header.
bool one_line(const std::string& text) {
  return std::all_of(text.begin(), text.end(), [](unsigned char c) { return c >= 0x20 && c != 0x7f; });
}

Headers add(Headers headers, const std::string& line) {
  curl_slist* longer = curl_slist_append(headers.get(), line.c_str());
  DFB_CHECK(longer != nullptr);
  headers.release();
  return Headers(longer);
}

Result<void> readable(const std::string& path) {
  if (::access(path.c_str(), R_OK) == 0) return ok();
  return fail(Code::bad_config, path + ": " + std::strerror(errno));
}

}  // namespace

struct HttpClient::State {
  struct FreeEasy {
    void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
  };
  Options options;
  std::unique_ptr<CURL, FreeEasy> easy;
  std::array<char, CURL_ERROR_SIZE> text{};
  bool files_checked = false;

  Result<void> check_files();
  void apply(const Target& target);
  void method(const std::string& method, const std::string& body);
  Result<Headers> headers(const std::string& content_type);
};

// Before the first exchange, so that a missing file is not reported as trouble with the network.
Result<void> HttpClient::State::check_files() {
  if (files_checked) return ok();
  if (options.cert_file.empty() != options.key_file.empty())
    return fail(Code::bad_config, "a client certificate and its key come together; one of them is missing");
  if (!options.ca_file.empty()) DFB_TRY_VOID(readable(options.ca_file));
  if (!options.cert_file.empty()) {
    DFB_TRY_VOID(readable(options.cert_file));
    const Result<PrivateKey> key = load_private_key(options.key_file);
    if (!key.has_value()) return fail(Code::bad_config, key.error().detail);
  }
  files_checked = true;
  return ok();
}

void HttpClient::State::apply(const Target& target) {
  CURL* handle = easy.get();
  curl_easy_reset(handle);  // keeps connections and TLS sessions
  text[0] = '\0';
  set(handle, CURLOPT_ERRORBUFFER, text.data());
  set(handle, CURLOPT_URL, target.url.c_str());
  set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
  set(handle, CURLOPT_NOSIGNAL, 1L);
  set(handle, CURLOPT_FOLLOWLOCATION, 0L);  // a redirect could carry the token elsewhere
  set(handle, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
  set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
  set(handle, CURLOPT_CONNECTTIMEOUT_MS, options.connect_timeout_ms);
  set(handle, CURLOPT_TIMEOUT_MS, options.timeout_ms);
  set(handle, CURLOPT_USERAGENT, "defenbao");
  if (target.loopback) set(handle, CURLOPT_NOPROXY, "*");
  if (!options.ca_file.empty()) {
    set(handle, CURLOPT_CAINFO, options.ca_file.c_str());
    set(handle, CURLOPT_CAPATH, static_cast<char*>(nullptr));  // else the system's authorities count as well
  }
  if (!options.cert_file.empty()) {
    set(handle, CURLOPT_SSLCERT, options.cert_file.c_str());
    set(handle, CURLOPT_SSLKEY, options.key_file.c_str());
  }
}

void HttpClient::State::method(const std::string& method, const std::string& body) {
  CURL* handle = easy.get();
  if (method == "HEAD") {
    set(handle, CURLOPT_NOBODY, 1L);
  } else if (method == "GET" && body.empty()) {
    set(handle, CURLOPT_HTTPGET, 1L);
  } else if (method == "POST" || !body.empty()) {
    set(handle, CURLOPT_POST, 1L);
    set(handle, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
    set(handle, CURLOPT_POSTFIELDS, body.data());
  }
  if (method != "GET" && method != "HEAD" && method != "POST")
    set(handle, CURLOPT_CUSTOMREQUEST, method.c_str());
}

Result<Headers> HttpClient::State::headers(const std::string& content_type) {
  if (!one_line(content_type) || !one_line(options.bearer_token))
    return fail(Code::bad_config, "a token or content type holds a line break or another control character");
  Headers list = add(nullptr, "Expect:");  // one round trip less
  list = add(std::move(list), content_type.empty() ? "Content-Type:" : "Content-Type: " + content_type);
  if (!options.bearer_token.empty())
    list = add(std::move(list), "Authorization: Bearer " + options.bearer_token);
  return list;
}

HttpClient::HttpClient(Options options) : state_(std::make_unique<State>()) {
  start_libcurl();
  state_->options = std::move(options);
  state_->easy.reset(curl_easy_init());
  DFB_CHECK(state_->easy != nullptr);
}
HttpClient::~HttpClient() = default;
HttpClient::HttpClient(HttpClient&&) noexcept = default;
HttpClient& HttpClient::operator=(HttpClient&&) noexcept = default;

Result<Response> HttpClient::get(const std::string& url) { return send("GET", url, "", ""); }

Result<Response> HttpClient::post(const std::string& url, const std::string& content_type,
                                  const std::string& body) {
  return send("POST", url, content_type, body);
}

Result<Response> HttpClient::send(const std::string& method, const std::string& url,
                                  const std::string& content_type, const std::string& body) {
  DFB_TRY(const Target target, parse_target(url));
  DFB_TRY_VOID(state_->check_files());
  DFB_TRY(const Headers headers, state_->headers(content_type));
  CURL* easy = state_->easy.get();
  state_->apply(target);
  state_->method(method, body);
  Gathered gathered;
  gathered.body_bytes_max = state_->options.body_bytes_max;
  set(easy, CURLOPT_HTTPHEADER, headers.get());
  set(easy, CURLOPT_WRITEFUNCTION, &on_body);
  set(easy, CURLOPT_WRITEDATA, static_cast<void*>(&gathered));
  set(easy, CURLOPT_HEADERFUNCTION, &on_header);
  set(easy, CURLOPT_HEADERDATA, static_cast<void*>(&gathered));

  int request_sends = 0;
  set(easy, CURLOPT_DEBUGFUNCTION, &on_event);
  set(easy, CURLOPT_DEBUGDATA, static_cast<void*>(&request_sends));
  set(easy, CURLOPT_VERBOSE, 1L);

  const CURLcode code = curl_easy_perform(easy);
  if (code != CURLE_OK) {
    Failure failure{code, state_->text.data(), 0, request_sends, gathered.too_large};
    curl_easy_getinfo(easy, CURLINFO_SSL_VERIFYRESULT, &failure.verify_result);
    return explain(failure, target, state_->options);
  }
  Response response;
  long status = 0;
  const char* type = nullptr;
  curl_off_t retry_after_s = 0;
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(easy, CURLINFO_CONTENT_TYPE, &type);
  curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &retry_after_s);
  response.status = static_cast<int>(status);
  response.content_type = type == nullptr ? "" : type;
  response.body = std::move(gathered.body);
  response.retry_after_s = static_cast<long>(std::clamp<curl_off_t>(retry_after_s, 0, 86'400));
  return response;
}

void HttpClient::set_bearer_token(std::string token) { state_->options.bearer_token = std::move(token); }
void HttpClient::set_timeout_ms(long timeout_ms) { state_->options.timeout_ms = timeout_ms; }

}  // namespace dfb::fetch
