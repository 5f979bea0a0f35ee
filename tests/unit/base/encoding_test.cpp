#include "ledger/base/encoding.h"

#include <gtest/gtest.h>

#include <cctype>

namespace dfb {
namespace {

TEST(Encoding, Base64IsStrict) {
  EXPECT_EQ(base64_encode("fooba"), "Zm9vYmE=");
  EXPECT_EQ(base64_decode("Zm9vYmE=").value(), "fooba");
  EXPECT_EQ(base64_decode("").value(), "");
  for (const char* bad : {"Zm9vYmE", "Zm9vYmF=", "Zm9v YmE=", "====", "Zg=A", "Zm9vYmE=\n", "A==="})
    EXPECT_FALSE(base64_decode(bad)) << bad;
}

TEST(Encoding, Base64UrlIsStrict) {
  EXPECT_EQ(base64url_encode("\xff\xfe\xfd"), "__79");
  EXPECT_EQ(base64url_decode("__79").value(), "\xff\xfe\xfd");
  for (const char* bad : {"A", "//79", "__79=", "AB"}) EXPECT_FALSE(base64url_decode(bad)) << bad;
}

TEST(Encoding, Base45MatchesRfc9285) {
  EXPECT_EQ(base45_encode("AB"), "BB8");
  EXPECT_EQ(base45_encode("Hello!!"), "%69 VD92EX0");
  EXPECT_EQ(base45_encode("base-45"), "UJCLQE7W581");
  EXPECT_EQ(base45_decode("QED8WEX0").value(), "ietf!");
  for (const char* bad : {"GGW", "A", ":::", "bb8", "::"}) EXPECT_FALSE(base45_decode(bad)) << bad;
  EXPECT_EQ(base45_encode(std::string(80, 'x')).size(), 120u);
}

TEST(Encoding, CrockfordAccountIds) {
  EXPECT_EQ(crockford_encode(0), "0000000000000");
  EXPECT_EQ(crockford_encode(~std::uint64_t{0}), "FZZZZZZZZZZZZ");
  EXPECT_EQ(crockford_decode("FZZZZZZZZZZZZ").value(), ~std::uint64_t{0});
  EXPECT_FALSE(crockford_decode("G000000000000"));
  EXPECT_FALSE(crockford_decode("000000000000I"));
  EXPECT_FALSE(crockford_decode("00000000000a0"));
  EXPECT_EQ(crockford_decode_typed("0000-0000-0000l").value(), 1u);
  EXPECT_EQ(crockford_decode_typed("oooo ooooo oo1o").value(), 32u);
}

TEST(Encoding, BytesThatAPersonTypes) {
  std::string secret(20, '\0');
  for (std::size_t i = 0; i < secret.size(); ++i) secret[i] = static_cast<char>(i * 37 + 11);
  const std::string text = crockford_encode_bytes(secret);
  ASSERT_EQ(text.size(), 32u);
  EXPECT_EQ(crockford_decode_bytes_typed(text, 20).value(), secret);
  std::string typed;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i != 0 && i % 4 == 0) typed += i % 8 == 0 ? '-' : ' ';
    typed += text[i] == '1' ? 'l' : text[i] == '0' ? 'o' : static_cast<char>(std::tolower(text[i]));
  }
  EXPECT_EQ(crockford_decode_bytes_typed(typed, 20).value(), secret);
  EXPECT_FALSE(crockford_decode_bytes_typed(text.substr(1), 20));
  EXPECT_FALSE(crockford_decode_bytes_typed(text + "0", 20));
  EXPECT_FALSE(crockford_decode_bytes_typed("U" + text.substr(1), 20));
  EXPECT_EQ(crockford_decode_bytes_typed("04", 1).value(), "\x01");
  EXPECT_FALSE(crockford_decode_bytes_typed("05", 1)) << "stray bits";
}

TEST(Encoding, HexIsLowerCase) {
  EXPECT_EQ(hex_encode("\x01\xab"), "01ab");
  EXPECT_FALSE(hex_decode("01AB"));
  EXPECT_FALSE(hex_decode("1"));
}

TEST(Encoding, Decimals) {
  EXPECT_EQ(parse_decimal("9223372036854775807").value(), INT64_MAX);
  for (const char* bad : {"", "01", "-1", "+1", "1 ", "9223372036854775808"}) EXPECT_FALSE(parse_decimal(bad)) << bad;
  EXPECT_EQ(parse_decimal("0").value(), 0);
}

TEST(Codes, NamesGoBothWaysAndNumbersRise) {
  std::uint16_t last = 0;
#define DFB_X(enumerator, number)                                     \
  EXPECT_EQ(code_from_name(#enumerator), Code::enumerator);           \
  EXPECT_EQ(name(Code::enumerator), #enumerator);                     \
  EXPECT_GT(number, last) << #enumerator " stands out of precedence"; \
  last = number;
  DFB_CODES(DFB_X)
#undef DFB_X
  EXPECT_FALSE(code_from_name("no_such_code"));
}

}  // namespace
}  // namespace dfb
