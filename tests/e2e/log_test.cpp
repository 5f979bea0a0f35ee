// The log from outside: the auditor over the URL, with and without the token; a stranger's client; one
// changed byte.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "ledger/base/bytes.h"
#include "ledger/log/tile.h"
#include "tests/e2e/live_town.h"

namespace dfb::e2e {
namespace {

using testing::HasSubstr;

// Some life after the founding, so that the checkpoint is the server's own.
void live(LiveTown& town) {
  const Till till = town.enrol_till(1);
  const Phone phone = town.resident(1);
  ASSERT_EQ(town.terminal(till, {"sale", "--code", town.pay_code(phone), "--points", "5", "--yes"}).status,
            0);
}

Finished stranger(const LiveTown& town, std::vector<std::string> more = {}) {
  more.insert(more.begin(), {DFB_STRANGER, "-log", town.url() + "/log", "-key", town.log_vkey_file(), "-ca",
                             town.path("ca.crt")});
  return demo::run(more);
}

TEST(Log, IsSoundOverTheUrl) {
  LiveTown town;
  live(town);
  const Finished audit = town.audit();
  EXPECT_EQ(audit.status, 0) << audit.out << audit.err;
  EXPECT_THAT(audit.out, HasSubstr("verdict: sound"));
}

TEST(Log, EntriesAreForAuditorsUnlessTheTownOpensThem) {
  LiveTown town({.open_entries = false, .more_config = ""});
  live(town);
  fetch::Options options;
  options.ca_file = town.path("ca.crt");
  const auto get = [&](const std::string& path, const std::string& token) {
    fetch::HttpClient http(options);
    http.set_bearer_token(token);
    return http.get(town.url() + path).value();
  };
  std::string token;
  std::ifstream(town.path("auditor.token")) >> token;
  std::string note = get("/log/checkpoint", "").body;
  const auto vkey = log::parse_vkey(town.facts().log_vkey).value();
  const std::int64_t size = log::open_checkpoint(note, vkey).value().size;
  ASSERT_LT(size, log::kTileWidth);
  const std::string tile = "/log/tile/0/000.p/" + std::to_string(size),
                    bundle = "/log/tile/entries/000.p/" + std::to_string(size);
  EXPECT_EQ(get(tile, "").status, 200) << "hashes are public";
  EXPECT_EQ(get(bundle, token).status, 200);
  for (const std::string& wrong : {std::string(), std::string("garbage"), token.substr(1), token + "x"}) {
    const auto refused = get(bundle, wrong);
    EXPECT_EQ(refused.status, 401) << wrong;
    EXPECT_EQ(refused.content_type, "application/problem+json");
    EXPECT_THAT(refused.body, HasSubstr("\"unauthenticated\""));
  }

  const Finished without = town.audit();
  EXPECT_EQ(without.status, 2) << without.out << without.err;
  EXPECT_THAT(without.out, HasSubstr("--token FILE"));
  EXPECT_THAT(without.err, testing::AllOf(HasSubstr("--token FILE"), HasSubstr("--tree-only")));
  EXPECT_EQ(town.audit({"--tree-only"}).status, 0) << "the tree needs no token";
  const Finished with = town.audit({"--token", town.path("auditor.token")});
  EXPECT_EQ(with.status, 0) << with.out << with.err;
  std::ofstream(town.path("garbage.token")) << "not a token at all\n";
  EXPECT_EQ(town.audit({"--token", town.path("garbage.token")}).status, 2);
}

TEST(Log, AStrangersClientVerifiesIt) {
  LiveTown town({.open_entries = false, .more_config = ""});
  live(town);
  const Finished sound = stranger(town, {"-token", town.path("auditor.token")});
  EXPECT_EQ(sound.status, 0) << sound.out << sound.err;
  EXPECT_THAT(sound.out, HasSubstr("the log is sound"));
  EXPECT_EQ(stranger(town).status, 1) << "without the token there are no entries to check";
}

TEST(Log, GrowsAndKeepsWhatItWas) {
  LiveTown town;
  Client nobody = town.client();
  std::ofstream(town.path("old-checkpoint")) << nobody.get_text("/log/checkpoint").value();
  live(town);
  const Finished grown = town.audit({"--checkpoint", town.path("old-checkpoint")});
  EXPECT_EQ(grown.status, 0) << grown.out << grown.err;
  LiveTown fork;  // the same founding, another history
  live(fork);
  std::ofstream(town.path("forked-checkpoint")) << fork.client().get_text("/log/checkpoint").value();
  const Finished forked = town.audit({"--checkpoint", town.path("forked-checkpoint")});
  EXPECT_EQ(forked.status, 1) << forked.out << forked.err;
}

TEST(Log, OneChangedByteOfACopyIsNamed) {
  LiveTown town;
  live(town);
  const std::string copy = town.path("copy");
  ASSERT_EQ(town.audit({"--save", copy}).status, 0);
  std::string bundle;
  for (const auto& file : std::filesystem::recursive_directory_iterator(copy + "/tile/entries"))
    if (file.is_regular_file()) bundle = file.path();
  std::fstream file(bundle, std::ios::in | std::ios::out | std::ios::binary);
  const std::string bytes(std::istreambuf_iterator<char>(file), {});
  const std::size_t at = bytes.find("\"points\":200000");
  ASSERT_NE(at, std::string::npos);
  std::size_t entry = 0;
  for (std::size_t end = 0; end <= at; ++entry) end += 2 + get_be(std::string_view(bytes).substr(end, 2));
  file.seekp(static_cast<std::streamoff>(at + 9));
  file.put('9');
  file.close();
  const Finished audit =
      demo::run({program("audit"), "--log", copy, "--key", town.log_vkey_file(), "--lang", "en", "--quiet"});
  EXPECT_EQ(audit.status, 1) << audit.out << audit.err;
  EXPECT_THAT(audit.out, HasSubstr("verdict: unsound"));
  EXPECT_THAT(audit.out, HasSubstr("entry " + std::to_string(entry - 1) + ": hash"));
}

}  // namespace
}  // namespace dfb::e2e
