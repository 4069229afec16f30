// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/options.h"

#include "tool/nearest.h"

#include <algorithm>

namespace coroscope::tool {
namespace {

std::string unknown(const std::string &word, const std::vector<option> &known) {
  const std::string name = word.substr(0, word.find('='));
  const auto nearest =
      std::ranges::min_element(known, {}, [&](const option &option) { return distance(name, option.name); });
  std::string text = "unknown option '" + name + "'";
  // Within a third of its letters a word is a slip of the other.
  if (nearest != known.end() && distance(name, nearest->name) * 3 <= name.size())
    text += "; did you mean '" + nearest->name + "'?";
  return text;
}

} // namespace

bool parsed_options::has(const std::string &name) const {
  return std::ranges::any_of(given, [&](const auto &option) { return option.first == name; });
}

std::optional<std::string> parsed_options::value(const std::string &name) const {
  std::vector<std::string> all = values(name);
  return all.empty() ? std::nullopt : std::optional(all.back());
}

std::vector<std::string> parsed_options::values(const std::string &name) const {
  std::vector<std::string> found;
  for (const auto &[key, value] : given)
    if (key == name)
      found.push_back(value);
  return found;
}

std::expected<parsed_options, std::string> parse_options(const std::vector<std::string> &words,
                                                         const std::vector<option> &known) {
  parsed_options parsed;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string &word = words[i];
    if (word == "--") {
      parsed.rest.emplace(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
      break;
    }
    if (word.size() < 2 || word[0] != '-') {
      parsed.operands.push_back(word);
      continue;
    }
    const bool is_short = word[1] != '-';
    const std::size_t equals = word.find('=');
    const auto exact = std::ranges::find(known, word, &option::name);
    if (exact != known.end() && !exact->takes_value) {
      parsed.given.emplace_back(word, "");
      continue;
    }
    const std::string name = exact != known.end() ? word : is_short ? word.substr(0, 2) : word.substr(0, equals);
    const auto found = std::ranges::find(known, name, &option::name);
    if (found == known.end())
      return std::unexpected(unknown(word, known));
    if (!found->takes_value)
      return std::unexpected("'" + name + "' takes no value, in '" + word + "'");
    if (word.size() > name.size()) {
      parsed.given.emplace_back(name, word.substr(name.size() + (is_short ? 0 : 1)));
    } else if (i + 1 < words.size()) {
      parsed.given.emplace_back(name, words[++i]);
    } else {
      return std::unexpected("'" + name + "' needs a value");
    }
  }
  return parsed;
}

} // namespace coroscope::tool
