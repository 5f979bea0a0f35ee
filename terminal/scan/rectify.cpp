#include "terminal/scan/rectify.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "terminal/scan/symbol.h"

namespace dfb::terminal {
namespace {

constexpr double kFinderMiddle = 3.5;

float value_at(const Picture& picture, const Point& point) {
  // In this order what is no number becomes 0.
  const auto x = static_cast<float>(std::max(0.0, std::min(point.x - 0.5, picture.width - 1.0)));
  const auto y = static_cast<float>(std::max(0.0, std::min(point.y - 0.5, picture.height - 1.0)));
  const int left = static_cast<int>(x), top = static_cast<int>(y);
  const int right = std::min(left + 1, picture.width - 1), bottom = std::min(top + 1, picture.height - 1);
  const float fx = x - static_cast<float>(left), fy = y - static_cast<float>(top);
  const float upper =
      static_cast<float>(picture.at(left, top)) * (1 - fx) + static_cast<float>(picture.at(right, top)) * fx;
  const float lower = static_cast<float>(picture.at(left, bottom)) * (1 - fx) +
                      static_cast<float>(picture.at(right, bottom)) * fx;
  return upper * (1 - fy) + lower * fy;
}

float ink_at(const Picture& dark, const Point& point) { return (value_at(dark, point) - 128) / 80; }

double known_likeness(const Picture& dark, const Symbol& plan, const Warp& warp) {
  double sum = 0;
  int count = 0;
  for (int row = 0; row < plan.size; ++row)
    for (int column = 0; column < plan.size; ++column) {
      const Module kind = plan.modules[static_cast<std::size_t>(row * plan.size + column)];
      if (kind != Module::dark && kind != Module::light) continue;
      const double ink = ink_at(dark, warp.at(column + 0.5, row + 0.5));
      sum += kind == Module::dark ? ink : -ink;
      ++count;
    }
  return sum / count;
}

double clearness(const Picture& dark, const Symbol& plan, const Warp& warp) {
  double known = 0, open = 0;
  int known_count = 0, open_count = 0;
  for (int row = 0; row < plan.size; ++row)
    for (int column = 0; column < plan.size; ++column) {
      const Module kind = plan.modules[static_cast<std::size_t>(row * plan.size + column)];
      const double ink = ink_at(dark, warp.at(column + 0.5, row + 0.5));
      if (kind == Module::dark || kind == Module::light) {
        known += kind == Module::dark ? ink : -ink;
        ++known_count;
      } else {
        open += std::abs(ink);
        ++open_count;
      }
    }
  return known / known_count + 1.5 * open / open_count;
}

// Moves one number after the other by a step while that helps, then halves the step.
template <class Score>
double climb(Pose& pose, bool bent, double step_pixels, int halvings, const Score& score) {
  double best = score(pose);
  const auto try_move = [&](double& number, double by) {
    for (const double signed_by : {by, -by}) {
      number += signed_by;
      const double now = score(pose);
      if (now > best) {
        best = now;
        return true;
      }
      number -= signed_by;
    }
    return false;
  };
  for (int halving = 0; halving <= halvings; ++halving) {
    const double share = std::ldexp(1.0, -halving);
    for (int round = 0; round < 4; ++round) {
      bool moved = false;
      for (auto corner = pose.corners.rbegin(); corner != pose.corners.rend(); ++corner) {
        moved |= try_move(corner->x, step_pixels * share);
        moved |= try_move(corner->y, step_pixels * share);
      }
      if (bent) {
        moved |= try_move(pose.curl, 0.1 * share);
        moved |= try_move(pose.shear, 0.1 * share);
      }
      if (!moved) break;
    }
  }
  return best;
}

// Pixels of the seven modules of a finder on the line to another one; 0 when the rings cannot be followed.
double width_towards(const Picture& dark, const Finder& from, const Finder& to) {
  const double length = std::hypot(to.middle.x - from.middle.x, to.middle.y - from.middle.y);
  const double dx = (to.middle.x - from.middle.x) / length, dy = (to.middle.y - from.middle.y) / length;
  double width = 0;
  for (const double way : {1.0, -1.0}) {
    double far = 0;
    for (const bool is_dark : {true, false, true})
      while (far < 8 * from.module &&
             (ink_at(dark, {from.middle.x + way * far * dx, from.middle.y + way * far * dy}) > 0) == is_dark)
        far += 0.25;
    if (far >= 8 * from.module) return 0;
    width += far;
  }
  return width;
}

// Modules of the code's side, from the finders' widths against their distance.
double estimate_size(const Picture& dark, const Corners& corners) {
  double sum = 0;
  int count = 0;
  for (const Finder* other : {&corners.top_right, &corners.bottom_left}) {
    const double first = width_towards(dark, corners.top_left, *other);
    const double second = width_towards(dark, *other, corners.top_left);
    if (first == 0 || second == 0) continue;
    const Point& a = corners.top_left.middle;
    sum += std::hypot(other->middle.x - a.x, other->middle.y - a.y) / ((first + second) / 14);
    ++count;
  }
  if (count > 0) return sum / count + 7;
  const Point &a = corners.top_left.middle, &b = corners.top_right.middle;
  return std::hypot(b.x - a.x, b.y - a.y) / corners.top_left.module * 1.15 + 7;
}

Point moved(const Pose& pose, double across, double down) {
  const auto& [a, b, c, d] = pose.corners;
  return {d.x + across * (b.x - a.x) + down * (c.x - a.x), d.y + across * (b.y - a.y) + down * (c.y - a.y)};
}

// Tries the fourth corner on a grid around where it is.
double seek_fourth(const Picture& dark, const Symbol& plan, Pose& pose, int reach, double step) {
  double best = -1;
  Pose best_pose = pose;
  for (int i = -reach; i <= reach; ++i)
    for (int j = -reach; j <= reach; ++j) {
      Pose tried = pose;
      tried.corners[3] = moved(pose, i * step, j * step);
      const double now = known_likeness(dark, plan, Warp(plan.size, tried));
      if (now > best) {
        best = now;
        best_pose = tried;
      }
    }
  pose = best_pose;
  return best;
}

double module_pixels(const Pose& pose, int size) {
  const auto& [a, b, c, d] = pose.corners;
  return (std::hypot(b.x - a.x, b.y - a.y) + std::hypot(c.x - a.x, c.y - a.y)) / (2.0 * (size - 7));
}

}  // namespace

Warp::Warp(int size, const Pose& pose)
    : half_(size / 2.0),
      shear_(pose.shear),
      reach_across_(half_ - kFinderMiddle),
      reach_along_(reach_across_),
      down_(pose.curl_down) {
  if (pose.curl > 0.02) {
    radius_ = half_ / pose.curl;
    reach_across_ = radius_ * std::sin((half_ - kFinderMiddle) / radius_);
    bow_ = radius_ * (1 - std::cos((half_ - kFinderMiddle) / radius_)) * shear_;
  }
  // From the unit square to four points (Heckbert 1989, 2.2.3). Down the sheet the first axis is the rows.
  const Point &a = pose.corners[0], &b = pose.corners[down_ ? 2 : 1], &c = pose.corners[down_ ? 1 : 2],
              &d = pose.corners[3];
  const double sx = a.x - b.x + d.x - c.x, sy = a.y - b.y + d.y - c.y;
  const double ux = b.x - d.x, uy = b.y - d.y, vx = c.x - d.x, vy = c.y - d.y;
  const double divisor = ux * vy - uy * vx;
  wx_ = divisor == 0 ? 0 : (sx * vy - sy * vx) / divisor;
  wy_ = divisor == 0 ? 0 : (ux * sy - uy * sx) / divisor;
  xx_ = b.x - a.x + wx_ * b.x;
  xy_ = c.x - a.x + wy_ * c.x;
  x1_ = a.x;
  yx_ = b.y - a.y + wx_ * b.y;
  yy_ = c.y - a.y + wy_ * c.y;
  y1_ = a.y;
}

Point Warp::flat(double across, double along) const {
  const double s = (across + reach_across_) / (2 * reach_across_),
               t = (along + reach_along_) / (2 * reach_along_);
  const double w = wx_ * s + wy_ * t + 1;
  const double scale = std::abs(w) < 1e-9 ? 0 : 1 / w;
  return {(xx_ * s + xy_ * t + x1_) * scale, (yx_ * s + yy_ * t + y1_) * scale};
}

Point Warp::at(double column, double row) const {
  double across = (down_ ? row : column) - half_, along = (down_ ? column : row) - half_;
  if (radius_ > 0) {
    const double angle = across / radius_;
    across = radius_ * std::sin(angle);
    along += bow_ - radius_ * (1 - std::cos(angle)) * shear_;
  }
  return flat(across, along);
}

std::optional<Fit> fit_flat(const Picture& dark, const Corners& corners) {
  const Point &a = corners.top_left.middle, &b = corners.top_right.middle, &c = corners.bottom_left.middle;
  Pose start;
  start.corners = {a, b, c, {b.x + c.x - a.x, b.y + c.y - a.y}};
  const int guess = static_cast<int>(std::lround((estimate_size(dark, corners) - 17) / 4));
  Fit best;
  for (int version = std::max(1, guess - 2); version <= std::min(kSymbolVersionMax, guess + 2); ++version) {
    const Symbol& plan = symbol(version);
    Pose pose = start;
    const double likeness = seek_fourth(dark, plan, pose, 4, 0.08);
    if (likeness > best.likeness) best = {version, pose, likeness};
  }
  if (best.version == 0) return std::nullopt;
  const Symbol& plan = symbol(best.version);
  best.likeness = climb(best.pose, false, module_pixels(best.pose, plan.size), 3,
                        [&](const Pose& pose) { return known_likeness(dark, plan, Warp(plan.size, pose)); });
  return best;
}

Fit fit_curl(const Picture& dark, const Fit& flat) {
  const auto& [a, b, c, d] = flat.pose.corners;
  Fit best = flat;
  best.likeness = -1;
  for (int version = std::max(1, flat.version - 1); version <= std::min(kSymbolVersionMax, flat.version + 1);
       ++version)
    for (const bool down : {false, true})
      for (const double curl : {0.3, 0.6, 0.9})
        for (const double shear : {-0.6, -0.2, 0.2, 0.6}) {
          Pose pose{{a, b, c, {b.x + c.x - a.x, b.y + c.y - a.y}}, curl, shear, down};
          const double likeness = seek_fourth(dark, symbol(version), pose, 2, 0.08);
          if (likeness > best.likeness) best = {version, pose, likeness};
        }
  const Symbol& plan = symbol(best.version);
  best.likeness = climb(best.pose, true, module_pixels(best.pose, plan.size), 3,
                        [&](const Pose& pose) { return known_likeness(dark, plan, Warp(plan.size, pose)); });
  return best;
}

void refine(const Picture& dark, Fit& fit) {
  const Symbol& plan = symbol(fit.version);
  climb(fit.pose, fit.pose.curl > 0, module_pixels(fit.pose, plan.size) / 2, 2,
        [&](const Pose& pose) { return clearness(dark, plan, Warp(plan.size, pose)); });
}

std::vector<float> sample(const Picture& picture, int size, const Warp& warp) {
  std::vector<float> values;
  values.reserve(static_cast<std::size_t>(size * size));
  for (int row = 0; row < size; ++row)
    for (int column = 0; column < size; ++column) {
      float sum = 0;
      for (const double dy : {0.25, 0.5, 0.75})
        for (const double dx : {0.25, 0.5, 0.75}) sum += value_at(picture, warp.at(column + dx, row + dy));
      values.push_back(sum / 9);
    }
  return values;
}

}  // namespace dfb::terminal
