#include "ledger/log/note.h"

#include <algorithm>

#include "ledger/crypto/hash.h"
#include "ledger/log/cosignature.h"
#include "tests/unit/log/note_vectors.h"

namespace dfb::log {
namespace {

using namespace test;

const std::string kDash = "\xe2\x80\x94 ";

TEST(Note, TheSpecificationsOwnExampleHolds) {
  const Vkey vkey = parse_vkey(kKnownVkey).value();
  EXPECT_EQ(vkey.name, "example.com/foo");
  EXPECT_EQ(vkey.key_id, 0x530d903aU);
  EXPECT_EQ(vkey.type, NoteKeyType::ed25519);
  EXPECT_EQ(format_vkey(vkey), kKnownVkey);

  const Note note = parse_note(known_note()).value();
  EXPECT_EQ(note.text, kKnownText);
  ASSERT_EQ(note.signatures.size(), 1U);
  EXPECT_EQ(note.signatures[0].name, "example.com/foo");
  EXPECT_EQ(note.signatures[0].key_id, 0x530d903aU);
  EXPECT_EQ(note.signatures[0].bytes.size(), 64U);
  EXPECT_EQ(format_note(note), known_note());
  const auto verified = verify_note(note, {&vkey, 1});
  ASSERT_TRUE(verified.has_value());
  ASSERT_EQ(verified->size(), 1U);
  EXPECT_EQ(verified->front().known, 0U);
}

TEST(Note, AnyOtherByteOfTextOrSignatureIsRefused) {
  const Vkey vkey = parse_vkey(kKnownVkey).value();
  const Note note = parse_note(known_note()).value();
  for (std::size_t i = 0; i < note.text.size(); ++i) {
    Note other = note;
    other.text[i] ^= 1;
    EXPECT_TRUE(fails_with(verify_note(other, {&vkey, 1}), Code::bad_signature)) << i;
  }
  for (std::size_t i = 0; i < 64; ++i) {
    Note other = note;
    other.signatures[0].bytes[i] ^= 1;
    EXPECT_TRUE(fails_with(verify_note(other, {&vkey, 1}), Code::bad_signature)) << i;
  }
  Note shorter = note;
  shorter.signatures[0].bytes.pop_back();
  EXPECT_TRUE(fails_with(verify_note(shorter, {&vkey, 1}), Code::bad_signature));
}

TEST(Note, UnknownKeysAreIgnoredAndAKnownKeyThatFailsRefusesAll) {
  const Vkey known = parse_vkey(kKnownVkey).value();
  const Note note = parse_note(known_note()).value();
  const NoteSignature right = note.signatures[0];
  NoteSignature other_name = right;
  other_name.name = "example.com/fooo";
  NoteSignature other_id = right;
  other_id.key_id ^= 1;
  NoteSignature wrong = right;
  wrong.bytes[63] ^= 1;

  const auto verify = [&](std::vector<NoteSignature> signatures) {
    return verify_note({note.text, std::move(signatures)}, {&known, 1});
  };
  EXPECT_TRUE(fails_with(verify({other_name, other_id}), Code::unknown_key));
  EXPECT_EQ(verify({other_name, right, other_id}).value().size(), 1U);
  EXPECT_TRUE(fails_with(verify({right, wrong}), Code::bad_signature));
  EXPECT_TRUE(fails_with(verify({wrong, right}), Code::bad_signature));
  EXPECT_TRUE(fails_with(verify_note(note, {}), Code::unknown_key));
}

TEST(Note, EverySignatureOfAKnownKeyIsReportedInOrder) {
  const PrivateKey log_key = golden_key("log_key_seed");
  const PrivateKey witness_key = golden_key("witness_key_seed");
  const Vkey known[] = {make_vkey("witness.example", NoteKeyType::cosignature, witness_key.public_key()),
                        make_vkey("log.example", NoteKeyType::ed25519, log_key.public_key())};
  const std::string text = "hello\n";
  Note note{text, {{"log.example", known[1].key_id, log_key.sign(text)}}};
  note.signatures.push_back(
      parse_note_signatures(cosign(text, "witness.example", witness_key, 1790000000)).value().front());
  const auto verified = verify_note(note, known).value();
  ASSERT_EQ(verified.size(), 2U);
  EXPECT_EQ(verified[0].known, 1U);
  EXPECT_EQ(verified[0].time_s, 0);
  EXPECT_EQ(verified[1].known, 0U);
  EXPECT_EQ(verified[1].time_s, 1790000000);
}

TEST(Note, TheTextEndsBeforeTheLastEmptyLine) {
  const std::string texts[] = {"\n", "\n\n", "a\n\nb\n", "a\n\n" + known_line() + "\n" + known_line()};
  for (const std::string& text : texts) {
    const Note note = parse_note(text + "\n" + known_line()).value();
    EXPECT_EQ(note.text, text);
    EXPECT_EQ(note.signatures.size(), 1U);
    EXPECT_EQ(format_note(note), text + "\n" + known_line());
  }
}

TEST(Note, MalformedNotes) {
  const std::string line = known_line();
  const std::string text(kKnownText);
  const std::string cases[] = {
      "",
      "\n",
      "\n\n",
      text,
      text + "\n",
      text + line,                                                          // no empty line
      line,                                                                 // no text
      "\n" + line,                                                          // no text but the separator
      text + "\n" + line + "\n",                                            // an empty line at the end
      text + "\n" + line.substr(0, line.size() - 1),                        // no last line feed
      text + "\n" + line + "x\n",                                           // a line that is no signature
      text + "\r\n\r\n" + line,                                             // CR
      "tab\there\n\n" + line,                                               // a control character
      std::string("nul\0here\n\n", 10) + line,                              // likewise
      "\xff\n\n" + line,                                                    // never in UTF-8
      "\xc0\xaf\n\n" + line,                                                // overlong '/'
      "\xe0\x80\xaf\n\n" + line,                                            // overlong, three bytes
      "\xf0\x80\x80\xaf\n\n" + line,                                        // overlong, four bytes
      "\xed\xa0\x80\n\n" + line,                                            // a surrogate
      "\xf4\x90\x80\x80\n\n" + line,                                        // past U+10FFFF
      "\xe2\x80\n\n" + line,                                                // cut off
      "\x80\n\n" + line,                                                    // begins with a continuation
      text + "\n- example.com/foo " + std::string(kKnownSignature) + "\n",  // not U+2014
      text + "\n\xe2\x80\x94" + "example.com/foo " + std::string(kKnownSignature) + "\n",  // no space
      text + "\n" + kDash + " " + std::string(kKnownSignature) + "\n",                     // no name
      text + "\n" + kDash + "a+b " + std::string(kKnownSignature) + "\n",                  // '+' in the name
      text + "\n" + kDash + "a\xc2\xa0" + "b " + std::string(kKnownSignature) + "\n",      // a Unicode space
      text + "\n" + kDash + "example.com/foo\n",                                           // no signature
      text + "\n" + kDash + "example.com/foo \n",                                          // an empty one
      text + "\n" + kDash + "example.com/foo Uw2QOg==\n",                                  // a key id alone
      text + "\n" + kDash + "example.com/foo Uw2QOkk\n",                                   // no padding
      text + "\n" + kDash + "example.com/foo Uw2QOk-_\n",                                  // base64url
      text + "\n" + kDash + "example.com/foo  " + std::string(kKnownSignature) + "\n",     // two spaces
      text + "\n" + kDash + "example.com/foo " + std::string(kKnownSignature) + " \n",
  };
  for (const std::string& note : cases) EXPECT_TRUE(fails_with(parse_note(note), Code::malformed)) << note;
}

TEST(Note, WellFormedOddities) {
  for (const std::string text :
       {"\x7f\n", "\xe5\xbe\xb7\xe5\x88\x86\xe5\xae\x9d\n", "\xf4\x8f\xbf\xbf\n", " \n"})
    EXPECT_EQ(parse_note(text + "\n" + known_line()).value().text, text);
  const std::string name = "\xe7\x82\xb9/main";
  EXPECT_EQ(parse_note("a\n\n" + kDash + name + " Uw2QOkk=\n").value().signatures[0].name, name);
}

TEST(Note, LimitsAreExact) {
  const auto signatures = [](std::size_t count) {
    std::string lines;
    for (std::size_t i = 0; i < count; ++i) lines += known_line();
    return lines;
  };
  EXPECT_EQ(parse_note("a\n\n" + signatures(kNoteSignaturesMax)).value().signatures.size(),
            kNoteSignaturesMax);
  EXPECT_TRUE(fails_with(parse_note("a\n\n" + signatures(kNoteSignaturesMax + 1)), Code::too_large));

  const std::string tail = "\n\n" + known_line();
  const std::string longest = std::string(kNoteBytesMax - tail.size(), 'a') + tail;
  EXPECT_EQ(format_note(parse_note(longest).value()), longest);
  EXPECT_TRUE(fails_with(parse_note("a" + longest), Code::too_large));
  EXPECT_TRUE(fails_with(parse_note_signatures(std::string(kNoteBytesMax + 1, '\n')), Code::too_large));
}

TEST(Note, SignatureLinesAlone) {
  const auto two = parse_note_signatures(known_line() + known_line());
  ASSERT_TRUE(two.has_value());
  EXPECT_EQ(two->size(), 2U);
  EXPECT_EQ(format_note_signature(two->front()), known_line());
  const std::string cases[] = {std::string(), std::string("\n"), "\n" + known_line(), known_line() + "\n",
                               known_line().substr(0, 30)};
  for (const std::string& lines : cases)
    EXPECT_TRUE(fails_with(parse_note_signatures(lines), Code::malformed)) << lines;
}

TEST(Note, KeyNames) {
  for (const std::string_view name : {"a", "example.com/foo", "\xe5\xbe\xb7", "a-b_c~d"})
    EXPECT_TRUE(valid_key_name(name)) << name;
  for (const std::string_view name : {"", "a b", "a+b", "+", " a", "a\n", "a\tb", "\x01", "\x7f\x80",
                                      "\xc2\x85", "\xc2\xa0", "\xe1\x9a\x80", "\xe2\x80\x80", "\xe2\x80\xa8",
                                      "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80", "\xff"})
    EXPECT_FALSE(valid_key_name(name)) << hex_encode(name);
}

TEST(Vkey, GoldenKeysAreMadeFromTheirSeeds) {
  EXPECT_EQ(format_vkey(make_vkey("vectors.example/town", NoteKeyType::ed25519,
                                  golden_key("log_key_seed").public_key())),
            text_of(golden().at("vkey")));
  EXPECT_EQ(format_vkey(make_vkey("witness.example/shop", NoteKeyType::cosignature,
                                  golden_key("witness_key_seed").public_key())),
            text_of(golden().at("witness_vkey")));
  EXPECT_EQ(golden_vkey("witness_vkey").type, NoteKeyType::cosignature);
}

TEST(Vkey, OnlyTheFirstTwoPlusSignsSeparate) {
  // A key whose base64 has a '+' of its own: most keys among a few tries do.
  for (int i = 0; i < 64; ++i) {
    const PublicKey key = key_of_seed(std::string(32, static_cast<char>(i))).public_key();
    const std::string text = format_vkey(make_vkey("a", NoteKeyType::ed25519, key));
    if (std::count(text.begin(), text.end(), '+') < 3) continue;
    EXPECT_EQ(format_vkey(parse_vkey(text).value()), text);
    return;
  }
  FAIL() << "no key with a plus sign";
}

TEST(Vkey, MalformedKeys) {
  const std::string key = "AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
  const std::string cases[] = {
      "",
      "example.com/foo",
      "example.com/foo+530d903a",
      "example.com/foo+530d903a+",
      "+530d903a+" + key,
      "example.com/foo++" + key,
      "example.com/fop+530d903a+" + key,   // the id is of another name
      "example.com/foo+530d903b+" + key,   // another id
      "example.com/foo+530D903A+" + key,   // upper case
      "example.com/foo+530d903+" + key,    // too short
      "example.com/foo+0530d903a+" + key,  // too long
      "example com/foo+530d903a+" + key,
      "example.com/foo+530d903a+" + key + "\n",
      "example.com/foo+530d903a+" + key.substr(0, 40),
      " example.com/foo+530d903a+" + key,
  };
  for (const std::string& text : cases) EXPECT_TRUE(fails_with(parse_vkey(text), Code::malformed)) << text;
}

TEST(Vkey, OtherTypesOfKeyAreNamedAsSuch) {
  for (const char type : {'\x00', '\x02', '\x05', '\x06', '\xff'}) {
    const std::string text = "a+00000000+" + base64_encode(std::string(1, type) + std::string(32, 'k'));
    EXPECT_TRUE(fails_with(parse_vkey(text), Code::unsupported_version)) << text;
  }
}

TEST(Vkey, TheWrongNumberOfKeyBytesIsRefusedEvenUnderTheRightId) {
  for (const std::size_t size : {0U, 31U, 33U}) {
    const std::string typed = "\x01" + std::string(size, 'k');
    const std::string id = hex_encode(sha256({"a", "\n", typed}).view().substr(0, 4));
    EXPECT_TRUE(fails_with(parse_vkey("a+" + id + "+" + base64_encode(typed)), Code::malformed)) << size;
  }
}

}  // namespace
}  // namespace dfb::log
