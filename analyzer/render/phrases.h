// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What all texts have in common: how a place and a suspend point are written, how source text fits into a line.
#pragma once

#include "model/report.h"

#include <string>
#include <string_view>

namespace coroscope::render {

/// "12:5", or "a.cpp:12:5" with the file.
std::string at(const report &report, const range &place, bool with_file);

/// The place without its file where that is the coroutine's own.
std::string at(const report &report, const range &place, const coroutine &coroutine);

/// "+16" or "-16": how far it is from `before` to `after`.
std::string signed_number(std::uint64_t before, std::uint64_t after);

/// As `at`, but of a file outside the working directory the name alone: "coroutine:24:5".
std::string short_at(const report &report, const range &place, const coroutine &coroutine);

/// "f(int)" of "scope::f(int)" where `scope` is what it belongs to, or, where `scope` is empty, whatever stands before
/// the name.
std::string without_scope(const std::string &name, const std::string &scope);

/// What a resident is: "n", "temporary `make(n)`", "__c in std::operator<<".
std::string resident_text(const resident &resident);

/// "S1 (co_await, 13:3)"
std::string point_words(const report &report, const coroutine &coroutine, suspend_point_id point);

} // namespace coroscope::render
