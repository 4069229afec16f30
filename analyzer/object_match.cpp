// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "object_match.h"

namespace coroscope {
namespace {

using frontend::body_facts;
using frontend::coroutine_facts;
using frontend::named_object;
using lowering::lowered_resident;

/// "std::vector<int>::iterator" -> "iterator": IR names of types carry no template arguments.
std::string last_word(std::string type) {
  type = type.substr(0, type.find('<'));
  if (const std::size_t colon = type.rfind(':'); colon != std::string::npos)
    type = type.substr(colon + 1);
  return type;
}

/// What the language declares by itself, a range-for's iterators for one, has no line: it is found by its name where
/// only one is of that name.
const named_object *hidden_variable(const coroutine_facts &facts, const lowered_resident &value) {
  const named_object *only = nullptr;
  for (const named_object &variable : facts.variables)
    if (variable.name == value.name && !value.is_inlined) {
      if (only)
        return nullptr;
      only = &variable;
    }
  return only;
}

/// The declaration that debug info means: the parameter of that number, else by name and place; where several of one
/// name stand on one line and no column tells, by type.
const named_object *variable_behind(const coroutine_facts &facts, const lowered_resident &value) {
  const named_object *best = nullptr;
  bool is_sure = true;
  for (const named_object &variable : facts.variables) {
    if (value.is_inlined || variable.name != value.name)
      continue;
    if (value.is_parameter && value.argument == variable.argument)
      return &variable;
    if (variable.key.line != value.where->where.line || (variable.argument != 0) != value.is_parameter)
      continue;
    if (value.where->where.column == variable.key.column)
      return &variable;
    if (value.where->where.column != 0)
      continue;
    const bool fits = last_word(variable.type) == last_word(value.type);
    const bool fitted = best && last_word(best->type) == last_word(value.type);
    if (best && fits == fitted && best->type != variable.type)
      is_sure = false;
    if (!best || (fits && !fitted)) {
      best = &variable;
      is_sure = true;
    }
  }
  return is_sure ? best : nullptr;
}

/// `begin`: of the object from the start of the bytes that are asked for.
void add_members(const std::vector<member> &members, std::int64_t begin, std::int64_t size, const std::string &scope,
                 std::vector<member> &found) {
  for (const member &one : members) {
    const std::int64_t first = begin + static_cast<std::int64_t>(one.offset);
    const std::int64_t end = first + static_cast<std::int64_t>(one.size);
    if (first >= 0 && end <= size) {
      found.push_back(one);
      found.back().offset = static_cast<std::uint64_t>(first);
      found.back().name = scope + one.name;
    } else if (first < size && end > 0) {
      // A base class, ":base", adds no name to those of its members.
      add_members(one.members, first, size, one.name.starts_with(':') ? scope : scope + one.name + ".", found);
    }
  }
}

} // namespace

std::vector<member> members_within(const std::vector<member> &members, std::uint64_t first, std::uint64_t size) {
  std::vector<member> found;
  add_members(members, -static_cast<std::int64_t>(first), static_cast<std::int64_t>(size), "", found);
  return found;
}

const named_object *find_variable(const coroutine_facts &facts, const lowered_resident &value) {
  const named_object *found = value.where ? variable_behind(facts, value) : nullptr;
  return found || (value.where && !value.name.starts_with("__")) ? found : hidden_variable(facts, value);
}

const named_object *find_temporary(const body_facts &facts, const lowered_resident &value) {
  if (!value.where)
    return nullptr;
  const std::string record = value.is_class ? last_word(value.type) : "";
  std::vector<const named_object *> exact;
  std::vector<const named_object *> here;
  std::vector<const named_object *> on_line;
  for (const named_object &object : facts.temporaries) {
    if (object.record != record)
      continue;
    if (object.key == value.where->where)
      exact.push_back(&object);
    if (object.key == value.where->where || object.first == value.where->where)
      here.push_back(&object);
    else if (object.key.line == value.where->where.line)
      on_line.push_back(&object);
  }
  for (const std::vector<const named_object *> &found : {here, exact})
    if (found.size() == value.twins)
      return found[value.twin];
  // A number or pointer is told by its place alone.
  return here.empty() && on_line.size() == 1 && value.is_class ? on_line.front() : nullptr;
}

const named_object *find_expression(const coroutine_facts &facts, const lowered_resident &value) {
  if (!value.where || value.is_inlined)
    return nullptr;
  for (const named_object &expression : facts.expressions)
    if (expression.where->begin <= value.where->where && value.where->where < expression.where->end)
      return &expression;
  return nullptr;
}

bool is_object_of(const named_object &expression, const lowered_resident &value) {
  return value.is_class && value.where &&
         (expression.where->begin == value.where->where || expression.key == value.where->where) &&
         expression.record == last_word(value.type);
}

const named_object *find_result(const body_facts &facts, const lowered_resident &value) {
  constexpr std::string_view mark = "result of ";
  const bool is_call = value.meaning.starts_with(mark);
  if (!value.where || (!is_call && !value.type.ends_with("-byte integer")))
    return nullptr;
  const named_object *found = nullptr;
  for (const named_object &result : facts.results) {
    if (result.key != value.where->where || result.name != (is_call ? value.meaning.substr(mark.size()) : ""))
      continue;
    if (found && found->type != result.type)
      return nullptr;
    found = &result;
  }
  return found;
}

} // namespace coroscope
