// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How a unit's JSON becomes values; see docs/trace-format.md for its members.
#include "table.h"

#include <nlohmann/json.hpp>

namespace coroscope::trace {
namespace {

using nlohmann::json;

std::optional<std::string> string_of(const json &object, const char *name) {
  const auto member = object.find(name);
  if (member == object.end() || !member->is_string())
    return std::nullopt;
  return member->get<std::string>();
}

template <class Number = std::uint64_t> std::optional<Number> number_of(const json &object, const char *name) {
  const auto member = object.find(name);
  if (member == object.end() || !member->is_number_unsigned())
    return std::nullopt;
  const auto value = member->get<std::uint64_t>();
  return value <= std::numeric_limits<Number>::max() ? std::optional(static_cast<Number>(value)) : std::nullopt;
}

/// Calls `use` with each object of an array member.
template <class Use> void for_each_of(const json &object, const char *name, Use use) {
  const auto member = object.find(name);
  if (member == object.end() || !member->is_array())
    return;
  for (const json &element : *member)
    if (element.is_object())
      use(element);
}

recorded_point read_point(const json &object) {
  recorded_point point;
  point.ordinal = number_of<std::uint32_t>(object, "ordinal").value_or(0);
  point.rank = number_of<std::uint32_t>(object, "rank").value_or(point.ordinal);
  point.kind = string_of(object, "kind").value_or("");
  point.file = string_of(object, "file");
  if (const auto line = number_of<std::uint32_t>(object, "line"))
    point.where = source_position{*line, number_of<std::uint32_t>(object, "column").value_or(0)};
  return point;
}

std::vector<std::uint32_t> numbers_of(const json &object, const char *name) {
  std::vector<std::uint32_t> numbers;
  const auto member = object.find(name);
  if (member != object.end() && member->is_array())
    for (const json &element : *member)
      if (element.is_number_unsigned())
        numbers.push_back(element.get<std::uint32_t>());
  return numbers;
}

recorded_resident read_resident(const json &object) {
  recorded_resident resident;
  resident.name = string_of(object, "name").value_or("");
  resident.type = string_of(object, "type").value_or("");
  resident.shape = number_of<std::uint32_t>(object, "shape");
  resident.alive = numbers_of(object, "alive");
  return resident;
}

recorded_shape read_shape(const json &object) {
  recorded_shape shape;
  shape.kind = shape_kind_of(string_of(object, "kind").value_or(""));
  shape.name = string_of(object, "name").value_or("");
  shape.size = number_of(object, "size").value_or(0);
  shape.element = number_of<std::uint32_t>(object, "element");
  shape.count = number_of(object, "count").value_or(0);
  for_each_of(object, "members", [&](const json &member) {
    shape.members.push_back({.name = string_of(member, "name").value_or(""),
                             .offset = number_of(member, "offset").value_or(0),
                             .shape = number_of<std::uint32_t>(member, "shape").value_or(UINT32_MAX),
                             .bit_offset = number_of<std::uint32_t>(member, "bit_offset").value_or(0),
                             .bit_size = number_of<std::uint32_t>(member, "bit_size").value_or(0)});
  });
  for_each_of(object, "enumerators", [&](const json &one) {
    const auto value = one.find("value");
    if (value != one.end() && value->is_number_integer())
      shape.enumerators.emplace_back(value->get<std::int64_t>(), string_of(one, "name").value_or(""));
  });
  return shape;
}

recorded_field read_field(const json &object) {
  recorded_field field;
  field.offset = number_of(object, "offset").value_or(0);
  field.size = number_of(object, "size").value_or(0);
  field.kind = string_of(object, "kind").value_or("");
  for_each_of(object, "residents", [&](const json &resident) { field.residents.push_back(read_resident(resident)); });
  return field;
}

recorded_coroutine read_coroutine(const json &object) {
  recorded_coroutine coroutine;
  coroutine.mangled = string_of(object, "mangled").value_or("");
  coroutine.name = string_of(object, "name").value_or(coroutine.mangled);
  coroutine.file = string_of(object, "file").value_or("");
  coroutine.line = number_of<std::uint32_t>(object, "line");
  coroutine.frame_size = number_of(object, "frame_size").value_or(0);
  coroutine.frame_align = number_of(object, "frame_align").value_or(0);
  coroutine.layout_hash = string_of(object, "layout_hash").value_or("");
  for_each_of(object, "fields", [&](const json &field) { coroutine.fields.push_back(read_field(field)); });
  for_each_of(object, "points", [&](const json &point) { coroutine.points.push_back(read_point(point)); });
  for_each_of(object, "shapes", [&](const json &shape) { coroutine.shapes.push_back(read_shape(shape)); });
  return coroutine;
}

} // namespace

std::optional<unit_table> read_table(std::string_view text) {
  const json table = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!table.is_object())
    return std::nullopt;
  const auto coroutines = table.find("coroutines");
  if (coroutines == table.end() || !coroutines->is_array())
    return std::nullopt;
  unit_table result;
  result.level = string_of(table, "level").value_or("");
  result.compiler = string_of(table, "compiler").value_or("");
  for (const json &coroutine : *coroutines)
    result.coroutines.push_back(coroutine.is_object() ? std::optional(read_coroutine(coroutine)) : std::nullopt);
  return result;
}

} // namespace coroscope::trace
