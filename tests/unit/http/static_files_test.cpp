#include "api/http/static_files.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/unit/http/tls_peer.h"

namespace dfb::http {
namespace {

using test::Folder;
using test::write_file;

std::string header(const Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return value;
  }
  return {};
}

class StaticFilesTest : public ::testing::Test {
 protected:
  StaticFilesTest() {
    write_file(folder_ / "pages/index.html", "<p>余额</p>");
    write_file(folder_ / "pages/app.js", "let x;");
    write_file(folder_ / "pages/assets/app-1f3a.css", "p{}");
    write_file(folder_ / "pages/admin/index.html", "admin");
    write_file(folder_ / "pages/.hidden", "no");
    write_file(folder_ / "secret.txt", "no");
    std::filesystem::create_directory(folder_ / "pages/empty");
    std::filesystem::create_symlink(folder_ / "secret.txt", folder_ / "pages/link.txt");
    std::filesystem::create_symlink("../secret.txt", folder_ / "pages/relative.txt");
    std::filesystem::create_directory_symlink(folder_.path(), folder_ / "pages/up");
    ::mkfifo((folder_ / "pages/fifo").c_str(), 0600);
  }
  Response get(std::string_view path, const std::string& if_none_match = "") {
    Request request;
    request.method = "GET";
    if (!if_none_match.empty()) request.headers.emplace_back("if-none-match", if_none_match);
    StaticOptions options;
    options.directory = folder_ / "pages";
    return StaticFiles::open(options).value().serve(request, path);
  }
  Folder folder_;
};

TEST_F(StaticFilesTest, ServesFiles) {
  const Response index = get("");
  EXPECT_EQ(index.status, 200);
  EXPECT_EQ(index.body, "<p>余额</p>");
  EXPECT_EQ(index.content_type, "text/html; charset=utf-8");
  EXPECT_EQ(header(index, "Cache-Control"), "no-cache");
  EXPECT_NE(header(index, "Content-Security-Policy").find("default-src 'self'"), std::string::npos);
  EXPECT_EQ(get("app.js").content_type, "text/javascript; charset=utf-8");
  EXPECT_EQ(get("admin/").body, "admin");
  EXPECT_NE(header(get("assets/app-1f3a.css"), "Cache-Control").find("immutable"), std::string::npos);
}

TEST_F(StaticFilesTest, RevalidatesByETag) {
  const std::string tag = header(get("app.js"), "ETag");
  ASSERT_FALSE(tag.empty());
  const Response same = get("app.js", "\"other\", W/" + tag);
  EXPECT_EQ(same.status, 304);
  EXPECT_TRUE(same.body.empty());
  write_file(folder_ / "pages/app.js", "let yy;");
  const Response changed = get("app.js", tag);
  EXPECT_EQ(changed.status, 200);
  EXPECT_EQ(changed.body, "let yy;");
}

TEST_F(StaticFilesTest, FolderWithoutItsSlashIsRedirected) {
  const Response response = get("admin");
  EXPECT_EQ(response.status, 308);
  EXPECT_EQ(header(response, "Location"), "./admin/");
}

TEST_F(StaticFilesTest, NothingOutsideOrHiddenIsServed) {
  using std::string_literals::operator""s;
  for (const std::string& path : {"../secret.txt"s,
                                  "./index.html"s,
                                  "admin/../index.html"s,
                                  "admin/../../secret.txt"s,
                                  ".hidden"s,
                                  "link.txt"s,
                                  "relative.txt"s,
                                  "up/secret.txt"s,
                                  "up/pages/index.html"s,
                                  "/etc/passwd"s,
                                  "//etc/passwd"s,
                                  "app.js/"s,
                                  "app.js/x"s,
                                  "empty/"s,
                                  "fifo"s,
                                  "index.html\0.png"s,
                                  "..\\secret.txt"s,
                                  "none.html"s,
                                  "admin//index.html"s,
                                  std::string(5000, 'a')}) {
    const Response response = get(path);
    EXPECT_EQ(response.status, 404) << path;
    EXPECT_NE(response.body, "no") << path;
  }
}

TEST_F(StaticFilesTest, MissingFolderIsBadConfig) {
  StaticOptions options;
  options.directory = folder_ / "none";
  const auto opened = StaticFiles::open(options);
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Code::bad_config);
  EXPECT_NE(opened.error().detail.find(options.directory), std::string::npos);
}

}  // namespace
}  // namespace dfb::http
