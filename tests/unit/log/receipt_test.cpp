#include "ledger/log/receipt.h"

#include "ledger/log/cosignature.h"
#include "ledger/log/merkle.h"
#include "tests/unit/log/note_vectors.h"

namespace dfb::log {
namespace {

using namespace test;

constexpr std::int64_t kSize = 300;

std::string entry_text(std::int64_t seq, std::string origin = "vectors.example/town") {
  return format_entry_text({std::move(origin),
                            seq,
                            1795484400000000,
                            R"({"v":1})",
                            "{}",
                            {{Hash::from(std::string(32, 'k')), std::string(64, 's')}}})
      .value();
}

Tree& entries() {
  static Tree tree = [] {
    Tree grown;
    for (std::int64_t i = 0; i < kSize; ++i) {
      if (i == 7)
        grown.append("not an entry\n");
      else if (i == 8)
        grown.append(entry_text(9));
      else if (i == 9)
        grown.append(entry_text(9, "vectors.example/village"));
      else
        grown.append(entry_text(i));
    }
    return grown;
  }();
  return tree;
}

Receipt receipt_for(std::int64_t index, std::int64_t size = kSize) {
  const Checkpoint checkpoint{"vectors.example/town", size, root(size, entries()).value()};
  return {index, inclusion_path(index, size, entries()).value(),
          parse_note(sign_checkpoint(checkpoint, golden_key("log_key_seed"))).value(), ""};
}

TEST(Receipt, GoldenProofsUnderGoldenCheckpoints) {
  const Vkey log = golden_vkey("vkey");
  int seen = 0;
  for (const auto& item : golden().at("signed").as_array()) {
    const auto size = item.at("size").to_number<std::int64_t>();
    for (const auto& proof : golden().at("inclusion").as_array()) {
      if (proof.at("size").to_number<std::int64_t>() != size) continue;
      const auto index = proof.at("index").to_number<std::int64_t>();
      std::string text = "c2sp.org/tlog-proof@v1\nindex " + std::to_string(index) + "\n";
      for (const auto& hash : proof.at("path").as_array()) text += text_of(hash) + "\n";
      text += "\n" + text_of(item.at("checkpoint")) + text_of(item.at("cosignature_line"));
      const Receipt receipt = parse_receipt(text).value();
      EXPECT_EQ(format_receipt(receipt), text);
      const auto checkpoint = verify(receipt, log, golden_entry(index));
      ASSERT_TRUE(checkpoint.has_value()) << index << " of " << size;
      EXPECT_EQ(checkpoint->size, size);
      EXPECT_TRUE(fails_with(verify(receipt, log, golden_entry(index) + "x"), Code::bad_path));
      const Vkey both[] = {log, golden_vkey("witness_vkey")};
      EXPECT_EQ(verify_note(receipt.checkpoint, both).value().size(), 2U);
      ++seen;
    }
  }
  EXPECT_GE(seen, 3);
}

TEST(Receipt, EveryEntryAtEverySizeIsProven) {
  const Vkey log = golden_vkey("vkey");
  for (const std::int64_t size : {1, 2, 3, 255, 256, 257, 300})
    for (const std::int64_t index : {std::int64_t{0}, size / 2, size - 1}) {
      if (index >= 7 && index <= 9) continue;
      const Receipt receipt = parse_receipt(format_receipt(receipt_for(index, size))).value();
      const auto entry = verify_entry(receipt, log, entry_text(index));
      ASSERT_TRUE(entry.has_value()) << index << " of " << size;
      EXPECT_EQ(entry->seq, index);
    }
}

TEST(Receipt, FailuresInTheirOrder) {
  const Vkey log = golden_vkey("vkey");
  const Receipt good = receipt_for(5);
  const std::string leaf = entry_text(5);

  Receipt bad = good;
  bad.checkpoint.signatures[0].name = "elsewhere.example";
  EXPECT_TRUE(fails_with(verify(bad, log, leaf), Code::unknown_key));
  bad = good;
  bad.checkpoint.signatures[0].bytes[0] ^= 1;
  EXPECT_TRUE(fails_with(verify(bad, log, leaf), Code::bad_signature));
  bad.path.clear();
  EXPECT_TRUE(fails_with(verify(bad, log, leaf), Code::bad_signature));  // before the path
  bad = good;
  bad.checkpoint.text = "hello\n";
  bad.checkpoint.signatures[0].bytes = golden_key("log_key_seed").sign("hello\n");
  EXPECT_TRUE(fails_with(verify(bad, log, leaf), Code::malformed));
  bad = good;
  bad.index = 6;
  EXPECT_TRUE(fails_with(verify(bad, log, leaf), Code::bad_path));
  bad.index = kSize;
  EXPECT_TRUE(fails_with(verify(bad, log, leaf), Code::bad_path));
  bad = good;
  bad.path.pop_back();
  EXPECT_TRUE(fails_with(verify(bad, log, leaf), Code::bad_path));
  for (std::size_t i = 0; i < good.path.size(); ++i) {
    bad = good;
    bad.path[i].bytes[31] ^= 1;
    EXPECT_TRUE(fails_with(verify(bad, log, leaf), Code::bad_path)) << i;
  }
}

TEST(Receipt, ALeafInTheLogThatIsNotTheEntryOfThatNumber) {
  const Vkey log = golden_vkey("vkey");
  const std::string leaves[] = {"not an entry\n", entry_text(9), entry_text(9, "vectors.example/village")};
  for (const std::int64_t index : {7, 8, 9}) {
    const std::string& leaf = leaves[index - 7];
    EXPECT_TRUE(verify(receipt_for(index), log, leaf).has_value()) << index;
    EXPECT_TRUE(fails_with(verify_entry(receipt_for(index), log, leaf), Code::wrong_entry)) << index;
  }
  EXPECT_TRUE(fails_with(verify_entry(receipt_for(5), log, entry_text(4)), Code::bad_path));
}

TEST(Receipt, TheExtraLineIsKeptAndNotAuthenticated) {
  Receipt receipt = receipt_for(5);
  receipt.extra = std::string("\x00\xff any", 6);
  const std::string text = format_receipt(receipt);
  EXPECT_NE(text.find("\nextra AP8gYW55\nindex 5\n"), std::string::npos);
  EXPECT_EQ(parse_receipt(text).value(), receipt);
  EXPECT_TRUE(verify_entry(receipt, golden_vkey("vkey"), entry_text(5)).has_value());
}

TEST(Receipt, MalformedTexts) {
  const std::string good = format_receipt(receipt_for(5));
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  const std::string hash = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
  const std::string note = format_note(receipt_for(5).checkpoint);
  const std::string head = "c2sp.org/tlog-proof@v1\n";
  std::string too_many = head + "index 5\n";
  for (std::size_t i = 0; i <= kInclusionPathMax; ++i) too_many += hash;
  const std::string cases[] = {
      "",
      head,
      head + "\n",
      head + "\n" + note,
      head + "index 5\n" + note,
      head + "index 5\n\n",
      head + "index 5\n\nhello\n",
      head + "index \n\n" + note,
      head + "index  5\n\n" + note,
      head + "index 05\n\n" + note,
      head + "index -5\n\n" + note,
      head + "index 9223372036854775808\n\n" + note,
      head + "Index 5\n\n" + note,
      head + hash + "index 5\n\n" + note,
      head + "index 5\nindex 5\n\n" + note,
      head + "index 5\nextra AA==\n\n" + note,
      head + "extra \nindex 5\n\n" + note,
      head + "extra AA\nindex 5\n\n" + note,
      head + "extra AA==\nextra AA==\nindex 5\n\n" + note,
      head + "extra AA==\n\n" + note,
      head + "index 5\nAA==\n\n" + note,
      head + "index 5\n" + hash.substr(0, 43) + "\n\n" + note,
      head + "index 5\n " + hash + "\n" + note,
      head + "index 5\n\n" + hash + "\n" + note.substr(0, 40),
      too_many + "\n" + note,
      with("@v1", "@v2"),
      with("c2sp", " c2sp"),
      with("\nindex", "\r\nindex"),
      good + "\n",
      good.substr(0, good.size() - 1),
  };
  for (const std::string& text : cases) EXPECT_TRUE(fails_with(parse_receipt(text), Code::malformed)) << text;
}

TEST(Receipt, TheLongestPathIsReadAndLargerTextsAreNot) {
  Receipt receipt = receipt_for(5);
  receipt.path.resize(kInclusionPathMax);
  EXPECT_EQ(parse_receipt(format_receipt(receipt)).value(), receipt);
  receipt.extra = std::string(2 * kNoteBytesMax, 'x');
  EXPECT_TRUE(fails_with(parse_receipt(format_receipt(receipt)), Code::too_large));
  receipt.extra.clear();
  receipt.checkpoint.text = std::string(kNoteBytesMax, 'x') + "\n";
  EXPECT_TRUE(fails_with(parse_receipt(format_receipt(receipt)), Code::too_large));
}

}  // namespace
}  // namespace dfb::log
