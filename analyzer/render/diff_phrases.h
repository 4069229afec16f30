// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the text and the markdown of a difference say alike.
#pragma once

#include "compare/difference.h"

#include <string>

namespace coroscope::render {

/// A difference with the reports it is of.
struct shown_difference {
  const compare::difference &difference;
  const report &before;
  const report &after;
};

/// As it is now, or was where it is gone.
const coroutine &coroutine_of(const shown_difference &shown, const compare::coroutine_change &change);

/// The place of the coroutine, "src/a.cpp:12:1".
std::string place_of(const shown_difference &shown, const compare::coroutine_change &change);

/// "no coroutine changed (12 compared at -O0, -O2)", or "2 of 12 coroutines changed, 1 new; frames +48 bytes at -O2".
std::string summary(const shown_difference &shown);

/// What the reader must know beside it: levels that one report lacks.
std::string note(const shown_difference &shown);

/// "120 -> 152 (+32)"; one number where both are equal, "none" where there is no frame.
std::string size_change(const compare::level_change &level, const std::string &arrow);

std::string object_name(const compare::object &object);

/// "suspend point added: co_await f() at 12:5"
std::string point_phrase(const shown_difference &shown, const compare::coroutine_change &change,
                         const compare::point_change &point);

/// "elision of g() gained at -O2", with the reason of the one that was lost.
std::string call_phrase(const shown_difference &shown, const compare::call_change &call);

/// "new hazard dangling-reference at a.cpp:3:5: …", "hazard dangling-reference is gone: …"
std::string hazard_phrase(const shown_difference &shown, const compare::hazard_change &hazard);

} // namespace coroscope::render
