// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What reading the recorder's clock takes of each event.
//
//   read_clock READINGS     makes so many readings, as the only thread with events does
#include "clock.h"

#include <cstdlib>

int main(int count, char **words) {
  if (count != 2)
    return 2;
  const coroscope::trace::event_clock clock = coroscope::trace::choose_clock().clock;
  std::uint64_t sum = 0;
  for (unsigned long left = std::strtoul(words[1], nullptr, 10); left != 0; --left)
    sum += clock.now(true);
  return sum == 0 ? 1 : 0;
}
