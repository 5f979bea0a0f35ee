// Every program's arguments: parsed, or refused in one line and with one exit status; and whether its answer reached
// standard output. Included by files with a main() alone.
#pragma once
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

namespace dfb {

// The exit status where there is nothing to run: 0 after --help, 2 and one line on standard error for what is no
// argument, also where CLI11 writes several: a log keeps it whole.
inline std::optional<int> parse_arguments(CLI::App& app, const std::string& program, int argc, char** argv) {
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& asked) {
    return app.exit(asked);
  } catch (const CLI::ParseError& error) {
    const std::vector<std::string> unknown = app.remaining(true);
    std::string what = unknown.empty() ? error.what() : "unknown argument '" + unknown.front() + "'";
    std::replace(what.begin(), what.end(), '\n', ' ');
    std::cerr << program << ": " << what << " (--help lists the options)\n";
    return 2;
  }
  return std::nullopt;
}

// For a program whose answer is all that it does: nobody takes a report that a full disk cut short for a good one. What
// it found, where that is another status than 0, stays the status.
inline int answered(const std::string& program, int status) {
  if (std::cout.flush()) return status;
  std::cerr << program << ": cannot write the answer to standard output; is the disk full?\n";
  return status == 0 ? 2 : status;
}

}  // namespace dfb
