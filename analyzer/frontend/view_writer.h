// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The lines of a lowered view, as they come.
#pragma once

#include "model/report.h"

#include <string>
#include <utility>
#include <vector>

namespace coroscope::frontend {

/// Collects lines; each gets the place and the indentation that hold when it is added.
class view_writer {
public:
  /// What is written from here on stems from `where`; gives what held before.
  std::optional<range> stems_from(std::optional<range> where) { return std::exchange(where_, std::move(where)); }

  void code(std::string text) { add(view_line_kind::code, std::move(text)); }
  void expansion(std::string text) { add(view_line_kind::expansion, std::move(text)); }
  void comment(const std::string &text) { add(view_line_kind::comment, "// " + text); }

  /// The label that stands where the coroutine goes on; one level out, as labels are.
  void state(std::string text, suspend_point_id point) {
    add(view_line_kind::state, std::move(text));
    lines_.back().indent -= lines_.back().indent > 0 ? 1 : 0;
    lines_.back().state = point;
  }

  /// A line with a place and indentation of its own.
  void code_at(std::string text, std::optional<range> where) {
    code(std::move(text));
    lines_.back().where = std::move(where);
  }

  void label(const std::string &name) {
    expansion(name + ":");
    lines_.back().indent -= lines_.back().indent > 0 ? 1 : 0;
  }

  void open(view_line_kind kind, std::string text) {
    add(kind, std::move(text));
    ++indent_;
  }
  void close(view_line_kind kind, std::string text = "}") {
    --indent_;
    add(kind, std::move(text));
  }
  /// "} else {": out and in again.
  void between(view_line_kind kind, std::string text) {
    close(kind, std::move(text));
    ++indent_;
  }
  void indent() { ++indent_; }
  void outdent() { --indent_; }

  [[nodiscard]] const std::vector<view_line> &lines() const { return lines_; }
  std::vector<view_line> take() { return std::move(lines_); }

private:
  void add(view_line_kind kind, std::string text) {
    lines_.push_back({.kind = kind, .indent = indent_, .text = std::move(text), .where = where_, .state = {}});
  }

  std::vector<view_line> lines_;
  std::optional<range> where_;
  std::uint32_t indent_ = 0;
};

} // namespace coroscope::frontend
