// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/json.h"

#include "model/schema.h"
#include "render/words.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

namespace coroscope::render {
namespace {

using schema::fields;
using schema::is_vector;

using nlohmann::ordered_json;

ordered_json write(const auto &value);

class writer {
public:
  void operator()(const char *name, const auto &value) { object[name] = write(value); }

  template <class Value> void may(const char *name, const std::optional<Value> &value) {
    if (value)
      object[name] = write(*value);
  }
  void may(const char *name, const auto &sequence) {
    if (!sequence.empty())
      object[name] = write(sequence);
  }

  /// Elements that carry their own index as "id".
  void numbered(const char *name, const auto &sequence) {
    ordered_json &array = object[name] = ordered_json::array();
    for (std::size_t i = 0; i < sequence.size(); ++i) {
      ordered_json element = {{"id", i}};
      element.update(write(sequence[i]));
      array.push_back(std::move(element));
    }
  }

  void address(const char *name, std::uint64_t value) {
    char text[2 + 16 + 1];
    std::snprintf(text, sizeof text, "0x%llx", static_cast<unsigned long long>(value));
    object[name] = text;
  }

  ordered_json object = ordered_json::object();
};

template <class Tag> ordered_json write_id(const id<Tag> &value) { return value.value; }

ordered_json write_tokens(const std::vector<token> &tokens) {
  ordered_json flat = ordered_json::array();
  for (const token &token : tokens)
    for (const std::uint32_t number :
         {token.begin.line, token.begin.column, token.length, static_cast<std::uint32_t>(token.kind)})
      flat.push_back(number);
  return flat;
}

ordered_json write_events(const std::vector<traced_event> &events) {
  std::vector<std::string> kinds;
  ordered_json kind = ordered_json::array(), time = kind, thread = kind, frame = kind, point = kind, target = kind,
               by = kind, a = kind, b = kind;
  for (const traced_event &event : events) {
    auto known = std::ranges::find(kinds, event.kind);
    if (known == kinds.end())
      known = kinds.insert(kinds.end(), event.kind);
    kind.push_back(known - kinds.begin());
    time.push_back(event.time);
    thread.push_back(event.thread);
    frame.push_back(event.frame ? std::int64_t{*event.frame} : -1);
    point.push_back(event.point ? std::int64_t{*event.point} : -1);
    target.push_back(event.target ? std::int64_t{*event.target} : -1);
    by.push_back(event.by ? std::int64_t{*event.by} : -1 - static_cast<std::int64_t>(event.resumer));
    a.push_back(event.a);
    b.push_back(event.b);
  }
  return {{"kinds", kinds}, {"kind", kind},     {"time", time}, {"thread", thread}, {"frame", frame},
          {"point", point}, {"target", target}, {"by", by},     {"a", a},           {"b", b}};
}

ordered_json write(const auto &value) {
  using type = std::remove_cvref_t<decltype(value)>;
  if constexpr (std::is_enum_v<type>)
    return std::string(word(value));
  else if constexpr (std::is_arithmetic_v<type> || std::is_same_v<type, std::string>)
    return value;
  else if constexpr (std::is_same_v<type, position>)
    return ordered_json::array({value.line, value.column});
  else if constexpr (std::is_same_v<type, std::vector<token>>)
    return write_tokens(value);
  else if constexpr (std::is_same_v<type, std::vector<traced_event>>)
    return write_events(value);
  else if constexpr (is_vector<type>) {
    ordered_json array = ordered_json::array();
    for (const auto &element : value)
      array.push_back(write(element));
    return array;
  } else if constexpr (requires { write_id(value); })
    return write_id(value);
  else {
    writer object;
    fields(object, value);
    return std::move(object.object);
  }
}

} // namespace

std::string json(const report &report, bool readable) {
  ordered_json object = {{"schema", report_schema}};
  object.update(write(report));
  return object.dump(readable ? 1 : -1, ' ', false, ordered_json::error_handler_t::replace) + (readable ? "\n" : "");
}

} // namespace coroscope::render
