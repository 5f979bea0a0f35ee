#include "ledger/log/cosignature.h"

#include "tests/unit/log/note_vectors.h"

namespace dfb::log {
namespace {

using namespace test;

constexpr std::string_view kWitness = "witness.example/shop";

NoteSignature line_of(const std::string& text) { return parse_note_signatures(text).value().front(); }

TEST(Cosignature, GoldenLinesHoldAndAreWhatOurOwnWitnessMakes) {
  const Vkey witness = golden_vkey("witness_vkey");
  const PrivateKey key = golden_key("witness_key_seed");
  int seen = 0;
  for (const auto& item : golden().at("signed").as_array()) {
    const std::string checkpoint = parse_note(text_of(item.at("checkpoint"))).value().text;
    const std::string line = text_of(item.at("cosignature_line"));
    const auto time_s = item.at("cosignature_time").to_number<std::int64_t>();
    EXPECT_EQ(cosign(checkpoint, kWitness, key, time_s), line);
    EXPECT_EQ(verify_cosignature(checkpoint, line_of(line), witness).value(), time_s);
    ++seen;
  }
  EXPECT_GE(seen, 3);
}

TEST(Cosignature, AnotherTimeTextOrSignatureDoesNotHold) {
  const PrivateKey key = golden_key("witness_key_seed");
  const Vkey witness = golden_vkey("witness_vkey");
  const std::string text = "log.example\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n";
  const NoteSignature right = line_of(cosign(text, kWitness, key, 1));
  ASSERT_EQ(right.bytes.size(), 72U);
  ASSERT_TRUE(verify_cosignature(text, right, witness).has_value());
  for (std::size_t i = 0; i < right.bytes.size(); ++i)
    for (const char bit : {'\x01', '\x80'}) {
      NoteSignature other = right;
      other.bytes[i] = static_cast<char>(other.bytes[i] ^ bit);
      EXPECT_TRUE(fails_with(verify_cosignature(text, other, witness), Code::bad_signature)) << i;
    }
  for (const std::size_t size : {1U, 7U, 8U, 9U, 64U, 71U}) {
    NoteSignature other = right;
    other.bytes.resize(size);
    EXPECT_TRUE(fails_with(verify_cosignature(text, other, witness), Code::bad_signature)) << size;
  }
  NoteSignature longer = right;
  longer.bytes += '\0';
  EXPECT_TRUE(fails_with(verify_cosignature(text, longer, witness), Code::bad_signature));
  EXPECT_TRUE(fails_with(verify_cosignature(text + "\n", right, witness), Code::bad_signature));
}

TEST(Cosignature, APlainSignatureOfTheWitnessKeyIsNoCosignature) {
  const PrivateKey key = golden_key("witness_key_seed");
  const Vkey witness = golden_vkey("witness_vkey");
  const std::string text = "a\n";
  const NoteSignature plain{witness.name, witness.key_id, std::string(8, '\0') + key.sign(text)};
  EXPECT_TRUE(fails_with(verify_cosignature(text, plain, witness), Code::bad_signature));
}

TEST(Cosignature, ATimePastSignedIntegersIsRefusedEvenWhenSigned) {
  const PrivateKey key = golden_key("witness_key_seed");
  const Vkey witness = golden_vkey("witness_vkey");
  const std::string text = "a\n";
  const std::string message = "cosignature/v1\ntime 9223372036854775808\n" + text;
  const NoteSignature signature{witness.name, witness.key_id,
                                "\x80" + std::string(7, '\0') + key.sign(message)};
  EXPECT_TRUE(fails_with(verify_cosignature(text, signature, witness), Code::bad_signature));
}

TEST(Cosignature, LinesOfOthersAreUnknown) {
  const PrivateKey key = golden_key("witness_key_seed");
  const Vkey witness = golden_vkey("witness_vkey");
  const std::string text = "a\n";
  NoteSignature other = line_of(cosign(text, "witness.example/other", key, 1));
  EXPECT_TRUE(fails_with(verify_cosignature(text, other, witness), Code::unknown_key));
  other.name = witness.name;
  EXPECT_TRUE(fails_with(verify_cosignature(text, other, witness), Code::unknown_key));
}

}  // namespace
}  // namespace dfb::log
