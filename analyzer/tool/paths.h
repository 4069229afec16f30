// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Where the tool's own files are: beside its executable, in a build tree as in an installation.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace coroscope::tool {

std::filesystem::path include_directory();   ///< <coroscope/…> headers
std::filesystem::path runtime_library();     ///< the runtime, with events in its own coroutines where it was built so
std::filesystem::path trace_library();       ///< libcoroscope_trace.a
std::vector<std::string> trace_link_flags(); ///< what the linker needs besides, as coroscope::trace gives it
std::filesystem::path pass_plugin();         ///< the instrumentation pass

} // namespace coroscope::tool
