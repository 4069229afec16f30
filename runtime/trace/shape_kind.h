// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the bytes of a variable can be, and the word for it in a recording: what the pass plugin writes and the reader
// reads. docs/trace-format.md says what stands in each.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

namespace coroscope::trace {

/// The kinds from `string` on are classes of libstdc++; `c_string` is a pointer to char; `opaque` has no value to show,
/// and `unstored` is what nothing stores, of any type.
enum class shape_kind {
  opaque,
  signed_integer,
  unsigned_integer,
  floating,
  boolean,
  character,
  enumeration,
  pointer,
  c_string,
  array,
  record,
  union_of,
  string,
  string_view,
  vector,
  span,
  optional,
  variant,
  unique_ptr,
  shared_ptr,
  coroutine_handle,
  container,
  deque,
  vector_of_bool,
  function,
  unstored
};

/// By kind.
inline constexpr std::array<std::string_view, 26> shape_words = {
    "opaque",    "signed",   "unsigned",       "floating", "boolean",    "character",  "enumeration",
    "pointer",   "c_string", "array",          "record",   "union",      "string",     "string_view",
    "vector",    "span",     "optional",       "variant",  "unique_ptr", "shared_ptr", "coroutine_handle",
    "container", "deque",    "vector_of_bool", "function", "unstored"};
static_assert(shape_words.size() == static_cast<std::size_t>(shape_kind::unstored) + 1);

constexpr std::string_view word_of(shape_kind kind) { return shape_words[static_cast<std::size_t>(kind)]; }

/// `opaque` for a word that is none.
constexpr shape_kind shape_kind_of(std::string_view word) {
  const auto known = std::ranges::find(shape_words, word);
  return known == shape_words.end() ? shape_kind::opaque : static_cast<shape_kind>(known - shape_words.begin());
}

} // namespace coroscope::trace
