// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who waits for what, now.
//
//   loop's tasks -> for each: its functions, outermost first -> what it waits for -> the tasks of its groups
#pragma once

#include <coroscope/event_loop.h>
#include <string>

namespace coroscope {

/// Every task of the current loop that has not ended, with the place of the co_await that each of its functions has
/// reached, what the innermost waits for, and below it the tasks of its groups. One line each, for people to read.
/// Throws std::logic_error outside of a loop. asyncio: `capture_call_graph`, `asyncio pstree`.
///
///     - task<> serve(tcp_listener &) at server.cpp:12
///         task<tcp_stream> coroscope::tcp_listener::accept() at tcp_listener.cpp:76
///         waits for descriptor 5 to read
inline std::string await_tree() { return current_loop().await_tree(); }

} // namespace coroscope
