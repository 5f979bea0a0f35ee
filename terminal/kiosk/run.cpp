#include "terminal/kiosk/run.h"

#include <csignal>
#include <thread>

#include "terminal/kiosk/page_server.h"

namespace dfb::terminal::kiosk {
namespace {

// Closes the inbox on the first signal, also on the one that it sends itself to end.
class SignalWatch {
 public:
  explicit SignalWatch(Inbox& inbox)
      : thread_([&inbox] {
          sigset_t signals;
          sigemptyset(&signals);
          sigaddset(&signals, SIGINT);
          sigaddset(&signals, SIGTERM);
          int signal = 0;
          while (sigwait(&signals, &signal) != 0) {
          }
          inbox.close();
        }) {}
  SignalWatch(const SignalWatch&) = delete;
  SignalWatch& operator=(const SignalWatch&) = delete;
  ~SignalWatch() {
    pthread_kill(thread_.native_handle(), SIGTERM);
    thread_.join();
  }

 private:
  std::thread thread_;
};

}  // namespace

Result<bool> run(Desk& desk, std::vector<Sale> unfinished, Board& board, Inbox& inbox, Random& random,
                 const Options& options, const std::function<void(const std::string& url)>& started) {
  DFB_TRY(const auto pages, Pages::open(options.pages, random, board, inbox));
  DFB_TRY(const auto server, serve(*pages, options.port));
  const SignalWatch watch(inbox);
  started(pages->guard().start_url());
  auto nothing_open = desk.run(std::move(unfinished));
  inbox.close();
  board.close();
  server->stop(2);
  return nothing_open;
}

}  // namespace dfb::terminal::kiosk
