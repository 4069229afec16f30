// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Reading never trusts the text: a member of the wrong type, a missing one and an id that points nowhere are errors
// that name their place.
#include "render/json.h"

#include "model/schema.h"
#include "render/id_check.h"
#include "render/words.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace coroscope::render {
namespace {

using schema::fields;
using schema::is_vector;

using nlohmann::ordered_json;

/// Thrown inside this file only; carries the place and the complaint.
struct bad_member {
  std::string message;
};

void read(const ordered_json &json, const std::string &path, auto &value);

class reader {
public:
  reader(const ordered_json &object, std::string path) : object_(object), path_(std::move(path)) {
    if (!object.is_object())
      throw bad_member{path_ + ": an object was expected"};
  }

  void operator()(const char *name, auto &value) { read(member(name), place_of(name), value); }

  template <class Value> void may(const char *name, std::optional<Value> &value) {
    if (object_.contains(name))
      read(object_[name], place_of(name), value.emplace());
  }
  void may(const char *name, auto &sequence) {
    if (object_.contains(name))
      read(object_[name], place_of(name), sequence);
  }

  void numbered(const char *name, auto &sequence) { (*this)(name, sequence); }

  void address(const char *name, std::uint64_t &value) {
    std::string text;
    (*this)(name, text);
    if (!text.starts_with("0x") ||
        std::from_chars(text.data() + 2, text.data() + text.size(), value, 16).ec != std::errc())
      throw bad_member{place_of(name) + ": an address such as \"0x7f00\" was expected"};
  }

private:
  // Not part of the templates: they are made once a member of every struct.
  [[nodiscard]] std::string place_of(const char *name) const;
  [[nodiscard]] const ordered_json &member(const char *name) const;

  const ordered_json &object_;
  std::string path_;
};

std::string reader::place_of(const char *name) const { return path_ + "/" + name; }

const ordered_json &reader::member(const char *name) const {
  const auto member = object_.find(name);
  if (member == object_.end())
    throw bad_member{place_of(name) + ": this member is missing"};
  return *member;
}

template <class Number> void read_number(const ordered_json &json, const std::string &path, Number &value) {
  const bool fits =
      json.is_number_integer() && (json.is_number_unsigned() ? std::in_range<Number>(json.get<std::uint64_t>())
                                                             : std::in_range<Number>(json.get<std::int64_t>()));
  if (!fits)
    throw bad_member{path + ": a whole number in range was expected"};
  value = json.get<Number>();
}

void read_position(const ordered_json &json, const std::string &path, position &value) {
  if (!json.is_array() || json.size() != 2)
    throw bad_member{path + ": [line, column] was expected"};
  read_number(json[0], path, value.line);
  read_number(json[1], path, value.column);
}

void read_tokens(const ordered_json &json, const std::string &path, std::vector<token> &tokens) {
  std::vector<std::uint32_t> flat;
  read(json, path, flat);
  if (flat.size() % 4 != 0)
    throw bad_member{path + ": groups of four numbers were expected"};
  for (std::size_t i = 0; i < flat.size(); i += 4) {
    if (flat[i + 3] > static_cast<std::uint32_t>(token_kind::preprocessor))
      throw bad_member{path + ": unknown kind of token"};
    tokens.push_back({{flat[i], flat[i + 1]}, flat[i + 2], static_cast<token_kind>(flat[i + 3])});
  }
}

struct event_columns {
  std::vector<std::string> kinds;
  std::vector<std::uint32_t> kind, thread;
  std::vector<std::uint64_t> time, a, b;
  std::vector<std::int64_t> frame, point, target, by;
};

void column_fields(auto &archive, event_columns &columns) {
  archive("kinds", columns.kinds);
  archive("kind", columns.kind);
  archive("time", columns.time);
  archive("thread", columns.thread);
  archive("frame", columns.frame);
  archive("point", columns.point);
  archive("target", columns.target);
  archive("by", columns.by);
  archive("a", columns.a);
  archive("b", columns.b);
}

std::optional<std::uint32_t> optional_index(std::int64_t number) {
  return number < 0 ? std::nullopt : std::optional(static_cast<std::uint32_t>(number));
}

outsider outsider_of(std::int64_t by) {
  return by >= -1 ? outsider::unknown : by == -2 ? outsider::loop : outsider::other_thread;
}

void read_events(const ordered_json &json, const std::string &path, std::vector<traced_event> &events) {
  event_columns columns;
  reader archive(json, path);
  column_fields(archive, columns);
  const std::size_t count = columns.kind.size();
  for (const std::size_t size : {columns.time.size(), columns.thread.size(), columns.frame.size(), columns.point.size(),
                                 columns.target.size(), columns.by.size(), columns.a.size(), columns.b.size()})
    if (size != count)
      throw bad_member{path + ": columns of equal length were expected"};
  for (std::size_t i = 0; i < count; ++i) {
    if (columns.kind[i] >= columns.kinds.size())
      throw bad_member{path + "/kind: names no kind"};
    events.push_back({.time = columns.time[i],
                      .thread = columns.thread[i],
                      .kind = columns.kinds[columns.kind[i]],
                      .frame = optional_index(columns.frame[i]),
                      .point = optional_index(columns.point[i]),
                      .target = optional_index(columns.target[i]),
                      .by = optional_index(columns.by[i]),
                      .resumer = outsider_of(columns.by[i]),
                      .a = columns.a[i],
                      .b = columns.b[i]});
  }
}

template <class Enum> void read_word(const ordered_json &json, const std::string &path, Enum &value) {
  const auto known = json.is_string() ? from_word<Enum>(json.get_ref<const std::string &>()) : std::nullopt;
  if (!known)
    throw bad_member{path + ": an unknown word"};
  value = *known;
}

template <class Value> constexpr bool is_id = false;
template <class Tag> constexpr bool is_id<id<Tag>> = true;

void read(const ordered_json &json, const std::string &path, auto &value) {
  using type = std::remove_cvref_t<decltype(value)>;
  if constexpr (std::is_enum_v<type>)
    read_word(json, path, value);
  else if constexpr (std::is_same_v<type, bool>) {
    if (!json.is_boolean())
      throw bad_member{path + ": true or false was expected"};
    value = json.get<bool>();
  } else if constexpr (std::is_arithmetic_v<type>)
    read_number(json, path, value);
  else if constexpr (std::is_same_v<type, std::string>) {
    if (!json.is_string())
      throw bad_member{path + ": a string was expected"};
    value = json.get<std::string>();
  } else if constexpr (std::is_same_v<type, position>)
    read_position(json, path, value);
  else if constexpr (std::is_same_v<type, std::vector<token>>)
    read_tokens(json, path, value);
  else if constexpr (std::is_same_v<type, std::vector<traced_event>>)
    read_events(json, path, value);
  else if constexpr (is_vector<type>) {
    if (!json.is_array())
      throw bad_member{path + ": an array was expected"};
    for (std::size_t i = 0; i < json.size(); ++i)
      read(json[i], path + "/" + std::to_string(i), value.emplace_back());
  } else if constexpr (is_id<type>)
    read_number(json, path, value.value);
  else {
    reader archive(json, path);
    fields(archive, value);
  }
}

/// "line 3, column 7" of the byte with this number, from 1.
std::string place_in(std::string_view text, std::size_t byte) {
  const std::string_view before = text.substr(0, byte == 0 ? 0 : byte - 1);
  const std::size_t line_begin = before.rfind('\n') + 1; // npos + 1 is 0
  return "line " + std::to_string(std::ranges::count(before, '\n') + 1) + ", column " +
         std::to_string(before.size() - line_begin + 1);
}

/// Where the text nests deeper than any report does; values so deep would exhaust the stack.
std::optional<std::size_t> too_deep(std::string_view text) {
  constexpr std::size_t deepest = 500;
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (in_string && text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      in_string = !in_string;
    else if (!in_string && (text[i] == '{' || text[i] == '[') && ++depth > deepest)
      return i + 1;
    else if (!in_string && (text[i] == '}' || text[i] == ']') && depth > 0)
      --depth;
  }
  return std::nullopt;
}

} // namespace

std::expected<report, std::string> read_json(std::string_view text) {
  if (const auto byte = too_deep(text))
    return std::unexpected(place_in(text, *byte) + ": nested deeper than a report is");
  ordered_json json;
  try {
    json = ordered_json::parse(text);
  } catch (const ordered_json::parse_error &error) {
    return std::unexpected(place_in(text, error.byte) + ": this is not JSON, or it is cut off");
  }
  if (!json.is_object())
    return std::unexpected("a JSON object was expected");
  if (json.value("schema", ordered_json()) != report_schema)
    return std::unexpected(std::string("schema: \"") + report_schema + "\" was expected");
  report report;
  try {
    read(json, "", report);
  } catch (const bad_member &bad) {
    return std::unexpected(bad.message);
  }
  if (const auto path = dangling_id(report))
    return std::unexpected(*path + ": this id points to nothing in the report");
  return report;
}

} // namespace coroscope::render
