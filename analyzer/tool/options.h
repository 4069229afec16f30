// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The words of a command line, sorted into options, files and what stands behind "--".
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

namespace coroscope::tool {

/// How an option is written: "--name" or "--name=VALUE"; an option of one letter takes "-n VALUE" and "-nVALUE".
struct option {
  std::string name; ///< with its dashes
  bool takes_value = false;
};

struct parsed_options {
  std::vector<std::pair<std::string, std::string>> given; ///< in order: name and value
  std::vector<std::string> operands;                      ///< files
  std::optional<std::vector<std::string>> rest;           ///< what stood behind "--"

  [[nodiscard]] bool has(const std::string &name) const;
  /// The last value given.
  [[nodiscard]] std::optional<std::string> value(const std::string &name) const;
  /// Every value given.
  [[nodiscard]] std::vector<std::string> values(const std::string &name) const;
};

/// Error: a sentence that names the word and, for a misspelt option, the nearest one.
std::expected<parsed_options, std::string> parse_options(const std::vector<std::string> &words,
                                                         const std::vector<option> &known);

} // namespace coroscope::tool
