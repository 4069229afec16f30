// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows of cells set in columns that are as wide as their widest cell; the last column is not padded.
#pragma once

#include <string>
#include <vector>

namespace coroscope::render {

class table {
public:
  enum class align { left, right };

  explicit table(std::vector<align> columns) : columns_(std::move(columns)) {}

  /// One cell a column.
  void add(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

  /// Each line starts with `indent` and ends with a newline; columns are two spaces apart.
  [[nodiscard]] std::string text(const std::string &indent) const;

private:
  std::vector<align> columns_;
  std::vector<std::vector<std::string>> rows_;
};

} // namespace coroscope::render
