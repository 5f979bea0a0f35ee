#include "tests/bench/report.h"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>
#include <cstdio>

namespace dfb::bench {
namespace {

constexpr double kMayDiffer = 0.10;

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

bool Report::valid() const { return openssl && std::abs(bare / *openssl - 1) <= kMayDiffer; }

bool Report::pass() const {
  return std::all_of(lines.begin(), lines.end(), [](const Line& line) { return line.pass(); });
}

std::string Report::text() const {
  std::string out = print(
      "defenbao-bench: %d residents, %d redemptions a round, medians of %d, %u cores, load %.2f before and "
      "%.2f "
      "after\n",
      residents, redemptions, rounds, cores, load_before, load_after);
  out += print("%-24s %10.0f checks/s        %5.2f of openssl speed ecdsap256 (%.0f)  %s\n", "bare checks",
               bare, openssl ? bare / *openssl : 0, openssl.value_or(0), valid() ? "valid" : "INVALID");
  for (const auto& line : lines)
    out += print("%-24s %10.0f %-15s %5.2f of %s (%.0f); at least %.2f  %s\n", line.name.c_str(),
                 line.figure(), line.unit.c_str(), line.ratio(), line.denominator.c_str(),
                 median(line.denominators), line.bound, line.pass() ? "PASS" : "MISS");
  out +=
      print("a redemption writes %.1f rows, %.0f bytes in them, %.0f bytes of write-ahead log, %.4f fsyncs\n",
            rows, bytes, log_bytes, syncs);
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
  const boost::json::object document{
      {"residents", residents},
      {"redemptions", redemptions},
      {"rounds", rounds},
      {"cores", cores},
      {"load_before", load_before},
      {"load_after", load_after},
      {"bare_checks", bare},
      {"openssl_checks", openssl ? boost::json::value(*openssl) : boost::json::value(nullptr)},
      {"valid", valid()},
      {"lines", all},
      {"per_redemption",
       boost::json::object{{"rows", rows}, {"bytes", bytes}, {"log_bytes", log_bytes}, {"fsyncs", syncs}}}};
  return boost::json::serialize(document) + "\n";
}

}  // namespace dfb::bench
