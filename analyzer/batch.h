// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Many translation units, each analysed in a process of its own, as one report.
//
//   compile_command, … --child: analysis--> report of the unit --merge()--> report
//                                \--crash, hang--> the unit's diagnostic
#pragma once

#include "frontend/command.h"
#include "isolated.h"
#include "model/report.h"

#include <functional>
#include <string>
#include <vector>

namespace coroscope {

/// Longer than any file that compiles takes, so that one that hangs ends all the same.
inline constexpr std::chrono::seconds default_timeout{600};

/// As many as there are processors, or fewer where the free memory would not hold them.
unsigned default_jobs();

/// The merged report, in the order of `commands` whatever ends first. What happens to one unit is in its diagnostics.
report analyze_each(const std::vector<frontend::compile_command> &commands, isolation limits,
                    const std::function<report(const frontend::compile_command &)> &analysis,
                    const std::function<void(const std::string &what)> &progress);

} // namespace coroscope
