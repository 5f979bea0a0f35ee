// Bodies of what happens at the counter beside codes: cards with a PIN, sales that the customer confirms on
// the phone, typed handles, goods. Fields: docs/api.md. Times are µs since 1970 UTC.
#pragma once
#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <vector>

#include "api/routes/types.h"

namespace dfb::routes {

struct CardBody {
  std::string payload;
  std::vector<SignatureBody> signatures;
  std::string pin;
};
BOOST_DESCRIBE_STRUCT(CardBody, (), (payload, signatures, pin))

struct CardView {
  std::string card, digits, state;  // state: open, locked, closed
};
BOOST_DESCRIBE_STRUCT(CardView, (), (card, digits, state))

struct CardsView {
  std::vector<CardView> cards;
};
BOOST_DESCRIBE_STRUCT(CardsView, (), (cards))

struct PinBody {
  std::string card, pin, id;
  std::int64_t points = 0;
};
BOOST_DESCRIBE_STRUCT(PinBody, (), (card, pin, id, points))

struct PinView {
  std::string token;
  std::int64_t expires_us = 0;
};
BOOST_DESCRIBE_STRUCT(PinView, (), (token, expires_us))

struct GoodsLine {
  std::string good;
  std::int64_t count = 0;
};
BOOST_DESCRIBE_STRUCT(GoodsLine, (), (good, count))

struct RedemptionBody {
  std::string payload;
  std::vector<SignatureBody> signatures;
  std::optional<std::string> pin_token;
  std::optional<std::vector<GoodsLine>> goods;
};
BOOST_DESCRIBE_STRUCT(RedemptionBody, (), (payload, signatures, pin_token, goods))

struct QuoteBody {
  std::string id, device, account;
  std::int64_t points = 0;
  std::string goods;
  std::int64_t cash = 0, expires_us = 0;
  std::optional<std::vector<GoodsLine>> lines;  // what `goods` is the digest of
};
BOOST_DESCRIBE_STRUCT(QuoteBody, (), (id, device, account, points, goods, cash, expires_us, lines))

struct QuoteState {
  std::string state;  // waiting, confirmed, declined
  std::optional<std::string> device, signature;
};
BOOST_DESCRIBE_STRUCT(QuoteState, (), (state, device, signature))

// The names are the shop's; empty where it no longer lists the good.
struct QuoteGood {
  std::string good;
  std::int64_t count = 0;
  std::string name_zh, name_en;
};
BOOST_DESCRIBE_STRUCT(QuoteGood, (), (good, count, name_zh, name_en))

struct QuoteView {
  std::string line, shop_zh, shop_en;
  std::vector<QuoteGood> goods;
};
BOOST_DESCRIBE_STRUCT(QuoteView, (), (line, shop_zh, shop_en, goods))

struct QuotesView {
  std::vector<QuoteView> quotes;
  std::int64_t time_us = 0;
};
BOOST_DESCRIBE_STRUCT(QuotesView, (), (quotes, time_us))

struct QuoteAnswer {
  std::optional<std::string> signature;  // left out: no
};
BOOST_DESCRIBE_STRUCT(QuoteAnswer, (), (signature))

struct HandleBody {
  std::string code;
};
BOOST_DESCRIBE_STRUCT(HandleBody, (), (code))

struct HandleView {
  std::string handle;
  std::int64_t expires_us = 0;
};
BOOST_DESCRIBE_STRUCT(HandleView, (), (handle, expires_us))

struct GoodView {
  std::string good, name_zh, name_en;
  std::int64_t points = 0, stock = 0;
};
BOOST_DESCRIBE_STRUCT(GoodView, (), (good, name_zh, name_en, points, stock))

struct GoodsView {
  std::vector<GoodView> goods;
};
BOOST_DESCRIBE_STRUCT(GoodsView, (), (goods))

// A reservation; `goods` where it names some, the list of which the payload has the digest.
struct HoldBody {
  std::string payload;
  std::vector<SignatureBody> signatures;
  std::optional<std::vector<GoodsLine>> goods;
};
BOOST_DESCRIBE_STRUCT(HoldBody, (), (payload, signatures, goods))

// The names are the shop's; empty where it no longer lists the good.
struct ReservedGoodView {
  std::string good;
  std::int64_t count = 0, points = 0;  // points for each
  std::string name_zh, name_en;
};
BOOST_DESCRIBE_STRUCT(ReservedGoodView, (), (good, count, points, name_zh, name_en))

struct ReservationView {
  std::string id, shop, shop_zh, shop_en;
  std::int64_t points = 0, cash = 0, until_us = 0;
  std::vector<ReservedGoodView> goods;
};
BOOST_DESCRIBE_STRUCT(ReservationView, (), (id, shop, shop_zh, shop_en, points, cash, until_us, goods))

struct ReservationsView {
  std::vector<ReservationView> reservations;
};
BOOST_DESCRIBE_STRUCT(ReservationsView, (), (reservations))

struct PickUpView {
  std::string entry, receipt, name;  // masked, as a presentation shows it
  std::vector<ReservedGoodView> goods;
};
BOOST_DESCRIBE_STRUCT(PickUpView, (), (entry, receipt, name, goods))

struct OfflineAllowanceView {
  std::string entry, receipt, key, name;  // masked, as a presentation shows it
};
BOOST_DESCRIBE_STRUCT(OfflineAllowanceView, (), (entry, receipt, key, name))

struct OfflineView {
  std::int64_t time_us = 0, tills = 0;
  bool suspended = false;
  std::optional<ProofView> policy;  // where another one is in force than the till has
  std::vector<OfflineAllowanceView> allowances;
  std::vector<std::string> stopped;
  bool more = false;
};
BOOST_DESCRIBE_STRUCT(OfflineView, (), (time_us, tills, suspended, policy, allowances, stopped, more))

struct ShopNameView {
  std::string account, name_zh, name_en;
};
BOOST_DESCRIBE_STRUCT(ShopNameView, (), (account, name_zh, name_en))

struct ShopsView {
  std::vector<ShopNameView> shops;
};
BOOST_DESCRIBE_STRUCT(ShopsView, (), (shops))

struct OfflineSalesBody {
  std::vector<SignedCommand> commands;
};
BOOST_DESCRIBE_STRUCT(OfflineSalesBody, (), (commands))

struct OfflineProblem {
  std::string code, detail;
};
BOOST_DESCRIBE_STRUCT(OfflineProblem, (), (code, detail))

struct OfflineAnswerView {
  std::optional<CommandAnswer> answer;  // the entry, also one that refuses
  std::optional<OfflineProblem> problem;
};
BOOST_DESCRIBE_STRUCT(OfflineAnswerView, (), (answer, problem))

struct OfflineAnswersView {
  std::vector<OfflineAnswerView> answers;
};
BOOST_DESCRIBE_STRUCT(OfflineAnswersView, (), (answers))

}  // namespace dfb::routes
