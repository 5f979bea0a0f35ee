// Who may include whom. The tables in layering.cpp are the whole rule; docs/architecture.md tells why.
//
// A room is a folder of two levels (ledger/book), or a single file beside such folders, named without its
// ending (terminal/text); other files at the top of a house belong to the room with the house's name.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace dfb::layering {

struct Source {
  std::string path;  // from the root, such as ledger/log/note.cpp
  std::string text;
};

struct Room {
  std::string_view name;
  std::vector<std::string_view> sees;  // besides itself
};

const std::vector<Room>& rooms();

// Every .h and .cpp of the four houses ledger, api, terminal and certs. Throws when a folder cannot be read.
std::vector<Source> read_sources(const std::filesystem::path& root);

// One line a violation, "path:line: what is wrong": an arrow that no table allows, an include of ours that is
// not written from the root or names no file among `sources`, a library's header outside its rooms, a file in
// a folder that has no row.
std::vector<std::string> violations(const std::vector<Source>& sources);

}  // namespace dfb::layering
