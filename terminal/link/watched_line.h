// A line that remembers how its last exchange went, for whoever shows whether the town can be reached.
// Threads: one.
#pragma once
#include "terminal/link/line.h"

namespace dfb::terminal {

class WatchedLine final : public Line {
 public:
  explicit WatchedLine(Line& line) : line_(line) {}

  bool is_up() const { return up_; }  // the town answered last time; false before the first exchange

  Result<TillInfo> info() override { return watched(line_.info()); }
  Result<Customer> present(std::string_view code) override { return watched(line_.present(code)); }
  Result<Reservation> reservation(const Uuid& hold) override { return watched(line_.reservation(hold)); }
  Result<std::string> attest(book::AccountId card, std::string_view pin, const Uuid& sale,
                             book::Points points) override {
    return watched(line_.attest(card, pin, sale, points));
  }
  Result<void> offer(const std::string& quote) override { return watched(line_.offer(quote)); }
  Result<CustomersWord> word(const Uuid& sale) override { return watched(line_.word(sale)); }
  Result<std::vector<ShopGood>> goods() override { return watched(line_.goods()); }
  Result<std::vector<StaffMember>> staff() override { return watched(line_.staff()); }
  Result<StaffVerdict> staff_pin(const std::string& staff, std::string_view pin,
                                 const std::string& unlock) override {
    return watched(line_.staff_pin(staff, pin, unlock));
  }
  Result<Reply> post(Route route, const std::string& signed_command) override {
    return watched(line_.post(route, signed_command));
  }
  Result<LeafPage> leaves(std::optional<std::int64_t> before) override {
    return watched(line_.leaves(before));
  }
  Result<std::vector<LogKeyChange>> log_keys() override { return watched(line_.log_keys()); }
  Result<OfflineNews> offline_news(std::int64_t after, std::int64_t policy_version) override {
    return watched(line_.offline_news(after, policy_version));
  }
  Result<std::vector<Reply>> upload(const std::string& sales) override {
    return watched(line_.upload(sales));
  }
  Result<Reply> enquire(const Uuid& id) override { return watched(line_.enquire(id)); }
  Result<std::string> tile(int level, std::int64_t index, int width) override {
    return watched(line_.tile(level, index, width));
  }

 private:
  template <class T>
  Result<T> watched(Result<T> answer) {
    up_ = answer || (answer.error().code != Code::unreachable && answer.error().code != Code::timed_out &&
                     answer.error().code != Code::bad_config);
    return answer;
  }
  Line& line_;
  bool up_ = false;
};

}  // namespace dfb::terminal
