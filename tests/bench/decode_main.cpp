// defenbao-decode-report: how many spoilt camera frames the terminal reads, beside zxing-cpp and ZBar alone.
// Exit: 0 the decoder holds, 1 it reads less than either of the others or reads wrong, 2 could not run.
#include <png.h>

#include <boost/json.hpp>
#include <fstream>
#include <iomanip>
#include <iostream>

#include "ledger/base/arguments.h"
#include "terminal/scan/decode.h"
#include "tests/bench/decode_tally.h"

namespace dfb::bench {
namespace {

constexpr int kMissed = 1, kCouldNotRun = 2;

struct Options {
  std::uint64_t seed = 2;
  int frames = 48;  // of each distortion
  bool json = false;
  std::string folder;
};

int write_frames(const Options& options) {
  for (int kind = 0; kind < kDistortionCount; ++kind)
    for (int number = 0; number < options.frames; ++number) {
      const auto distortion = static_cast<Distortion>(kind);
      const Frame frame = make_frame(options.seed, distortion, number);
      png_image image{};
      image.version = PNG_IMAGE_VERSION;
      image.width = static_cast<png_uint_32>(frame.picture.width);
      image.height = static_cast<png_uint_32>(frame.picture.height);
      image.format = PNG_FORMAT_GRAY;
      const std::string path =
          options.folder + "/" + std::string(name(distortion)) + "-" + std::to_string(number) + ".png";
      if (png_image_write_to_file(&image, path.c_str(), 0, frame.picture.grey.data(), 0, nullptr) == 0) {
        std::cerr << path << ": " << image.message << "\n";
        return kCouldNotRun;
      }
    }
  return 0;
}

// Megabytes of this process, from Linux; the report's own frames and both other readers are among them.
double resident_megabytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmRSS:")) return std::stod(line.substr(6)) / 1024;
  return 0;
}

void print_row(std::string_view name, const Tally& tally) {
  std::cout << std::left << std::setw(12) << name << std::right;
  for (const int number : {tally.frames, tally.zxing, tally.zbar, tally.either, tally.ours, tally.zxing_wrong,
                           tally.zbar_wrong, tally.ours_wrong})
    std::cout << std::setw(8) << number;
  std::cout << (tally.holds() ? "" : "   MISS") << "\n";
}

void print_table(const Options& options, const DecodeFigures& figures, double megabytes) {
  std::cout << "seed " << options.seed << ", frames read right; then read wrong\n"
            << "distortion    frames   zxing    zbar  either    ours | zxing    zbar    ours\n";
  for (int kind = 0; kind < kDistortionCount; ++kind)
    print_row(name(static_cast<Distortion>(kind)), figures.classes[static_cast<std::size_t>(kind)]);
  print_row("all", figures.total());
  std::cout << std::fixed << std::setprecision(1) << "processor time a frame: median "
            << figures.quantile(0.5) << " ms, 99 % within " << figures.quantile(0.99) << " ms\n"
            << "resident after " << figures.milliseconds.size()
            << " frames, the other readers among it: " << megabytes << " MB\n";
}

boost::json::object as_json(const Tally& tally) {
  return {{"frames", tally.frames},
          {"zxing", tally.zxing},
          {"zbar", tally.zbar},
          {"either", tally.either},
          {"ours", tally.ours},
          {"zxing_wrong", tally.zxing_wrong},
          {"zbar_wrong", tally.zbar_wrong},
          {"ours_wrong", tally.ours_wrong}};
}

void print_json(const Options& options, const DecodeFigures& figures, double megabytes) {
  boost::json::object classes;
  for (int kind = 0; kind < kDistortionCount; ++kind)
    classes[name(static_cast<Distortion>(kind))] = as_json(figures.classes[static_cast<std::size_t>(kind)]);
  std::cout << boost::json::object{{"seed", options.seed},
                                   {"classes", std::move(classes)},
                                   {"all", as_json(figures.total())},
                                   {"median_ms", figures.quantile(0.5)},
                                   {"p99_ms", figures.quantile(0.99)},
                                   {"resident_mb", megabytes}}
            << "\n";
}

int report(const Options& options) {
  const DecodeFigures figures = measure_decoding(options.seed, options.frames, terminal::kFrameBudget);
  const double megabytes = resident_megabytes();
  options.json ? print_json(options, figures, megabytes) : print_table(options, figures, megabytes);
  return figures.total().holds() ? 0 : kMissed;
}

}  // namespace
}  // namespace dfb::bench

int main(int argc, char** argv) {
  CLI::App app(
      "How many camera frames, spoilt in known ways, the terminal reads beside zxing-cpp and ZBar alone. "
      "Ends with 1 when it reads fewer than either of the two, or anything wrong.");
  dfb::bench::Options options;
  app.add_option("--seed", options.seed, "Which frames: the same seed draws the same")->capture_default_str();
  app.add_option("--frames", options.frames, "How many of each distortion")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  app.add_flag("--json", options.json, "The figures as one JSON object");
  app.add_option("--write", options.folder, "Only write the frames as PNG into this folder")
      ->check(CLI::ExistingDirectory);
  if (const auto ended = dfb::parse_arguments(app, "defenbao-decode-report", argc, argv))
    return *ended;
  return options.folder.empty() ? dfb::bench::report(options) : dfb::bench::write_frames(options);
}
