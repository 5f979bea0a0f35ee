// Every program's arguments: parsed, or refused in one line and with one exit status. Included by files with a
// main() alone.
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

}  // namespace dfb
