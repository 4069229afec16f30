// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compare/limits.h"

#include "compare/match.h"

#include <algorithm>
#include <tuple>

namespace coroscope::compare {
namespace {

constexpr std::size_t shown_objects = 5;

std::vector<object> largest_objects(const frame &frame) {
  std::vector<object> objects = objects_in(frame);
  std::erase_if(objects, [](const object &object) { return object.name.empty(); });
  std::ranges::sort(objects, {},
                    [](const object &object) { return std::tuple(~object.size, object.offset, object.name); });
  if (objects.size() > shown_objects)
    objects.resize(shown_objects);
  return objects;
}

const frame *frame_at(const coroutine &coroutine, const std::string &level) {
  const level_lowering *lowering = lowering_at(coroutine, level);
  return lowering && lowering->frame ? &*lowering->frame : nullptr;
}

class checker {
public:
  checker(const report &report, const limits &limits) : report_(report), limits_(limits) {}

  verdict_of_check run() {
    check_sizes();
    if (limits_.baseline)
      check_growth(*limits_.baseline);
    if (limits_.must_be_elided)
      check_calls();
    if (limits_.hazards)
      for (const hazard &hazard : report_.hazards)
        verdict_.breaches.push_back(
            {.broken = limit::hazard, .coroutine = hazard.coroutine, .where = hazard.where, .hazard = hazard});
    return std::move(verdict_);
  }

private:
  void check_sizes() {
    std::uint64_t largest = 0;
    for (std::uint32_t i = 0; i < report_.coroutines.size(); ++i) {
      const frame *frame = frame_at(report_.coroutines[i], limits_.level);
      if (!frame)
        continue;
      ++verdict_.frames;
      if (frame->size > largest) {
        largest = frame->size;
        verdict_.largest = coroutine_id{i};
      }
      if (limits_.max_frame && frame->size > *limits_.max_frame)
        add(limit::frame_size, {i}, *frame, 0);
    }
  }

  void check_growth(const report &baseline) {
    const pairing pairs = match_coroutines(baseline, report_);
    for (std::uint32_t i = 0; i < report_.coroutines.size(); ++i) {
      const frame *now = frame_at(report_.coroutines[i], limits_.level);
      const auto partner = pairs.after()[i];
      const frame *before = partner ? frame_at(baseline.coroutines[*partner], limits_.level) : nullptr;
      if (now && !before)
        ++verdict_.not_in_baseline;
      const auto bytes = [](const frame &frame) { return static_cast<double>(frame.size); };
      if (now && before && bytes(*now) * 100 > bytes(*before) * (100 + limits_.max_growth))
        add(limit::frame_growth, {i}, *now, before->size);
    }
  }

  void check_calls() {
    for (const elision &call : report_.elisions) {
      if (call.level != limits_.level || !limits_.must_be_elided(call.callee))
        continue;
      ++verdict_.calls;
      if (!call.is_elided)
        verdict_.breaches.push_back(
            {.broken = limit::elision, .coroutine = call.caller_id, .where = call.call, .call = call});
    }
  }

  void add(limit broken, coroutine_id id, const frame &frame, std::uint64_t baseline) {
    verdict_.breaches.push_back({.broken = broken,
                                 .coroutine = id,
                                 .where = report_.coroutines[id.value].where,
                                 .size = frame.size,
                                 .baseline = baseline,
                                 .largest = largest_objects(frame)});
  }

  const report &report_;
  const limits &limits_;
  verdict_of_check verdict_;
};

} // namespace

verdict_of_check check(const report &report, const limits &limits) { return checker(report, limits).run(); }

} // namespace coroscope::compare
