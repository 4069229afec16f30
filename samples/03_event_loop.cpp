// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Step 3: the scheduler of step 2 learns to wait. An event loop from scratch, over poll(2).
//
//   coroutine --co_await readable(fd) / after(time)--> waiting list --poll()--> what is ready --resume--> coroutine
//
// A scheduler that only takes turns would ask again and again whether there is something to read. This one suspends the
// coroutine, remembers what it waits for, and lets the kernel say when. Still no library; step 5 uses one.
#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <coroutine>
#include <exception>
#include <iostream>
#include <iterator>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using steady_clock = std::chrono::steady_clock;

// Who waits for what. A callback-based loop keeps a function here; a coroutine_handle is a function that remembers
// where it was.
class event_loop {
public:
  void resume_when_readable(int fd, std::coroutine_handle<> waiting) { readers_.push_back({fd, waiting}); }
  void resume_at(steady_clock::time_point when, std::coroutine_handle<> waiting) { timers_.push_back({when, waiting}); }

  /// Runs until nobody waits for anything.
  void run() {
    while (!readers_.empty() || !timers_.empty())
      for (std::coroutine_handle<> coroutine : wait())
        coroutine.resume(); // until its next co_await, where it is entered in a list again, or its end
  }

private:
  struct reader {
    int fd;
    std::coroutine_handle<> waiting;
  };
  struct timer {
    steady_clock::time_point when;
    std::coroutine_handle<> waiting;
  };

  /// Sleeps in the kernel until something can go on; those leave the lists.
  std::vector<std::coroutine_handle<>> wait() {
    std::vector<pollfd> asked;
    for (const reader &each : readers_)
      asked.push_back({each.fd, POLLIN, 0});
    if (::poll(asked.data(), asked.size(), milliseconds_to_next_timer()) < 0 && errno != EINTR)
      throw std::system_error(errno, std::system_category(), "poll");

    std::vector<std::coroutine_handle<>> ready;
    for (std::size_t i = asked.size(); i-- > 0;) {
      if (asked[i].revents == 0)
        continue;
      ready.insert(ready.begin(), readers_[i].waiting);
      readers_.erase(std::next(readers_.begin(), static_cast<std::ptrdiff_t>(i)));
    }
    const auto now = steady_clock::now();
    std::erase_if(timers_, [&](const timer &each) {
      if (each.when > now)
        return false;
      ready.push_back(each.waiting);
      return true;
    });
    return ready;
  }

  int milliseconds_to_next_timer() const {
    if (timers_.empty())
      return -1;
    auto next = timers_.front().when;
    for (const timer &each : timers_)
      next = std::min(next, each.when);
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - steady_clock::now());
    return static_cast<int>(std::max(left, 0ms).count());
  }

  std::vector<reader> readers_;
  std::vector<timer> timers_;
};

// An awaiter is the bridge from `co_await` to the loop: three functions that the compiler calls.
struct readable {
  event_loop &loop;
  int fd;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) const { loop.resume_when_readable(fd, waiting); }
  void await_resume() const noexcept {}
};

struct after {
  event_loop &loop;
  std::chrono::milliseconds delay;
  bool await_ready() const noexcept { return delay <= 0ms; } // true: the coroutine is not suspended at all
  void await_suspend(std::coroutine_handle<> waiting) const { loop.resume_at(steady_clock::now() + delay, waiting); }
  void await_resume() const noexcept {}
};

// A coroutine that starts at once, that nobody awaits, and whose frame goes when it ends.
struct job {
  struct promise_type {
    job get_return_object() noexcept { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
};

// What is there to be read; empty at the end. Called after `co_await readable{…}`.
std::string read_text(int fd) {
  std::array<char, 64> buffer;
  const ssize_t count = ::read(fd, buffer.data(), buffer.size()); // does not block: the kernel said so
  return count > 0 ? std::string(buffer.data(), static_cast<std::size_t>(count)) : std::string();
}

void write_text(int fd, std::string_view text) {
  if (::write(fd, text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    throw std::system_error(errno, std::system_category(), "write");
}

// Asks, and waits for the answer, with a pause before each question: a timer and a descriptor in one coroutine.
job ask(event_loop &loop, int fd, std::vector<std::string> questions, bool &finished) {
  std::size_t letters = 0;
  for (const std::string &question : questions) {
    co_await after{loop, 5ms};
    std::cout << "anna: " << question << '\n';
    write_text(fd, question);
    co_await readable{loop, fd};
    letters += read_text(fd).size();
  }
  std::cout << "anna heard " << letters << " letters in all\n";
  ::close(fd); // ben sees the end
  finished = true;
}

job answer(event_loop &loop, int fd) {
  for (int number = 1;; ++number) {
    co_await readable{loop, fd};
    const std::string question = read_text(fd);
    if (question.empty())
      break;
    const std::string reply = "answer " + std::to_string(number) + " to '" + question + "'";
    std::cout << "ben: " << reply << '\n';
    write_text(fd, reply);
  }
  std::cout << "ben heard anna hang up\n";
  ::close(fd);
}

// Goes on beside the other two: while they wait, the loop has time for it.
job tick(event_loop &loop, const bool &finished, int &ticks) {
  while (!finished) {
    co_await after{loop, 2ms};
    ++ticks;
  }
}

int main() {
  event_loop loop;
  std::array<int, 2> line{};
  bool finished = false;
  int ticks = 0;
  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, line.data()) < 0)
    return 1;
  tick(loop, finished, ticks);
  answer(loop, line[1]);
  ask(loop, line[0], {"who", "what", "when"}, finished);
  loop.run();
  std::cout << "the clock ticked meanwhile: " << (ticks > 0 ? "yes" : "no") << '\n';
}
