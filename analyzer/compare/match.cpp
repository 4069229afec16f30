// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "compare/match.h"

#include "compare/objects.h"

#include <algorithm>
#include <array>
#include <functional>

namespace coroscope::compare {
namespace {

using key_function = std::optional<std::string> (*)(const coroutine &);

std::string joined(const std::vector<std::string> &parts) {
  std::string all;
  for (const std::string &part : parts)
    all += part + "\n";
  return all;
}

std::optional<std::string> by_symbol(const coroutine &coroutine) {
  return key_of({coroutine.mangled, joined(coroutine.template_args)});
}

/// "f" of "f(int)" and of "f<char>(int)": parameters and template arguments may have changed.
std::string bare_name(const coroutine &coroutine) {
  std::string name = without_places(coroutine.name);
  // From the last parenthesis backwards to the one that it closes.
  const std::size_t last = name.rfind(')');
  std::size_t depth = 0;
  for (std::size_t i = last == std::string::npos ? 0 : last; i > 0;) {
    --i;
    if (name[i] == ')')
      ++depth;
    else if (name[i] == '(' && depth-- == 0)
      return name.substr(0, i);
  }
  return name;
}

/// What stands in the body, as far as suspend points tell it. One await alone tells little, so the parameters must be
/// the same as well; none tells nothing.
std::optional<std::string> by_body(const coroutine &coroutine) {
  constexpr std::size_t both_ends = 2;
  if (coroutine.suspend_points.size() <= both_ends)
    return std::nullopt;
  std::string key = key_of({without_places(coroutine.return_type), without_places(coroutine.promise.type)});
  if (coroutine.suspend_points.size() == both_ends + 1)
    key += without_places(coroutine.name).substr(bare_name(coroutine).size());
  for (const suspend_point &point : coroutine.suspend_points)
    key += key_of({point.expression, without_places(point.awaiter_type)});
  return key;
}

std::optional<std::string> by_name(const coroutine &coroutine) {
  return key_of({without_places(coroutine.name), joined(coroutine.template_args)});
}

std::optional<std::string> by_name_and_body(const coroutine &coroutine) {
  return *by_name(coroutine) + by_body(coroutine).value_or("");
}

std::optional<std::string> by_bare_name(const coroutine &coroutine) { return bare_name(coroutine); }

/// How a coroutine is tied to its file: by all of its path, by its last part, not at all.
enum class file_tie { path, file_name, none };

/// Where each report is of one file, that is the same file.
bool is_of_one_file(const report &report) {
  return std::ranges::all_of(report.coroutines, [&](const coroutine &coroutine) {
    return coroutine.where.file == report.coroutines.front().where.file;
  });
}

keys keys_of(const report &report, key_function key, file_tie tie, bool one_file) {
  keys found;
  for (const coroutine &coroutine : report.coroutines) {
    std::optional<std::string> own = key(coroutine);
    if (own && !one_file && tie != file_tie::none) {
      const std::string &path = report.files.at(coroutine.where.file.value).path;
      *own += tie == file_tie::path ? path : path.substr(path.rfind('/') + 1);
    }
    found.push_back(std::move(own));
  }
  return found;
}

keys point_keys(const coroutine &coroutine, bool with_awaiter) {
  keys found;
  for (const suspend_point &point : coroutine.suspend_points)
    found.emplace_back(key_of({std::to_string(static_cast<int>(point.kind)), without_places(point.expression),
                               with_awaiter ? without_places(point.awaiter_type) : ""}));
  return found;
}

bool is_word(char letter) {
  return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9') ||
         letter == '_';
}

} // namespace

pairing match_coroutines(const report &before, const report &after) {
  struct round {
    key_function key;
    file_tie tie;
    ambiguous several;
  };
  using enum file_tie;
  using enum ambiguous;
  static constexpr std::array rounds = {
      round{by_symbol, path, in_order},     round{by_name_and_body, path, in_order},
      round{by_name, path, in_order},       round{by_symbol, file_name, left_open},
      round{by_symbol, none, left_open},    round{by_name_and_body, file_name, left_open},
      round{by_name, file_name, left_open}, round{by_name_and_body, none, left_open},
      round{by_name, none, left_open},      round{by_bare_name, path, left_open},
      round{by_bare_name, none, left_open}, round{by_body, path, left_open},
  };
  const bool one_file = is_of_one_file(before) && is_of_one_file(after);
  pairing pairs(before.coroutines.size(), after.coroutines.size());
  for (const round &round : rounds)
    pairs.by_key(keys_of(before, round.key, round.tie, one_file), keys_of(after, round.key, round.tie, one_file),
                 round.several);
  return pairs;
}

pairing match_points(const coroutine &before, const coroutine &after) {
  pairing pairs(before.suspend_points.size(), after.suspend_points.size());
  pairs.by_sequence(point_keys(before, true), point_keys(after, true));
  pairs.by_key(point_keys(before, false), point_keys(after, false));
  return pairs;
}

std::vector<std::string> common_labels(const std::vector<std::optional<std::size_t>> &partners, bool is_before) {
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < partners.size(); ++i) {
    if (partners[i])
      labels.push_back("S" + std::to_string(is_before ? i : *partners[i]));
    else
      labels.push_back((is_before ? "S-" : "S+") + std::to_string(i));
  }
  return labels;
}

std::string relabelled(const std::string &name, const std::vector<std::string> &labels) {
  std::string result;
  for (std::size_t i = 0; i < name.size();) {
    std::size_t end = i + 1;
    while (end < name.size() && name[end] >= '0' && name[end] <= '9')
      ++end;
    const bool is_label = name[i] == 'S' && end > i + 1 && end - i < 8 && (i == 0 || !is_word(name[i - 1])) &&
                          (end == name.size() || !is_word(name[end]));
    const std::size_t point = is_label ? std::stoul(name.substr(i + 1, end - i - 1)) : labels.size();
    result += point < labels.size() ? labels[point] : name.substr(i, end - i);
    i = end;
  }
  return result;
}

} // namespace coroscope::compare
