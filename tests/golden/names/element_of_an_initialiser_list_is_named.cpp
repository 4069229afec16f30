// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --levels=O0
#include "../support.h"

#include <string>
#include <vector>

fire numbers() { std::vector<int> all{1, 2, co_await later{}}; }

fire strings() { std::vector<std::string> all{"a", std::to_string(co_await later{}), "b"}; }
