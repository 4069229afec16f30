// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The back end io_uring, for a build without liburing.
#include "pollers.h"

namespace coroscope::detail {

std::unique_ptr<poller> make_io_uring_poller(std::string &reason) {
  reason = "coroscope was built without liburing";
  return nullptr;
}

} // namespace coroscope::detail
