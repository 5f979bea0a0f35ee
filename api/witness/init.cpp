#include "api/witness/init.h"

#include <filesystem>

#include "api/witness/witness.h"

namespace dfb::witness {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kVkeyBytesMax = 4096;
constexpr mode_t kReadable = 0644;

std::string config_text(const InitPlan& plan, const std::string& folder, const std::vector<log::Vkey>& logs) {
  std::string text = "# defenbao-witness --config " + folder + "/witness.conf\n";
  text += "name = \"" + plan.name + "\"\n";
  text += "key = \"" + folder + "/witness.pem\"\n";
  text += "state = \"" + folder + "/state\"\n";
  text += "# Every log that this witness cosigns, by its vkey.\nlog = [";
  for (std::size_t i = 0; i < logs.size(); ++i)
    text += (i == 0 ? "\"" : ", \"") + format_vkey(logs[i]) + "\"";
  text += "]\n# Without cert and cert-key the port is plain HTTP, for this machine alone.\n";
  text += "address = \"" + plan.address + "\"\n";
  return text + "port = " + std::to_string(plan.port) + "\n";
}

}  // namespace

Result<log::Vkey> vkey_or_file(const std::string& text) {
  auto vkey = log::parse_vkey(text);
  if (vkey || !file_exists(text)) return vkey;
  DFB_TRY(std::string content, read_file(text, kVkeyBytesMax));
  while (content.ends_with('\n')) content.pop_back();
  auto in_file = log::parse_vkey(content);
  if (!in_file) return fail(in_file.error().code, text + ": " + in_file.error().detail);
  return in_file;
}

Result<log::Vkey> init(const InitPlan& plan) {
  if (!log::valid_key_name(plan.name) || plan.name.find('"') != std::string::npos)
    return fail(Code::bad_config, "a witness's name is like witness.example/town: no spaces, no + and no \"");
  std::vector<log::Vkey> logs;
  for (const std::string& text : plan.logs) {
    DFB_TRY(log::Vkey vkey, vkey_or_file(text));
    logs.push_back(std::move(vkey));
  }
  const std::string folder = fs::absolute(plan.folder).lexically_normal().string();
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) return fail(Code::io_error, folder + ": " + error.message());
  const PrivateKey key = PrivateKey::generate(Algorithm::ed25519);
  const log::Vkey vkey = log::make_vkey(plan.name, log::NoteKeyType::cosignature, key.public_key());
  DFB_TRY_VOID(save_private_key(folder + "/witness.pem", key));
  DFB_TRY_VOID(found_state(folder + "/state", vkey));
  DFB_TRY_VOID(create_file(folder + "/witness.vkey", format_vkey(vkey) + "\n", kReadable));
  DFB_TRY_VOID(create_file(folder + "/witness.conf", config_text(plan, folder, logs), kReadable));
  return vkey;
}

}  // namespace dfb::witness
