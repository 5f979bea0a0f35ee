#include "tests/bench/report.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>

namespace dfb::bench {
namespace {

constexpr double kMayDiffer = 0.10;
constexpr int kProcessors = 2;

template <class... Args>
std::string print(const char* format, Args... args) {
  char text[400];
  std::snprintf(text, sizeof text, format, args...);
  return text;
}

}  // namespace

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

std::vector<std::string> Report::invalid() const {
  std::vector<std::string> why;
  if (processors.used < kProcessors)
    why.push_back(print("%d processor; the bounds are for %d", processors.used, kProcessors));
  if (!openssl)
    why.emplace_back("there is no `openssl speed` to compare the bare checks with");
  else if (std::abs(bare / *openssl - 1) > kMayDiffer)
    why.emplace_back("bare checks are not within 10 % of openssl's");
  return why;
}

bool Report::pass() const {
  return std::all_of(lines.begin(), lines.end(), [](const Line& line) { return line.pass(); });
}

int Report::exit_status() const { return pass() && invalid().empty() ? 0 : 1; }

std::string Report::text() const {
  const std::string of = processors.allowed > processors.used ? print(" of %d", processors.allowed) : "";
  std::string out = print(
      "defenbao-bench: %d residents, %d redemptions a round, medians of %d, on %d%s processors, load %.2f "
      "before and %.2f after\n",
      residents, redemptions, rounds, processors.used, of.c_str(), load_before, load_after);
  out +=
      print("%-24s %10.0f checks/s        %5.2f of openssl speed ecdsap256 (%.0f)  %s\n", "bare checks", bare,
            openssl ? bare / *openssl : 0, openssl.value_or(0), invalid().empty() ? "valid" : "INVALID");
  for (const auto& line : lines)
    out += print("%-24s %10.0f %-15s %5.2f of %s (%.0f); at least %.2f  %s\n", line.name.c_str(),
                 line.figure(), line.unit.c_str(), line.ratio(), line.denominator.c_str(),
                 median(line.denominators), line.bound, line.pass() ? "PASS" : "MISS");
  out +=
      print("a redemption writes %.1f rows, %.0f bytes in them, %.0f bytes of write-ahead log, %.4f fsyncs\n",
            rows, bytes, log_bytes, syncs);
  for (const auto& why : invalid()) out += "INVALID: " + why + "\n";
  return out;
}

std::string Report::json() const {
  boost::json::array all;
  for (const auto& line : lines)
    all.push_back(boost::json::object{{"name", line.name},
                                      {"unit", line.unit},
                                      {"figure", line.figure()},
                                      {"ratio", line.ratio()},
                                      {"denominator", line.denominator},
                                      {"denominator_figure", median(line.denominators)},
                                      {"bound", line.bound},
                                      {"verdict", line.pass() ? "PASS" : "MISS"}});
  boost::json::array why;
  for (const auto& one : invalid()) why.emplace_back(one);
  const boost::json::object document{
      {"residents", residents},
      {"redemptions", redemptions},
      {"rounds", rounds},
      {"processors", processors.used},
      {"processors_allowed", processors.allowed},
      {"load_before", load_before},
      {"load_after", load_after},
      {"bare_checks", bare},
      {"openssl_checks", openssl ? boost::json::value(*openssl) : boost::json::value(nullptr)},
      {"valid", invalid().empty()},
      {"invalid", std::move(why)},
      {"exit_status", exit_status()},
      {"lines", all},
      {"per_redemption",
       boost::json::object{{"rows", rows}, {"bytes", bytes}, {"log_bytes", log_bytes}, {"fsyncs", syncs}}}};
  return boost::json::serialize(document) + "\n";
}

}  // namespace dfb::bench
