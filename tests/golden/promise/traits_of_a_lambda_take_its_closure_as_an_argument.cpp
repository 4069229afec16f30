// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis -- -std=c++23
#include "../support.h"

auto capturing = [kept = 1](int number) -> fire { co_await later{}; };
auto changing = [](int number) mutable -> fire { co_await later{}; };
auto without_object = [](int number) static -> fire { co_await later{}; };
