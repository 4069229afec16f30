// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The reports of several translation units as one.
//
//   report of a.cpp, report of b.cpp, … --ids renumbered, files and equal coroutines once--> report
#pragma once

#include "model/report.h"

#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

namespace coroscope {

/// A coroutine that several units have, such as one of a header, is one coroutine of the result where it is lowered the
/// same in all of them; where it is not, each lowering is a coroutine of its own and a note of the later unit says so.
class merger {
public:
  void add(report unit);
  report take() { return std::move(all_); }

private:
  using coroutine_key = std::tuple<std::string, file_id, position>; ///< mangled name and place
  using call_key = std::tuple<std::string, file_id, position>;      ///< level or name, and place

  std::vector<file_id> take_files(std::vector<source_file> files);
  std::vector<coroutine_id> place_coroutines(const std::vector<coroutine> &coroutines, unit &unit);
  void take_coroutines(std::vector<coroutine> coroutines, const std::vector<coroutine_id> &ids);

  report all_;
  std::unordered_map<std::string, file_id> files_;
  std::map<coroutine_key, std::vector<coroutine_id>> coroutines_;
  std::map<call_key, std::vector<std::size_t>> elisions_, hazards_; ///< indices into all_'s
};

} // namespace coroscope
