// A parsed strict JSON value as text again.
#pragma once
#include <string>

#include "ledger/base/strict_json.h"

namespace dfb::test {

inline void write_json(json::Writer& out, const json::Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value.data)) {
    out.value(*number);
  } else if (const auto* text = std::get_if<std::string>(&value.data)) {
    out.value(*text);
  } else if (const auto* items = std::get_if<json::Array>(&value.data)) {
    out.begin_array();
    for (const auto& item : *items) write_json(out, item);
    out.end_array();
  } else {
    out.begin_object();
    for (const auto& [name, field] : std::get<json::Object>(value.data)) write_json(out.key(name), field);
    out.end_object();
  }
}

inline std::string json_text(const json::Value& value) {
  json::Writer out;
  write_json(out, value);
  return out.take();
}

}  // namespace dfb::test
