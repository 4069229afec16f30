// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/diff_phrases.h"
#include "render/diff_text.h"
#include "render/words.h"

#include <nlohmann/json.hpp>

#include <functional>

namespace coroscope::render {
namespace {

using nlohmann::ordered_json;

ordered_json place_json(const report &report, const range &where) {
  return {{"file", report.files.at(where.file.value).path}, {"line", where.begin.line}, {"column", where.begin.column}};
}

/// {"before": …, "after": …}, each left out where it is absent.
template <class Side> ordered_json sides(const Side &before, const Side &after, auto old_json, auto new_json) {
  ordered_json json = ordered_json::object();
  if (before)
    json["before"] = old_json(*before);
  if (after)
    json["after"] = new_json(*after);
  return json;
}

ordered_json object_json(const report &report, const compare::object &object) {
  ordered_json json = {{"name", object_name(object)},
                       {"kind", std::string(word(object.kind))},
                       {"offset", object.offset},
                       {"size", object.size}};
  if (object.type)
    json["type"] = *object.type;
  if (object.where)
    json["at"] = place_json(report, *object.where);
  return json;
}

ordered_json shape_json(const compare::frame_shape &shape) {
  return {{"size", shape.size}, {"align", shape.align}, {"padding", shape.padding}};
}

ordered_json array_of(const auto &values, auto json_of) {
  ordered_json array = ordered_json::array();
  for (const auto &value : values)
    array.push_back(json_of(value));
  return array;
}

class writer {
public:
  explicit writer(const shown_difference &shown) : shown_(shown) {}

  [[nodiscard]] ordered_json all() const {
    const compare::difference &difference = shown_.difference;
    return {{"schema", "coroscope-diff/1"},
            {"summary", summary(shown_)},
            {"levels", difference.levels},
            {"levels_only_before", difference.only_before},
            {"levels_only_after", difference.only_after},
            {"unchanged", difference.unchanged},
            {"coroutines", array_of(difference.coroutines, std::bind_front(&writer::coroutine_json, this))},
            {"elisions", array_of(difference.calls, std::bind_front(&writer::call_json, this))},
            {"hazards", array_of(difference.hazards, std::bind_front(&writer::hazard_json, this))}};
  }

private:
  template <class Side> [[nodiscard]] ordered_json places(const Side &before, const Side &after, auto json_of) const {
    return sides(
        before, after, [&](const auto &value) { return json_of(shown_.before, value); },
        [&](const auto &value) { return json_of(shown_.after, value); });
  }

  [[nodiscard]] ordered_json coroutine_json(const compare::coroutine_change &change) const {
    ordered_json json = places(change.before, change.after, [](const report &report, coroutine_id id) {
      const coroutine &coroutine = report.coroutines.at(id.value);
      return ordered_json{
          {"name", coroutine.name}, {"mangled", coroutine.mangled}, {"at", place_json(report, coroutine.where)}};
    });
    json["growth"] = change.growth();
    json["levels"] = array_of(change.levels, std::bind_front(&writer::level_json, this));
    json["suspend_points"] =
        array_of(change.points, [&](const compare::point_change &point) { return point_json(change, point); });
    json["elisions"] = array_of(change.calls, std::bind_front(&writer::call_json, this));
    json["hazards"] = array_of(change.hazards, std::bind_front(&writer::hazard_json, this));
    return json;
  }

  [[nodiscard]] ordered_json level_json(const compare::level_change &level) const {
    ordered_json json = {{"level", level.level}, {"growth", level.growth()}};
    json.update(sides(level.before, level.after, shape_json, shape_json));
    json["objects"] = array_of(level.objects, [&](const compare::object_change &change) {
      return places(change.before, change.after, object_json);
    });
    return json;
  }

  [[nodiscard]] ordered_json point_json(const compare::coroutine_change &owner,
                                        const compare::point_change &change) const {
    const auto json_of = [&](const report &report, suspend_point_id id) {
      const auto owner_id = &report == &shown_.before ? owner.before : owner.after;
      const suspend_point &point = report.coroutines.at(owner_id->value).suspend_points.at(id.value);
      return ordered_json{{"id", id.value},
                          {"kind", std::string(word(point.kind))},
                          {"expression", point.expression},
                          {"awaiter_type", point.awaiter_type},
                          {"at", place_json(report, point.where)}};
    };
    ordered_json json = places(change.before, change.after, json_of);
    if (!change.folds.empty())
      json["indices"] = array_of(change.folds, [](const compare::point_change::fold &fold) {
        return ordered_json{{"level", fold.level}, {"before", fold.before}, {"after", fold.after}};
      });
    return json;
  }

  [[nodiscard]] ordered_json call_json(const compare::call_change &change) const {
    const elision &known = change.after ? *change.after : *change.before;
    ordered_json json = {{"level", known.level},
                         {"caller", known.caller},
                         {"callee", known.callee},
                         {"change", !change.before       ? "added"
                                    : !change.after      ? "removed"
                                    : change.is_gained() ? "gained"
                                                         : "lost"}};
    json.update(places(change.before, change.after, [](const report &report, const elision &call) {
      ordered_json side = {{"is_elided", call.is_elided}, {"reason", call.reason}};
      if (call.call)
        side["at"] = place_json(report, *call.call);
      return side;
    }));
    return json;
  }

  [[nodiscard]] ordered_json hazard_json(const compare::hazard_change &change) const {
    return places(change.before, change.after, [](const report &report, const hazard &hazard) {
      return ordered_json{{"name", hazard.name}, {"message", hazard.message}, {"at", place_json(report, hazard.where)}};
    });
  }

  const shown_difference &shown_;
};

} // namespace

std::string diff_json(const compare::difference &difference, const report &before, const report &after) {
  const shown_difference shown{difference, before, after};
  return writer(shown).all().dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

} // namespace coroscope::render
