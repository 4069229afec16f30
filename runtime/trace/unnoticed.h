// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Keeps the recorder's own system calls from the program that is recorded.
#pragma once

#include <cerrno>
#include <pthread.h>

namespace coroscope::trace {

/// What the program may notice of a system call that it did not make: errno, and being cancelled in it.
class unnoticed {
public:
  unnoticed() noexcept : errno_(errno) { pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &cancel_); }
  ~unnoticed() {
    int ignored;
    pthread_setcancelstate(cancel_, &ignored);
    errno = errno_;
  }
  unnoticed(const unnoticed &) = delete;
  unnoticed &operator=(const unnoticed &) = delete;

private:
  int errno_;
  int cancel_ = PTHREAD_CANCEL_ENABLE;
};

} // namespace coroscope::trace
