// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which element of one list is which of another, best evidence first.
//
//   keys of both lists --by_key(), by_sequence(), more of them, weaker and weaker--> pairs, and what has no partner
//
// Exchanging the lists exchanges the pairs and changes nothing else.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace coroscope::compare {

/// One a list element; elements without a key take no part.
using keys = std::vector<std::optional<std::string>>;

enum class ambiguous {
  in_order, ///< several of one key: the first with the first, the second with the second
  left_open ///< a key must stand for one element of each list
};

class pairing {
public:
  pairing(std::size_t before, std::size_t after) : before_(before), after_(after) {}

  /// Pairs what has no partner yet and the same key.
  void by_key(const keys &before, const keys &after, ambiguous several = ambiguous::in_order);

  /// As by_key, for lists whose order means something: equal beginnings and ends go together first. To be called
  /// before anything is paired.
  void by_sequence(const keys &before, const keys &after);

  /// For each element of the first list its partner in the second.
  [[nodiscard]] const std::vector<std::optional<std::size_t>> &before() const { return before_; }
  [[nodiscard]] const std::vector<std::optional<std::size_t>> &after() const { return after_; }

  /// Pairs in the order of the second list.
  [[nodiscard]] std::vector<std::pair<std::size_t, std::size_t>> pairs() const;

private:
  void pair(std::size_t before, std::size_t after);

  std::vector<std::optional<std::size_t>> before_;
  std::vector<std::optional<std::size_t>> after_;
};

/// A key of several parts.
std::string key_of(std::initializer_list<std::string_view> parts);

} // namespace coroscope::compare
