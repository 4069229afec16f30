// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What is written to standard error while a function runs.
#pragma once

#include <functional>
#include <string>

namespace coroscope::testing {

std::string captured_stderr(const std::function<void()> &while_running);

} // namespace coroscope::testing
