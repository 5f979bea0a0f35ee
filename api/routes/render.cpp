#include "api/routes/route.h"

namespace dfb::routes {

http::Response render(const CommandAnswer& answer) {
  if (!answer.refused) return {answer.known ? 200 : 201, "application/json", http::to_json(answer), {}};
  // A refusal that is an entry: the problem carries the entry and its receipt, so that it can be proven.
  const Code code = code_from_name(*answer.refused).value_or(Code::internal);
  return http::problem(fail(code, "the ledger refused it and burnt its id"), {{"seq", answer.seq},
                                                                              {"time_us", answer.time_us},
                                                                              {"known", answer.known},
                                                                              {"entry", answer.entry},
                                                                              {"receipt", answer.receipt}});
}

}  // namespace dfb::routes
