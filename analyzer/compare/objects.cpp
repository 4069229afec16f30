// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compare/objects.h"

#include <algorithm>
#include <tuple>

namespace coroscope::compare {
namespace {

object placed(const field &field, const resident &resident) {
  const bool is_alone = field.residents.size() == 1;
  object made{.kind = resident.kind,
              .offset = field.offset,
              .size = is_alone ? field.size : resident.size.value_or(field.size),
              .name = resident.name,
              .type = resident.type,
              .where = resident.where,
              .expression = resident.expression,
              .frame_of = resident.frame_of,
              .reasons = resident.reasons,
              .sharing = {}};
  for (const struct resident &other : field.residents)
    if (&other != &resident)
      made.sharing.push_back(other.name);
  return made;
}

} // namespace

std::vector<object> objects_in(const frame &frame) {
  std::vector<object> objects;
  for (const field &field : frame.fields) {
    if (field.kind == field_kind::padding)
      continue;
    if (field.residents.empty())
      objects.push_back({.kind = field.kind, .offset = field.offset, .size = field.size});
    for (const resident &resident : field.residents)
      objects.push_back(placed(field, resident));
  }
  std::ranges::sort(objects, {}, [](const object &object) {
    const range where = object.where.value_or(range{});
    return std::tuple(where.file, where.begin, object.offset, object.name);
  });
  return objects;
}

std::uint64_t padding_in(const frame &frame) {
  std::uint64_t sum = 0;
  for (const field &field : frame.fields)
    if (field.kind == field_kind::padding)
      sum += field.size;
  return sum;
}

const level_lowering *lowering_at(const coroutine &coroutine, const std::string &level) {
  const auto found = std::ranges::find(coroutine.lowerings, level, &level_lowering::level);
  return found == coroutine.lowerings.end() ? nullptr : &*found;
}

std::string without_places(const std::string &text) {
  constexpr std::string_view mark = " at ";
  std::string result;
  std::size_t from = 0;
  for (std::size_t open = text.find('('); open != std::string::npos; open = text.find('(', open + 1)) {
    const std::size_t close = text.find_first_of("()", open + 1);
    const std::size_t at = text.find(mark, open);
    if (close == std::string::npos || at == std::string::npos || at > close || text[close] != ')')
      continue;
    result += text.substr(from, at - from);
    from = close;
  }
  return result + text.substr(from);
}

} // namespace coroscope::compare
