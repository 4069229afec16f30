// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/points_text.h"

#include "model/one_line.h"
#include "model/point_label.h"
#include "render/phrases.h"
#include "render/table.h"
#include "render/words.h"

#include <algorithm>
#include <optional>
#include <span>

namespace coroscope::render {
namespace {

using enum table::align;

std::string indices_of(const level_lowering &lowering, suspend_point_id point) {
  const auto known = std::ranges::find(lowering.points, point, &lowered_point::point);
  if (known == lowering.points.end())
    return "-";
  std::string text;
  for (const std::uint32_t index : known->indices)
    text += (text.empty() ? "" : ",") + std::to_string(index);
  return text;
}

std::string table_text(const report &report, const coroutine &coroutine) {
  std::vector<table::align> columns = {left, left, left, left, left, left, left};
  std::vector<std::string> head = {"point", "kind", "at", "expression", "awaiter", "type", "suspends"};
  for (const level_lowering &lowering : coroutine.lowerings) {
    columns.push_back(right);
    head.push_back("index " + lowering.level);
  }
  table points(columns);
  points.add(head);
  for (std::uint32_t i = 0; i < coroutine.suspend_points.size(); ++i) {
    const suspend_point &point = coroutine.suspend_points[i];
    std::vector<std::string> row = {point_label(coroutine, suspend_point_id{i}),
                                    std::string(word(point.kind)),
                                    at(report, point.where, coroutine),
                                    one_line(point.expression),
                                    point.awaiter_type,
                                    point.type,
                                    std::string(word(point.returns))};
    for (const level_lowering &lowering : coroutine.lowerings)
      row.push_back(indices_of(lowering, {i}));
    points.add(row);
  }
  return points.text("  ");
}

/// "await_transform(int) 4:8, …" in the order in which they are called; a file that all share is named once, in front.
class calls_line {
public:
  calls_line(const report &report, const coroutine &coroutine) : report_(report), coroutine_(coroutine) {}

  void add(const std::optional<chosen_function> &function, const std::string &scope, const char *note = "") {
    if (function)
      calls_.push_back({without_scope(function->name, scope) + note, function->place});
  }

  [[nodiscard]] bool empty() const { return calls_.empty(); }

  [[nodiscard]] std::string text() const {
    const std::optional<range> &first = calls_.front().place;
    const bool one_file =
        calls_.size() > 1 && first && first->file != coroutine_.where.file &&
        std::ranges::all_of(calls_, [&](const call &one) { return one.place && one.place->file == first->file; });
    std::string text;
    if (one_file) {
      text = short_at(report_, *first, coroutine_);
      text = text.substr(0, text.find(':')) + ": ";
    }
    for (const call &one : calls_) {
      text += (&one == &calls_.front() ? "" : ", ") + one.name;
      if (one.place)
        text += " " + (one_file ? at(report_, *one.place, false) : short_at(report_, *one.place, coroutine_));
    }
    return text;
  }

private:
  struct call {
    std::string name;
    std::optional<range> place;
  };
  const report &report_;
  const coroutine &coroutine_;
  std::vector<call> calls_;
};

/// What every reader knows needs no line.
bool is_standard(const suspend_point &point) {
  return point.awaiter_type == "std::suspend_always" || point.awaiter_type == "std::suspend_never";
}

/// "a guaranteed tail call at O0; a call at O2, since only the ramp transfers here".
std::string transfer_text(const coroutine &coroutine, suspend_point_id point) {
  std::string text;
  const auto add = [&](transfer_form form, const std::string &what, const std::string &why) {
    std::string levels;
    for (const level_lowering &lowering : coroutine.lowerings) {
      const auto known = std::ranges::find(lowering.points, point, &lowered_point::point);
      if (known != lowering.points.end() && known->transfer == form)
        levels += (levels.empty() ? "" : ", ") + lowering.level;
    }
    if (!levels.empty())
      text += (text.empty() ? "" : "; ") + what + " at " + levels + why;
  };
  add(transfer_form::tail_call, "a guaranteed tail call", "");
  add(transfer_form::call, "a call", ", since this target guarantees no tail calls");
  add(transfer_form::ramp_call, "a call", ", since only the ramp transfers here, and it returns to its caller");
  return text;
}

std::string destroyed_text(std::span<const destruction> destroyed) {
  std::string text;
  for (const destruction &one : destroyed) {
    const std::size_t name = one.destructor.rfind('~');
    const std::string destructor = name == std::string::npos ? one.destructor : one.destructor.substr(name);
    text += (text.empty() ? "" : ", ") + destructor + (one.object == "promise" ? "" : " of " + shortened(one.object));
  }
  return text;
}

/// How many of the last destructions are of the coroutine state, which each point has.
std::size_t state_size(const suspend_point &point) {
  const auto is_state = [](const destruction &one) {
    return one.object == "promise" || one.object == "result of get_return_object" ||
           one.object.starts_with("parameter copy ");
  };
  return static_cast<std::size_t>(std::ranges::count_if(point.destroyed, is_state));
}

std::vector<std::string> details_of(const report &report, const coroutine &coroutine, std::uint32_t number) {
  const suspend_point &point = coroutine.suspend_points[number];
  std::vector<std::string> lines;
  calls_line via(report, coroutine);
  via.add(point.yield_value, coroutine.promise.type);
  via.add(point.await_transform, coroutine.promise.type);
  via.add(point.operator_co_await, "", point.operator_is_member ? ", a member" : ", not a member");
  if (!via.empty())
    lines.push_back("via " + via.text());
  calls_line awaits(report, coroutine);
  awaits.add(point.await_ready, point.awaiter_type);
  awaits.add(point.await_suspend, point.awaiter_type);
  awaits.add(point.await_resume, point.awaiter_type);
  if (!is_standard(point) && !awaits.empty())
    lines.push_back("awaits by " + awaits.text());
  if (const std::string transfer = transfer_text(coroutine, {number}); !transfer.empty())
    lines.push_back("symmetric transfer: " + transfer);
  const std::span own(point.destroyed.data(), point.destroyed.size() - state_size(point));
  if (!own.empty())
    lines.push_back("on destroy: " + destroyed_text(own));
  return lines;
}

/// A line and the points it is true of.
struct detail {
  std::vector<std::uint32_t> points;
  std::string line;
};

std::vector<detail> all_details(const report &report, const coroutine &coroutine) {
  std::vector<detail> details;
  for (std::uint32_t i = 0; i < coroutine.suspend_points.size(); ++i)
    for (std::string &line : details_of(report, coroutine, i)) {
      const auto known = std::ranges::find(details, line, &detail::line);
      if (known == details.end())
        details.push_back({{i}, std::move(line)});
      else
        known->points.push_back(i);
    }
  return details;
}

/// "S1 S4-S6".
std::string labels_of(const coroutine &coroutine, const std::vector<std::uint32_t> &points) {
  std::string text;
  for (std::size_t i = 0; i < points.size();) {
    std::size_t last = i;
    while (last + 1 < points.size() && points[last + 1] == points[last] + 1)
      ++last;
    text += (text.empty() ? "" : " ") + point_label(coroutine, suspend_point_id{points[i]});
    if (last > i)
      text += (last > i + 1 ? "-" : " ") + point_label(coroutine, suspend_point_id{points[last]});
    i = last + 1;
  }
  return text;
}

} // namespace

std::string points_text(const report &report, const coroutine &coroutine) {
  std::string text = table_text(report, coroutine);
  table details({left, left});
  std::string before;
  for (detail &one : all_details(report, coroutine)) {
    const std::string label = labels_of(coroutine, one.points);
    details.add({label == before ? "" : label, std::move(one.line)});
    before = label;
  }
  if (const suspend_point &any = coroutine.suspend_points.front(); state_size(any) > 0)
    details.add({"all", "on destroy at last: " + destroyed_text(std::span(any.destroyed).last(state_size(any)))});
  const std::string lines = details.text("  ");
  return text + (lines.empty() ? "" : "\n" + lines);
}

} // namespace coroscope::render
