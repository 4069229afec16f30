// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What busy programs do with the runtime, for a look at its frames: hot_coroutines.txt has their sizes at -O2 beside
// those of the runtime's own coroutines, and the calls of what is named elided_… are elided. Compiled by the analyzer
// alone.
#include <array>
#include <chrono>
#include <coroscope/channel.h>
#include <coroscope/mutex.h>
#include <coroscope/sleep.h>
#include <coroscope/task.h>
#include <coroscope/task_group.h>
#include <coroscope/tcp_stream.h>
#include <coroscope/with_timeout.h>
#include <cstddef>

using namespace coroscope;

task<> empty() { co_return; }
task<int> elided_child(int value) { co_return value; }
task<int> elided_parent(int value) { co_return co_await elided_child(value); }

task<long> call_in_a_loop(int count) {
  long sum = 0;
  for (int i = 0; i < count; ++i)
    sum += co_await elided_child(i);
  co_return sum;
}

task<int> call_through_two() { co_return co_await elided_parent(1); }

task<> take_turns(int count) {
  for (int i = 0; i < count; ++i)
    co_await yield_now();
}

task<> sleep_once(std::chrono::nanoseconds length) { co_await sleep_for(length); }

task<> call_with_timeout() { co_await with_timeout(std::chrono::hours(1), empty()); }

task<> hold(mutex &lock) { const auto held = co_await lock.lock(); }

task<> pass_on(channel<int> &from, channel<int> &to) {
  while (const auto value = co_await from.receive())
    co_await to.send(*value);
}

task<> echo(tcp_stream &stream) {
  std::array<char, 64> buffer;
  while (const std::size_t count = co_await stream.read_some(buffer))
    co_await stream.write_all({buffer.data(), count});
}

task<> serve_in_a_group(tcp_stream &stream) {
  co_await with_task_group([&stream](task_group &group) -> task<> {
    group.spawn(echo(stream));
    co_return;
  });
}
