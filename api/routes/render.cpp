#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include "api/routes/route.h"

namespace dfb::routes {

http::Response render(const CommandAnswer& answer) {
  if (!answer.refused) return {answer.known ? 200 : 201, "application/json", http::to_json(answer), {}};
  // A refusal that is an entry: the problem carries the entry and its receipt, so that it can be proven.
  const Code code = code_from_name(*answer.refused).value_or(Code::internal);
  http::Response response = http::problem(fail(code, "the ledger refused it and burnt its id"));
  auto document = boost::json::parse(response.body).as_object();
  document["seq"] = answer.seq;
  document["time_us"] = answer.time_us;
  document["known"] = answer.known;
  document["entry"] = answer.entry;
  document["receipt"] = answer.receipt;
  response.body = boost::json::serialize(document);
  return response;
}

}  // namespace dfb::routes
