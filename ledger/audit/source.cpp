#include "ledger/audit/source.h"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace dfb::audit {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kReadBytes = 64 * 1024;

Error io_failure(const std::string& path) {
  const int number = errno;
  if (number == ENOENT || number == ENOTDIR) return fail(Code::not_found, path + ": there is no such file");
  return fail(Code::io_error, path + ": " + (number ? std::strerror(number) : "cannot be read"));
}

class FolderSource final : public Source {
 public:
  explicit FolderSource(std::string folder) : folder_(std::move(folder)) {}
  Result<std::string> read(const std::string& path, std::size_t bytes_max) override {
    return read_file(folder_ + "/" + path, bytes_max);
  }

 private:
  std::string folder_;
};

class SavingSource final : public Source {
 public:
  SavingSource(Source& from, std::string folder) : from_(from), folder_(std::move(folder)) {}
  Result<std::string> read(const std::string& path, std::size_t bytes_max) override {
    DFB_TRY(std::string bytes, from_.read(path, bytes_max));
    const fs::path file = fs::path(folder_) / path;
    std::error_code error;
    fs::create_directories(file.parent_path(), error);
    std::ofstream out(file, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (error || !out) return fail(Code::io_error, file.string() + ": the copy cannot be written");
    return bytes;
  }

 private:
  Source& from_;
  std::string folder_;
};

}  // namespace

std::unique_ptr<Source> folder_source(std::string folder) {
  return std::make_unique<FolderSource>(std::move(folder));
}

std::unique_ptr<Source> saving_source(Source& from, std::string folder) {
  return std::make_unique<SavingSource>(from, std::move(folder));
}

Result<void> prepare_folder(const std::string& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail(Code::io_error, folder + ": " + error.message());
  const bool empty = fs::is_empty(folder, error);
  if (error) return fail(Code::io_error, folder + ": " + error.message());
  if (!empty) return fail(Code::io_error, folder + ": is not empty; name a new folder for the copy");
  return ok();
}

Result<std::string> read_file(const std::string& path, std::size_t bytes_max) {
  std::error_code error;
  if (fs::is_directory(path, error)) return fail(Code::io_error, path + ": is a folder");
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) return io_failure(path);
  std::string bytes;
  while (in && bytes.size() <= bytes_max) {
    const std::size_t had = bytes.size();
    bytes.resize(had + kReadBytes);
    in.read(bytes.data() + had, static_cast<std::streamsize>(kReadBytes));
    bytes.resize(had + static_cast<std::size_t>(in.gcount()));
  }
  if (in.bad()) return io_failure(path);
  if (bytes.size() > bytes_max)
    return fail(Code::too_large, path + ": more than " + std::to_string(bytes_max) + " bytes");
  return bytes;
}

}  // namespace dfb::audit
