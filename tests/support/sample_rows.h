// One row of every type with every field set, for stores to keep and give back.
#pragma once
#include <gtest/gtest.h>

#include "ledger/book/columns.h"
#include "ledger/crypto/hash.h"

namespace dfb::test {

inline Uuid sample_uuid(std::uint8_t n) {
  Uuid id;
  id.bytes.fill(n);
  return id;
}

template <class Row>
Row sample_row();

template <>
inline book::Account sample_row() {
  book::Account row;
  row.id = {book::kFirstFreeAccount + 7};
  row.kind = book::AccountKind::resident;
  row.state = book::AccountState::frozen;
  row.level = book::Level::verified;
  row.scope = "/lijing/03", row.household = "H7K2";
  row.balance = {-12}, row.held = {5};
  row.lots = {{20000, {20}, false}, {20000, {3}, true}, {20031, {1}, false}};
  row.devices = {sha256("one"), sha256("two")};
  row.enroller = sha256("officer");
  row.opened_us = 1795484400000000;
  return row;
}
template <>
inline book::KeyRow sample_row() {
  book::KeyRow row;
  row.id = sha256("key");
  row.spki = std::string("0\0bytes\xff", 8);
  row.use = book::KeyUse::ticket;
  row.account = {book::kFirstFreeAccount + 8};
  row.enroller = sha256("enroller");
  row.from_us = 1, row.until_us = 2, row.revoked_us = 3, row.last_step = 4, row.spent = 1,
  row.proves_from_us = 5;
  return row;
}
template <>
inline book::RoleRow sample_row() {
  return {{book::kFirstFreeAccount + 9},
          {{book::Role::officer, "/lijing", 1, 0}, {book::Role::auditor, "/", 2, 3}}};
}
template <>
inline book::CardRow sample_row() {
  return {{book::kFirstFreeAccount + 10}, {book::kFirstFreeAccount + 9}, 1, sha256("officer"), 6};
}
template <>
inline book::FactRow sample_row() {
  return {"checkin patrol 7ZK3M8Q2R5T1V 2026-11-24", 17};
}
template <>
inline book::CounterRow sample_row() {
  return {"rule patrol account 7ZK3M8Q2R5T1V 2026-11-24", -3};
}
template <>
inline book::CommandRow sample_row() {
  return {sample_uuid(1), sha256("payload"), 9, 1, 200};
}
template <>
inline book::SaleRow sample_row() {
  book::SaleRow row;
  row.id = sample_uuid(2);
  row.seq = 5, row.at_us = 6;
  row.resident = {book::kFirstFreeAccount + 1}, row.shop = {book::kFirstFreeAccount + 2};
  row.till = sha256("till");
  row.points = {30}, row.refunded = {10};
  row.ate = {{20000, {20}, false}};
  row.proof = "code";
  row.undone = 1;
  return row;
}
template <>
inline book::HoldRow sample_row() {
  book::HoldRow row;
  row.id = sample_uuid(3);
  row.seq = 6;
  row.purpose = book::HoldPurpose::review;
  row.account = {book::kFirstFreeAccount + 4}, row.to = {book::kFirstFreeAccount + 5};
  row.device = sha256("device");
  row.points = {30};
  row.lots = {{20000, {20}, false}, {20001, {10}, true}};
  row.at_us = 7, row.until_us = 8, row.cash_fen = 9, row.expiry_months = 10;
  row.phone_points = {11};
  row.fact = "report case-1 7ZK3M8Q2R5T1V -";
  row.counters = {"rule report account 7ZK3M8Q2R5T1V 2026-11", "rule report grid /lijing/03 -"};
  row.recorder = {book::kFirstFreeAccount + 6}, row.allowed = {60};
  row.taken = 1, row.resolved = 1;
  return row;
}
template <>
inline book::AwardRow sample_row() {
  return {12, {book::kFirstFreeAccount + 3}, {book::kFirstFreeAccount + 1}, {50}, 20031, 1};
}
template <>
inline book::TaskRow sample_row() {
  book::TaskRow row;
  row.data.task = "patrol-evening", row.data.rule = "patrol", row.data.scope = "/lijing/03";
  row.data.opens_us = 1, row.data.closes_us = 2;
  row.data.budget = {book::kFirstFreeAccount + 3};
  row.data.sites = {sha256("site")};
  row.data.review = book::Review::all;
  row.seq = 11;
  return row;
}
template <>
inline book::PolicyRow sample_row() {
  return {3, 44, R"({"v":1})", 12};
}
template <>
inline book::LedgerRow sample_row() {
  return {91244,
          1795484400000000,
          3,
          2,
          "bq.example/points+ab0d93f0+Aek",
          "bq.example/points+ab0d93f1+Aek",
          7,
          1,
          1,
          "019a5b3e-7c00-7abc-8def-00000000002c 019a5b3e-7c00-7abc-8def-00000000002d",
          1,
          {sha256("root one"), sha256("root two")},
          {sha256("server")}};
}

// The columns say all there is in a row; a failure prints the first that differs.
template <class Row>
void expect_equal(const Row& one, const Row& other) {
  const auto left = book::columns_of(one), right = book::columns_of(other);
  ASSERT_EQ(left.size(), right.size());
  for (std::size_t i = 0; i < left.size(); ++i)
    EXPECT_TRUE(left[i] == right[i]) << Row::kTable << " column " << i;
}

}  // namespace dfb::test
