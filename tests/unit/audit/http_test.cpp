// The auditor against a server: the log over HTTP, with and without a token, busy, broken.
#include <atomic>

#include "tests/support/tls_echo.h"
#include "tests/unit/audit/audited_town.h"

namespace dfb::audit {
namespace {

using namespace test;
using dfb::test::http_answer;
using dfb::test::SeenRequest;
using dfb::test::TlsEcho;

std::string path_of(const SeenRequest& seen) {
  const auto begin = seen.head.find(' ') + 1;
  return seen.head.substr(begin, seen.head.find(' ', begin) - begin);
}

// Serves a folder below /log/ as a town's server does; `first` may answer instead.
class LogServer {
 public:
  explicit LogServer(
      std::function<std::optional<std::string>(const std::string& path, const SeenRequest&)> first = {})
      : first_(std::move(first)),
        server_({false, "", {}, "", [this](const SeenRequest& seen) { return answer(seen); }}) {
    busy().write(folder_.path());
  }
  std::unique_ptr<Source> source(std::string token = {}) const {
    fetch::Options options;
    options.bearer_token = std::move(token);
    return http_source(server_.url("127.0.0.1") + "/log/", options);
  }

 private:
  std::optional<std::string> answer(const SeenRequest& seen) {
    const std::string path = path_of(seen);
    if (first_)
      if (auto answer = first_(path, seen)) return answer;
    const std::string file = path.starts_with("/log/") ? path.substr(5) : "none";
    if (!std::filesystem::is_regular_file(folder_.path(file))) return http_answer(404, "");
    return http_answer(200, folder_.read(file));
  }

  std::function<std::optional<std::string>(const std::string&, const SeenRequest&)> first_;
  TempFolder folder_;
  TlsEcho server_;
};

std::optional<std::string> closed_entries(const std::string& path, const SeenRequest& seen) {
  if (!path.starts_with("/log/tile/entries/")) return std::nullopt;
  if (seen.head.find("Bearer secret") != std::string::npos) return std::nullopt;
  return http_answer(401, "");
}

TEST(AuditHttp, AServedLogIsSound) {
  const LogServer server;
  const Report report = audit(*server.source(), plain_task());
  EXPECT_EQ(report.verdict, Verdict::sound) << lines(report);
  EXPECT_EQ(report.replayed, 300);
}

TEST(AuditHttp, EntriesWantTheToken) {
  const LogServer server(closed_entries);
  EXPECT_EQ(audit(*server.source("secret"), plain_task()).verdict, Verdict::sound);
  const Report report = audit(*server.source(), plain_task());
  EXPECT_EQ(report.verdict, Verdict::could_not_check);
  ASSERT_TRUE(report.could_not);
  EXPECT_EQ(report.could_not->code, Code::unauthenticated);
  EXPECT_NE(report.could_not->detail.find("--token"), std::string::npos);
}

TEST(AuditHttp, TheTreeWantsNoToken) {
  const LogServer server(closed_entries);
  Task task = plain_task();
  task.tree_only = true;
  EXPECT_EQ(audit(*server.source(), task).verdict, Verdict::sound);
}

TEST(AuditHttp, ABusyServerIsAskedAgain) {
  std::atomic<int> busy_answers = 2;
  const LogServer server([&](const std::string& path, const SeenRequest&) -> std::optional<std::string> {
    if (path != "/log/tile/0/000" || busy_answers-- <= 0) return std::nullopt;
    return http_answer(503, "");
  });
  EXPECT_EQ(audit(*server.source(), plain_task()).verdict, Verdict::sound);
}

TEST(AuditHttp, AnUnknownAddressCouldNotBeChecked) {
  const LogServer server;
  const auto elsewhere = http_source("http://127.0.0.1:1/log", {});
  const Report report = audit(*elsewhere, plain_task());
  EXPECT_EQ(report.verdict, Verdict::could_not_check);
  EXPECT_EQ(report.could_not->code, Code::unreachable);
}

}  // namespace
}  // namespace dfb::audit
