// tests/golden/merkle-log.json, read once.
#pragma once
#include <boost/json.hpp>
#include <fstream>
#include <sstream>
#include <string>

#include "ledger/base/bytes.h"
#include "ledger/base/encoding.h"
#include "tests/unit/log/tree.h"

namespace dfb::log::test {

inline const boost::json::object& golden() {
  static const boost::json::value document = [] {
    std::ostringstream text;
    text << std::ifstream(DFB_GOLDEN_DIR "/merkle-log.json").rdbuf();
    return boost::json::parse(text.str());
  }();
  return document.as_object();
}

// The tree of all the golden entries.
inline Tree& golden_tree() {
  static Tree tree = [] {
    Tree grown;
    grown.grow(70000);
    return grown;
  }();
  return tree;
}

inline std::string text_of(const boost::json::value& value) { return std::string(value.as_string()); }
inline Hash hash_of(const boost::json::value& value) {
  return Hash::from(base64_decode(text_of(value)).value());
}
inline std::vector<Hash> hashes_of(const boost::json::value& value) {
  std::vector<Hash> hashes;
  for (const auto& hash : value.as_array()) hashes.push_back(hash_of(hash));
  return hashes;
}
inline Hash golden_root(std::int64_t size) {
  return hash_of(golden().at("roots").as_object().at(std::to_string(size)));
}

}  // namespace dfb::log::test
