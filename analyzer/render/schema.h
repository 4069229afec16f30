// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The members of each object of the JSON form, in their order: written by json.cpp and read by json_reader.cpp alike,
// so that json -> report -> json is the identity. docs/report-schema.md says the same in words.
//
// `archive(name, value)` is a member that is always there, `archive.may(name, value)` one that is left out when it is
// unknown or empty.
#pragma once

#include "model/report.h"

#include <concepts>
#include <type_traits>

namespace coroscope::render {

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
  archive("size", value.size);
  archive("align", value.align);
  archive.may("members", value.members);
  archive.may("get_return_object", value.get_return_object);
  archive.may("initial_suspend", value.initial_suspend);
  archive.may("final_suspend", value.final_suspend);
  archive.may("return_value", value.return_value);
  archive.may("return_void", value.return_void);
  archive.may("unhandled_exception", value.unhandled_exception);
  archive.may("operator_new", value.operator_new);
  archive.may("operator_delete", value.operator_delete);
}

void fields(auto &archive, is<suspend_point> auto &value) {
  archive("kind", value.kind);
  archive("range", value.where);
  archive("expression", value.expression);
  archive("awaitable_type", value.awaitable_type);
  archive("awaiter_type", value.awaiter_type);
  archive("via", value.via);
  archive.may("await_ready", value.await_ready);
  archive.may("await_suspend", value.await_suspend);
  archive.may("await_resume", value.await_resume);
  archive("await_suspend_returns", value.returns);
}

void fields(auto &archive, is<why> auto &value) { archive("suspend_point", value.across); }

void fields(auto &archive, is<resident> auto &value) {
  archive("name", value.name);
  archive.may("type", value.type);
  archive.may("range", value.where);
  archive.may("members", value.members);
  archive.may("why", value.reasons);
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
}

void fields(auto &archive, is<lowered_function> auto &value) {
  archive("kind", value.kind);
  archive("symbol", value.symbol);
  archive.may("ir", value.ir);
}

void fields(auto &archive, is<level_lowering> auto &value) {
  archive("level", value.level);
  archive("symbol", value.symbol);
  archive.may("frame", value.frame);
  archive("layout_hash", value.layout_hash);
  archive("resume_index", value.points);
  archive("functions", value.functions);
  archive("problems", value.problems);
}

void fields(auto &archive, is<coroutine> auto &value) {
  archive("unit", value.unit);
  archive("name", value.name);
  archive("mangled", value.mangled);
  archive("range", value.where);
  archive.may("template_args", value.template_args);
  archive("return_type", value.return_type);
  archive("promise", value.promise);
  archive.numbered("suspend_points", value.suspend_points);
  archive("lowerings", value.lowerings);
}

void fields(auto &archive, is<traced_point> auto &value) {
  archive("ordinal", value.ordinal);
  archive("rank", value.rank);
  archive("kind", value.kind);
  archive.may("position", value.where);
  archive.may("suspend_point", value.point);
}

void fields(auto &archive, is<traced_coroutine> auto &value) {
  archive("mangled", value.mangled);
  archive("name", value.name);
  archive("file", value.file);
  archive("line", value.line);
  archive("frame_size", value.frame_size);
  archive("layout_hash", value.layout_hash);
  archive.may("coroutine", value.joined);
  archive("points", value.points);
}

void fields(auto &archive, is<traced_frame> auto &value) {
  archive.may("coroutine", value.coroutine);
  archive.address("address", value.address);
}

void fields(auto &archive, is<traced_run> auto &value) {
  archive("command", value.command);
  archive.may("level", value.level);
  archive.may("exit_code", value.exit_code);
  archive.may("signal", value.signal);
  archive("complete", value.complete);
  archive("lost_events", value.lost_events);
  archive("threads", value.threads);
  archive("coroutines", value.coroutines);
  archive("frames", value.frames);
  archive("events", value.events);
  archive("problems", value.problems);
}

void fields(auto &archive, is<report> auto &value) {
  archive("tool", value.tool);
  archive("files", value.files);
  archive("units", value.units);
  archive.numbered("coroutines", value.coroutines);
  archive.may("trace", value.trace);
}

} // namespace coroscope::render
