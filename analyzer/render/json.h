// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The report as JSON and back; the form is described in docs/report-schema.md.
#pragma once

#include "model/report.h"

#include <expected>
#include <string>
#include <string_view>

namespace coroscope::render {

/// With line breaks and indentation where `readable`. Bytes that are not UTF-8 become U+FFFD.
std::string json(const report &report, bool readable);

/// Error: what is wrong and at which member ("coroutines/3/frame: …").
std::expected<report, std::string> read_json(std::string_view text);

} // namespace coroscope::render
