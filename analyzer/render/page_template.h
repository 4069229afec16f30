// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The page as web/ built it, carried inside the tool.
#pragma once

#include <string_view>

namespace coroscope::render {

std::string_view page_template();

} // namespace coroscope::render
