// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// run_on_cores: one loop a core, and one program on all of them.
//
//   run_on_cores(n, main) -> n threads, a loop each: main(0) … main(n - 1) -> all have ended -> their one error
#pragma once

#include <coroscope/io_backend.h>
#include <coroscope/task.h>
#include <functional>

namespace coroscope {

/// The number of processors that this process may use.
unsigned usable_cores() noexcept;

/// Runs `main(core)` for each core from 0 to `cores` - 1 on a loop and a thread of its own, core 0 on the calling
/// thread, and returns when all have ended; 0 `cores` means usable_cores(). The threads are not bound to processors.
/// What the loops share is reached through shared_channel, future and event_loop::post; a server has a listener of
/// tcp_listener::bind_shared on each.
///
/// The first main that throws, or is cancelled, has the others cancelled. When all have ended, its exception is thrown,
/// or an error_group where more than one has failed. SIGINT cancels all of them, as it does with run(), and
/// task_cancelled is thrown. Throws std::system_error where a thread cannot be made, std::logic_error inside a running
/// loop. asyncio has none.
void run_on_cores(unsigned cores, std::function<task<>(unsigned core)> main, io_backend io = default_backend());

} // namespace coroscope
