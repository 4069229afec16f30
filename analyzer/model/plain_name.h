// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a reader calls a coroutine where its full name would be too long.
#pragma once

#include <string>
#include <string_view>

namespace coroscope {

/// "net::session<int>::read(char*)" -> "read": the last word of a qualified name, without arguments and parameters.
inline std::string plain_name(const std::string &name) {
  // Template arguments and parameters may hold "::" and spaces themselves.
  std::string flat;
  int depth = 0;
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (name.compare(i, 8, "(lambda)") == 0 && depth == 0) {
      flat += "lambda";
      i += 7;
      continue;
    }
    const char letter = name[i];
    const bool closes = letter == '>' || letter == ')' || letter == '}';
    depth -= closes ? 1 : 0;
    const bool opens = letter == '<' || letter == '(' || letter == '{';
    if (depth == 0 && !closes && !opens)
      flat += letter;
    depth += opens ? 1 : 0;
  }
  // What stands behind the parameters is no part of the name.
  for (const std::string_view qualifier : {" &&", " &", " const"})
    if (flat.ends_with(qualifier))
      flat.erase(flat.size() - qualifier.size());
  if (flat.find("lambda::operator") != std::string::npos)
    return "lambda";
  if (const std::size_t call = flat.rfind("operator"); call != std::string::npos && flat.ends_with("operator"))
    return "operator()";
  if (const std::size_t colon = flat.rfind("::"); colon != std::string::npos)
    flat = flat.substr(colon + 2);
  if (const std::size_t space = flat.rfind(' '); space != std::string::npos && space + 1 < flat.size())
    flat = flat.substr(space + 1);
  return flat;
}

} // namespace coroscope
