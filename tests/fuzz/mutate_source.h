// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// C++ text that is nearly the one given: lines and tokens moved, doubled, dropped, or exchanged for what coroutines are
// made of. Statements are the usual unit, so that much of what comes out still compiles.
//
//   source --mutate()--> source          two sources --cross()--> one with lines of both
#pragma once

#include <random>
#include <string>

namespace coroscope::fuzz {

std::string mutate(const std::string &source, std::minstd_rand &random);

std::string cross(const std::string &one, const std::string &other, std::minstd_rand &random);

} // namespace coroscope::fuzz
