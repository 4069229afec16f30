// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The report as one page: the built page of web/ with the report put into its places.
#pragma once

#include "model/report.h"

#include <string>

namespace coroscope::render {

/// A complete HTML document that asks the network for nothing. Browsers without scripts see tables.
std::string html(const report &report);

} // namespace coroscope::render
