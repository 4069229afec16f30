// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Any text as a part of GitHub-flavoured markdown, so that nothing in it is taken for markup.
#pragma once

#include <string>
#include <string_view>

namespace coroscope::render {

/// A code span, also within a table; "" for "".
std::string markdown_code(std::string_view text);

/// Plain words of a paragraph, a list or a table.
std::string markdown_text(std::string_view text);

/// Within an HTML element.
std::string html_text(std::string_view text);

} // namespace coroscope::render
