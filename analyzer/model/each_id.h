// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Every id in a part of a report, wherever it stands: what moves between reports is renumbered by it.
//
//   report, coroutine, … --for_each_id--> visit(file_id &), visit(unit_id &), visit(coroutine_id &), …
#pragma once

#include "model/schema.h"

namespace coroscope {

template <class Visit> class id_visitor {
public:
  explicit id_visitor(Visit &visit) : visit_(visit) {}

  void operator()(const char *, auto &value) { walk(value); }
  void may(const char *, auto &value) { walk(value); }
  void numbered(const char *, auto &value) { walk(value); }
  void address(const char *, auto &) {}

  template <class Value> void walk(std::optional<Value> &value) {
    if (value)
      walk(*value);
  }
  template <class Value> void walk(std::vector<Value> &values) {
    for (auto &&value : values)
      walk(value);
  }
  template <class Tag> void walk(id<Tag> &value) { visit_(value); }
  template <class Value> void walk(Value &value) {
    if constexpr (requires { schema::fields(*this, value); })
      schema::fields(*this, value);
  }

private:
  Visit &visit_;
};

/// Calls `visit` with every id inside `value`; give it an overload, or a generic one, for each kind of id.
template <class Value, class Visit> void for_each_id(Value &value, Visit visit) { id_visitor(visit).walk(value); }

} // namespace coroscope
