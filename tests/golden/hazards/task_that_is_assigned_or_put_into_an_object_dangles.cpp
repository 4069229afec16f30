// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --levels=O2 --function=letters|spelled
#include "../elision/tasks.h"
#include <memory>
#include <string>
#include <vector>

task letters(const std::string &text) { co_yield static_cast<int>(text.size()); }

task global = letters(std::string("of a variable"));

struct holder {
  task member;
  holder() : member(letters(std::string("of a member"))) {}
};
holder made;

struct with_default {
  task member = letters(std::string("of a member's default"));
  with_default() {}
};
with_default made_by_default;

struct aggregate {
  task member;
};
aggregate pick() { return {letters(std::string("of an aggregate"))}; }

struct assigned {
  std::coroutine_handle<> handle;
  using promise_type = owner_promise<assigned>;
};
assigned spelled(const std::string &text) { co_yield static_cast<int>(text.size()); }
void assign(assigned &to) { to = spelled(std::string("of an assignment")); }

void push(std::vector<task> &tasks) { tasks.push_back(letters(std::string("of an element"))); }
void emplace(std::vector<task> &tasks) { tasks.emplace_back(letters(std::string("made in place"))); }
task *create() { return new task(letters(std::string("of new"))); }
std::unique_ptr<task> own() { return std::make_unique<task>(letters(std::string("of a pointer"))); }
