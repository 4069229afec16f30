// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "instrument/table_json.h"

#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

namespace coroscope::instrument {
namespace {

const char *name_of(suspend_kind kind) {
  switch (kind) {
  case suspend_kind::initial:
    return "initial";
  case suspend_kind::await:
    return "await";
  case suspend_kind::yield:
    return "yield";
  case suspend_kind::final:
    return "final";
  }
  return "";
}

const char *name_of(field_kind kind) {
  switch (kind) {
  case field_kind::resume_fn:
    return "resume_fn";
  case field_kind::destroy_fn:
    return "destroy_fn";
  case field_kind::promise:
    return "promise";
  case field_kind::resume_index:
    return "resume_index";
  case field_kind::param_copy:
    return "param_copy";
  case field_kind::local:
    return "local";
  case field_kind::awaiter:
    return "awaiter";
  case field_kind::temporary:
    return "temporary";
  case field_kind::spill:
    return "spill";
  case field_kind::shared:
    return "shared";
  case field_kind::padding:
    return "padding";
  case field_kind::unknown:
    return "unknown";
  }
  return "";
}

void write_text(llvm::json::OStream &out, llvm::StringRef name, llvm::StringRef text) {
  out.attribute(name, llvm::json::fixUTF8(text));
}

void write_member(llvm::json::OStream &out, const lowering::lowered_shape_member &member) {
  out.object([&] {
    write_text(out, "name", member.name);
    out.attribute("offset", member.offset);
    out.attribute("shape", member.shape);
    if (member.bit_size == 0)
      return;
    out.attribute("bit_offset", member.bit_offset);
    out.attribute("bit_size", member.bit_size);
  });
}

void write_shape(llvm::json::OStream &out, const lowering::lowered_shape &shape) {
  out.object([&] {
    out.attribute("kind", llvm::StringRef(trace::word_of(shape.kind)));
    write_text(out, "name", shape.name);
    out.attribute("size", shape.size);
    if (shape.element)
      out.attribute("element", *shape.element);
    if (shape.count != 0)
      out.attribute("count", shape.count);
    if (!shape.members.empty())
      out.attributeArray("members", [&] {
        for (const lowering::lowered_shape_member &member : shape.members)
          write_member(out, member);
      });
    if (!shape.enumerators.empty())
      out.attributeArray("enumerators", [&] {
        for (const auto &[value, name] : shape.enumerators)
          out.object([&] {
            out.attribute("value", value);
            write_text(out, "name", name);
          });
      });
  });
}

void write_field(llvm::json::OStream &out, const lowering::lowered_field &field) {
  out.object([&] {
    out.attribute("offset", field.offset);
    out.attribute("size", field.size);
    out.attribute("kind", name_of(field.kind));
    out.attributeArray("residents", [&] {
      for (const lowering::lowered_resident &resident : field.residents)
        out.object([&] {
          write_text(out, "name", resident.name);
          write_text(out, "type", resident.type);
          if (!resident.shape)
            return;
          out.attribute("shape", *resident.shape);
          out.attributeArray("alive", [&] {
            for (const unsigned ordinal : alive_at(field, resident))
              out.value(ordinal);
          });
        });
    });
  });
}

void write_point(llvm::json::OStream &out, const lowering::lowered_suspend &point) {
  out.object([&] {
    out.attribute("ordinal", point.ordinal);
    out.attribute("rank", point.rank);
    out.attribute("kind", name_of(point.kind));
    if (!point.where)
      return;
    write_text(out, "file", point.where->file);
    out.attribute("line", point.where->where.line);
    out.attribute("column", point.where->where.column);
  });
}

void write_coroutine(llvm::json::OStream &out, const table_entry &entry) {
  const lowering::lowered_coroutine &lowered = entry.lowered;
  out.object([&] {
    write_text(out, "mangled", lowered.symbol);
    write_text(out, "name", entry.name);
    write_text(out, "file", entry.file);
    if (entry.line)
      out.attribute("line", *entry.line);
    out.attribute("frame_size", lowered.size);
    out.attribute("frame_align", lowered.align);
    out.attribute("layout_hash", lowering::layout_hash(lowered));
    out.attributeArray("fields", [&] {
      for (const lowering::lowered_field &field : lowered.fields)
        write_field(out, field);
    });
    out.attributeArray("points", [&] {
      for (const lowering::lowered_suspend &point : lowered.suspends)
        write_point(out, point);
    });
    out.attributeArray("shapes", [&] {
      for (const lowering::lowered_shape &shape : lowered.shapes)
        write_shape(out, shape);
    });
  });
}

} // namespace

std::set<unsigned> alive_at(const lowering::lowered_field &field, const lowering::lowered_resident &resident) {
  std::set<unsigned> ordinals;
  for (const lowering::lowered_why &why : resident.reasons)
    if (why.definition || field.kind == field_kind::promise)
      ordinals.insert(why.across.begin(), why.across.end());
  return ordinals;
}

std::string table_json(const table_heading &heading, const std::vector<std::optional<table_entry>> &entries) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream out(stream);
  out.object([&] {
    write_text(out, "unit", heading.unit);
    write_text(out, "compiler", heading.compiler);
    write_text(out, "level", heading.level);
    out.attributeArray("coroutines", [&] {
      for (const std::optional<table_entry> &entry : entries) {
        if (entry)
          write_coroutine(out, *entry);
        else
          out.value(nullptr);
      }
    });
  });
  return text;
}

} // namespace coroscope::instrument
