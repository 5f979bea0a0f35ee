#include "ledger/book/codes.h"

#include <gtest/gtest.h>

#include "ledger/base/encoding.h"

namespace dfb::book {
namespace {

constexpr std::string_view kOrigin = "bq.example/points";
constexpr TimeUs kNow = 1'795'484'402'000'000;
const AccountId kAccount{0x3a7c1d42f0b6e915};

PrivateKey key(const std::string& secret) { return PrivateKey::from_ticket(secret); }

TEST(BookCodes, APayCodeHas80BytesAnd120Characters) {
  auto made = make_pay_code(key("device"), kOrigin, kAccount, Points{200}, kNow);
  EXPECT_EQ(made.signed_part().size(), 16u);
  EXPECT_EQ(hex_encode(made.signed_part()), "013a7c1d42f0b6e915156762300000c8");
  EXPECT_EQ(made.text().size(), 120u);
  EXPECT_EQ(base45_decode(made.text()).value().size(), 80u);
  auto read = parse_pay_code(made.text()).value();
  EXPECT_EQ(read.account, kAccount);
  EXPECT_EQ(read.step, kNow / kPayStepUs);
  EXPECT_EQ(read.limit, Points{200});
  EXPECT_EQ(read.text(), made.text());
  EXPECT_TRUE(verify(read, key("device").public_key(), kOrigin));
}

TEST(BookCodes, AnyChangeOfAPayCodeUndoesItsSignature) {
  auto device = key("device").public_key();
  const auto code = make_pay_code(key("device"), kOrigin, kAccount, Points{200}, kNow);
  EXPECT_FALSE(verify(code, key("other").public_key(), kOrigin));
  EXPECT_FALSE(verify(code, device, "other.example/points"));
  for (int change = 0; change < 4; ++change) {
    auto changed = code;
    if (change == 0) changed.account.value ^= 1;
    if (change == 1) ++changed.step;
    if (change == 2) ++changed.limit.value;
    if (change == 3) changed.signature[40] = static_cast<char>(changed.signature[40] ^ 1);
    EXPECT_FALSE(verify(changed, device, kOrigin)) << change;
  }
}

TEST(BookCodes, WrongPayCodesAreRefused) {
  auto bytes = base45_decode(make_pay_code(key("device"), kOrigin, kAccount, Points{1}, 0).text()).value();
  struct Case {
    std::string text;
    Code code;
  };
  std::string second = bytes, zero = bytes;
  second[0] = 2, zero[0] = 0;
  for (const auto& [text, code] : {Case{"", Code::malformed},
                                   {base45_encode(bytes.substr(0, 79)), Code::malformed},
                                   {base45_encode(bytes + "x"), Code::malformed},
                                   {base45_encode(bytes).replace(0, 1, "a"), Code::malformed},
                                   {base45_encode(bytes) + " ", Code::malformed},
                                   {":::", Code::malformed},
                                   {base45_encode(second), Code::unsupported_version},
                                   {base45_encode(zero), Code::unsupported_version}})
    EXPECT_EQ(parse_pay_code(text).error().code, code) << text;
}

TEST(BookCodes, ASiteCodeHas101BytesAnd135Characters) {
  auto site = key("site");
  auto made = make_site_code(site, kOrigin, kNow);
  EXPECT_EQ(hex_encode(made.signed_part()), "0103913b08");
  EXPECT_EQ(made.text().size(), 135u);
  EXPECT_EQ(base64url_decode(made.text()).value().size(), 101u);
  auto read = parse_site_code(made.text()).value();
  EXPECT_EQ(read.key, site.public_key().id());
  EXPECT_EQ(read.step, kNow / kSiteStepUs);
  EXPECT_EQ(read.text(), made.text());
  EXPECT_TRUE(verify(read, site.public_key(), kOrigin));
  EXPECT_FALSE(verify(read, site.public_key(), "other.example/points"));
  EXPECT_FALSE(verify(read, key("other").public_key(), kOrigin));
  ++read.step;
  EXPECT_FALSE(verify(read, site.public_key(), kOrigin));
}

TEST(BookCodes, ASiteCodeOfAnotherKeysNameIsNotItsOwn) {
  auto code = make_site_code(key("site"), kOrigin, kNow);
  code.key = key("other").public_key().id();
  EXPECT_FALSE(verify(code, key("site").public_key(), kOrigin));
}

TEST(BookCodes, WrongSiteCodesAreRefused) {
  auto bytes = base64url_decode(make_site_code(key("site"), kOrigin, 0).text()).value();
  auto other_version = bytes;
  other_version[0] = 2;
  EXPECT_EQ(parse_site_code(base64url_encode(other_version)).error().code, Code::unsupported_version);
  for (const auto& text :
       {std::string(), base64url_encode(bytes.substr(0, 100)), base64url_encode(bytes + "x"),
        base64url_encode(bytes) + "=", base64url_encode(bytes).replace(3, 1, "+")})
    EXPECT_EQ(parse_site_code(text).error().code, Code::malformed) << text;
}

}  // namespace
}  // namespace dfb::book
