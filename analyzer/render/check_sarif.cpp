// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// SARIF 2.1.0 (OASIS): one run; each broken limit is a result of the rule that its kind names.
#include "render/check_text.h"
#include "render/diff_phrases.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

namespace coroscope::render {
namespace {

using nlohmann::ordered_json;

/// A path as a URI reference: what RFC 3986 does not let stand in a path is percent-encoded.
std::string uri_of(const std::string &path) {
  constexpr std::string_view plain = "-._~/!$&'()*+,;=@";
  std::string uri = path.starts_with('/') ? "file://" : "";
  for (const char letter : path) {
    const bool is_plain = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                          (letter >= '0' && letter <= '9') || plain.find(letter) != std::string_view::npos;
    constexpr std::string_view digits = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(letter);
    if (is_plain)
      uri += letter;
    else
      uri += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return uri;
}

std::string_view line_of(std::string_view text, std::uint32_t line) {
  for (std::uint32_t i = 1; i < line && !text.empty(); ++i)
    text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
  return text.substr(0, text.find('\n'));
}

/// The column in UTF-16 code units, 1-based, of one in bytes of UTF-8.
std::uint32_t utf16_column(std::string_view line, std::uint32_t column) {
  std::uint32_t units = 1;
  for (const char letter : line.substr(0, column - 1)) {
    const auto byte = static_cast<unsigned char>(letter);
    units += (byte & 0xc0) == 0x80 ? 0 : byte >= 0xf0 ? 2 : 1;
  }
  return units;
}

ordered_json region_of(const report &report, const range &where) {
  ordered_json region = {{"startLine", where.begin.line}};
  const std::string &text = report.files.at(where.file.value).text;
  if (!text.empty())
    region["startColumn"] = utf16_column(line_of(text, where.begin.line), where.begin.column);
  region["endLine"] = where.end.line;
  if (!text.empty())
    region["endColumn"] = utf16_column(line_of(text, where.end.line), where.end.column);
  return region;
}

ordered_json location_of(const report &report, const range &where) {
  const std::string &path = report.files.at(where.file.value).path;
  ordered_json artifact = {{"uri", uri_of(path)}};
  if (!path.starts_with('/'))
    artifact["uriBaseId"] = "%SRCROOT%";
  return {{"physicalLocation", {{"artifactLocation", artifact}, {"region", region_of(report, where)}}}};
}

ordered_json related_of(const report &report, const compare::breach &breach) {
  ordered_json related = ordered_json::array();
  const auto add = [&](const std::optional<range> &where, const std::string &text) {
    if (!where)
      return;
    ordered_json location = location_of(report, *where);
    location["message"] = {{"text", text}};
    related.push_back(std::move(location));
  };
  for (const compare::object &object : breach.largest)
    add(object.where, object_name(object) + ": " + std::to_string(object.size) + " bytes of the frame");
  if (breach.call)
    add(breach.call->reason_where, breach.call->reason);
  if (breach.hazard)
    for (const witness &witness : breach.hazard->because)
      add(witness.place, witness.what);
  return related;
}

/// Stays the same when code moves in its file, so that a finding that was there before is known again; several of one
/// coroutine are numbered.
std::string fingerprint_of(const report &report, const compare::breach &breach) {
  std::string text = rule_name(breach);
  if (breach.coroutine)
    text += ":" + report.coroutines.at(breach.coroutine->value).mangled;
  return breach.call ? text + ":" + breach.call->callee : text;
}

struct rule_texts {
  std::string_view id, name, help;
};

/// What each rule finds, and what to do about it.
constexpr std::array rules = {
    rule_texts{
        "frame-size", "A coroutine frame is larger than allowed",
        "The frame holds what lives across a suspend point. The largest objects are named: end their scope before "
        "the suspension, or pass them in another way. `coroscope dis --why=NAME` tells why one is there."},
    rule_texts{"frame-growth", "A coroutine frame grew more over the baseline than allowed",
               "Compare with `coroscope diff`, and write a new baseline where the growth is meant."},
    rule_texts{"call-not-elided", "A call whose frame must be elided allocates it",
               "The compiler puts the frame of a call into its caller's where it sees that every path destroys it. The "
               "message names the condition that failed."},
    rule_texts{"dangling-reference", "A coroutine reads a dead object through a parameter",
               "A reference or view parameter refers to a temporary, or to a variable of the function that returns the "
               "coroutine, and is read after a suspension, when that is gone. Pass it by value."},
    rule_texts{
        "closure-dies", "A lambda's captures die before its coroutine",
        "The coroutine of a lambda reads captures in the closure, not in its frame. Keep the closure, or pass the "
        "values as parameters."},
    rule_texts{"this-of-temporary", "A member coroutine outlives its object",
               "The coroutine reads *this after a suspension, when the object is gone. Keep the object, or take it by "
               "value."},
    rule_texts{
        "guard-across-suspend", "A lock is held across a suspension",
        "Another thread may resume the coroutine, and only the thread that locked may unlock. End the guard's scope "
        "before the suspension."},
    rule_texts{"frame-over-page", "A coroutine frame is larger than a page",
               "Each call allocates more than 4096 bytes. Keep large objects elsewhere, or end their scope before a "
               "suspension."},
    rule_texts{"large-dead-local", "A large variable is in the frame though nothing reads it later",
               "End its scope before the suspension, and it leaves the frame."},
    rule_texts{"allocation-in-loop", "Each turn of a loop allocates a coroutine frame",
               "The awaited call is not elided, for the reason in the message. Await outside of the loop, or let one "
               "coroutine do the loop."},
};

/// The rules of limits must hold; hazards are advice.
std::string level_of(const compare::breach &breach) {
  return breach.broken == compare::limit::hazard ? "warning" : "error";
}

class log {
public:
  explicit log(const compare::limits &limits) : limits_(limits) {}

  void add(const report &report) {
    for (const unit &unit : report.units)
      for (const diagnostic &diagnostic : unit.diagnostics)
        if (diagnostic.level >= severity::error)
          add(report, diagnostic);
  }

  void add(const report &report, const compare::breach &breach) {
    ordered_json result = {{"ruleId", rule_name(breach)},
                           {"ruleIndex", rule_index(breach)},
                           {"level", level_of(breach)},
                           {"message", {{"text", breach_message(report, breach, limits_) + "."}}}};
    ordered_json location = breach.where ? location_of(report, *breach.where) : ordered_json::object();
    if (breach.coroutine) {
      const coroutine &coroutine = report.coroutines.at(breach.coroutine->value);
      location["logicalLocations"] = ordered_json::array(
          {{{"fullyQualifiedName", coroutine.name}, {"decoratedName", coroutine.mangled}, {"kind", "function"}}});
    }
    result["locations"] = location.empty() ? ordered_json::array() : ordered_json::array({location});
    if (ordered_json related = related_of(report, breach); !related.empty())
      result["relatedLocations"] = std::move(related);
    const std::string fingerprint = fingerprint_of(report, breach);
    const unsigned number = ++fingerprints_[fingerprint];
    result["partialFingerprints"] = {
        {"coroutine/v1", number == 1 ? fingerprint : fingerprint + "#" + std::to_string(number)}};
    results_.push_back(std::move(result));
  }

  [[nodiscard]] ordered_json whole(const std::string &tool) const {
    const std::size_t space = tool.rfind(' ');
    ordered_json driver = {{"name", "coroscope"}};
    if (space != std::string::npos)
      driver["version"] = tool.substr(space + 1);
    driver["rules"] = rules_;
    ordered_json invocation = {{"executionSuccessful", failures_.empty()}};
    if (!failures_.empty())
      invocation["toolExecutionNotifications"] = failures_;
    const ordered_json run = {{"tool", {{"driver", driver}}},
                              {"invocations", ordered_json::array({invocation})},
                              {"columnKind", "utf16CodeUnits"},
                              {"results", results_}};
    return {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
            {"version", "2.1.0"},
            {"runs", ordered_json::array({run})}};
  }

private:
  std::size_t rule_index(const compare::breach &breach) {
    const std::string name = rule_name(breach);
    const auto known = std::ranges::find_if(rules_, [&](const ordered_json &rule) { return rule["id"] == name; });
    const auto index = static_cast<std::size_t>(known - rules_.begin());
    if (known == rules_.end()) {
      const auto texts = std::ranges::find(rules, name, &rule_texts::id);
      const bool is_known = texts != rules.end();
      ordered_json rule = {{"id", name},
                           {"shortDescription", {{"text", is_known ? std::string(texts->name) + "." : name}}}};
      if (is_known)
        rule["help"] = {{"text", texts->help}};
      rule["defaultConfiguration"] = {{"level", level_of(breach)}};
      rules_.push_back(std::move(rule));
    }
    return index;
  }

  void add(const report &report, const diagnostic &diagnostic) {
    ordered_json failure = {{"level", "error"}, {"message", {{"text", diagnostic.message}}}};
    if (diagnostic.place)
      failure["locations"] = ordered_json::array({location_of(report, *diagnostic.place)});
    failures_.push_back(std::move(failure));
  }

  const compare::limits &limits_;
  std::map<std::string, unsigned> fingerprints_;
  ordered_json rules_ = ordered_json::array();
  ordered_json results_ = ordered_json::array();
  ordered_json failures_ = ordered_json::array();
};

} // namespace

std::string check_sarif(const checked_report &checked, const compare::limits &limits) {
  log log(limits);
  log.add(checked.value);
  for (const compare::breach &breach : checked.verdict.breaches)
    log.add(checked.value, breach);
  return log.whole(checked.value.tool).dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

} // namespace coroscope::render
