// The measuring programs' arguments, refused as every other program here refuses them.
#pragma once
#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

namespace dfb::bench {

// The exit status where there is nothing to run: 0 after --help, 2 and one line for what is no argument.
inline std::optional<int> refuse_arguments(CLI::App& app, const std::string& program, int argc, char** argv) {
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

}  // namespace dfb::bench
