// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The one spelling of each enumerator, in text and in JSON alike.
#pragma once

#include "model/report.h"

#include <optional>
#include <span>
#include <string_view>

namespace coroscope::render {

template <class Enum> struct words;

template <> struct words<suspend_kind> {
  static constexpr std::string_view all[] = {"initial", "await", "yield", "final"};
};
template <> struct words<field_kind> {
  static constexpr std::string_view all[] = {"resume_fn",  "destroy_fn", "promise", "resume_index",
                                             "param_copy", "local",      "awaiter", "temporary",
                                             "spill",      "shared",     "padding", "unknown"};
};
template <> struct words<transfer_form> {
  static constexpr std::string_view all[] = {"tail_call", "call", "ramp_call"};
};
template <> struct words<function_kind> {
  static constexpr std::string_view all[] = {"ramp", "resume", "destroy", "cleanup"};
};
template <> struct words<awaiter_via> {
  static constexpr std::string_view all[] = {"direct", "await_transform", "operator_co_await"};
};
template <> struct words<await_suspend_result> {
  static constexpr std::string_view all[] = {"void", "bool", "handle"};
};
template <> struct words<keep_reason> {
  static constexpr std::string_view all[] = {"crosses", "escapes", "always", "unproven"};
};
template <> struct words<absence> {
  static constexpr std::string_view all[] = {"dead_before_suspend", "constant",        "rematerialised",
                                             "optimised_out",       "part_of_another", "not_automatic"};
};
template <> struct words<await_basis> {
  static constexpr std::string_view all[] = {"declared", "transfer", "frame", "resumed_by"};
};
template <> struct words<view_line_kind> {
  static constexpr std::string_view all[] = {"code", "expansion", "state", "comment"};
};
template <> struct words<elision_rule> {
  static constexpr std::string_view all[] = {"halo", "await_elidable"};
};
template <> struct words<severity> {
  static constexpr std::string_view all[] = {"note", "remark", "warning", "error", "fatal"};
};

template <class Enum> constexpr std::string_view word(Enum value) {
  return words<Enum>::all[static_cast<std::size_t>(value)];
}

template <class Enum> constexpr std::optional<Enum> from_word(std::string_view text) {
  for (std::size_t i = 0; i < std::size(words<Enum>::all); ++i)
    if (words<Enum>::all[i] == text)
      return static_cast<Enum>(i);
  return std::nullopt;
}

} // namespace coroscope::render
