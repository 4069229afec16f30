// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Rows of cells set in columns that are as wide as their widest cell; the last column is not padded.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace coroscope::render {

class table {
public:
  enum class align { left, right };

  explicit table(std::vector<align> columns) : columns_(std::move(columns)), widths_(columns_.size()) {}

  /// One cell a column.
  void add(const std::vector<std::string> &cells);

  /// Each line starts with `indent` and ends with a newline; columns are two spaces apart.
  [[nodiscard]] std::string text(const std::string &indent) const;

private:
  std::vector<align> columns_;
  std::vector<std::size_t> widths_;
  std::string cells_;             ///< of all rows, one after the other: a recording has millions
  std::vector<std::size_t> ends_; ///< of each cell in there
};

} // namespace coroscope::render
