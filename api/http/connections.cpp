#include "api/http/connections.h"

namespace dfb::http {
namespace {

// Connections over the limit that still get their 503; those beyond are closed unheard.
constexpr int kSpareConnections = 64;

}  // namespace

bool Connections::enter(const std::shared_ptr<Connected>& connection) {
  const std::lock_guard lock(mutex_);
  int on_port = 0, of_one = 0;
  for (const auto& item : all_) {
    const Connected* other = item.first;
    if (other->port != connection->port) continue;
    ++on_port;
    of_one += other->remote == connection->remote;
  }
  connection->over_limit = on_port >= limits_.connections_max;
  if (of_one >= limits_.connections_of_one_max) return false;
  return on_port < limits_.connections_max + kSpareConnections &&
         all_.emplace(connection.get(), connection).second;
}

void Connections::leave(const Connected* connection) {
  const std::lock_guard lock(mutex_);
  all_.erase(connection);
  changed_.notify_all();
}

std::vector<std::shared_ptr<Connected>> Connections::alive() {
  const std::lock_guard lock(mutex_);
  std::vector<std::shared_ptr<Connected>> out;
  for (const auto& item : all_)
    if (auto shared = item.second.lock()) out.push_back(std::move(shared));
  return out;
}

void Connections::await_none(std::chrono::milliseconds at_most) {
  std::unique_lock lock(mutex_);
  changed_.wait_for(lock, at_most, [this] { return all_.empty(); });
}

}  // namespace dfb::http
