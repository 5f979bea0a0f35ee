// What a payload's fields may hold: one change of a documented example a line, and the code that it gives.
#include <gtest/gtest.h>

#include "ledger/book/command.h"
#include "tests/support/documented.h"

namespace dfb::book {
namespace {

using test::documented;

// internal stands for a payload that is well formed.
Code code_after(const std::string& line) {
  auto payload = parse_payload(line);
  return payload ? Code::internal : payload.error().code;
}

struct Change {
  std::string in, from, to;
  Code code = Code::malformed;
};

// The documented payload that contains `in`, with `from` (which must stand in it) replaced by `to`.
void expect(const Change& change) {
  auto line = documented("payload", change.in);
  auto at = line.find(change.from);
  ASSERT_NE(at, line.npos) << change.from << " is not in " << line;
  line.replace(at, change.from.size(), change.to);
  EXPECT_EQ(code_after(line), change.code) << line;
}

TEST(BookPayloadRanges, CommonFieldsOutOfRange) {
  const std::string mint = R"("kind":"mint")", id = "019a5b3e-7c00-7abc-8def-000000000001";
  for (const auto& change : std::vector<Change>{
           {mint, R"("v":1)", R"("v":2)", Code::unsupported_version},
           {mint, R"("v":1)", R"("v":0)", Code::unsupported_version},
           {mint, R"("v":1)", R"("v":-1)", Code::unsupported_version},
           {mint, R"("v":1,"op":"transfer")", R"("v":2,"op":"newer")", Code::unsupported_version},
           {mint, R"("op":"transfer")", R"("op":"move")"},
           {mint, R"("op":"transfer")", R"("op":"")"},
           {mint, R"("op":"transfer")", R"("op":"policy")"},
           {mint, R"("op":"transfer")", R"("op":"transfer","act":"publish")"},
           {mint, id, "019a5b3e-7c00-4abc-8def-000000000001"},
           {mint, id, "019A5b3e-7c00-7abc-8def-000000000001"},
           {mint, id, ""},
           {mint, R"("by":"AAA)", R"("by":"AA)"},
           {mint, R"("by":"AAA)", R"("by":"A+A)"},
           {mint, R"(AAE","not)", R"(AAF","not)"},
           {mint, "1796083200000000", "-1"},
           {mint, "1796083200000000", "9007199254740991", Code::internal},
           {mint, "1796083200000000", "9007199254740992"},
           {mint, R"({"v")", R"( {"v")"},
           {mint, R"(2026"})", R"(2026"}x)"},
           {mint, R"({"v":1,)", R"([{"v":1,)"},
       })
    expect(change);
  EXPECT_EQ(code_after(""), Code::malformed);
  EXPECT_EQ(code_after("1"), Code::malformed);
  EXPECT_EQ(code_after("[]"), Code::malformed);
  EXPECT_EQ(code_after("{}"), Code::malformed);
  EXPECT_EQ(code_after(R"({"v":"2"})"), Code::malformed);
  EXPECT_EQ(code_after(std::string(65'001, ' ')), Code::too_large);
  EXPECT_EQ(code_after(std::string(65'000, ' ')), Code::malformed);
}

TEST(BookPayloadRanges, TransfersOutOfRange) {
  const std::string mint = R"("kind":"mint")", award = R"("kind":"award")", code = R"("kind":"code")",
                    quote = R"("kind":"quote")", offline = R"("kind":"offline")",
                    opening = R"("kind":"opening")";
  for (const auto& change : std::vector<Change>{
           {mint, mint, R"("kind":"gift")"},
           {mint, mint, R"("kind":"return")", Code::internal},
           {mint, mint, award},
           {mint, "100000", "0"},
           {mint, "100000", "-1"},
           {mint, "100000", "1000000000", Code::internal},
           {mint, "100000", "1000000001"},
           {mint, "6G0R40M30E209", "6G0R40M30E20"},
           {mint, "6G0R40M30E209", "6G0R40M30E20i"},
           {mint, "budget 2026", std::string(64, 'm'), Code::internal},
           {mint, "budget 2026", "", Code::internal},
           {mint, "budget 2026", std::string(65, 'm')},
           {mint, "budget 2026", "b\\u0041"},
           {award, "flood-help", "Flood"},
           {award, "flood-help", ""},
           {award, "flood-help", std::string(33, 'a')},
           {code, R"("cash":0)", R"("cash":-1)"},
           {code, R"("cash":0)", R"("cash":1000000000)", Code::internal},
           {code, R"("cash":0)", R"("cash":1000000001)"},
           {code, code, R"("kind":"quote")"},
           {code, code, R"("kind":"word")"},
           {code, R"("code":"N805)", R"("code":"n805)"},
           {code, R"("code":"N805)", R"("code":"N80)"},
           {code, R"("code":"N80)", R"("code":"9E0)"},  // version 2
           {code, R"("code":")", R"("code":"000)"},
           {quote, R"("sig":"AA)", R"("sig":"A)"},
           {quote, R"("sig":"AA)", R"("sig":"AAAAAA)"},
           {quote, R"("sig":"AA)", R"("sig":"A=)"},
           {quote, "1795484580000000", "-5"},
           {offline, R"("counter":4)", R"("counter":0)"},
           {offline, R"("counter":4)", R"("counter":4294967295)", Code::internal},
           {offline, R"("counter":4)", R"("counter":4294967296)"},
           {R"("kind":"expire")", "2026-10-31", "2026-11-31"},
           {R"("kind":"expire")", "2026-10-31", "2026-10"},
           {R"("kind":"settle")", R"("count":312)", R"("count":-1)"},
           {R"("kind":"settle")", R"("through":91244)", R"("through":-1)"},
           {opening, R"([["2026-12-31",20],["2027-01-31",30]])", "[]", Code::internal},
           {opening, R"(["2027-01-31",30])", R"(["2027-01-31",29],["2027-01-31",1,1])", Code::internal},
           {opening, R"(["2027-01-31",30])", R"(["2027-01-31",31])"},
           {opening, R"(["2027-01-31",30])", R"(["2027-01-31",30],["2027-02-28",0])"},
           {opening, R"(["2027-01-31",30])", R"(["2026-12-31",30])"},
           {opening, R"(["2027-01-31",30])", R"(["2026-11-30",30])"},
           {opening, R"(["2027-01-31",30])", R"(["2027-01-31",30,0])"},
           {opening, R"(["2027-01-31",30])", R"("2027-01-31")"},
           {opening, R"(["2027-01-31",30])", R"(["2027-01-31",4503599627370496])"},
       })
    expect(change);
}

TEST(BookPayloadRanges, HoldsRecordsCancelsAndReversesOutOfRange) {
  const std::string hold = R"("purpose":"allowance")", capture = R"("act":"capture")",
                    checkin = R"("kind":"checkin")", erasure = R"("kind":"erasure")",
                    zreport = R"("kind":"zreport")", xreport = R"("kind":"xreport")";
  for (const auto& change : std::vector<Change>{
           {hold, hold, R"("purpose":"reserve")"},
           {hold, hold, R"("purpose":"other")"},
           {hold, R"("points":50)", R"("points":0)"},
           {hold, R"("until":1795657200000000)", R"("until":-1)"},
           {capture, capture, R"("act":"release")"},
           {capture, capture, R"("act":"keep")"},
           {capture, R"("points":80)", R"("points":0)"},
           {R"("act":"release")", R"("act":"release")", R"("act":"capture")"},
           {R"("act":"release")", R"("points":0)", R"("points":1)"},
           {checkin, checkin, R"("kind":"visit")"},
           {checkin, checkin, R"("kind":"report")", Code::internal},
           {checkin, checkin, erasure},
           {checkin, "patrol-evening", "Patrol"},
           {checkin, R"("2026-11-24")", R"("2026-11")", Code::internal},
           {checkin, R"("2026-11-24")", R"("-")", Code::internal},
           {checkin, R"("2026-11-24")", R"("2026-13")"},
           {checkin, R"("2026-11-24")", R"("2026")"},
           {checkin, R"("2026-11-24")", R"("")"},
           {checkin, R"("2026-11-24")", R"("2026-11-31")"},
           {checkin, R"("rule":"patrol")", R"("rule":"")"},
           {checkin, R"("site":"AQ)", R"("site":"Ag)"},
           {checkin, R"("site":"AQ)", R"("site":"AQAA)"},
           {checkin, R"("site":"AQAA)", R"("site":"AQ)"},
           {checkin, R"(,"site":"AQ)", R"(,"site":"","x":"AQ)"},
           {erasure, R"("evidence")", R"("rule":"patrol","evidence")"},
           {zreport, R"("count":58)", R"("count":-1)"},
           {zreport, R"("total":1740)", R"("total":-1)"},
           {zreport, zreport, xreport, Code::internal},
           {xreport, xreport, R"("kind":"yreport")"},
           {xreport, xreport, erasure},
           {xreport, R"("count":21)", R"("count":-1)"},
           {xreport, R"("refunded":45)", R"("refunded":-1)"},
           {xreport, R"("lines":433)", R"("lines":0)"},
           {xreport, R"("evidence")", R"("rule":"patrol","evidence")"},
           {R"("op":"cancel")", "8def-000000000004", "8def-00000000000"},
           {R"("op":"reverse")", R"("entry":1204)", R"("entry":-1)"},
           {R"("op":"reverse")", R"("entry":1204)", R"("entry":0)", Code::internal},
       })
    expect(change);
}

TEST(BookPayloadRanges, PoliciesOutOfRange) {
  const std::string publish = R"("act":"publish")", task = R"("act":"task")";
  for (const auto& change : std::vector<Change>{
           {publish, publish, R"("act":"unpublish")"},
           {publish, R"("version":1)", R"("version":0)"},
           {publish, R"("from":1795484400000000)", R"("from":-1)"},
           {publish, R"("kind":"checkin")", R"("kind":"erasure")"},
           {publish, R"("points":50)", R"("points":0)"},
           {publish, R"("points":50)", R"("points":1000000001)"},
           {publish, R"(["account/day:2","grid/day:500"])", "[]", Code::internal},
           {publish, "account/day:2", "account/week:2"},
           {publish, R"("account/day:2")", "2"},
           {publish, R"("unique":"day")", R"("unique":"year")"},
           {publish, R"("proof":"site")", R"("proof":"photo")"},
           {publish, R"("review":"none")", R"("review":"some")"},
           {publish, R"("expiry_months":12)", R"("expiry_months":0)"},
           {publish, R"("expiry_months":12)", R"("expiry_months":120)", Code::internal},
           {publish, R"("expiry_months":12)", R"("expiry_months":121)"},
           {publish, R"("code_points":200)", R"("code_points":-1)"},
           {publish, R"("code_points":200)", R"("code_points":1000000000)", Code::internal},
           {publish, R"("code_points":200)", R"("code_points":1000000001)"},
           {publish, R"("refund_days":30)", R"("refund_days":36500)", Code::internal},
           {publish, R"("refund_days":30)", R"("refund_days":36501)"},
           {publish, R"("idle_gap_hours":24)", R"("idle_gap_hours":36501)"},
           {publish, R"("burns_hour":60)", R"("burns_hour":100000)", Code::internal},
           {task, R"("task":"patrol-evening")", R"("task":"")"},
           {task, "/lijing/03", "lijing/03"},
           {task, R"("opens":1795449600000000)", R"("opens":-1)"},
           {task, R"(["AAAA)", R"(["AAA)"},
           {task, R"(AAAAAY"])", R"(AAAAAY",7])"},
           {task, R"("review":"none")", R"("review":"all")", Code::internal},
       })
    expect(change);
}

TEST(BookPayloadRanges, AuthorityOutOfRange) {
  const std::string genesis = R"("act":"genesis")", open = R"("act":"open")", shop = R"("kind":"shop")",
                    key = R"("act":"key")", roster = R"("act":"roster")", import = R"("act":"import")";
  const std::string root =
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEfPJ7GI0DT36KUjgDBLUawSsVLjIf5mgXmYf9bBPcNXgHdVGIBgsfIEgn6m0L5Ts9lY"
      "rEBR-"
      "Hk3KyFUHhh5tHsQ";
  const std::string first =
      "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li_hp_"
      "m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q";
  for (const auto& change : std::vector<Change>{
           {genesis, genesis, R"("act":"birth")"},
           {genesis, genesis, R"("act":"")"},
           {genesis, R"("threshold":2)", R"("threshold":0)"},
           {genesis, R"("threshold":2)", R"("threshold":3)", Code::internal},
           {genesis, R"("threshold":2)", R"("threshold":4)"},
           {genesis, root, first},
           {genesis, root, root.substr(4)},
           {genesis, R"("log":"bq.example)", R"("log":"","x":")"},
           {open, "7ZK3M8Q2R5T1V", "0000000000004"},
           {open, "7ZK3M8Q2R5T1V", "0000003ZZZZZZ"},
           {open, "7ZK3M8Q2R5T1V", "0000004000000", Code::internal},
           {open, R"("resident")", R"("shop")"},
           {open, R"("resident")", R"("issuance")"},
           {open, R"("level":"phone")", R"("level":"none")"},
           {open, R"("level":"phone")", R"("level":"verified")", Code::internal},
           {open, "H7K2", "h7k2"},
           {open, "H7K2", "0123456789ABCDEFG"},
           {open, "H7K2", "", Code::internal},
           {open, R"("key":"MFkw)", R"("key":")"},
           {shop, shop, R"("kind":"budget")", Code::internal},
           {shop, shop, R"("kind":"resident")"},
           {shop, shop, R"("kind":"offline_loss")"},
           {shop, R"("household":"")", R"("household":"H7K2")"},
           {shop, R"("level":"none")", R"("level":"verified")"},
           {R"("act":"level")", R"("verified")", R"("none")"},
           {key, R"("use":"till")", R"("use":"root")"},
           {key, R"("use":"till")", R"("use":"server")"},
           {key, R"("use":"till")", R"("use":"pen")"},
           {key, R"("use":"till")", R"("use":"ticket")", Code::internal},
           {key, first, ""},
           {key, R"("until":0)", R"("until":-1)"},
           {R"("act":"revoke")", "phone lost", std::string(65, 'x')},
           {R"("act":"role")", R"("officer")", R"("mayor")"},
           {R"("act":"role")", R"("/lijing")", R"("/lijing/")"},
           {R"("act":"unrole")", R"("/lijing")", R"("")"},
           {R"("act":"state")", R"("frozen")", R"("gone")"},
           {roster, "8D2J6Y0W4S3EA", "7ZK3M8Q2R5T1V"},
           {roster, R"(["7ZK3M8Q2R5T1V","8D2J6Y0W4S3EA"])", "[]"},
           {import, R"(["7ZK3M8Q2R5T1V","/lijing/03","H7K2"],)", "", Code::internal},
           {import, R"(["8D2J6Y0W4S3EA","/lijing/04",""])", R"(["8D2J6Y0W4S3EA","/lijing/04"])"},
           {import, R"(["8D2J6Y0W4S3EA","/lijing/04",""])", R"(["8D2J6Y0W4S3EA","/lijing/04","",""])"},
           {import, R"(["8D2J6Y0W4S3EA","/lijing/04",""])", R"(["8D2J6Y0W4S3EA","/lijing/04",1])"},
           {import, R"(["8D2J6Y0W4S3EA","/lijing/04",""])", R"("8D2J6Y0W4S3EA")"},
           {import, "8D2J6Y0W4S3EA", "7ZK3M8Q2R5T1V"},
           {import, "8D2J6Y0W4S3EA", "0000000000001"},
           {import, "/lijing/04", "lijing"},
           {import, "H7K2", "h"},
           {R"("act":"witness")", R"("name":"station.example/w1")", R"("name":"")"},
           {R"("act":"unwitness")", R"("name":"station.example/w1")", R"("name":"")"},
           {R"("act":"roots")", R"("threshold":2)", R"("threshold":0)"},
           {R"("act":"roots")", R"("threshold":2)", R"("threshold":1)", Code::internal},
           {R"("act":"roots")", R"("threshold":2)", R"("threshold":4)"},
           {R"("act":"roots")", root, first},
           {R"("act":"roots")", R"("roots":["MF)", R"("roots":["M)"},
           {R"("act":"server_key")", R"("key":"MF)", R"("key":"M)"},
           {R"("act":"server_key")", R"("until":1798041600000000)", R"("until":0)", Code::internal},
           {R"("act":"server_key")", R"("until":1798041600000000)", R"("until":-1)"},
           {R"("act":"log_key")", R"("vkey":"bq.example/points)", R"("vkey":"","x":")"},
           {R"("act":"clock")", R"("confirm":1795484400000000)", R"("confirm":-1)"},
           {R"("act":"end")", R"("size":91244)", R"("size":-1)"},
       })
    expect(change);
}

}  // namespace
}  // namespace dfb::book
