// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who waits for what, now.
//
//   loop's tasks -> for each: its functions, outermost first -> what it waits for -> the tasks of its groups
#pragma once

#include <atomic>
#include <coroscope/detail/mailbox.h>
#include <coroscope/detail/signal_receiver.h>
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

/// Made by print_await_tree_on.
class [[nodiscard]] await_tree_printer final : private detail::signal_receiver, private detail::mail {
public:
  await_tree_printer(event_loop &of, int signal);
  /// On the loop's thread.
  ~await_tree_printer();

private:
  void receive(int signal) noexcept override;
  void deliver() noexcept override;
  event_loop *loop_;
  std::atomic<bool> asked_ = false;
};

/// While what it gives exists, the signal has the current loop's await tree printed to stderr, as soon as the step that
/// runs has ended: `kill -USR1` tells what a program that seems to hang waits for. Any number of loops may ask for
/// the same signal. It keeps no loop from seeing a deadlock. Throws as signal_stream does, and std::logic_error
/// outside of a loop. asyncio: `python -m asyncio pstree`.
inline await_tree_printer print_await_tree_on(int signal) { return {current_loop(), signal}; }

} // namespace coroscope
