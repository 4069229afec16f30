// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which program a recording is of.
#pragma once

namespace coroscope::trace {

class recording_file;

/// Writes the program's arguments, each with a NUL behind it, into a block of the file; none where they cannot be read.
void add_command_line(recording_file &file) noexcept;

} // namespace coroscope::trace
