#include "ledger/log/checkpoint.h"

#include "ledger/log/merkle.h"
#include "tests/unit/log/note_vectors.h"

namespace dfb::log {
namespace {

using namespace test;

constexpr std::string_view kOrigin = "vectors.example/town";

TEST(Checkpoint, GoldenCheckpointsOpenAndAreWhatOurOwnSignatureMakes) {
  const Vkey log = golden_vkey("vkey");
  const PrivateKey key = golden_key("log_key_seed");
  int seen = 0;
  for (const auto& item : golden().at("signed").as_array()) {
    const std::string note = text_of(item.at("checkpoint"));
    const auto size = item.at("size").to_number<std::int64_t>();
    const auto opened = open_checkpoint(note, log);
    ASSERT_TRUE(opened.has_value()) << size;
    EXPECT_EQ(*opened, (Checkpoint{std::string(kOrigin), size, golden_root(size)}));
    EXPECT_EQ(sign_checkpoint(*opened, key), note);
    EXPECT_EQ(format_note(parse_note(note).value()), note);
    ++seen;
  }
  EXPECT_GE(seen, 3);
}

TEST(Checkpoint, OneFlippedBitAnywhereInTheNoteIsRefused) {
  const Vkey log = golden_vkey("vkey");
  const std::string note = text_of(golden().at("signed").as_array().at(1).at("checkpoint"));
  for (std::size_t i = 0; i < note.size(); ++i)
    for (const char bit : {'\x01', '\x02', '\x20'}) {
      std::string other = note;
      other[i] = static_cast<char>(other[i] ^ bit);
      EXPECT_FALSE(open_checkpoint(other, log).has_value()) << i;
    }
}

TEST(Checkpoint, KeysThatDoNotAnswerForIt) {
  const PrivateKey key = golden_key("log_key_seed");
  const Vkey log = golden_vkey("vkey");
  const Checkpoint other{"vectors.example/village", 0, empty_root()};
  // Signed by the right key under the log's name, but a checkpoint of another log.
  const std::string text = format_checkpoint(other);
  const Note foreign{text, {{log.name, log.key_id, key.sign(text)}}};
  EXPECT_TRUE(fails_with(open_checkpoint(foreign, log), Code::unknown_key));
  // Signed under the other log's name.
  EXPECT_TRUE(fails_with(open_checkpoint(sign_checkpoint(other, key), log), Code::unknown_key));
  // A witness's key that bears the log's name.
  const Vkey witness = make_vkey(kOrigin, NoteKeyType::cosignature, key.public_key());
  EXPECT_TRUE(fails_with(open_checkpoint(sign_checkpoint({log.name, 0, empty_root()}, key), witness),
                         Code::unknown_key));
  // The right key under something that is no checkpoint.
  const Note letter{"hello\n", {{log.name, log.key_id, key.sign("hello\n")}}};
  EXPECT_TRUE(fails_with(open_checkpoint(letter, log), Code::malformed));
  EXPECT_TRUE(fails_with(open_checkpoint("hello\n", log), Code::malformed));
}

TEST(Checkpoint, WritesAndReadsTheSameThreeLines) {
  const std::string text = "vectors.example/town\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
  const Checkpoint empty{std::string(kOrigin), 0, empty_root()};
  EXPECT_EQ(format_checkpoint(empty), text);
  EXPECT_EQ(parse_checkpoint(text).value(), empty);
  const Checkpoint largest{std::string(kOrigin), 9223372036854775807, empty_root()};
  EXPECT_EQ(parse_checkpoint(format_checkpoint(largest)).value(), largest);
}

TEST(Checkpoint, MalformedTexts) {
  const std::string root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=";
  const std::string cases[] = {
      "",
      "\n",
      "\n\n\n",
      "a\n0\n" + root,                    // no last line feed
      "a\n0\n",                           // two lines
      "a\n0\n\n",                         // no root
      "a\n0\n" + root + "\nextension\n",  // more than three
      "a\n0\n" + root + "\n\n",           // likewise
      "\n0\n" + root + "\n",              // no origin
      "a b\n0\n" + root + "\n",           // no key name
      "a+b\n0\n" + root + "\n",           // likewise
      "a\n\n" + root + "\n",              // no size
      "a\n00\n" + root + "\n",            // leading zero
      "a\n01\n" + root + "\n",            // likewise
      "a\n-1\n" + root + "\n",            // negative
      "a\n+1\n" + root + "\n",            // signed
      "a\n1 \n" + root + "\n",            // space
      "a\n1.0\n" + root + "\n",           // no integer
      "a\n0x1\n" + root + "\n",           // hexadecimal
      "a\n9223372036854775808\n" + root + "\n",
      "a\n0\n" + root.substr(0, 43) + "\n",  // no padding
      "a\n0\n47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=\n",
      "a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=\n",  // unused bits set
      "a\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuA==\n",  // 31 bytes
      "a\n0\n" + base64_encode(std::string(33, 'x')) + "\n",
      "a\r\n0\r\n" + root + "\r\n",
  };
  for (const std::string& text : cases)
    EXPECT_TRUE(fails_with(parse_checkpoint(text), Code::malformed)) << text;
}

}  // namespace
}  // namespace dfb::log
