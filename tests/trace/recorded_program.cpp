// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A program that reports what its argument says, for the tests of the recorder.
#include <coroscope/trace.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

namespace {

using coroscope::trace::event_kind;
using coroscope::trace::record;

constexpr std::string_view table = R"json({"unit": "recorded.cpp", "level": "O1", "coroutines": [
  null, {"mangled": "_Z3onev", "name": "one()", "file": "recorded.cpp", "line": 12, "frame_size": 24, "frame_align": 8,
  "layout_hash": "0123456789abcdef",
  "fields": [{"offset": 0, "size": 24, "kind": "promise", "residents": [{"name": "x", "type": "int"}]}],
  "points": [{"ordinal": 0, "kind": "initial", "line": 12, "column": 5}, {"ordinal": 2, "kind": "final"}]}]})json";

constexpr std::uint32_t frame_sizes[] = {0, 24};
coroscope_trace_module unit{2, 0, table.data(), table.size(), frame_sizes, 2};

struct alignas(16) fake_frame {
  char bytes[48];
};
fake_frame frames[4096];

void frame_event(const void *frame, event_kind kind, std::uint32_t number = 0) {
  coroscope_trace_event(frame, &unit, 1, static_cast<std::uint32_t>(kind) | number << 8);
}

/// A frame that changes: once a little, once where it is cut off, never.
void bytes_of_frames() {
  char *const bytes = frames[0].bytes;
  frame_event(&frames[0], event_kind::frame_created, 1);
  for (int i = 0; i < 24; ++i)
    bytes[i] = static_cast<char>(i);
  frame_event(&frames[0], event_kind::suspended, 0);
  bytes[4] = 'x';
  bytes[23] = 'y';
  frame_event(&frames[0], event_kind::resumed, 0);
  frame_event(&frames[0], event_kind::suspended, 2);
  frame_event(&frames[0], event_kind::frame_freed);
}

struct before_and_after_main {
  before_and_after_main() { record(event_kind::posted, &frames[1]); }
  ~before_and_after_main() { record(event_kind::task_finished, &frames[1]); }
} early __attribute__((init_priority(101)));

void one_of_each() {
  frame_event(&frames[0], event_kind::frame_created, 1);
  frame_event(&frames[0], event_kind::suspended, 0);
  frame_event(&frames[0], event_kind::not_suspended, 300);
  frame_event(&frames[0], event_kind::resumed, 2);
  record(event_kind::poll_begin, nullptr, UINT64_MAX);
  record(event_kind::poll_end, nullptr, 3);
  record(event_kind::fd_wait, &frames[0], 7, 1);
  record(event_kind::fd_ready, &frames[0], 7, 2);
  record(event_kind::timer_armed, nullptr, 1, 1'000'000'000);
  record(event_kind::timer_fired, nullptr, 1);
  record(event_kind::timer_cancelled, nullptr, 2);
  record(event_kind::task_spawned, &frames[0]);
  record(event_kind::task_finished, &frames[0]);
  record(event_kind::awaits, &frames[2], reinterpret_cast<std::uintptr_t>(&frames[0]));
  record(event_kind::posted, nullptr, 77);
  record(event_kind::delivered, nullptr, 77);
  record(event_kind::delivered, nullptr, 77);
  frame_event(&frames[0], event_kind::destroyed, 2);
  frame_event(&frames[0], event_kind::frame_freed);
  frame_event(&frames[0], event_kind::frame_created, 0);
  record(event_kind::posted, reinterpret_cast<void *>(0xfffffffffffffff3));
}

void many(unsigned count) {
  for (unsigned i = 0; i < count; ++i) {
    const void *frame = &frames[i * 2654435761u % 4096];
    frame_event(frame, event_kind::resumed, i % 8);
    frame_event(frame, event_kind::suspended, (i + 1) % 8);
  }
}

/// Two threads take turns; every event is caused by the one before it.
void take_turns(unsigned turns) {
  std::atomic<unsigned> turn = 0;
  const auto play = [&](unsigned me) {
    for (unsigned i = me; i < turns; i += 2) {
      while (turn.load(std::memory_order_acquire) != i)
        ;
      record(event_kind::timer_fired, nullptr, i);
      turn.store(i + 1, std::memory_order_release);
    }
  };
  std::thread other(play, 1);
  play(0);
  other.join();
}

void threads(unsigned count, unsigned events) {
  std::vector<std::thread> all;
  for (unsigned t = 0; t < count; ++t)
    all.emplace_back([=] {
      pthread_setname_np(pthread_self(), ("worker " + std::to_string(t)).c_str());
      for (unsigned i = 0; i < events; ++i)
        record(event_kind::timer_armed, nullptr, t, i);
    });
  for (std::thread &thread : all)
    thread.join();
}

/// The file must not grow any more: what finds no room is lost, and nothing else happens.
void reach_the_limit() {
  const rlimit limit{128 * 1024, 128 * 1024};
  setrlimit(RLIMIT_FSIZE, &limit);
  many(200'000);
}

int keep_errno() {
  errno = 77;
  many(200'000);
  return errno == 77 ? 0 : 1;
}

/// Takes the recorder's descriptor away and gives its number to another file, which must stay empty.
int close_everything(const char *other) {
  many(10);
  closefrom(3);
  std::vector<int> taken;
  for (int i = 0; i < 1100; ++i)
    taken.push_back(open(other, O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  many(200'000);
  const off_t size = lseek(3, 0, SEEK_END);
  return size == 0 ? 0 : 1;
}

int fork_a_child() {
  record(event_kind::timer_fired, nullptr, 1);
  const pid_t child = fork();
  if (child == 0) {
    many(1000);
    std::exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  record(event_kind::timer_fired, nullptr, 2);
  return status;
}

int fork_twice() {
  record(event_kind::timer_fired, nullptr, 1);
  const pid_t child = fork();
  if (child == 0) {
    const pid_t grandchild = fork();
    if (grandchild == 0) {
      many(10);
      std::exit(0);
    }
    waitpid(grandchild, nullptr, 0);
    _exit(0);
  }
  waitpid(child, nullptr, 0);
  record(event_kind::timer_fired, nullptr, 2);
  return 0;
}

/// What a plugin of a later version may report, between two events of today's.
void report_of_a_later_unit() {
  static coroscope_trace_module later{UINT32_MAX, 0, table.data(), table.size(), frame_sizes, 2};
  frame_event(&frames[0], event_kind::frame_created, 1);
  coroscope_trace_event(&frames[1], &later, 1, static_cast<std::uint32_t>(event_kind::frame_created));
  frame_event(&frames[0], event_kind::frame_freed);
}

/// Pairs of events, the second in the same moment as the first, over more than one block.
void pairs(unsigned count) {
  const auto at_once = [](event_kind kind) {
    return static_cast<event_kind>(static_cast<unsigned>(kind) | coroscope::trace::same_moment);
  };
  for (unsigned i = 0; i < count; ++i) {
    frame_event(&frames[i % 4096], i < 4096 ? event_kind::frame_created : event_kind::resumed, 1);
    frame_event(&frames[i % 4096], at_once(event_kind::suspended), i % 300);
  }
}

/// A detached thread that is still reporting when main returns.
void leave_a_thread() {
  static std::atomic<unsigned> done = 0;
  std::thread([] {
    for (unsigned i = 0;; ++i, ++done)
      frame_event(&frames[i % 8], i < 8 ? event_kind::frame_created : event_kind::resumed, 1);
  }).detach();
  while (done.load() < 100)
    ;
}

int become_another(const char *self) {
  record(event_kind::timer_fired, nullptr, 1);
  execl(self, self, "each", static_cast<char *>(nullptr));
  return 127;
}

int run_itself(const char *self) {
  record(event_kind::timer_fired, nullptr, 1);
  const pid_t child = fork();
  if (child == 0) {
    execl(self, self, "each", static_cast<char *>(nullptr));
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  record(event_kind::timer_fired, nullptr, 2);
  return status;
}

} // namespace

int main(int argc, char **argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  const unsigned count = argc > 2 ? static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10)) : 0;
  coroscope_trace_register(&unit);
  if (what == "each")
    one_of_each();
  else if (what == "frames")
    bytes_of_frames();
  else if (what == "many")
    many(count);
  else if (what == "pairs")
    pairs(count);
  else if (what == "later")
    report_of_a_later_unit();
  else if (what == "turns")
    take_turns(count);
  else if (what == "threads")
    threads(4, count);
  else if (what == "limit")
    reach_the_limit();
  else if (what == "errno")
    return keep_errno();
  else if (what == "close")
    return close_everything(argv[2]);
  else if (what == "fork")
    return fork_a_child();
  else if (what == "grandchild")
    return fork_twice();
  else if (what == "daemon")
    leave_a_thread();
  else if (what == "becomes")
    return become_another(argv[0]);
  else if (what == "itself")
    return run_itself(argv[0]);
  else if (what == "kill") {
    many(count);
    raise(SIGKILL);
  } else if (what == "abort") {
    many(count);
    std::abort();
  }
  std::puts("done");
  return 9;
}
