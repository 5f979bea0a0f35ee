// defenbao-decode-report --write FOLDER: the frames as pictures, to look at.
#include <png.h>

#include <CLI/CLI.hpp>
#include <iostream>

#include "tests/bench/frames/frames.h"

namespace dfb::bench {
namespace {

constexpr int kCouldNotRun = 2;

struct Options {
  std::uint64_t seed = 2;
  int frames = 48;  // of each distortion
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

}  // namespace
}  // namespace dfb::bench

int main(int argc, char** argv) {
  CLI::App app("Camera frames with QR codes in them, spoilt in known ways.");
  dfb::bench::Options options;
  app.add_option("--seed", options.seed, "Which frames: the same seed draws the same");
  app.add_option("--frames", options.frames, "How many of each distortion")->check(CLI::Range(1, 10'000));
  app.add_option("--write", options.folder, "Write the frames as PNG into this folder")
      ->check(CLI::ExistingDirectory)
      ->required();
  CLI11_PARSE(app, argc, argv);
  return dfb::bench::write_frames(options);
}
