#include "tests/bench/frames/scene.h"

#include <qrencode.h>

#include <cmath>
#include <memory>

#include "ledger/base/check.h"

namespace dfb::bench {
namespace {

struct Vector {
  double x, y, z;
  Vector operator*(double by) const { return {x * by, y * by, z * by}; }
  Vector operator+(const Vector& other) const { return {x + other.x, y + other.y, z + other.z}; }
  double dot(const Vector& other) const { return x * other.x + y * other.y + z * other.z; }
  Vector cross(const Vector& other) const {
    return {y * other.z - z * other.y, z * other.x - x * other.z, x * other.y - y * other.x};
  }
};

// Rodrigues' formula.
Vector turned(const Vector& v, const Vector& axis, double angle) {
  return v * std::cos(angle) + axis.cross(v) * std::sin(angle) + axis * (axis.dot(v) * (1 - std::cos(angle)));
}

// Where the ray of a pixel meets the code's plane, in modules from the code's corner.
class Camera {
 public:
  Camera(const Pose& pose, int modules, int width, int height)
      : pose_(pose), half_(modules / 2.0), focal_(width), middle_x_(width / 2.0), middle_y_(height / 2.0) {
    const Vector axis{std::cos(pose.tilt_to), std::sin(pose.tilt_to), 0};
    right_ = turned(turned({1, 0, 0}, {0, 0, 1}, pose.turn), axis, pose.tilt);
    down_ = turned(turned({0, 1, 0}, {0, 0, 1}, pose.turn), axis, pose.tilt);
    normal_ = right_.cross(down_);
    const double distance = focal_ * modules / pose.side;
    origin_ = Vector{(pose.x - middle_x_) / focal_, (pose.y - middle_y_) / focal_, 1} * distance;
  }

  // False: past the edge of what is bent. `facing` is how much of the light the surface still gets.
  bool meet(double x, double y, double& u, double& v, double& facing) const {
    const Vector ray{(x - middle_x_) / focal_, (y - middle_y_) / focal_, 1};
    const double along = ray.dot(normal_);
    if (along <= 1e-6) return false;
    const Vector point = ray * (origin_.dot(normal_) / along) + origin_ * -1;
    u = point.dot(right_);
    v = point.dot(down_);
    facing = 1;
    const bool met = pose_.curl <= 0 || (pose_.curl_down ? unbend(v, u, facing) : unbend(u, v, facing));
    u += half_;
    v += half_;
    return met;
  }

 private:
  bool unbend(double& across, double& along, double& facing) const {
    const double radius = half_ / pose_.curl;
    if (std::abs(across) >= radius) return false;
    const double angle = std::asin(across / radius);
    across = radius * angle;
    along += radius * (1 - std::cos(angle)) * std::tan(pose_.curl_view);
    facing = 0.55 + 0.45 * std::cos(angle);
    return true;
  }

  Pose pose_;
  double half_, focal_, middle_x_, middle_y_;
  Vector right_{}, down_{}, normal_{}, origin_{};
};

// The sheet or screen around the code, and what is behind it.
class Surround {
 public:
  explicit Surround(Dice& dice)
      : phone_(dice.chance(0.6)), dark_page_(phone_ && dice.chance(0.3)), salt_(dice.bits()) {
    quiet_ = dice.uniform(3, 4);
    ink_ = dice.uniform(0.02, 0.12);
    paper_ = dice.uniform(0.82, 0.97);
    for (double* margin : {&left_, &right_, &top_, &bottom_}) *margin = quiet_ + dice.uniform(1, 12);
    behind_ = dice.uniform(0.15, 0.7);
    for (auto& wave : waves_)
      wave = {dice.uniform(-0.05, 0.05), dice.uniform(-0.05, 0.05), dice.uniform(0, 6),
              dice.uniform(0, 0.09)};
  }

  double on_sheet(const Modules& code, double u, double v, double x, double y) const {
    const double far = code.count;
    if (u >= 0 && v >= 0 && u < far && v < far)
      return code.dark(static_cast<int>(u), static_cast<int>(v)) ? ink_ : paper_;
    if (u > -quiet_ && v > -quiet_ && u < far + quiet_ && v < far + quiet_) return paper_;
    if (u > -left_ && u < far + right_ && v > -top_ && v < far + bottom_) return page(u, v);
    const double rim = phone_ ? 1.8 : 0;
    if (u > -left_ - rim && u < far + right_ + rim && v > -top_ - rim && v < far + bottom_ + rim) return 0.04;
    return behind(x, y);
  }

  double behind(double x, double y) const {
    double light = behind_;
    for (const auto& wave : waves_) light += wave.depth * std::sin(wave.x * x + wave.y * y + wave.phase);
    return light;
  }

 private:
  struct Wave {
    double x, y, phase, depth;
  };

  // Lines of something like text.
  double page(double u, double v) const {
    const double background = dark_page_ ? 0.1 : paper_, text = dark_page_ ? 0.8 : ink_ + 0.1;
    const double row = std::floor(v / 1.6), column = std::floor(u / 0.7);
    if (v / 1.6 - row > 0.55 || static_cast<int>(row) % 2 == 0) return background;
    auto hash = salt_ ^ (static_cast<std::uint64_t>(static_cast<std::int64_t>(row)) * 0x9e3779b97f4a7c15U) ^
                (static_cast<std::uint64_t>(static_cast<std::int64_t>(column)) * 0xc2b2ae3d27d4eb4fU);
    hash = (hash ^ (hash >> 29)) * 0xbf58476d1ce4e5b9U;
    return ((hash >> 40) & 3) != 0 ? text : background;
  }

  bool phone_, dark_page_;
  std::uint64_t salt_;
  double quiet_ = 4, ink_ = 0, paper_ = 1, left_ = 0, right_ = 0, top_ = 0, bottom_ = 0, behind_ = 0;
  Wave waves_[4]{};
};

}  // namespace

Modules::Modules(const std::string& text) {
  const std::unique_ptr<QRinput, void (*)(QRinput*)> input(QRinput_new2(0, QR_ECLEVEL_M), QRinput_free);
  DFB_CHECK(input != nullptr && QRinput_append(input.get(), QR_MODE_AN, static_cast<int>(text.size()),
                                               reinterpret_cast<const unsigned char*>(text.data())) == 0);
  const std::unique_ptr<QRcode, void (*)(QRcode*)> made(QRcode_encodeInput(input.get()), QRcode_free);
  DFB_CHECK(made != nullptr);
  count = made->width;
  for (int i = 0; i < count * count; ++i) dark_.push_back((made->data[i] & 1) != 0);
}

Light draw_scene(const Modules& code, const Pose& pose, int width, int height, Dice& dice) {
  const Camera camera(pose, code.count, width, height);
  const Surround surround(dice);
  Light light(width, height);
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      double sum = 0;
      for (const auto& [dx, dy] : {std::pair{0.125, 0.375}, {0.625, 0.125}, {0.875, 0.625}, {0.375, 0.875}}) {
        double u = 0, v = 0, facing = 1;
        sum += camera.meet(x + dx, y + dy, u, v, facing)
                   ? facing * surround.on_sheet(code, u, v, x + dx, y + dy)
                   : surround.behind(x + dx, y + dy);
      }
      light.at(x, y) = static_cast<float>(sum / 4);
    }
  return light;
}

}  // namespace dfb::bench
