// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compare/pairing.h"

#include <algorithm>
#include <unordered_map>

namespace coroscope::compare {

void pairing::pair(std::size_t before, std::size_t after) {
  before_[before] = after;
  after_[after] = before;
}

void pairing::by_key(const keys &before, const keys &after, ambiguous several) {
  struct group {
    std::vector<std::size_t> before, after;
  };
  std::unordered_map<std::string, group> groups;
  for (std::size_t i = 0; i < before.size(); ++i)
    if (before[i] && !before_[i])
      groups[*before[i]].before.push_back(i);
  for (std::size_t i = 0; i < after.size(); ++i)
    if (after[i] && !after_[i])
      groups[*after[i]].after.push_back(i);
  for (const auto &[key, group] : groups) {
    if (several == ambiguous::left_open && (group.before.size() != 1 || group.after.size() != 1))
      continue;
    for (std::size_t i = 0; i < std::min(group.before.size(), group.after.size()); ++i)
      pair(group.before[i], group.after[i]);
  }
}

void pairing::by_sequence(const keys &before, const keys &after) {
  const std::size_t shorter = std::min(before.size(), after.size());
  std::size_t head = 0;
  for (; head < shorter && before[head] == after[head]; ++head)
    pair(head, head);
  for (std::size_t tail = 1; head + tail <= shorter && before[before.size() - tail] == after[after.size() - tail];
       ++tail)
    pair(before.size() - tail, after.size() - tail);
  by_key(before, after);
}

std::vector<std::pair<std::size_t, std::size_t>> pairing::pairs() const {
  std::vector<std::pair<std::size_t, std::size_t>> found;
  for (std::size_t i = 0; i < after_.size(); ++i)
    if (after_[i])
      found.emplace_back(*after_[i], i);
  return found;
}

std::string key_of(std::initializer_list<std::string_view> parts) {
  std::string key;
  for (const std::string_view part : parts) {
    key += part;
    key += '\n';
  }
  return key;
}

} // namespace coroscope::compare
