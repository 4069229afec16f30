// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two reports against each other, and one against limits.
#include "compare/difference.h"
#include "compare/limits.h"
#include "compare/match.h"
#include "render/baseline.h"
#include "render/check_text.h"
#include "render/diff_text.h"
#include "sources.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <set>

namespace coroscope::tests {
namespace {

using nlohmann::json;

range at(std::uint32_t line, std::uint32_t file = 0) {
  return {.file = {file}, .begin = {line, 1}, .end = {line, 5}, .expansions = {}};
}

resident variable(const std::string &name, const std::string &type = "int") { return {.name = name, .type = type}; }

level_lowering lowering(const std::string &level, std::vector<field> fields) {
  frame made{.align = 8, .fields = std::move(fields)};
  for (const field &field : made.fields)
    made.size = std::max(made.size, field.offset + field.size);
  return {.level = level, .frame = std::move(made)};
}

field local(std::uint64_t offset, std::uint64_t size, resident resident) {
  return {offset, size, field_kind::local, {std::move(resident)}};
}

coroutine named(const std::string &name, std::vector<level_lowering> lowerings,
                std::vector<std::string> awaits = {"co_await x"}) {
  coroutine made{.name = name, .mangled = "_Z" + name, .where = at(1), .lowerings = std::move(lowerings)};
  for (const std::string &text : awaits)
    made.suspend_points.push_back({.where = at(2), .expression = text, .awaiter_type = "later"});
  return made;
}

report with(std::vector<coroutine> coroutines) {
  return {.tool = "coroscope 1.2.3",
          .files = {{.path = "a b.cpp"}, {.path = "other.cpp"}},
          .coroutines = std::move(coroutines)};
}

coroutine f(std::vector<field> fields) { return named("f()", {lowering("O2", std::move(fields))}); }

compare::coroutine_change only_change(const report &before, const report &after) {
  const compare::difference difference = compare::diff(before, after);
  REQUIRE(difference.coroutines.size() == 1);
  return difference.coroutines.front();
}

/// What a difference says with both sides exchanged.
compare::difference exchanged(compare::difference difference) {
  const auto swap_all = [](auto &changes) {
    for (auto &change : changes)
      std::swap(change.before, change.after);
  };
  swap_all(difference.coroutines);
  swap_all(difference.calls);
  swap_all(difference.hazards);
  std::swap(difference.only_before, difference.only_after);
  for (compare::coroutine_change &coroutine : difference.coroutines) {
    swap_all(coroutine.levels);
    swap_all(coroutine.points);
    swap_all(coroutine.calls);
    swap_all(coroutine.hazards);
    for (compare::level_change &level : coroutine.levels)
      swap_all(level.objects);
    for (compare::point_change &point : coroutine.points)
      for (compare::point_change::fold &fold : point.folds)
        std::swap(fold.before, fold.after);
  }
  return difference;
}

/// The order differs with the side that leads; everything else is to be equal.
void check_equal_but_for_order(const compare::difference &left, const compare::difference &right) {
  const auto same = [](const auto &some, const auto &others) {
    CHECK(std::is_permutation(some.begin(), some.end(), others.begin(), others.end()));
  };
  same(left.calls, right.calls);
  same(left.hazards, right.hazards);
  CHECK(left.unchanged == right.unchanged);
  REQUIRE(left.coroutines.size() == right.coroutines.size());
  for (const compare::coroutine_change &change : left.coroutines) {
    const auto partner = std::ranges::find_if(right.coroutines, [&](const compare::coroutine_change &other) {
      return other.before == change.before && other.after == change.after;
    });
    REQUIRE(partner != right.coroutines.end());
    same(change.points, partner->points);
    same(change.calls, partner->calls);
    REQUIRE(change.levels.size() == partner->levels.size());
    for (std::size_t i = 0; i < change.levels.size(); ++i) {
      CHECK(change.levels[i].before == partner->levels[i].before);
      same(change.levels[i].objects, partner->levels[i].objects);
    }
  }
}

} // namespace

TEST_CASE("a report does not differ from itself, whatever the source", "[sources]") {
  const report report = analyzed(GENERATE(from_range(all_sources())));
  const compare::difference difference = compare::diff(report, report);
  CHECK_FALSE(difference.is_any());
  CHECK(difference.unchanged == report.coroutines.size());
  CHECK(render::diff_text(difference, report, report).starts_with("no coroutine changed"));
}

TEST_CASE("exchanging the reports exchanges what was added and what was removed") {
  const report before = analyzed("samples/05_async_await.cpp");
  const report after = analyzed("samples/06_http_proxy.cpp");
  check_equal_but_for_order(compare::diff(before, after), exchanged(compare::diff(after, before)));
  report changed = before;
  changed.coroutines.erase(changed.coroutines.begin());
  changed.coroutines.back().suspend_points.erase(changed.coroutines.back().suspend_points.begin() + 1);
  changed.coroutines.back().lowerings.back().frame->fields.back().size += 8;
  for (level_lowering &lowering : changed.coroutines.back().lowerings)
    lowering.points.clear();
  check_equal_but_for_order(compare::diff(before, changed), exchanged(compare::diff(changed, before)));
}

TEST_CASE("objects are added, removed, resized, retyped and moved") {
  const report before =
      with({f({local(0, 4, variable("same")), local(4, 4, variable("gone")), local(8, 4, variable("grown")),
               local(12, 4, variable("moved")), local(16, 4, variable("retyped"))})});
  const report after =
      with({f({local(0, 4, variable("same")), local(8, 8, variable("grown")), local(16, 4, variable("moved")),
               local(20, 4, variable("retyped", "float")), local(24, 4, variable("added"))})});
  const compare::coroutine_change change = only_change(before, after);
  REQUIRE(change.levels.size() == 1);
  CHECK(change.growth() == 8);
  std::string text;
  for (const compare::object_change &object : change.levels[0].objects)
    text += (object.after ? object.after : object.before)->name + (!object.before        ? "+ "
                                                                   : !object.after       ? "- "
                                                                   : object.is_resized() ? "s "
                                                                   : object.is_retyped() ? "t "
                                                                                         : "m ");
  CHECK(text == "growns movedm retypedt added+ gone- ");
}

TEST_CASE("coroutines are known again by symbol, name, name without parameters, and body") {
  const auto pairs = [](const std::vector<coroutine> &before, const std::vector<coroutine> &after) {
    return compare::match_coroutines(with(before), with(after)).pairs();
  };
  using all = std::vector<std::pair<std::size_t, std::size_t>>;
  CHECK(pairs({named("a()", {}), named("b()", {})}, {named("b()", {}), named("a()", {})}) == all{{1, 0}, {0, 1}});
  CHECK(pairs({named("ns::a(int)", {})}, {named("ns::a(long)", {})}) == all{{0, 0}});
  CHECK(pairs({named("a(void (*)(int))", {})}, {named("a()", {})}) == all{{0, 0}});
  const std::vector<std::string> body = {"co_await initial", "co_await read()", "co_await final"};
  CHECK(pairs({named("before()", {}, body)}, {named("after()", {}, body)}) == all{{0, 0}});
  CHECK(pairs({named("before()", {})}, {named("after()", {})}).empty());
  // One await alone is no likeness where the parameters differ too.
  CHECK(pairs({named("before()", {}, body)}, {named("after(int)", {}, body)}).empty());
  // A lambda before it takes its number.
  coroutine first = named("(lambda)::operator()()", {}, {"i", "co_await one()", "f"});
  first.mangled = "_Z$_0";
  coroutine second = named("(lambda)::operator()()", {}, {"i", "co_await two()", "f"});
  second.mangled = "_Z$_0";
  coroutine renumbered = second;
  renumbered.mangled = "_Z$_1";
  CHECK(pairs({second}, {renumbered}) == all{{0, 0}});
  // Functions of internal linkage in two files.
  coroutine here = named("f()", {}), there = named("f()", {});
  there.where = at(1, 1);
  CHECK(pairs({here, there}, {there, here}) == all{{1, 0}, {0, 1}});
}

TEST_CASE("an awaiter is known by its point, not by the point's number") {
  const auto frame = [](const std::string &awaiter) {
    return std::vector{lowering("O2", {local(0, 8, variable(awaiter))})};
  };
  const report before = with({named("f()", frame("awaiter of S0"), {"co_await a"})});
  const report after = with({named("f()", frame("awaiter of S1"), {"co_await new_one", "co_await a"})});
  const compare::coroutine_change change = only_change(before, after);
  CHECK(change.levels[0].objects.empty());
  REQUIRE(change.points.size() == 1);
  CHECK(change.points[0].after == suspend_point_id{0});
}

TEST_CASE("elisions are gained and lost, hazards come and go") {
  report before = with({named("f()", {lowering("O2", {})})});
  report after = before;
  before.elisions = {
      {.level = "O2", .caller = "f()", .caller_id = coroutine_id{0}, .callee = "g()", .is_elided = true}};
  after.elisions = {{.level = "O2",
                     .caller = "f()",
                     .caller_id = coroutine_id{0},
                     .callee = "g()",
                     .reason = "the handle is stored"}};
  after.hazards = {{.name = "large-frame", .coroutine = coroutine_id{0}, .message = "it is large", .where = at(4)}};
  const std::string text = render::diff_text(compare::diff(before, after), before, after);
  CHECK(text.find("elision of g() lost at -O2: the handle is stored") != std::string::npos);
  CHECK(text.find("new hazard large-frame at a b.cpp:4:1: it is large") != std::string::npos);
  const std::string back = render::diff_text(compare::diff(after, before), after, before);
  CHECK(back.find("elision of g() gained at -O2") != std::string::npos);
  CHECK(back.find("hazard large-frame is gone") != std::string::npos);
}

TEST_CASE("calls that come or go are differences, elided or not") {
  report before = with({named("f()", {lowering("O0", {}), lowering("O2", {})})});
  report after = before;
  for (const char *level : {"O0", "O2"})
    after.elisions.push_back({.level = level, .caller = "plain()", .callee = "g()", .reason = "it is stored"});
  const compare::difference difference = compare::diff(before, after);
  REQUIRE(difference.calls.size() == 1); // nothing is elided at O0
  CHECK(render::diff_text(difference, before, after).find("new call of g(): it is not elided at -O2: it is stored") !=
        std::string::npos);
  const std::string back = render::diff_text(compare::diff(after, before), after, before);
  CHECK(back.find("a call of g() is gone: it was not elided at -O2") != std::string::npos);
}

TEST_CASE("markdown fits into a comment however much changed") {
  std::vector<coroutine> old_ones, new_ones;
  for (int i = 0; i < 3000; ++i) {
    const std::string name = "function_" + std::to_string(i) + "(std::vector<a|b> `quoted`)";
    old_ones.push_back(named(name, {lowering("O2", {local(0, 8, variable("n"))})}));
    new_ones.push_back(named(name, {lowering("O2", {local(0, 8, variable("n")), local(8, 8, variable("m"))})}));
  }
  const report before = with(old_ones), after = with(new_ones);
  const std::string text = render::diff_markdown(compare::diff(before, after), before, after);
  CHECK(text.size() < 65'536);
  CHECK(text.find("coroutines changed less") != std::string::npos);
  CHECK(text.find("a\\|b") != std::string::npos);
}

TEST_CASE("limits are broken by size, growth, calls and hazards") {
  report report = with({f({local(0, 8, variable("small")), local(8, 100, variable("large"))}),
                        named("g()", {lowering("O2", {local(0, 8, variable("n"))})})});
  report.elisions = {{.level = "O2", .caller = "main()", .callee = "g()", .reason = "why"}};
  report.hazards = {{.name = "held-guard", .message = "held", .where = at(3)}};
  CHECK(compare::check(report, {.max_frame = 108}).breaches.empty());
  const compare::verdict_of_check size = compare::check(report, {.max_frame = 107});
  REQUIRE(size.breaches.size() == 1);
  CHECK(size.frames == 2);
  CHECK(size.breaches[0].largest.front().name == "large");
  struct report old = report;
  old.coroutines[0].lowerings[0].frame->size = 100;
  old.coroutines.pop_back();
  CHECK(compare::check(report, {.baseline = &old, .max_growth = 8}).breaches.empty());
  const compare::verdict_of_check growth = compare::check(report, {.baseline = &old, .max_growth = 7.9});
  CHECK(growth.breaches.size() == 1);
  CHECK(growth.not_in_baseline == 1);
  const auto is_g = [](const std::string &name) { return name == "g()"; };
  CHECK(compare::check(report, {.must_be_elided = is_g}).breaches.size() == 1);
  CHECK(compare::check(report, {.level = "O0", .must_be_elided = is_g}).calls == 0);
  CHECK(compare::check(report, {.hazards = true}).breaches[0].hazard->name == "held-guard");
}

TEST_CASE("a baseline read back has the same frames") {
  const report report = analyzed("samples/05_async_await.cpp");
  const std::string text = render::baseline(report, "O2");
  const auto baseline = render::read_baseline(text);
  if (!baseline)
    FAIL(baseline.error());
  CHECK(render::baseline(*baseline, "O2") == text);
  const compare::verdict_of_check verdict = compare::check(report, {.baseline = &*baseline});
  CHECK(verdict.breaches.empty());
  CHECK(verdict.not_in_baseline == 0);
}

TEST_CASE("a baseline that is none is refused with the place of the fault") {
  const auto fault = [](std::string_view text) { return render::read_baseline(text).error(); };
  CHECK(fault(R"({"schema":"coroscope-report/9"})").find("was expected") != std::string::npos);
  CHECK(fault(R"({"schema":"coroscope-baseline/1"})") == "/frames: an array was expected");
  CHECK(fault(R"({"schema":"coroscope-baseline/1","frames":[{"file":1}]})") == "/frames/0/file: a string was expected");
  CHECK(
      fault(
          R"({"schema":"coroscope-baseline/1","frames":[{"file":"a","name":"f","mangled":"f","level":"O2","size":-1}]})") ==
      "/frames/0/size: a whole number in range was expected");
}

namespace {

/// What the schema of SARIF 2.1.0 asks of the parts that are written here: required members, types and bounds.
void check_message(const json &message) { CHECK((message.is_object() && message.at("text").is_string())); }

void check_region(const json &region) {
  for (const auto &[name, value] : region.items()) {
    CHECK((name == "startLine" || name == "startColumn" || name == "endLine" || name == "endColumn"));
    CHECK((value.is_number_integer() && value.get<int>() >= 1));
  }
  CHECK(region.contains("startLine"));
}

void check_location(const json &location) {
  if (location.contains("physicalLocation")) {
    const json &artifact = location["physicalLocation"].at("artifactLocation");
    CHECK(artifact.at("uri").get<std::string>().find(' ') == std::string::npos);
    CHECK((!artifact.contains("uriBaseId") || artifact["uriBaseId"].is_string()));
    check_region(location["physicalLocation"].at("region"));
  }
  if (location.contains("message"))
    check_message(location["message"]);
  if (location.contains("logicalLocations"))
    for (const json &logical : location["logicalLocations"])
      CHECK((logical.at("fullyQualifiedName").is_string() && logical.at("kind") == "function"));
}

void check_result(const json &result, const json &rules) {
  CHECK(rules.at(result.at("ruleIndex").get<std::size_t>()).at("id") == result.at("ruleId"));
  const std::string level = result.at("level");
  CHECK((level == "none" || level == "note" || level == "warning" || level == "error"));
  check_message(result.at("message"));
  for (const char *name : {"locations", "relatedLocations"})
    for (const json &location : result.value(name, json::array()))
      check_location(location);
  for (const auto &[name, value] : result.value("partialFingerprints", json::object()).items())
    CHECK(value.is_string());
}

void check_sarif(const json &log) {
  CHECK(log.at("version") == "2.1.0");
  REQUIRE((log.at("runs").is_array() && log["runs"].size() == 1));
  const json &run = log["runs"][0];
  const json &driver = run.at("tool").at("driver");
  CHECK(driver.at("name") == "coroscope");
  std::vector<std::string> ids;
  for (const json &rule : driver.at("rules")) {
    ids.push_back(rule.at("id"));
    check_message(rule.at("shortDescription"));
  }
  std::ranges::sort(ids);
  CHECK(std::ranges::adjacent_find(ids) == ids.end());
  CHECK(run.at("columnKind") == "utf16CodeUnits");
  for (const json &invocation : run.at("invocations")) {
    CHECK(invocation.at("executionSuccessful").is_boolean());
    for (const json &notification : invocation.value("toolExecutionNotifications", json::array()))
      check_message(notification.at("message"));
  }
  for (const json &result : run.at("results"))
    check_result(result, driver["rules"]);
}

} // namespace

TEST_CASE("in the SARIF log each finding has a fingerprint of its own, and each rule says what to do") {
  report report = with({f({local(0, 8, variable("n"))})});
  report.elisions = {{.level = "O2", .caller = "f()", .caller_id = coroutine_id{0}, .callee = "g()", .call = at(2)},
                     {.level = "O2", .caller = "f()", .caller_id = coroutine_id{0}, .callee = "g()", .call = at(3)}};
  for (const std::string &name : hazard_rules())
    report.hazards.push_back({.name = name, .coroutine = coroutine_id{0}, .message = "it is so", .where = at(4)});
  const compare::limits limits{
      .max_frame = 1, .must_be_elided = [](const std::string &) { return true; }, .hazards = true};
  const json log = json::parse(render::check_sarif({report, compare::check(report, limits)}, limits));
  check_sarif(log);
  std::set<std::string> fingerprints;
  for (const json &result : log["runs"][0]["results"]) {
    CHECK(fingerprints.insert(result["partialFingerprints"]["coroutine/v1"]).second);
    const bool is_limit = result["ruleId"] == "frame-size" || result["ruleId"] == "call-not-elided";
    CHECK(result["level"] == (is_limit ? "error" : "warning"));
  }
  for (const json &rule : log["runs"][0]["tool"]["driver"]["rules"])
    CHECK(rule.contains("help"));
}

TEST_CASE("the SARIF log is what SARIF 2.1.0 asks for") {
  report report = with({f({local(0, 100, variable("large"))})});
  report.coroutines[0].lowerings[0].frame->fields[0].residents[0].where = at(3);
  report.files[0].text = "one\nzwei\n/* ä𝄞 */ three\n";
  report.coroutines[0].where = {.file = {0}, .begin = {3, 14}, .end = {3, 19}, .expansions = {}};
  report.elisions = {{.level = "O2",
                      .caller = "main()",
                      .callee = "g()",
                      .call = at(9, 1),
                      .reason = "why",
                      .reason_where = at(8, 1)}};
  report.hazards = {{.name = "held-guard",
                     .coroutine = coroutine_id{0},
                     .message = "held",
                     .where = at(3),
                     .because = {{"it is made", at(2)}}}};
  report.units = {{.file = "a b.cpp", .diagnostics = {{.message = "no such thing", .place = at(1)}}}};
  const compare::limits limits{
      .max_frame = 8, .must_be_elided = [](const std::string &) { return true; }, .hazards = true};
  const json log = json::parse(render::check_sarif({report, compare::check(report, limits)}, limits));
  check_sarif(log);
  const json &run = log["runs"][0];
  REQUIRE(run["results"].size() == 3);
  CHECK(run["results"][0]["ruleId"] == "frame-size");
  CHECK(run["results"][2]["ruleId"] == "held-guard");
  const json &place = run["results"][0]["locations"][0]["physicalLocation"];
  CHECK(place["artifactLocation"]["uri"] == "a%20b.cpp");
  // Two bytes are one unit of UTF-16, four are two.
  CHECK(place["region"]["startColumn"] == 11);
  CHECK_FALSE(run["results"][1]["locations"][0]["physicalLocation"]["region"].contains("startColumn"));
  CHECK(run["invocations"][0]["executionSuccessful"] == false);
  check_sarif(json::parse(render::check_sarif({}, limits)));
}

} // namespace coroscope::tests
