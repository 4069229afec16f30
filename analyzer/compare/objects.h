// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What stands in a frame, object by object.
//
//   frame: fields, each with its residents --> objects, each with the bytes that it takes
#pragma once

#include "model/report.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace coroscope::compare {

/// A resident of a frame, or a field without one (the resume index, the two function pointers).
struct object {
  field_kind kind = field_kind::unknown;
  std::uint64_t offset = 0; ///< of its field
  std::uint64_t size = 0;   ///< bytes; of its field where it has that alone
  std::string name;         ///< the resident's; the kind's word is the renderer's business where it is empty
  std::optional<std::string> type;
  std::optional<range> where;
  std::optional<std::string> expression;
  std::optional<std::string> frame_of; ///< an elided callee's frame: whose
  std::vector<why> reasons;
  std::vector<std::string> sharing; ///< names of the other residents of its field
  bool operator==(const object &) const = default;
};

/// Without padding; by declaration, then by offset.
std::vector<object> objects_in(const frame &frame);

/// Bytes that hold nothing.
std::uint64_t padding_in(const frame &frame);

/// Null where the coroutine was not asked for at this level.
const level_lowering *lowering_at(const coroutine &coroutine, const std::string &level);

/// A name or type without the places that Clang writes into it: "(lambda at a.cpp:3:5)" becomes "(lambda)".
std::string without_places(const std::string &text);

} // namespace coroscope::compare
