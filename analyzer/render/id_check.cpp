// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/id_check.h"

#include "model/schema.h"

#include <utility>

namespace coroscope::render {
namespace {

using schema::fields;
using schema::is_vector;

/// Walks a report as it is written; stops at the first id out of range.
class walker {
public:
  explicit walker(const report &report) : report_(report) {}

  void operator()(const char *name, const auto &value) { visit(path_ + "/" + name, value); }
  void may(const char *name, const auto &value) { visit(path_ + "/" + name, value); }
  void numbered(const char *name, const auto &sequence) { visit(path_ + "/" + name, sequence); }
  void address(const char *, std::uint64_t) {}

  [[nodiscard]] const std::optional<std::string> &fault() const { return fault_; }

private:
  template <class Value> void visit(const std::string &path, const std::optional<Value> &value) {
    if (value)
      visit(path, *value);
  }

  template <class Value> void visit(const std::string &path, const Value &value) {
    if (fault_)
      return;
    if constexpr (is_vector<Value>) {
      for (std::size_t i = 0; i < value.size(); ++i)
        visit(path + "/" + std::to_string(i), value[i]);
    } else if constexpr (std::is_same_v<Value, traced_event>) {
      visit_event(path, value);
    } else if constexpr (requires { fields(*this, value); }) {
      visit_object(path, value);
    } else {
      check(path, value);
    }
  }

  /// Suspend points are ids into the coroutine they stand in or are joined to.
  template <class Object> void visit_object(const std::string &path, const Object &object) {
    if constexpr (std::is_same_v<Object, coroutine>)
      points_ = object.suspend_points.size();
    if constexpr (std::is_same_v<Object, traced_coroutine>) {
      const bool joined = object.joined && object.joined->value < report_.coroutines.size();
      points_ = joined ? report_.coroutines[object.joined->value].suspend_points.size() : 0;
    }
    if constexpr (std::is_same_v<Object, traced_frame>) {
      limit(path + "/coroutine", object.coroutine, report_.trace->coroutines.size());
    } else if constexpr (std::is_same_v<Object, traced_await>) {
      limit(path + "/waiter", object.waiter, report_.trace->frames.size());
      limit(path + "/awaited", object.awaited, report_.trace->frames.size());
      limit(path + "/begin", object.begin, report_.trace->events.size());
      limit(path + "/end", object.end, report_.trace->events.size());
    } else if constexpr (std::is_same_v<Object, frame_contents>) {
      visit_contents(path, object);
    } else {
      const std::string outer = std::exchange(path_, path);
      fields(*this, object);
      path_ = outer;
    }
  }

  void visit_event(const std::string &path, const traced_event &event) {
    limit(path + "/thread", std::optional(event.thread), report_.trace->threads.size());
    limit(path + "/frame", event.frame, report_.trace->frames.size());
    limit(path + "/target", event.target, report_.trace->frames.size());
    limit(path + "/by", event.by, report_.trace->frames.size());
  }

  void visit_contents(const std::string &path, const frame_contents &contents) {
    const traced_run &run = *report_.trace;
    limit(path + "/event", contents.event, run.events.size());
    if (fault_)
      return;
    const std::optional<std::uint32_t> frame = run.events[contents.event].frame;
    const auto coroutine = frame && *frame < run.frames.size() ? run.frames[*frame].coroutine : std::nullopt;
    const bool is_known = coroutine && *coroutine < run.coroutines.size();
    for (const traced_value &value : contents.values)
      limit(path + "/values", value.variable, is_known ? run.coroutines[*coroutine].variables.size() : 0);
  }

  void check(const std::string &path, file_id id) { limit(path, std::optional(id.value), report_.files.size()); }
  void check(const std::string &path, unit_id id) { limit(path, std::optional(id.value), report_.units.size()); }
  void check(const std::string &path, coroutine_id id) {
    limit(path, std::optional(id.value), report_.coroutines.size());
  }
  void check(const std::string &path, suspend_point_id id) { limit(path, std::optional(id.value), points_); }
  void check(const std::string &, const auto &) {}

  void limit(const std::string &path, std::optional<std::uint32_t> index, std::size_t size) {
    if (!fault_ && index && *index >= size)
      fault_ = path;
  }

  const report &report_;
  std::string path_;
  std::size_t points_ = 0;
  std::optional<std::string> fault_;
};

} // namespace

std::optional<std::string> dangling_id(const report &report) {
  walker walk(report);
  fields(walk, report);
  return walk.fault();
}

} // namespace coroscope::render
