#include "terminal/scan/locate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace dfb::terminal {
namespace {

constexpr int kMiddle = 128;  // of what darkness() makes
constexpr std::size_t kFindersMax = 16, kCornersMax = 16;

bool is_dark(const Picture& dark, int x, int y) { return dark.at(x, y) > kMiddle; }

// The middle three of 1:1:3:1:1, each within half a module and half a pixel. The outer ones may have run into
// dirt or the picture's edge, so they only have to be there.
bool has_ratio(const std::array<int, 5>& runs) {
  const double module = (runs[1] + runs[2] + runs[3]) / 5.0, slack = 0.5 * module + 0.5;
  return module >= 0.8 && std::abs(runs[1] - module) < slack &&
         std::abs(runs[2] - 3 * module) < 1.5 * slack && std::abs(runs[3] - module) < slack &&
         std::min(runs[0], runs[4]) > 0.4 * module - 0.5 &&
         std::min(runs[0], runs[4]) < module + slack + 0.5 && runs[0] > 0 && runs[4] > 0;
}

// Without what has run into the outer rings.
int length_of(const std::array<int, 5>& runs) {
  const int inner = runs[1] + runs[2] + runs[3], ring = (inner + 2) / 5;
  return inner + std::min(runs[0], ring) + std::min(runs[4], ring);
}

struct Crossing {
  bool found = false;
  double middle = 0;  // along the line
  int length = 0;
};

// The five runs around a dark pixel, along a column or a row.
Crossing cross(const Picture& dark, int x, int y, bool down, double length_max) {
  const int end = down ? dark.height : dark.width, start = down ? y : x;
  const auto at = [&](int i) { return down ? is_dark(dark, x, i) : is_dark(dark, i, y); };
  std::array<int, 5> runs{};
  if (!at(start)) return {};
  int low = start, high = start + 1;
  for (int part = 2; part >= 0; --part)
    for (; low >= 0 && at(low) == (part != 1) && runs[static_cast<std::size_t>(part)] <= length_max; --low)
      ++runs[static_cast<std::size_t>(part)];
  const int inner = runs[2];
  for (int part = 2; part <= 4; ++part)
    for (; high < end && at(high) == (part != 3) && runs[static_cast<std::size_t>(part)] <= length_max;
         ++high)
      ++runs[static_cast<std::size_t>(part)];
  if (!has_ratio(runs)) return {};
  const double begin = start + 1 - inner;
  return {true, begin + runs[2] / 2.0, length_of(runs)};
}

void add(std::vector<Finder>& found, const Finder& one) {
  for (Finder& other : found) {
    const double near = 2.5 * std::max(other.module, one.module);
    if (std::abs(other.middle.x - one.middle.x) > near || std::abs(other.middle.y - one.middle.y) > near)
      continue;
    const double weight = 1.0 / (other.hits + 1);
    other.middle.x += (one.middle.x - other.middle.x) * weight;
    other.middle.y += (one.middle.y - other.middle.y) * weight;
    other.module += (one.module - other.module) * weight;
    ++other.hits;
    return;
  }
  found.push_back(one);
}

void check(const Picture& dark, int y, const std::array<int, 5>& runs, int end, std::vector<Finder>& found) {
  if (!has_ratio(runs)) return;
  const int length = length_of(runs);
  const double middle = end - runs[4] - runs[3] - runs[2] / 2.0;
  const Crossing down = cross(dark, static_cast<int>(middle), y, true, length);
  if (!down.found || down.length > 2.5 * length || length > 2.5 * down.length) return;
  const Crossing across = cross(dark, static_cast<int>(middle), static_cast<int>(down.middle), false, length);
  if (!across.found) return;
  add(found,
      {{across.middle, down.middle}, std::sqrt(static_cast<double>(across.length) * down.length) / 7, 1});
}

void keep_best(std::vector<Finder>& finders, std::size_t count) {
  std::sort(finders.begin(), finders.end(),
            [](const Finder& a, const Finder& b) { return a.hits / a.module > b.hits / b.module; });
  if (finders.size() > count) finders.resize(count);
}

// How much a place looks like a finder with its rows along `unit`, one module long: 1 is a clean one.
double finder_likeness(const Picture& dark, const Point& middle, const Point& unit) {
  int sum = 0;
  for (int row = -3; row <= 3; ++row)
    for (int column = -3; column <= 3; ++column) {
      const int x = static_cast<int>(middle.x + column * unit.x - row * unit.y);
      const int y = static_cast<int>(middle.y + column * unit.y + row * unit.x);
      if (x < 0 || y < 0 || x >= dark.width || y >= dark.height) return -1;
      const bool light_ring = std::max(std::abs(row), std::abs(column)) == 2;
      sum += light_ring ? kMiddle - dark.at(x, y) : dark.at(x, y) - kMiddle;
    }
  return sum / (49.0 * 80);
}

// The place around `expected` that looks most like a finder.
double seek_finder(const Picture& dark, const Point& expected, const Point& unit, double reach,
                   Finder& found) {
  const double module = std::hypot(unit.x, unit.y), step = 0.6 * module;
  double best = -1;
  for (double dy = -reach; dy <= reach; dy += step)
    for (double dx = -reach; dx <= reach; dx += step) {
      const Point place{expected.x + dx, expected.y + dy};
      const double now = finder_likeness(dark, place, unit);
      if (now <= best) continue;
      best = now;
      found = {place, module, 1};
    }
  return best;
}

double distance(const Point& a, const Point& b) { return std::hypot(a.x - b.x, a.y - b.y); }

}  // namespace

std::vector<Finder> find_finders(const Picture& dark) {
  std::vector<Finder> found;
  for (int y = 0; y < dark.height; ++y) {
    std::array<int, 5> runs{};  // the last five, of which the last is being counted
    bool inside = false;        // a dark run
    for (int x = 0; x <= dark.width; ++x) {
      if (x < dark.width && is_dark(dark, x, y) == inside) {
        ++runs[4];
        continue;
      }
      if (inside) check(dark, y, runs, x, found);
      std::rotate(runs.begin(), runs.begin() + 1, runs.end());
      runs[4] = 1;
      inside = !inside;
    }
  }
  return found;
}

std::vector<Corners> join_finders(std::vector<Finder> finders) {
  keep_best(finders, kFindersMax);
  std::vector<Corners> joined;
  for (const Finder& a : finders)
    for (const Finder& b : finders)
      for (const Finder& c : finders) {
        if (&a == &b || &a == &c || &b == &c) continue;
        const double ux = b.middle.x - a.middle.x, uy = b.middle.y - a.middle.y;
        const double vx = c.middle.x - a.middle.x, vy = c.middle.y - a.middle.y;
        const double across = distance(a.middle, b.middle), down = distance(a.middle, c.middle);
        const double turn = ux * vy - uy * vx;  // above 0: b, then c, clockwise on the screen
        if (turn <= 0) continue;
        const double slant = std::abs(ux * vx + uy * vy) / (across * down);
        const double legs = std::abs(std::log(across / down));
        const auto [small, large] = std::minmax({a.module, b.module, c.module});
        const double sizes = std::log(large / small);
        if (slant > 0.6 || legs > 0.8 || sizes > 0.8) continue;
        const double modules = (across + down) / (a.module + b.module + c.module) * 1.5;
        if (modules < 9 || modules > 140) continue;
        joined.push_back({a, b, c, slant + legs + sizes});
      }
  std::sort(joined.begin(), joined.end(),
            [](const Corners& a, const Corners& b) { return a.oddness < b.oddness; });
  if (joined.size() > kCornersMax) joined.resize(kCornersMax);
  return joined;
}

std::vector<Corners> complete_finders(const Picture& dark, std::vector<Finder> finders) {
  constexpr double kFinderMin = 0.45, kReach = 0.2;  // of the distance between two finders
  constexpr std::size_t kPairsOf = 6, kCompletedMax = 4;
  keep_best(finders, kPairsOf);
  std::vector<Corners> completed;
  const auto complete = [&](Corners corners, Finder Corners::*missing, const Point& expected, double leg,
                            const Point& along, double module) {
    const double longest = std::max(std::abs(along.x), std::abs(along.y));
    const double unit = module * longest / (longest == 0 ? 1 : std::hypot(along.x, along.y));
    const double scale = unit / std::hypot(along.x, along.y);
    const double likeness =
        seek_finder(dark, expected, {along.x * scale, along.y * scale}, kReach * leg, corners.*missing);
    if (likeness < kFinderMin) return;
    corners.oddness = 1 - likeness;
    completed.push_back(corners);
  };
  for (const Finder& p : finders)
    for (const Finder& q : finders) {
      const double apart = distance(p.middle, q.middle), module = (p.module + q.module) / 2;
      if (&p == &q || std::abs(std::log(p.module / q.module)) > 0.5 || apart < 10 * module ||
          apart > 140 * module)
        continue;
      const Point u{q.middle.x - p.middle.x, q.middle.y - p.middle.y};
      complete({p, q, {}, 0}, &Corners::bottom_left, {p.middle.x - u.y, p.middle.y + u.x}, apart, u, module);
      complete({p, {}, q, 0}, &Corners::top_right, {p.middle.x + u.y, p.middle.y - u.x}, apart, u, module);
      // The two on the diagonal: top right, bottom left.
      const Point half{-u.x / 2, -u.y / 2};
      complete({{}, p, q, 0}, &Corners::top_left,
               {p.middle.x - half.x + half.y, p.middle.y - half.y - half.x}, apart * 0.7,
               {half.x - half.y, half.y + half.x}, module);
    }
  std::sort(completed.begin(), completed.end(),
            [](const Corners& a, const Corners& b) { return a.oddness < b.oddness; });
  if (completed.size() > kCompletedMax) completed.resize(kCompletedMax);
  return completed;
}

}  // namespace dfb::terminal
