#include "api/witness/submission.h"

#include <gmock/gmock.h>

#include "ledger/base/encoding.h"
#include "tests/unit/witness/golden_log.h"

namespace dfb::witness {
namespace {

using namespace test;

std::string hash_line() { return base64_encode(std::string(32, 'h')) + "\n"; }
std::string repeated(const std::string& text, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += text;
  return out;
}

TEST(Submission, IsReadAsItIsWritten) {
  const std::string text = submission(65, 257);
  const auto read = parse_submission(text);
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->old_size, 65);
  EXPECT_EQ(read->path, path(65, 257));
  EXPECT_EQ(read->checkpoint, (log::Checkpoint{kLog, 257, golden_root(257)}));
  EXPECT_EQ(format_submission(read->old_size, read->path, log::format_note(read->note)), text);
}

TEST(Submission, TheSpecificationsOwnExampleIsRead) {
  const std::string text =
      "old 20852014\nPlRNCrwHpqhGrupue0L7gxbjbMiKA9temvuZZDDpkaw=\n"
      "jrJZDmY8Y7SyJE0MWLpLozkIVMSMZcD5kvuKxPC3swk=\n5+pKlUdi2LeF/BcMHBn+Ku6yhPGNCswZZD1X/6QgPd8=\n"
      "/6WVhPs2CwSsb5rYBH5cjHV/wSmA79abXAwhXw3Kj/0=\n\nexample.com/behind-the-sofa\n20852163\n"
      "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
      "\xe2\x80\x94 example.com/behind-the-sofa "
      "Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"
      "\xe2\x80\x94 example.com/behind-the-sofa "
      "opLqBQsREYCgu6xQkYQwJr9fo45a62DN9EdmHXnZdXNqlcVGlCum2Wks+49/V6267UEjw6QUXTS5Rovnzv++qbSzm9Q=\n";
  const auto read = parse_submission(text);
  ASSERT_TRUE(read) << to_string(read.error());
  EXPECT_EQ(read->old_size, 20852014);
  EXPECT_EQ(read->path.size(), 4U);
  EXPECT_EQ(read->checkpoint.size, 20852163);
  EXPECT_EQ(read->note.signatures.size(), 2U);
}

TEST(Submission, SixtyThreeProofLinesAreTheMost) {
  const std::string note = signed_note(5);
  EXPECT_TRUE(parse_submission("old 4\n" + repeated(hash_line(), 63) + "\n" + note));
  EXPECT_TRUE(
      fails_with(parse_submission("old 4\n" + repeated(hash_line(), 64) + "\n" + note), Code::malformed));
}

TEST(Submission, OtherFormsAreRefused) {
  const std::string note = signed_note(5), hash = hash_line();
  const std::string cut_hash = base64_encode(std::string(31, 'h')) + "\n";
  const std::vector<std::string> wrong = {
      "",
      "\n",
      "old 0",
      "old 0\n",
      "old 0\n\n",
      note,
      "\n" + note,
      "Old 0\n\n" + note,
      "old  0\n\n" + note,
      "old 00\n\n" + note,
      "old 01\n\n" + note,
      "old +1\n\n" + note,
      "old -1\n\n" + note,
      "old 1 \n\n" + note,
      "old \n\n" + note,
      "old 0x1\n\n" + note,
      "old 9223372036854775808\n\n" + note,
      "old 0\r\n\r\n" + note,
      "old 0\n" + note,
      "old 0\n\n\n" + note,
      "old 4\n" + cut_hash + "\n" + note,
      "old 4\n " + hash + "\n" + note,
      "old 4\n" + hash.substr(0, hash.size() - 2) + "\n\n" + note,
      "old 4\n" + hash + "\n" + note + "\n",
      "old 4\n\n" + note.substr(0, note.size() - 1),
      "old 4\n\n" + note.substr(0, note.find("\n\n") + 1),
      "old 4\n\nvectors.example/town\n5\n" + note.substr(note.find("\n\n")),
      "old 4\n\n" + std::string(note).replace(note.find("\n5\n"), 3, "\n05\n"),
      "old 4\n\n" + std::string(note).insert(note.find("\n\n") + 1, "an extension\n"),
  };
  for (const std::string& text : wrong)
    EXPECT_TRUE(fails_with(parse_submission(text), Code::malformed)) << text;
  EXPECT_TRUE(
      fails_with(parse_submission("old 0\n\n" + std::string(kSubmissionBytesMax, 'x')), Code::too_large));
}

}  // namespace
}  // namespace dfb::witness
