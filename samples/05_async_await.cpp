// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Step 5: tasks that await each other.
//
//   main_task --co_await--> breakfast --spawn--> toast, eggs   (both go on while the other sleeps)
//                               \------co_await--> coffee       (breakfast itself waits)
//
// A task<T> is a function that may stop in the middle. `co_await other()` runs the other task and stops this one until
// it has a value; `spawn` lets a task run beside this one, and awaiting its handle joins it. All of it is one thread:
// while one task sleeps, the event loop resumes another.
#include <chrono>
#include <coroscope/event_loop.h>
#include <coroscope/sleep.h>
#include <coroscope/task.h>
#include <iostream>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

using namespace std::chrono_literals;
using coroscope::task;

// A leaf: it waits for a timer. `slices` is a parameter, and it is used after the first co_await, so the frame holds
// it.
task<std::string> toast(int slices) {
  std::vector<std::string> plate;
  for (int slice = 1; slice <= slices; ++slice) {
    co_await coroscope::sleep_for(2ms);
    std::cout << "  toast: slice " << slice << " is done\n";
    plate.push_back("slice " + std::to_string(slice));
  }
  co_return std::to_string(plate.size()) + " slices of toast";
}

// A task may await another one and look at its value within one expression.
task<int> boil(int minutes) {
  co_await coroscope::sleep_for(minutes * 1ms);
  co_return minutes;
}

task<std::string> eggs() {
  const int minutes = co_await boil(3) + co_await boil(2);
  std::cout << "  eggs: boiled for " << minutes << " minutes\n";
  co_return minutes > 4 ? "hard eggs" : "soft eggs";
}

// An exception leaves a task the way it leaves a function: it comes out of the co_await.
task<std::string> coffee(int beans) {
  co_await coroscope::sleep_for(1ms);
  if (beans < 10)
    throw std::runtime_error("only " + std::to_string(beans) + " beans left");
  co_return "coffee";
}

task<std::string> something_hot(int beans) {
  std::string fallback = "tea";
  try {
    co_return co_await coffee(beans);
  } catch (const std::runtime_error &problem) {
    // co_await is not allowed inside a handler; the handler ends, and then the task goes on.
    std::cout << "  coffee: " << problem.what() << ", so it is " << fallback << '\n';
  }
  co_await coroscope::yield_now();
  co_return fallback;
}

task<std::vector<std::string>> breakfast(int slices) {
  auto toaster = coroscope::spawn(toast(slices));
  auto pot = coroscope::spawn(eggs());

  std::vector<std::string> table;
  table.push_back(co_await something_hot(3));
  table.push_back(co_await std::move(toaster));
  table.push_back(co_await std::move(pot));
  co_return table;
}

task<int> main_task() {
  std::cout << "breakfast:\n";
  const std::vector<std::string> table = co_await breakfast(2);
  for (const std::string &dish : table)
    std::cout << "- " << dish << '\n';
  co_return table.size() == 3 ? 0 : 1;
}

int main() { return coroscope::run(main_task()); }
