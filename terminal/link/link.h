// The line over HTTPS with the till's certificate. Source of the routes: docs/api.md.
#pragma once
#include <string>

#include "ledger/fetch/http_client.h"
#include "terminal/link/line.h"
#include "terminal/setup.h"
#include "terminal/till/records.h"

namespace dfb::terminal {

class Link final : public Line {
 public:
  // `terminal_url` such as https://localhost:8444, without a slash at its end. `answer_after_ms` bounds each
  // exchange.
  Link(std::string terminal_url, const Folder& folder, long answer_after_ms);

  Result<TillInfo> info() override;
  Result<Customer> present(std::string_view code) override;
  Result<Reservation> reservation(const Uuid& hold) override;
  Result<std::string> attest(book::AccountId card, std::string_view pin, const Uuid& sale,
                             book::Points points) override;
  Result<void> offer(const std::string& quote) override;
  Result<CustomersWord> word(const Uuid& sale) override;
  Result<std::vector<ShopGood>> goods() override;
  Result<std::vector<StaffMember>> staff() override;
  Result<StaffVerdict> staff_pin(const std::string& staff, std::string_view pin,
                                 const std::string& unlock) override;
  Result<Reply> post(Route route, const std::string& signed_command) override;
  Result<Reply> enquire(const Uuid& id) override;
  Result<LeafPage> leaves(std::optional<std::int64_t> before) override;
  Result<std::vector<LogKeyChange>> log_keys() override;
  Result<OfflineNews> offline_news(std::int64_t after, std::int64_t policy_version) override;
  Result<std::vector<Reply>> upload(const std::string& sales) override;
  // What this till has seen, cosigned. inconsistent: the town had another tree of that size.
  Result<void> cosign(const Seen& seen, const std::string& origin, const PrivateKey& till,
                      const PrivateKey& witness, std::int64_t unix_s);
  // A partial tile that is gone is cut from the full one that replaced it.
  Result<std::string> tile(int level, std::int64_t index, int width) override;

 private:
  Result<std::string> fetch_tile(int level, std::int64_t index, int width);
  std::string url_;
  fetch::HttpClient http_;
};

// What every exchange with the town needs: the authority from the terminal's folder.
fetch::Options trusting(const std::string& ca_file);

// The body of a 200 or 201; else the problem as an error. Shared by routes that take no signed command.
inline const std::string kJson = "application/json";  // what requests carry
Result<std::string> good_body(Result<fetch::Response> response);

}  // namespace dfb::terminal
