#include "ledger/log/entry_text.h"

#include "ledger/log/tile.h"
#include "tests/unit/log/note_vectors.h"

namespace dfb::log {
namespace {

using namespace test;

KeySignature signature(char key, char bytes) {
  return {Hash::from(std::string(32, key)), std::string(64, bytes)};
}

EntryText example() {
  return {"bq.example/points", 17, 1795484400000000, R"({"v":1})", "{}", {signature('k', 's')}};
}

std::string line(const KeySignature& of) {
  return "\xe2\x80\x94 " + hash_text(of.key) + " " +
         base64_encode(std::string(of.key.view().substr(0, 4)) + of.bytes) + "\n";
}

TEST(EntryText, IsTheTextOfTheFormat) {
  const std::string text =
      "defenbao/entry/v1\n"
      "bq.example/points\n"
      "17 1795484400000000\n"
      "{\"v\":1}\n"
      "{}\n"
      "\n"
      "\xe2\x80\x94 a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s "
      "a2tra3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3Nzc3M=\n";
  EXPECT_EQ(format_entry_text(example()).value(), text);
  EXPECT_EQ(parse_entry_text(text).value(), example());
}

TEST(EntryText, KeepsTheOrderOfUpToSixteenSignatures) {
  EntryText entry = example();
  entry.signatures.clear();
  for (char c = 'p'; c > 'p' - 16; --c) entry.signatures.push_back(signature(c, c));
  const std::string text = format_entry_text(entry).value();
  EXPECT_EQ(parse_entry_text(text).value(), entry);
  entry.signatures.push_back(signature('z', 'z'));
  EXPECT_TRUE(fails_with(format_entry_text(entry), Code::malformed));
  EXPECT_TRUE(fails_with(parse_entry_text(text + line(signature('z', 'z'))), Code::malformed));
}

TEST(EntryText, AValueThatHasNoText) {
  const auto refused = [](auto change) {
    EntryText entry = example();
    change(entry);
    return fails_with(format_entry_text(entry), Code::malformed);
  };
  EXPECT_TRUE(refused([](EntryText& e) { e.origin = ""; }));
  EXPECT_TRUE(refused([](EntryText& e) { e.origin = "a b"; }));
  EXPECT_TRUE(refused([](EntryText& e) { e.origin = "a\n0 0"; }));
  EXPECT_TRUE(refused([](EntryText& e) { e.seq = -1; }));
  EXPECT_TRUE(refused([](EntryText& e) { e.time_us = -1; }));
  EXPECT_TRUE(refused([](EntryText& e) { e.payload = ""; }));
  EXPECT_TRUE(refused([](EntryText& e) { e.payload = "{}\n{}"; }));
  EXPECT_TRUE(refused([](EntryText& e) { e.payload = "\x7f"; }));
  EXPECT_TRUE(refused([](EntryText& e) { e.payload = "\xe5\xbe\xb7"; }));
  EXPECT_TRUE(refused([](EntryText& e) { e.outcome = ""; }));
  EXPECT_TRUE(refused([](EntryText& e) { e.outcome = "\t"; }));
  EXPECT_TRUE(refused([](EntryText& e) { e.signatures.clear(); }));
  EXPECT_TRUE(refused([](EntryText& e) { e.signatures[0].bytes.pop_back(); }));
  EXPECT_TRUE(refused([](EntryText& e) { e.signatures[0].bytes += 's'; }));
  EXPECT_TRUE(refused([](EntryText& e) { e.signatures.push_back(signature('k', 't')); }));
}

TEST(EntryText, TheLongestEntryFitsALeafExactly) {
  EntryText entry = example();
  entry.payload += std::string(kEntryBytesMax - format_entry_text(entry).value().size(), ' ');
  const std::string text = format_entry_text(entry).value();
  EXPECT_EQ(text.size(), kEntryBytesMax);
  EXPECT_EQ(parse_entry_text(text).value(), entry);
  entry.payload += ' ';
  EXPECT_TRUE(fails_with(format_entry_text(entry), Code::too_large));
  EXPECT_TRUE(fails_with(parse_entry_text(text + " "), Code::too_large));
}

TEST(EntryText, MalformedTexts) {
  const std::string good = format_entry_text(example()).value();
  const auto with = [&](std::string_view from, std::string_view to) {
    std::string text = good;
    text.replace(text.find(from), from.size(), to);
    return text;
  };
  const std::string last = line(signature('k', 's'));
  const std::string cases[] = {
      "",
      "\n",
      with("/v1", "/v2"),
      with("defenbao", " defenbao"),
      with("bq.example/points\n", ""),
      with("bq.example/points", ""),
      with("bq.example/points", "bq example"),
      with("17 ", ""),
      with("17 ", "17  "),
      with("17 ", "017 "),
      with("17 ", "-17 "),
      with("17 ", "17"),
      with("17 ", "9223372036854775808 "),
      with("1795484400000000", "1795484400000000 "),
      with("1795484400000000", ""),
      with("{\"v\":1}", ""),
      with("{\"v\":1}", "{\"v\":\t1}"),
      with("{\"v\":1}\n", "{\"v\":1}\r\n"),
      with("{}\n", ""),
      with("{}\n", "{}\n{}\n"),
      with("\n\n", "\n"),
      with("\n\n", "\n\n\n"),
      with(last, ""),
      with("\xe2\x80\x94 ", "- "),
      with("\xe2\x80\x94 ", "\xe2\x80\x94"),
      with("a2s a2tr", "a2s  a2tr"),
      with("a2s a2tr", "a2t a2tr"),  // unused bits of the key id set
      with("a2s a2tr", "a2s a2ts"),  // the first four bytes are not the key's
      with("a2s a2tr", "a2s b2tr"),
      with("a2s a2tra3", "a2s a3"),  // no hint
      with("c3M=", "c3M"),
      with("c3M=", "c3N="),
      with("c3M=", "cw=="),  // 63 bytes
      with("c3M=", "c3Nz"),  // 65 bytes
      good + last,           // the same key again
      good + "\n",
      good + "x",
      good.substr(0, good.size() - 1),
  };
  for (const std::string& text : cases)
    EXPECT_TRUE(fails_with(parse_entry_text(text), Code::malformed)) << text;
}

TEST(EntryText, EveryPrefixIsMalformed) {
  const std::string good = format_entry_text(example()).value();
  for (std::size_t size = 0; size < good.size(); ++size)
    EXPECT_TRUE(fails_with(parse_entry_text(good.substr(0, size)), Code::malformed)) << size;
}

TEST(EntryText, WhateverIsAcceptedIsWrittenAsItWas) {
  const std::string good = format_entry_text(example()).value();
  int accepted = 0;
  for (std::size_t i = 0; i < good.size(); ++i)
    for (const char c : std::string_view("\n 0A~\xff")) {
      std::string text = good;
      text[i] = c;
      const auto entry = parse_entry_text(text);
      if (!entry.has_value()) continue;
      ++accepted;
      EXPECT_EQ(format_entry_text(*entry).value(), text);
    }
  EXPECT_GT(accepted, 20);
}

}  // namespace
}  // namespace dfb::log
