// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// coroscope: dis --levels=O2
#include "../support.h"
#include <mutex>

std::mutex mutex;
bool condition();

fire in_an_if() {
  if (std::lock_guard guard(mutex); condition())
    co_await later{};
}
fire in_a_for() {
  for (std::lock_guard guard(mutex); condition();)
    co_await later{};
}
fire in_a_switch(int n) {
  switch (std::lock_guard guard(mutex); n) {
  case 1:
    co_await later{};
  }
}
fire behind_a_case(int n) {
  switch (n) {
  case 1:
    std::lock_guard guard(mutex);
    co_await later{};
  }
}
fire behind_a_label() {
again:
  std::lock_guard guard(mutex);
  co_await later{};
  if (condition())
    goto again;
}
