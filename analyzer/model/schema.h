// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The members of each struct of a report, in their order: whoever walks a whole report (the JSON writer and reader, the
// check of its ids, the merging of several) walks this list, so that none forgets a member. The names are those of the
// JSON form, which docs/report-schema.md describes.
//
// `archive(name, value)` is a member that is always there, `archive.may(name, value)` one that is left out when it is
// unknown or empty.
#pragma once

#include "model/report.h"

#include <concepts>
#include <type_traits>

namespace coroscope::schema {

template <class Value, class Struct>
concept is = std::same_as<std::remove_const_t<Value>, Struct>;

template <class Value> constexpr bool is_vector = false;
template <class Element> constexpr bool is_vector<std::vector<Element>> = true;

void fields(auto &archive, is<range> auto &value) {
  archive("file", value.file);
  archive("begin", value.begin);
  archive("end", value.end);
  archive.may("expansions", value.expansions);
}

void fields(auto &archive, is<source_file> auto &value) {
  archive("path", value.path);
  archive.may("text", value.text);
  archive.may("tokens", value.tokens);
}

void fields(auto &archive, is<diagnostic> auto &value) {
  archive("severity", value.level);
  archive("message", value.message);
  archive.may("range", value.place);
}

void fields(auto &archive, is<unit> auto &value) {
  archive("file", value.file);
  archive("compiler", value.compiler);
  archive("triple", value.triple);
  archive("command", value.command);
  archive("diagnostics", value.diagnostics);
  archive("notes", value.notes);
}

void fields(auto &archive, is<chosen_function> auto &value) {
  archive("name", value.name);
  archive.may("range", value.place);
  archive.may("type", value.type);
}

void fields(auto &archive, is<member> auto &value) {
  archive("offset", value.offset);
  archive("size", value.size);
  archive("name", value.name);
  archive("type", value.type);
  archive.may("members", value.members);
}

void fields(auto &archive, is<promise_type> auto &value) {
  archive("type", value.type);
  archive.may("range", value.where);
  archive("traits", value.traits);
  archive("is_specialised", value.is_specialised);
  archive.may("traits_range", value.traits_where);
  archive("size", value.size);
  archive("align", value.align);
  archive.may("members", value.members);
  archive.may("constructed_by", value.constructor);
  archive("takes_parameters", value.takes_parameters);
  archive.may("get_return_object", value.get_return_object);
  archive.may("initial_suspend", value.initial_suspend);
  archive.may("final_suspend", value.final_suspend);
  archive.may("return_value", value.return_value);
  archive.may("return_void", value.return_void);
  archive.may("unhandled_exception", value.unhandled_exception);
  archive.may("operator_new", value.operator_new);
  archive.may("operator_delete", value.operator_delete);
  archive.may("allocation_failure", value.allocation_failure);
  archive.may("conversion", value.conversion);
  archive("new_is_member", value.new_is_member);
  archive("new_takes_parameters", value.new_takes_parameters);
  archive("delete_is_sized", value.delete_is_sized);
  archive("is_over_aligned", value.is_over_aligned);
}

void fields(auto &archive, is<suspend_point> auto &value) {
  archive("kind", value.kind);
  archive("range", value.where);
  archive("expression", value.expression);
  archive("awaitable_type", value.awaitable_type);
  archive("awaiter_type", value.awaiter_type);
  archive("via", value.via);
  archive.may("yield_value", value.yield_value);
  archive.may("await_transform", value.await_transform);
  archive.may("operator_co_await", value.operator_co_await);
  archive("operator_is_member", value.operator_is_member);
  archive.may("await_ready", value.await_ready);
  archive.may("await_suspend", value.await_suspend);
  archive.may("await_resume", value.await_resume);
  archive("await_suspend_returns", value.returns);
  archive("type", value.type);
  archive.may("destroyed", value.destroyed);
}

void fields(auto &archive, is<destruction> auto &value) {
  archive("object", value.object);
  archive("destructor", value.destructor);
  archive.may("range", value.place);
}

void fields(auto &archive, is<witness> auto &value) {
  archive("what", value.what);
  archive.may("range", value.place);
}

void fields(auto &archive, is<why> auto &value) {
  archive("suspend_points", value.across);
  archive("reason", value.reason);
  archive.may("definition", value.definition);
  archive.may("use", value.use);
  archive("repeats", value.repeats);
}

void fields(auto &archive, is<inlined_call> auto &value) {
  archive("function", value.function);
  archive.may("call", value.call);
}

void fields(auto &archive, is<resident> auto &value) {
  archive("kind", value.kind);
  archive("name", value.name);
  archive.may("size", value.size);
  archive.may("type", value.type);
  archive.may("range", value.where);
  archive.may("expression", value.expression);
  archive.may("inlined", value.inlined);
  archive.may("members", value.members);
  archive.may("frame_of", value.frame_of);
  archive.may("fields", value.fields);
  archive.may("why", value.reasons);
  archive.may("advice", value.advice);
}

void fields(auto &archive, is<field> auto &value) {
  archive("offset", value.offset);
  archive("size", value.size);
  archive("kind", value.kind);
  archive("residents", value.residents);
}

void fields(auto &archive, is<frame> auto &value) {
  archive("size", value.size);
  archive("align", value.align);
  archive("fields", value.fields);
}

void fields(auto &archive, is<lowered_point> auto &value) {
  archive("suspend_point", value.point);
  archive("ordinal", value.ordinal);
  archive("index", value.indices);
  archive.may("transfer", value.transfer);
}

void fields(auto &archive, is<absent_variable> auto &value) {
  archive("name", value.name);
  archive.may("type", value.type);
  archive.may("range", value.where);
  archive("reason", value.reason);
  archive.may("last_use", value.last_use);
  archive.may("before", value.before);
  archive("detail", value.detail);
}

void fields(auto &archive, is<line_place> auto &value) {
  archive("line", value.line);
  archive("file", value.file);
  archive("at", value.where);
}

void fields(auto &archive, is<listing> auto &value) {
  archive("text", value.text);
  archive.may("places", value.places);
}

void fields(auto &archive, is<lowered_function> auto &value) {
  archive("kind", value.kind);
  archive("symbol", value.symbol);
  archive.may("ir_before", value.ir_before);
  archive.may("ir", value.ir);
  archive.may("assembly", value.assembly);
  archive.may("stack_size", value.stack_size);
}

void fields(auto &archive, is<level_lowering> auto &value) {
  archive("level", value.level);
  archive("symbol", value.symbol);
  archive.may("frame", value.frame);
  archive("layout_hash", value.layout_hash);
  archive("resume_index", value.points);
  archive.may("absent", value.absent);
  archive("functions", value.functions);
  archive("problems", value.problems);
}

void fields(auto &archive, is<parameter_copy> auto &value) {
  archive("name", value.name);
  archive("type", value.type);
  archive.may("range", value.where);
  archive("is_reference", value.is_reference);
  archive.may("constructed_by", value.constructor);
  archive("is_move", value.is_move);
}

void fields(auto &archive, is<co_return_statement> auto &value) {
  archive("range", value.where);
  archive("is_implicit", value.is_implicit);
  archive.may("call", value.call);
}

void fields(auto &archive, is<view_line> auto &value) {
  archive("kind", value.kind);
  archive("indent", value.indent);
  archive("text", value.text);
  archive.may("range", value.where);
  archive.may("suspend_point", value.state);
}

void fields(auto &archive, is<coroutine> auto &value) {
  archive("units", value.units);
  archive("name", value.name);
  archive("mangled", value.mangled);
  archive("range", value.where);
  archive.may("template_args", value.template_args);
  archive("return_type", value.return_type);
  archive("promise", value.promise);
  archive.may("parameters", value.parameters);
  archive.numbered("suspend_points", value.suspend_points);
  archive.may("returns", value.returns);
  archive.may("view", value.view);
  archive("lowerings", value.lowerings);
}

void fields(auto &archive, is<elision> auto &value) {
  archive("level", value.level);
  archive("caller", value.caller);
  archive.may("caller_id", value.caller_id);
  archive("callee", value.callee);
  archive.may("callee_id", value.callee_id);
  archive.may("call", value.call);
  archive("is_elided", value.is_elided);
  archive.may("rule", value.rule);
  archive("reason", value.reason);
  archive.may("reason_range", value.reason_where);
  archive.may("bytes", value.bytes);
}

void fields(auto &archive, is<hazard> auto &value) {
  archive("name", value.name);
  archive.may("coroutine", value.coroutine);
  archive("message", value.message);
  archive("range", value.where);
  archive.may("because", value.because);
}

void fields(auto &archive, is<traced_point> auto &value) {
  archive("ordinal", value.ordinal);
  archive("rank", value.rank);
  archive("kind", value.kind);
  archive.may("position", value.where);
  archive.may("suspend_point", value.point);
}

void fields(auto &archive, is<traced_variable> auto &value) {
  archive("offset", value.offset);
  archive("name", value.name);
  archive("type", value.type);
}

void fields(auto &archive, is<traced_coroutine> auto &value) {
  archive("mangled", value.mangled);
  archive("name", value.name);
  archive("file", value.file);
  archive("line", value.line);
  archive("frame_size", value.frame_size);
  archive("layout_hash", value.layout_hash);
  archive("build", value.build);
  archive.may("coroutine", value.joined);
  archive("points", value.points);
  archive.may("variables", value.variables);
}

void fields(auto &archive, is<traced_frame> auto &value) {
  archive.may("coroutine", value.coroutine);
  archive.address("address", value.address);
}

void fields(auto &archive, is<byte_change> auto &value) {
  archive("offset", value.offset);
  archive("bytes", value.bytes);
}

void fields(auto &archive, is<traced_value> auto &value) {
  archive("variable", value.variable);
  archive.may("text", value.text);
}

void fields(auto &archive, is<frame_contents> auto &value) {
  archive("event", value.event);
  archive.may("changes", value.changes);
  archive.may("values", value.values);
}

void fields(auto &archive, is<traced_await> auto &value) {
  archive("waiter", value.waiter);
  archive("awaited", value.awaited);
  archive("begin", value.begin);
  archive.may("end", value.end);
  archive("basis", value.basis);
}

void fields(auto &archive, is<traced_run> auto &value) {
  archive("command", value.command);
  archive.may("level", value.level);
  archive.may("exit_code", value.exit_code);
  archive.may("signal", value.signal);
  archive("complete", value.complete);
  archive("lost_events", value.lost_events);
  archive.may("overwritten_events", value.overwritten_events);
  archive("threads", value.threads);
  archive("coroutines", value.coroutines);
  archive("frames", value.frames);
  archive("events", value.events);
  archive.may("awaits", value.awaits);
  archive.may("contents", value.contents);
  archive.may("omissions", value.omissions);
  archive("problems", value.problems);
}

void fields(auto &archive, is<report> auto &value) {
  archive("tool", value.tool);
  archive("files", value.files);
  archive("units", value.units);
  archive.numbered("coroutines", value.coroutines);
  archive.may("elisions", value.elisions);
  archive.may("hazards", value.hazards);
  archive.may("trace", value.trace);
}

} // namespace coroscope::schema
