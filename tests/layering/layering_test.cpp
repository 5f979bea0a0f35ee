#include "tests/layering/layering.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>

namespace dfb::layering {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::vector<Source>& the_house() {
  static const std::vector<Source> sources = read_sources(DFB_SOURCE_DIR);
  return sources;
}

TEST(Layering, NoArrowOfTheHouseRunsTheWrongWay) {
  EXPECT_GT(the_house().size(), 100U);
  EXPECT_THAT(violations(the_house()), IsEmpty());
}

TEST(Layering, EveryRowNamesARoomThatExists) {
  for (const Room& room : rooms()) {
    const std::string name(room.name);
    EXPECT_TRUE(std::any_of(the_house().begin(), the_house().end(), [&](const Source& source) {
      return source.path.starts_with(name + "/") || source.path == name + ".h";
    })) << name;
  }
}

TEST(Layering, TheTableHasNoCycle) {
  std::map<std::string_view, const Room*> by_name;
  for (const Room& room : rooms()) EXPECT_TRUE(by_name.emplace(room.name, &room).second) << room.name;
  // Depth of the room's longest way down; a cycle would be deeper than there are rooms.
  const std::function<void(const Room&, std::size_t)> walk = [&](const Room& room, std::size_t depth) {
    ASSERT_LE(depth, rooms().size()) << "a cycle through " << room.name;
    for (const std::string_view seen : room.sees) {
      ASSERT_TRUE(by_name.contains(seen)) << room.name << " sees " << seen << ", which has no row";
      walk(*by_name.at(seen), depth + 1);
      if (::testing::Test::HasFatalFailure()) return;
    }
  };
  for (const Room& room : rooms()) walk(room, 1);
}

// The house with one more line at the end of a file, or with one more file.
std::vector<std::string> with_planted(const std::string& path, const std::string& line) {
  std::vector<Source> sources = {{"ledger/base/result.h", ""},   {"ledger/book/apply.h", ""},
                                 {"ledger/log/note.h", ""},      {"ledger/store/store.h", ""},
                                 {"ledger/fetch/url.h", ""},     {"ledger/writer/writer.h", ""},
                                 {"api/http/server.h", ""},      {"api/routes/table.h", ""},
                                 {"api/programme/people.h", ""}, {"terminal/till/journal.h", ""}};
  const auto at =
      std::find_if(sources.begin(), sources.end(), [&](const Source& source) { return source.path == path; });
  Source& source = at == sources.end() ? sources.emplace_back(Source{path, ""}) : *at;
  source.text = "// A comment.\n" + line + "\n";
  return violations(sources);
}

TEST(Layering, APlantedBadArrowIsFound) {
  struct Case {
    std::string path, line, wrong;
  };
  const Case cases[] = {
      {"ledger/base/x.cpp", "#include \"ledger/book/apply.h\"",
       "ledger/base must not see ledger/book/apply.h"},
      {"ledger/book/apply.h", "#include \"ledger/store/store.h\"",
       "ledger/book must not see ledger/store/store.h"},
      {"ledger/log/x.cpp", "#include \"ledger/book/apply.h\"", "ledger/log must not see ledger/book/apply.h"},
      {"ledger/audit/x.cpp", "#include \"ledger/store/store.h\"",
       "ledger/audit must not see ledger/store/store.h"},
      {"ledger/audit/x.cpp", "#include \"ledger/writer/writer.h\"",
       "ledger/audit must not see ledger/writer/writer.h"},
      {"api/http/x.cpp", "#include \"ledger/book/apply.h\"", "api/http must not see ledger/book/apply.h"},
      {"api/programme/x.cpp", "#include \"api/http/server.h\"",
       "api/programme must not see api/http/server.h"},
      {"api/programme/x.cpp", "#include \"api/routes/table.h\"",
       "api/programme must not see api/routes/table.h"},
      {"terminal/till/x.cpp", "#include \"ledger/fetch/url.h\"",
       "terminal/till must not see ledger/fetch/url.h"},
      {"terminal/link/x.cpp", "#include \"ledger/writer/writer.h\"",
       "terminal/link must not see ledger/writer/writer.h"},
      {"terminal/counter/x.cpp", "#include \"api/http/server.h\"",
       "terminal/counter must not see api/http/server.h"},
      {"terminal/console.cpp", "#include \"api/http/server.h\"", "terminal must not see api/http/server.h"},
      {"terminal/kiosk/x.cpp", "#include \"ledger/writer/writer.h\"",
       "terminal/kiosk must not see ledger/writer/writer.h"},
      {"terminal/kiosk/x.cpp", "#include \"api/routes/table.h\"",
       "terminal/kiosk must not see api/routes/table.h"},
      {"terminal/kiosk/x.cpp", "#include <boost/beast/http.hpp>",
       "boost/beast/http.hpp is not for terminal/kiosk"},
      {"terminal/text.cpp", "#include \"terminal/till/journal.h\"",
       "terminal/text must not see terminal/till/journal.h"},
      {"certs/x.cpp", "#include \"api/http/server.h\"", "certs must not see api/http/server.h"},
      // The spelling does not hide it.
      {"ledger/base/x.cpp", "  #  include\t\"ledger/book/apply.h\"  // why",
       "ledger/base must not see ledger/book/apply.h"},
      {"ledger/base/x.cpp", "#include\"ledger/book/apply.h\"",
       "ledger/base must not see ledger/book/apply.h"},
      // Libraries.
      {"api/routes/x.cpp", "#include <boost/beast/http.hpp>", "boost/beast/http.hpp is not for api/routes"},
      {"terminal/link/x.cpp", "#include <boost/asio.hpp>", "boost/asio.hpp is not for terminal/link"},
      {"api/http/server.h", "#include <boost/asio/post.hpp>", "boost/asio/post.hpp is not for headers"},
      {"ledger/book/x.cpp", "#include <openssl/evp.h>", "openssl/evp.h is not for ledger/book"},
      {"api/programme/x.cpp", "#include <sqlite3.h>", "sqlite3.h is not for api/programme"},
      {"api/programme/x.cpp", "#include \"sqlite3.h\"", "sqlite3.h is not for api/programme"},
      {"ledger/audit/x.cpp", "#include <curl/curl.h>", "curl/curl.h is not for ledger/audit"},
      // Includes of ours.
      {"ledger/base/x.cpp", "#include \"result.h\"", "result.h is not written from the root"},
      {"ledger/base/x.cpp", "#include \"../base/result.h\"", "../base/result.h is not written from the root"},
      {"ledger/base/x.cpp", "#include \"tests/unit/x.h\"", "tests/unit/x.h is not written from the root"},
      {"ledger/base/x.cpp", "#include <ledger/base/result.h>",
       "ledger/base/result.h is ours and wants quotation marks"},
      {"ledger/base/x.cpp", "#include \"ledger/base/nothing.h\"", "ledger/base/nothing.h does not exist"},
      {"ledger/base/x.cpp", "#include \"ledger/book/../base/result.h\"",
       "ledger/book/../base/result.h does not exist"},
  };
  for (const Case& c : cases)
    EXPECT_THAT(with_planted(c.path, c.line), ElementsAre(c.path + ":2: " + c.wrong));
}

TEST(Layering, AFileInAFolderWithoutARowIsFound) {
  for (const std::string path : {"ledger/utils/x.h", "certs/inner/x.cpp", "ledger/x.cpp"})
    EXPECT_THAT(with_planted(path, ""),
                ElementsAre(path + ":1: lies in a folder without a row in layering.cpp"));
}

TEST(Layering, WhatIsAllowedIsNotFound) {
  const std::pair<std::string, std::string> cases[] = {
      {"ledger/book/x.cpp", "#include \"ledger/base/result.h\""},
      {"ledger/book/x.cpp", "#include \"ledger/book/apply.h\""},
      {"ledger/book/inner/x.cpp", "#include \"ledger/base/result.h\""},
      {"ledger/book/x.cpp", "#include <vector>"},
      {"ledger/book/x.cpp", "// #include \"ledger/store/store.h\""},
      {"ledger/book/x.cpp", "const char* text = \"#include\";"},
      {"api/http/x.cpp", "#include <boost/beast/http.hpp>"},
      {"api/routes/table.h", "#include \"api/http/server.h\""},
      {"terminal/main.cpp", "#include \"terminal/till/journal.h\""},
      {"terminal/kiosk/x.cpp", "#include \"api/http/server.h\""},
      {"ledger/store/x.cpp", "#include <sqlite3.h>"},
      {"ledger/fetch/x.cpp", "#include <curl/curl.h>"},
  };
  for (const auto& [path, line] : cases)
    EXPECT_THAT(with_planted(path, line), IsEmpty()) << path << " " << line;
}

}  // namespace
}  // namespace dfb::layering
