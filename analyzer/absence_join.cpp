// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "absence_join.h"

#include <algorithm>

namespace coroscope {
namespace {

/// The optimised code does not tell whether what it keeps is kept for this variable, and an address is always there.
bool is_open(const absent_variable &absent) {
  return absent.reason == absence::optimised_out || absent.reason == absence::part_of_another ||
         (absent.reason == absence::rematerialised && absent.detail.starts_with("the address of "));
}

} // namespace

void refine_by_source(const frontend::coroutine_facts &facts, const frontend::named_object &object,
                      absent_variable &absent) {
  if (!is_open(absent))
    return;
  if (object.is_empty && absent.reason == absence::optimised_out && absent.detail.empty()) {
    absent.reason = absence::dead_before_suspend;
    absent.detail = "its class has no data";
  } else if (!object.is_suspended) {
    absent.reason = absence::dead_before_suspend;
    absent.detail = "no suspend point follows it in its scope";
  } else if (object.last_use) {
    absent.reason = absence::dead_before_suspend;
    absent.detail.clear();
    absent.last_use = witness{object.name + " is used", object.last_use};
    const auto behind = std::ranges::find(facts.keys, *object.first_suspend, &frontend::point_key::where);
    if (behind != facts.keys.end())
      absent.before = suspend_point_id{static_cast<std::uint32_t>(behind - facts.keys.begin())};
  }
}

} // namespace coroscope
