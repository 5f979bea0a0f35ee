// The plan of a code against libqrencode's drawings, and that noise is never read as a text.
#include "terminal/scan/symbol.h"

#include <gtest/gtest.h>
#include <qrencode.h>

#include <algorithm>
#include <array>
#include <memory>
#include <random>
#include <span>

#include "terminal/scan/read_symbol.h"
#include "terminal/scan/reed_solomon.h"

namespace dfb::terminal {
namespace {

constexpr std::array kLevels{QR_ECLEVEL_L, QR_ECLEVEL_M, QR_ECLEVEL_Q, QR_ECLEVEL_H};

Ink drawn_ink(const std::string& text, int version, QRecLevel level) {
  const std::unique_ptr<QRcode, void (*)(QRcode*)> code(
      QRcode_encodeString(text.c_str(), version, level, QR_MODE_8, 1), QRcode_free);
  EXPECT_NE(code, nullptr);
  EXPECT_EQ(code->version, version);
  Ink ink;
  for (int i = 0; i < code->width * code->width; ++i) ink.push_back((code->data[i] & 1) != 0 ? 1.F : -1.F);
  return ink;
}

TEST(Symbol, EveryVersionAndLevelIsReadAsItIsDrawn) {
  for (int version = 1; version <= kSymbolVersionMax; ++version)
    for (const QRecLevel level : kLevels) {
      const Ink ink = drawn_ink("AB-12", version, level);
      EXPECT_EQ(read_symbol(version, ink), "AB-12") << version << " " << level;
      const Symbol& plan = symbol(version);
      for (std::size_t i = 0; i < ink.size(); ++i) {
        if (plan.modules[i] != Module::dark && plan.modules[i] != Module::light) continue;
        ASSERT_EQ(plan.modules[i] == Module::dark, ink[i] > 0) << version << " module " << i;
      }
    }
}

// All that a code can take, and more: right or nothing, never another text. Versions 1 and 2 have so few
// check words that a reader which uses all of them would land on other words here.
TEST(Symbol, SpoiltCodesAreReadRightOrNotAtAll) {
  std::mt19937 random(5);
  int read = 0, refused = 0;
  for (const int version : {1, 1, 2, 5})
    for (const QRecLevel level : kLevels) {
      const Ink clean = drawn_ink("7", version, level);
      for (int i = 0; i < 300; ++i) {
        Ink ink = clean;
        const std::size_t spoilt = random() % (ink.size() / 4);
        for (std::size_t k = 0; k < spoilt; ++k) {
          const std::size_t place = random() % ink.size();
          ink[place] *= -1;
        }
        for (float& value : ink) value *= 0.5F + static_cast<float>(random() % 100) / 100;
        const auto text = read_symbol(version, ink);
        if (text) {
          EXPECT_EQ(*text, "7") << version << " " << level;
        }
        ++(text ? read : refused);
      }
    }
  EXPECT_GT(read, 300);
  EXPECT_GT(refused, 300);
}

TEST(Symbol, DoubtfulModulesCostHalfOfWrongOnes) {
  const Ink clean = drawn_ink("seven words are hidden here", 5, QR_ECLEVEL_M);
  const Symbol& plan = symbol(5);
  // 18 words of one of the two blocks, which corrects 12 errors: too many, unless one sees which.
  Ink sure = clean, doubtful = clean;
  for (std::size_t word = 0; word < 36; word += 2)
    for (std::size_t bit = 0; bit < 8; bit += 3) {
      const auto place = static_cast<std::size_t>(plan.data[8 * word + bit]);
      sure[place] *= -1;
      doubtful[place] *= -0.1F;
    }
  EXPECT_EQ(read_symbol(5, sure), std::nullopt);
  EXPECT_EQ(read_symbol(5, doubtful), "seven words are hidden here");
}

TEST(ReedSolomon, ErrorsAndErasuresUpToTheCheckWords) {
  std::mt19937 random(6);
  for (const int check : {7, 10, 16, 26, 30})
    for (int erased = 0; erased <= check; ++erased)
      for (int errors = 0; 2 * errors + erased <= check; ++errors) {
        std::vector<std::uint8_t> data(40);
        for (auto& word : data) word = static_cast<std::uint8_t>(random());
        std::vector<std::uint8_t> block = data;
        const auto words = check_words(data, check);
        block.insert(block.end(), words.begin(), words.end());
        const auto whole = block;
        std::vector<int> places(block.size());
        for (std::size_t i = 0; i < places.size(); ++i) places[i] = static_cast<int>(i);
        std::shuffle(places.begin(), places.end(), random);
        for (int i = 0; i < erased + errors; ++i)
          block[static_cast<std::size_t>(places[static_cast<std::size_t>(i)])] ^=
              static_cast<std::uint8_t>(i < erased ? random() : 1 + random() % 255);
        const auto found = correct(block, check, std::span(places).first(static_cast<std::size_t>(erased)));
        ASSERT_EQ(block, whole) << check << " " << erased << " " << errors;
        EXPECT_LE(found.value(), errors);
      }
}

TEST(ReedSolomon, TooManyErrorsLeaveTheBlockAlone) {
  std::mt19937 random(7);
  int refused = 0;
  for (int i = 0; i < 500; ++i) {
    std::vector<std::uint8_t> block(60);
    for (auto& word : block) word = static_cast<std::uint8_t>(random());
    const auto before = block;
    if (!correct(block, 20, {})) {
      ++refused;
      EXPECT_EQ(block, before);
    }
  }
  EXPECT_GT(refused, 490);
}

// The standard's own reserve (table 9, p): 1-L corrects 2 of 7 check words, 1-M 4 of 10, 2-L 4 of 10.
TEST(Symbol, ProofIsTheStandardsReserveForSmallCodes) {
  EXPECT_GE(proof_words(26, 7, 0, 1), kProofWords);
  EXPECT_LT(proof_words(26, 7, 0, 3), kProofWords);
  EXPECT_GE(proof_words(26, 10, 0, 4), kProofWords);
  EXPECT_LT(proof_words(26, 10, 0, 5), kProofWords);
  EXPECT_LT(proof_words(44, 10, 0, 5), kProofWords);
  EXPECT_GE(proof_words(67, 24, 0, 12), kProofWords);
}

}  // namespace
}  // namespace dfb::terminal
