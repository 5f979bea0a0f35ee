#include "tests/layering/layering.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <set>
#include <sstream>

namespace dfb::layering {
namespace {

constexpr std::string_view kHouses[] = {"ledger", "api", "terminal", "certs"};

// Headers of libraries that only some rooms may see. `sources_only`: and there only .cpp files.
struct Library {
  std::string_view header;  // a prefix
  std::vector<std::string_view> rooms;
  bool sources_only = false;
};

const std::vector<Library>& libraries() {
  static const std::vector<Library> kLibraries = {
      {"boost/beast", {"api/http"}, true},  // a minute of compiling and 2 GB for each file that sees them
      {"boost/asio", {"api/http"}, true},
      // ledger/fetch needs the numbers of certificate errors alone, to say in words what curl reports.
      {"openssl/", {"ledger/crypto", "ledger/fetch", "certs", "api/http"}},
      {"sqlite3.h", {"ledger/store"}},
      {"curl/", {"ledger/fetch"}},
  };
  return kLibraries;
}

bool holds(const std::vector<std::string_view>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

const Room* find_room(std::string_view name) {
  const auto found =
      std::find_if(rooms().begin(), rooms().end(), [&](const Room& room) { return room.name == name; });
  return found == rooms().end() ? nullptr : &*found;
}

bool is_ours(std::string_view path) {
  return std::any_of(std::begin(kHouses), std::end(kHouses), [&](std::string_view house) {
    return path.starts_with(house) && path.substr(house.size()).starts_with('/');
  });
}

// REQUIRES: is_ours(path). Null when the file lies in a folder that no row names.
const Room* room_of(std::string_view path) {
  const std::size_t first = path.find('/');
  const std::size_t second = path.find('/', first + 1);
  if (second != std::string_view::npos) return find_room(path.substr(0, second));
  const Room* const file = find_room(path.substr(0, path.rfind('.')));
  return file != nullptr ? file : find_room(path.substr(0, first));
}

struct Include {
  std::string_view target;
  bool quoted = false;
};

std::optional<Include> include_in(std::string_view line) {
  const auto skip_blanks = [&line] {
    line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  };
  skip_blanks();
  if (!line.starts_with('#')) return std::nullopt;
  line.remove_prefix(1);
  skip_blanks();
  constexpr std::string_view kInclude = "include";
  if (!line.starts_with(kInclude)) return std::nullopt;
  line.remove_prefix(kInclude.size());
  skip_blanks();
  if (line.empty() || (line.front() != '"' && line.front() != '<')) return std::nullopt;
  const bool quoted = line.front() == '"';
  line.remove_prefix(1);
  return Include{line.substr(0, line.find(quoted ? '"' : '>')), quoted};
}

// What is wrong with one include; empty when nothing is.
std::string judge(const Source& source, const Room& room, const Include& include,
                  const std::set<std::string_view>& paths) {
  const std::string target(include.target);
  for (const Library& library : libraries()) {
    if (!target.starts_with(library.header)) continue;
    if (!holds(library.rooms, room.name)) return target + " is not for " + std::string(room.name);
    if (library.sources_only && !source.path.ends_with(".cpp")) return target + " is not for headers";
  }
  if (!include.quoted) return is_ours(target) ? target + " is ours and wants quotation marks" : "";
  if (!is_ours(target)) return target + " is not written from the root";
  if (!paths.contains(include.target)) return target + " does not exist";
  const Room* const seen = room_of(target);
  if (seen == nullptr || seen->name == room.name || holds(room.sees, seen->name)) return "";
  return std::string(room.name) + " must not see " + target;
}

}  // namespace

const std::vector<Room>& rooms() {
  static const std::vector<Room> kRooms = {
      {"ledger/base", {}},
      {"ledger/crypto", {"ledger/base"}},
      {"ledger/book", {"ledger/base", "ledger/crypto"}},
      {"ledger/check", {"ledger/base", "ledger/crypto", "ledger/book"}},
      {"ledger/log", {"ledger/base", "ledger/crypto"}},
      {"ledger/store", {"ledger/base", "ledger/crypto", "ledger/book", "ledger/log"}},
      {"ledger/writer",
       {"ledger/base", "ledger/crypto", "ledger/book", "ledger/check", "ledger/log", "ledger/store"}},
      {"ledger/fetch", {"ledger/base", "ledger/crypto"}},
      {"ledger/audit",
       {"ledger/base", "ledger/crypto", "ledger/book", "ledger/check", "ledger/log", "ledger/fetch"}},
      {"certs", {"ledger/base", "ledger/crypto"}},
      {"api/http", {"ledger/base", "ledger/crypto"}},
      {"api/qr", {"ledger/base"}},
      {"api/witness", {"ledger/base", "ledger/crypto", "ledger/log", "ledger/fetch", "api/http"}},
      {"api/programme", {"ledger/base", "ledger/crypto", "ledger/book", "ledger/log", "ledger/store"}},
      {"api/routes",
       {"ledger/base", "ledger/crypto", "ledger/book", "ledger/check", "ledger/log", "ledger/store",
        "ledger/writer", "certs", "api/http", "api/qr", "api/programme"}},
      {"api/server",
       {"ledger/base", "ledger/crypto", "ledger/book", "ledger/check", "ledger/log", "ledger/store",
        "ledger/writer", "certs", "api/http", "api/programme", "api/routes", "api/witness"}},
      {"api/demo",
       {"ledger/base", "ledger/crypto", "ledger/book", "ledger/check", "ledger/log", "ledger/store",
        "ledger/writer", "ledger/fetch", "certs", "api/qr", "api/programme"}},
      {"terminal/setup", {"ledger/base", "ledger/crypto", "ledger/book"}},
      {"terminal/text", {"ledger/base"}},
      {"terminal/words", {"ledger/base"}},
      {"terminal/till", {"ledger/base", "ledger/crypto", "ledger/book", "ledger/log", "terminal/words"}},
      {"terminal/scan", {"ledger/base", "ledger/book"}},
      {"terminal/link",
       {"ledger/base", "ledger/crypto", "ledger/book", "ledger/log", "ledger/fetch", "certs",
        "terminal/setup", "terminal/text", "terminal/words", "terminal/till"}},
      {"terminal/counter",
       {"ledger/base", "ledger/crypto", "ledger/book", "terminal/setup", "terminal/till", "terminal/scan",
        "terminal/link"}},
      // Codes on paper are drawn by the same few lines as those on pages.
      {"terminal/printing",
       {"ledger/base", "ledger/crypto", "ledger/book", "api/qr", "terminal/text", "terminal/words",
        "terminal/till", "terminal/scan"}},
      {"terminal/report",
       {"ledger/base", "ledger/book", "ledger/log", "terminal/text", "terminal/words", "terminal/till",
        "terminal/counter"}},
      {"terminal/practice",
       {"ledger/base", "ledger/crypto", "ledger/book", "ledger/log", "terminal/setup", "terminal/scan",
        "terminal/link", "terminal/counter"}},
      {"terminal/code_words", {"ledger/base", "terminal/words", "terminal/scan"}},
      {"terminal/pickup_words", {"ledger/base", "terminal/words", "terminal/till"}},
      {"terminal/attendance", {"ledger/base", "terminal/words", "terminal/till", "terminal/link"}},
      {"terminal/shelf", {"ledger/base", "ledger/book", "terminal/words", "terminal/till", "terminal/link"}},
      {"terminal/flow", {"ledger/base", "terminal/till", "terminal/scan", "terminal/counter"}},
      {"terminal/refundable",
       {"ledger/base", "ledger/book", "terminal/words", "terminal/till", "terminal/scan", "terminal/counter",
        "terminal/report", "terminal/flow"}},
      {"terminal/offline_words",
       {"ledger/base", "ledger/book", "terminal/words", "terminal/till", "terminal/counter"}},
      // From the terminal to the api: its page is served by the same HTTP server, and shows the receipt's
      // code.
      {"terminal/kiosk",
       {"ledger/base", "ledger/crypto", "ledger/book", "api/http", "api/qr", "terminal/words",
        "terminal/till", "terminal/scan", "terminal/printing", "terminal/report", "terminal/counter", "terminal/refundable", "terminal/offline_words",
        "terminal/code_words", "terminal/pickup_words", "terminal/attendance", "terminal/shelf", "terminal/flow"}},
      {"terminal",
       {"ledger/base", "ledger/crypto", "ledger/book", "ledger/log", "ledger/fetch", "certs",
        "terminal/setup", "terminal/text", "terminal/words", "terminal/till", "terminal/scan",
        "terminal/printing", "terminal/link", "terminal/report", "terminal/practice", "terminal/counter",
        "terminal/offline_words", "terminal/code_words", "terminal/pickup_words", "terminal/attendance", "terminal/shelf",
        "terminal/flow", "terminal/refundable", "terminal/kiosk"}},
  };
  return kRooms;
}

std::vector<Source> read_sources(const std::filesystem::path& root) {
  std::vector<Source> sources;
  for (const std::string_view house : kHouses)
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / house)) {
      const std::string extension = entry.path().extension().string();
      if (!entry.is_regular_file() || (extension != ".h" && extension != ".cpp")) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      std::ostringstream text;
      text << file.rdbuf();
      sources.push_back({entry.path().lexically_relative(root).generic_string(), text.str()});
    }
  return sources;
}

std::vector<std::string> violations(const std::vector<Source>& sources) {
  std::set<std::string_view> paths;
  for (const Source& source : sources) paths.insert(source.path);
  std::vector<std::string> found;
  for (const Source& source : sources) {
    const Room* const room = room_of(source.path);
    if (room == nullptr) {
      found.push_back(source.path + ":1: lies in a folder without a row in layering.cpp");
      continue;
    }
    std::istringstream lines(source.text);
    std::string line;
    for (int number = 1; std::getline(lines, line); ++number) {
      const auto include = include_in(line);
      const std::string wrong = include ? judge(source, *room, *include, paths) : "";
      if (!wrong.empty()) found.push_back(source.path + ":" + std::to_string(number) + ": " + wrong);
    }
  }
  return found;
}

}  // namespace dfb::layering
