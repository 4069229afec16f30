// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Variables are matched by name and line, temporaries by place and type. What matches nothing keeps what debug info and
// IR say of it.
#include "join.h"

#include "absence_join.h"
#include "advice.h"
#include "model/displayed_path.h"
#include "model/one_line.h"
#include "model/point_label.h"
#include "object_match.h"
#include "point_match.h"

#include <algorithm>
#include <iterator>

namespace coroscope {
namespace {

using frontend::body_facts;
using frontend::coroutine_facts;
using frontend::named_object;
using lowering::lowered_absence;
using lowering::lowered_code;
using lowering::lowered_coroutine;
using lowering::lowered_field;
using lowering::lowered_listing;
using lowering::lowered_resident;
using lowering::lowered_why;
using lowering::lowered_witness;

class joiner {
public:
  joiner(const coroutine_facts &facts, const lowered_coroutine &lowered, const unit_lowering &unit,
         std::vector<source_file> &files)
      : facts_(facts), lowered_(lowered), unit_(unit), files_(files) {}

  level_lowering operator()() {
    level_lowering result{.level = unit_.level, .symbol = lowered_.symbol, .problems = lowered_.problems};
    matched_points matched = match_points(facts_, lowered_.suspends);
    by_ordinal_ = std::move(matched.by_ordinal);
    result.points = std::move(matched.points);
    std::ranges::move(matched.problems, std::back_inserter(result.problems));
    result.layout_hash = layout_hash(lowered_);
    if (!lowered_.fields.empty())
      result.frame = frame_of();
    add_absent(result);
    result.problems.insert(result.problems.end(), problems_.begin(), problems_.end());
    add_functions(result);
    return result;
  }

private:
  [[nodiscard]] const suspend_point *point_at(unsigned ordinal) const {
    const auto known = by_ordinal_.find(ordinal);
    return known == by_ordinal_.end() ? nullptr : &facts_.value.suspend_points[known->second.value];
  }

  frame frame_of() {
    frame result{.size = lowered_.size, .align = lowered_.align};
    for (const lowered_field &lowered : lowered_.fields) {
      field one{.offset = lowered.offset, .size = lowered.size, .kind = lowered.kind};
      if (lowered.kind == field_kind::promise)
        one.residents.push_back(promise_resident(lowered));
      else
        for (const lowered_resident &value : lowered.residents)
          one.residents.push_back(resident_of(value));
      for (resident &value : one.residents)
        value.advice = advice_for(facts_.value, value);
      if (one.residents.size() == 1)
        one.kind = one.residents.front().kind;
      std::ranges::sort(one.residents, {}, [](const resident &value) {
        return std::tuple(value.where ? value.where->begin : position{}, value.name, value.type);
      });
      result.fields.push_back(std::move(one));
    }
    return result;
  }

  resident promise_resident(const lowered_field &field) {
    resident result{.kind = field_kind::promise,
                    .name = "promise",
                    .size = facts_.value.promise.size,
                    .type = facts_.value.promise.type,
                    .where = facts_.value.promise.where,
                    .members = facts_.value.promise.members};
    for (const lowered_resident &value : field.residents)
      add_reasons(value, result);
    return result;
  }

  void add_reasons(const lowered_resident &value, resident &result) {
    for (const lowered_why &lowered : value.reasons) {
      why reason{.across = points_of(lowered.across),
                 .reason = lowered.reason,
                 .definition = witness_of(lowered.definition),
                 .use = witness_of(lowered.use),
                 .repeats = lowered.repeats};
      // A declaration's column is the source's to say.
      if (reason.definition && reason.definition->place && result.where && value.where &&
          value.where->where.column == 0 && reason.definition->place->begin == position{value.where->where.line, 1})
        reason.definition->place = result.where;
      add_reason(std::move(reason), result.reasons);
    }
    // One value of the resident may be known to cross where another's life is not seen to end.
    if (std::ranges::any_of(result.reasons, [](const why &reason) { return !reason.across.empty(); }))
      std::erase_if(result.reasons, [](const why &reason) { return reason.across.empty(); });
    std::ranges::sort(result.reasons, {}, &why::across);
  }

  /// What the source tells as one may be several operations of the IR, e.g. one for each way out of a call.
  static void add_reason(why reason, std::vector<why> &reasons) {
    if (reason.across.empty() && reason.reason != keep_reason::unproven)
      return;
    const auto same = std::ranges::find_if(reasons, [&](const why &known) {
      return known.reason == reason.reason && known.repeats == reason.repeats &&
             known.definition == reason.definition && known.use == reason.use;
    });
    if (same == reasons.end()) {
      reasons.push_back(std::move(reason));
      return;
    }
    same->across.insert(same->across.end(), reason.across.begin(), reason.across.end());
    std::ranges::sort(same->across);
  }

  /// Ascending; without what matches no point of the source.
  [[nodiscard]] std::vector<suspend_point_id> points_of(const std::vector<unsigned> &ordinals) const {
    std::vector<suspend_point_id> points;
    for (const unsigned ordinal : ordinals)
      if (const auto known = by_ordinal_.find(ordinal); known != by_ordinal_.end())
        points.push_back(known->second);
    std::ranges::sort(points);
    return points;
  }

  resident resident_of(const lowered_resident &value) {
    resident result{.kind = value.kind, .name = value.name};
    if (value.size != 0)
      result.size = value.size;
    if (!value.type.empty())
      result.type = value.type;
    if (!value.frame_of.empty())
      describe_elided_frame(value, result);
    else if (value.awaiter_of && point_at(*value.awaiter_of))
      describe_awaiter(value, result);
    else if (value.is_variable)
      describe_variable(value, result);
    else
      describe_temporary(value, result);
    result.inlined = inlined_of(value);
    add_reasons(value, result);
    return result;
  }

  /// The frame of a callee, with its own fields. What it lives across is told of its caller's points, so the reasons
  /// of the fields, which speak of the callee's, are left out.
  void describe_elided_frame(const lowered_resident &value, resident &result) {
    result.name = value.meaning;
    result.where = range_of(value.where);
    const auto has_symbol = [&](const coroutine_facts &facts) {
      const auto symbol = facts.symbols.find(unit_.level);
      return symbol != facts.symbols.end() && symbol->second == value.frame_of;
    };
    static const coroutine_facts nothing;
    const auto facts = std::ranges::find_if(*unit_.facts, has_symbol);
    const bool is_known = facts != unit_.facts->end();
    result.frame_of = is_known ? facts->value.name : value.frame_of;
    const auto callee = std::ranges::find(*unit_.lowered, value.frame_of, &lowered_coroutine::symbol);
    // CoroElide gives the frame a slot of exactly its size.
    if (callee == unit_.lowered->end() || callee->fields.empty() || callee->size != value.size) {
      problems_.push_back("the fields of the " + value.meaning + " are not known: " +
                          (callee == unit_.lowered->end() ? "it was not split in this unit"
                                                          : "its slot has " + std::to_string(value.size) +
                                                                " bytes, its frame " + std::to_string(callee->size)));
      return;
    }
    joiner inner(is_known ? *facts : nothing, *callee, unit_, files_);
    level_lowering nested = inner();
    problems_.insert(problems_.end(), nested.problems.begin(), nested.problems.end());
    result.fields = std::move(nested.frame->fields);
    for (field &field : result.fields)
      for (resident &resident : field.residents)
        resident.reasons.clear();
  }

  void describe_awaiter(const lowered_resident &value, resident &result) {
    const suspend_point &point = *point_at(*value.awaiter_of);
    const suspend_point_id id = by_ordinal_.at(*value.awaiter_of);
    result.name = "awaiter of " + point_label(point.kind, id.value);
    result.type = point.awaiter_type;
    result.where = point.where;
    if (const named_object *object = temporary_of(value))
      result.members = object->members;
  }

  /// Of a binding to a part of a tuple, which is a reference in the source, what it refers to may be kept.
  static std::string kept_type(const std::string &written, const std::string &lowered) {
    const std::size_t sign = written.find_last_not_of('&') + 1;
    const bool is_referent =
        sign != written.size() && !lowered.empty() && lowered != "pointer" && !lowered.ends_with('&');
    return is_referent ? written.substr(0, written.find_last_not_of(" &") + 1) : written;
  }

  void describe_variable(const lowered_resident &value, resident &result) {
    if (result.name.empty())
      result.name = value.is_parameter ? "unnamed parameter" : "unnamed variable";
    if (value.part)
      result.name += " (bytes " + std::to_string(value.part->first) + " to " +
                     std::to_string(value.part->first + value.part->second - 1) + ")";
    const named_object *best = find_variable(facts_, value);
    if (!best) {
      result.where = range_of(value.where);
      return;
    }
    result.type = kept_type(best->type, value.type);
    result.where = best->where;
    if (!best->words.empty())
      result.name = best->name.empty() ? best->words : best->words + " (" + result.name + ")";
    result.members = value.part ? members_within(best->members, value.part->first, value.part->second) : best->members;
  }

  void describe_temporary(const lowered_resident &value, resident &result) {
    const bool is_temporary = value.is_stack_slot && value.meaning.empty();
    result.name = is_temporary ? "temporary" : value.meaning.empty() ? "intermediate value" : value.meaning;
    result.where = range_of(value.where);
    if (const named_object *object = is_temporary ? temporary_of(value) : nullptr) {
      if (!object->name.empty()) {
        result.name = object->name;
        result.kind = field_kind::local;
      }
      result.type = object->type;
      if (object->where)
        result.where = object->where;
      result.members = object->members;
      if (!object->text.empty())
        result.expression = object->text;
    } else if (const named_object *whole =
                   is_temporary || is_kept_result(value) ? find_expression(facts_, value) : nullptr) {
      const bool is_result = !is_temporary || is_object_of(*whole, value);
      result.name = is_result ? "result of" : "temporary within";
      result.expression = whole->text;
      if (is_result && !whole->type.empty())
        result.type = whole->type;
    } else if (value.meaning.starts_with("address of [")) {
      const auto known = std::ranges::find(facts_.variables, value.meaning.substr(11), &named_object::name);
      if (known != facts_.variables.end())
        result.type = known->type + " *";
    } else if (const named_object *call = value.is_inlined ? nullptr : find_result(facts_, value)) {
      result.type = call->type;
    } else if (is_temporary && is_of_the_start(value)) {
      result.name = "temporary of the coroutine's start";
    }
    name_what_it_is_about(value, result);
  }

  /// Whether it is made before the body's first suspend point: a copy for operator new or for the promise's
  /// constructor.
  [[nodiscard]] bool is_of_the_start(const lowered_resident &value) const {
    const std::vector<frontend::point_key> &keys = facts_.keys;
    return value.where && !keys.empty() && value.where->where >= keys.front().where &&
           (keys.size() == 1 || value.where->where < keys[1].where);
  }

  /// A temporary that the meaning speaks of is known to the source by the expression that makes it.
  void name_what_it_is_about(const lowered_resident &value, resident &result) {
    const lowered_resident *object = value.about.empty() ? nullptr : resident_of_value(value.about);
    const std::size_t at = object ? result.name.find(value.about_words) : std::string::npos;
    if (at == std::string::npos)
      return;
    const resident known = resident_of(*object);
    result.name.replace(at, value.about_words.size(), spoken_name(known));
    if (result.name.starts_with("address of element ") && known.type && known.type->ends_with(']'))
      result.type = known.type->substr(0, known.type->rfind('[')) + " *";
  }

  [[nodiscard]] const lowered_resident *resident_of_value(const std::string &value) const {
    for (const lowered_field &field : lowered_.fields)
      for (const lowered_resident &resident : field.residents)
        if (std::ranges::find(resident.values, value) != resident.values.end())
          return &resident;
    return nullptr;
  }

  /// "a", "the temporary `guard(a)`"
  static std::string spoken_name(const resident &value) {
    if (value.name == "intermediate value")
      return "an intermediate value";
    if (value.frame_of)
      return "the " + value.name;
    return value.expression ? "the " + value.name + " `" + shortened(*value.expression) + "`" : value.name;
  }

  /// Of the values that a variable is, or is computed from: "a and the temporary `guard(a)`".
  std::string kept_names(const std::vector<std::string> &values) {
    std::string text;
    for (const std::string &value : values)
      if (const lowered_resident *holder = resident_of_value(value))
        text += (text.empty() ? "" : " and ") + spoken_name(resident_of(*holder));
    return text;
  }

  [[nodiscard]] const body_facts *body_of(const lowered_resident &value) const {
    if (!value.is_inlined)
      return &facts_;
    const auto known = unit_.functions->find(value.inlined.empty() ? "" : value.inlined.front().symbol);
    return known == unit_.functions->end() ? nullptr : &known->second;
  }

  [[nodiscard]] const named_object *temporary_of(const lowered_resident &value) const {
    const body_facts *body = body_of(value);
    return body ? find_temporary(*body, value) : nullptr;
  }

  /// What Clang keeps of a whole expression while it destroys the expression's temporaries.
  static bool is_kept_result(const lowered_resident &value) { return value.meaning.starts_with("result, kept"); }

  [[nodiscard]] std::vector<inlined_call> inlined_of(const lowered_resident &value) {
    std::vector<inlined_call> calls;
    for (const lowering::lowered_inline &one : value.inlined)
      calls.push_back({one.function, range_of(one.call)});
    return calls;
  }

  std::optional<range> range_of(const std::optional<lowering::place> &place) {
    if (!place)
      return std::nullopt;
    const auto [known, is_new] = files_by_path_.try_emplace(place->file);
    if (is_new) {
      const std::string path = displayed_path(place->file);
      auto file = std::ranges::find(files_, path, &source_file::path);
      if (file == files_.end())
        file = files_.insert(files_.end(), {.path = path});
      known->second = {static_cast<std::uint32_t>(file - files_.begin())};
    }
    position begin = place->where;
    begin.column = std::max(begin.column, 1u);
    return range{known->second, begin, begin, {}};
  }

  std::optional<witness> witness_of(const std::optional<lowered_witness> &lowered) {
    return lowered ? std::optional(witness{lowered->what, range_of(lowered->where)}) : std::nullopt;
  }

  std::optional<listing> listing_of(const std::optional<lowered_listing> &lowered) {
    if (!lowered)
      return std::nullopt;
    listing result{.text = lowered->text};
    for (const auto &[line, place] : lowered->places)
      if (const std::optional<range> where = range_of(place))
        result.places.push_back({line, where->file, where->begin});
    return result;
  }

  /// Under #line, debug info places a parameter and its copy in the frame in two files.
  static bool is_in_frame(const absent_variable &absent, const level_lowering &result) {
    return absent.where && result.frame && std::ranges::any_of(result.frame->fields, [&](const field &field) {
             return std::ranges::any_of(field.residents, [&](const resident &resident) {
               return resident.name == absent.name && resident.where == absent.where;
             });
           });
  }

  void add_absent(level_lowering &result) {
    for (const lowered_absence &lowered : lowered_.absent) {
      absent_variable absent{.name = lowered.name,
                             .where = range_of(lowered.where),
                             .reason = lowered.reason,
                             .detail = lowered.kept_as.empty() ? lowered.detail : kept_names(lowered.kept_as)};
      if (lowered.reason == absence::rematerialised && !lowered.kept_as.empty())
        absent.detail = "the address of " + absent.detail;
      if (!lowered.type.empty())
        absent.type = lowered.type;
      if (const named_object *object = find_variable(facts_, {.name = lowered.name,
                                                              .is_variable = true,
                                                              .is_parameter = lowered.argument != 0,
                                                              .argument = lowered.argument,
                                                              .type = lowered.type,
                                                              .where = lowered.where})) {
        absent.type = object->type;
        absent.where = object->where;
        refine_by_source(facts_, *object, absent);
      }
      if (lowered.last_use)
        absent.last_use = witness_of(lowered.last_use);
      if (const auto before = lowered.before ? by_ordinal_.find(*lowered.before) : by_ordinal_.end();
          before != by_ordinal_.end())
        absent.before = before->second;
      if (!is_in_frame(absent, result))
        result.absent.push_back(std::move(absent));
    }
    for (const named_object &variable : facts_.variables)
      if (!variable.storage.empty())
        result.absent.push_back({.name = variable.name,
                                 .type = variable.type,
                                 .where = variable.where,
                                 .reason = absence::not_automatic,
                                 .detail = variable.storage});
  }

  void add_functions(level_lowering &result) {
    const auto add = [&](function_kind kind, const lowered_code &code) {
      if (!code.symbol.empty())
        result.functions.push_back({.kind = kind,
                                    .symbol = code.symbol,
                                    .ir_before = listing_of(code.ir_before),
                                    .ir = listing_of(code.ir),
                                    .assembly = listing_of(code.assembly),
                                    .stack_size = code.stack_size});
    };
    add(function_kind::ramp, lowered_.ramp);
    add(function_kind::resume, lowered_.resume);
    add(function_kind::destroy, lowered_.destroy);
    add(function_kind::cleanup, lowered_.cleanup);
  }

  const coroutine_facts &facts_;
  const lowered_coroutine &lowered_;
  const unit_lowering &unit_;
  std::vector<source_file> &files_;
  std::vector<std::string> problems_;
  std::map<unsigned, suspend_point_id> by_ordinal_;
  std::map<std::string, file_id> files_by_path_; ///< as debug info names them
};

} // namespace

level_lowering join(const coroutine_facts &facts, const lowered_coroutine &lowered, const unit_lowering &unit,
                    std::vector<source_file> &files) {
  return joiner(facts, lowered, unit, files)();
}

} // namespace coroscope
