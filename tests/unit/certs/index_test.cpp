#include "certs/index.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/temp_folder.h"

namespace dfb::certs {
namespace {

const std::string kFirst(32, 'a'), kSecond(32, 'b');

class CaDb : public ::testing::Test {
 protected:
  void SetUp() override {
    Index index = Index::create(path_).value();
    index.add_issued({kFirst, Kind::terminal, 1000, "shop 一", 0}).value();
    index.add_issued({kSecond, Kind::server, 2000, "web", 0}).value();
    index.add_revoked(kFirst, 500).value();
  }
  test::TempFolder folder_;
  std::string path_ = folder_.path("ca.db");
};

TEST_F(CaDb, ReadsBackWhatWasWritten) {
  EXPECT_EQ(folder_.read("ca.db"), "defenbao/ca/v1\nissued " + kFirst + " terminal 1000 shop 一\nissued " +
                                       kSecond + " server 2000 web\nrevoked " + kFirst + " 500\n");
  const Index index = Index::open(path_).value();
  ASSERT_EQ(index.records().size(), 2U);
  EXPECT_EQ(index.find(kFirst)->name, "shop 一");
  EXPECT_EQ(index.find(kFirst)->kind, Kind::terminal);
  EXPECT_EQ(index.find(kFirst)->not_after_us, 1000);
  EXPECT_EQ(index.find(kFirst)->revoked_us, 500);
  EXPECT_EQ(index.find(kSecond)->revoked_us, 0);
  EXPECT_EQ(index.find(std::string(32, 'c')), nullptr);
  EXPECT_EQ(Index::create(path_).error().code, Code::io_error);
}

TEST_F(CaDb, ATornLastLineIsCutOff) {
  const std::string whole = folder_.read("ca.db");
  const std::string last = "issued " + std::string(32, 'c') + " server 3000 torn\n";
  for (std::size_t size = 0; size < last.size(); ++size) {
    folder_.write("ca.db", whole + last.substr(0, size));
    Index index = Index::open(path_).value();
    EXPECT_EQ(index.records().size(), 2U) << size;
    EXPECT_EQ(folder_.read("ca.db"), whole) << size;
    index.add_issued({std::string(32, 'd'), Kind::server, 3000, "next", 0}).value();
    EXPECT_EQ(folder_.read("ca.db"), whole + "issued " + std::string(32, 'd') + " server 3000 next\n");
  }
  folder_.write("ca.db", whole + last);
  EXPECT_EQ(Index::open(path_).value().records().size(), 3U);
}

TEST_F(CaDb, AnyOtherBrokenLineIsNamed) {
  const std::string whole = folder_.read("ca.db");
  for (const std::string& bad :
       {std::string("\n"), std::string("x\n"), "issued " + kFirst + " server 1 twice\n",
        "revoked " + kFirst + " 600\n", "revoked " + std::string(32, 'c') + " 5\n",
        "issued " + std::string(32, 'c') + " printer 1 x\n",
        "issued " + std::string(32, 'C') + " server 1 x\n",
        "issued " + std::string(32, 'c') + " server x x\n", "issued " + std::string(32, 'c') + " server 1\n",
        "revoked " + kSecond + " 0\n", "revoked " + kSecond + " 5 6\n"}) {
    folder_.write("ca.db", whole + bad);
    const Result<Index> index = Index::open(path_);
    ASSERT_FALSE(index.has_value()) << bad;
    EXPECT_EQ(index.error().code, Code::corrupt);
    EXPECT_THAT(index.error().detail, ::testing::HasSubstr("line 5 is broken")) << bad;
  }
  for (const char* bad : {"", "defenbao/ca/v1", "defenbao/ca/v2\n"}) {
    folder_.write("ca.db", bad);
    EXPECT_EQ(Index::open(path_).error().code, Code::corrupt) << bad;
  }
}

}  // namespace
}  // namespace dfb::certs
