#include "tests/bench/till_process.h"

#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>

namespace dfb::bench {

double seconds_since(Steady::time_point begin) {
  return std::chrono::duration<double>(Steady::now() - begin).count();
}

void give_up(const std::string& why) { throw std::runtime_error(why); }

namespace {

// What the process took of a processor until now: proc(5), stat, utime and stime.
double processor_s(int pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/stat");
  std::string stat((std::istreambuf_iterator<char>(in)), {});
  std::istringstream rest(stat.substr(stat.rfind(')') + 1));
  std::string word;
  for (int i = 0; i < 11; ++i) rest >> word;
  double user = 0, system = 0;
  if (!(rest >> user >> system)) give_up("no processor time");
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

}  // namespace

TillProcess::TillProcess(const e2e::Till& till)
    : started_(Steady::now()),
      program_({e2e::program("terminal"), "--dir", till.folder, "--lang", "en", "--console"}) {
  wait_for("Ready.");
  cold_start_s_ = seconds_since(started_);
  cold_start_cpu_s_ = processor_s(program_.pid());
}

double TillProcess::step(const std::string& input, const std::string& answer) {
  const auto begin = Steady::now();
  program_.write(input);
  wait_for(answer);
  return seconds_since(begin);
}

void TillProcess::wait_for(const std::string& answer, demo::milliseconds limit) {
  if (program_.wait_for(answer, limit)) return;
  const std::string said = program_.out() + program_.err();
  constexpr std::size_t kMost = 2000;
  give_up("a till said instead of \"" + answer + "\": " + said.substr(said.size() - std::min(said.size(), kMost)));
}

double TillProcess::memory_mb() const {
  std::ifstream status("/proc/" + std::to_string(program_.pid()) + "/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::atof(line.c_str() + 6) / 1024;
  give_up("no VmHWM");
}

void TillProcess::quit() {
  program_.close_input();
  if (!program_.wait()) give_up("a till does not end");
}

}  // namespace dfb::bench
