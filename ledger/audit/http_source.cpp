#include <algorithm>
#include <chrono>
#include <thread>

#include "ledger/audit/source.h"

namespace dfb::audit {
namespace {

constexpr int kTries = 4;
constexpr long kPauseMs = 500;        // before the second try, then twice as long each time
constexpr long kRetryAfterMaxS = 10;  // an audit waits for a busy server, but not for hours

Error status_failure(const std::string& path, int status) {
  const std::string text = path + ": the server answered " + std::to_string(status);
  if (status == 404 || status == 410) return fail(Code::not_found, text);
  if (status == 401)
    return fail(Code::unauthenticated,
                text +
                    "; it wants the token that the town gives its auditors: --token FILE, or check "
                    "the hashes alone with --tree-only");
  if (status == 403)
    return fail(Code::forbidden, text + "; this token does not open it: ask the town for another");
  if (status == 429) return fail(Code::rate_limited, text);
  if (status == 503) return fail(Code::busy, text);
  return fail(Code::unreachable, text);
}

class HttpSource final : public Source {
 public:
  HttpSource(std::string url, fetch::Options options) : url_(std::move(url)), client_(std::move(options)) {}

  Result<std::string> read(const std::string& path, std::size_t bytes_max) override {
    long pause_ms = kPauseMs;
    for (int attempt = 1;; ++attempt, pause_ms *= 2) {
      long wait_ms = pause_ms;
      auto body = once(path, bytes_max, wait_ms);
      if (body || attempt == kTries || !is_passing(body.error().code)) return body;
      std::this_thread::sleep_for(std::chrono::milliseconds(wait_ms));
    }
  }

 private:
  static bool is_passing(Code code) {
    return code == Code::unreachable || code == Code::timed_out || code == Code::busy ||
           code == Code::rate_limited;
  }

  Result<std::string> once(const std::string& path, std::size_t bytes_max, long& wait_ms) {
    auto response = client_.get(url_ + "/" + path);
    if (!response) return fail(response.error().code, path + ": " + response.error().detail);
    if (response->retry_after_s > 0) wait_ms = std::min(response->retry_after_s, kRetryAfterMaxS) * 1000;
    if (response->status != 200) return status_failure(path, response->status);
    if (response->body.size() > bytes_max)
      return fail(Code::too_large, path + ": more than " + std::to_string(bytes_max) + " bytes");
    return std::move(response->body);
  }

  std::string url_;
  fetch::HttpClient client_;
};

}  // namespace

std::unique_ptr<Source> http_source(std::string url, fetch::Options options) {
  while (url.ends_with('/')) url.pop_back();
  return std::make_unique<HttpSource>(std::move(url), std::move(options));
}

}  // namespace dfb::audit
