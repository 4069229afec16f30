// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The order of the attempts, and what is said when all have failed.
#include <coroscope/detail/connection_race.h>
#include <deque>
#include <string>

namespace coroscope::detail {

std::vector<ip_endpoint> families_in_turn(const std::vector<ip_endpoint> &peers) {
  std::deque<ip_endpoint> of_first, of_other;
  for (const ip_endpoint &each : peers)
    (each.address.is_v6() == peers.front().address.is_v6() ? of_first : of_other).push_back(each);
  std::vector<ip_endpoint> ordered;
  while (ordered.size() < peers.size())
    for (std::deque<ip_endpoint> *family : {&of_first, &of_other})
      if (!family->empty()) {
        ordered.push_back(family->front());
        family->pop_front();
      }
  return ordered;
}

void throw_failed_attempts(const std::vector<failed_attempt> &failed) {
  if (failed.size() == 1)
    throw failed.front().error;
  std::string text = "coroscope: none of " + std::to_string(failed.size()) + " addresses took the connection (";
  const char *separator = "";
  for (const failed_attempt &each : failed) {
    text += separator + each.peer.to_string() + ": " + each.error.code().message();
    separator = "; ";
  }
  throw std::system_error(failed.front().error.code(), text + ")");
}

} // namespace coroscope::detail
