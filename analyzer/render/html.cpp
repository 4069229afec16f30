// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//   report --json--> deflate --> base64 --\
//   report --tables--> HTML ---------------+--> the places of web/dist/report.html
#include "render/html.h"

#include "model/point_label.h"
#include "render/json.h"
#include "render/page_template.h"
#include "render/words.h"

#include <zlib.h>

#include <stdexcept>

namespace coroscope::render {
namespace {

std::string deflated(const std::string &text) {
  uLongf size = compressBound(text.size());
  std::string bytes(size, '\0');
  const int status = compress2(reinterpret_cast<Bytef *>(bytes.data()), &size,
                               reinterpret_cast<const Bytef *>(text.data()), text.size(), Z_BEST_COMPRESSION);
  if (status != Z_OK)
    throw std::runtime_error("the report cannot be compressed: out of memory");
  bytes.resize(size);
  return bytes;
}

/// RFC 4648, section 4.
std::string base64(const std::string &bytes) {
  constexpr const char *alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  const auto byte = [&](std::size_t i) { return i < bytes.size() ? static_cast<unsigned char>(bytes[i]) : 0u; };
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const unsigned group = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    text += alphabet[group >> 18];
    text += alphabet[group >> 12 & 63];
    text += i + 1 < bytes.size() ? alphabet[group >> 6 & 63] : '=';
    text += i + 2 < bytes.size() ? alphabet[group & 63] : '=';
  }
  return text;
}

std::string escaped(const std::string &text) {
  std::string result;
  for (const char letter : text)
    switch (letter) {
    case '&':
      result += "&amp;";
      break;
    case '<':
      result += "&lt;";
      break;
    case '>':
      result += "&gt;";
      break;
    default:
      result += letter;
    }
  return result;
}

std::string row(std::initializer_list<std::string> cells, const char *cell = "td") {
  std::string text = "<tr>";
  for (const std::string &content : cells)
    text += std::string("<") + cell + ">" + escaped(content) + "</" + cell + ">";
  return text + "</tr>\n";
}

std::string frame_table(const level_lowering &lowering) {
  std::string text = "<h3>-" + lowering.level + "</h3>\n";
  if (!lowering.frame)
    return text + "<p>No frame.</p>\n";
  text += "<p>Frame of " + std::to_string(lowering.frame->size) + " bytes, align " +
          std::to_string(lowering.frame->align) + ".</p>\n<table>\n" +
          row({"offset", "size", "kind", "resident", "type"}, "th");
  for (const field &field : lowering.frame->fields) {
    std::string names;
    std::string types;
    for (const resident &resident : field.residents) {
      names += (names.empty() ? "" : " | ") + resident.name;
      types += (types.empty() ? "" : " | ") + resident.type.value_or("");
    }
    text +=
        row({std::to_string(field.offset), std::to_string(field.size), std::string(word(field.kind)), names, types});
  }
  return text + "</table>\n";
}

/// What a browser without scripts shows.
std::string tables(const report &report) {
  std::string text;
  for (const coroutine &coroutine : report.coroutines) {
    text += "<h2>" + escaped(coroutine.name) + "</h2>\n<table>\n" +
            row({"point", "kind", "line", "expression", "awaiter"}, "th");
    for (std::uint32_t i = 0; i < coroutine.suspend_points.size(); ++i) {
      const suspend_point &point = coroutine.suspend_points[i];
      text += row({point_label(point.kind, i), std::string(word(point.kind)), std::to_string(point.where.begin.line),
                   point.expression, point.awaiter_type});
    }
    text += "</table>\n";
    for (const level_lowering &lowering : coroutine.lowerings)
      text += frame_table(lowering);
  }
  return text.empty() ? "<p>No coroutine in these files.</p>\n" : text;
}

std::string title(const report &report) {
  std::string text;
  for (const unit &unit : report.units)
    text += (text.empty() ? "" : ", ") + unit.file;
  return escaped(text) + " · coroscope";
}

/// Puts `value` where `place` stands; the template has each place exactly once.
void put(std::string &page, std::string_view place, const std::string &value) {
  const std::size_t at = page.find(place);
  if (at == std::string::npos)
    throw std::runtime_error("the page was built without its place for " + std::string(place));
  page.replace(at, place.size(), value);
}

} // namespace

std::string html(const report &report) {
  std::string page(page_template());
  // The payload last: it is the one that could hold anything, and base64 holds no place.
  put(page, "__COROSCOPE_TITLE__", title(report));
  put(page, "__COROSCOPE_NOSCRIPT__", tables(report));
  put(page, "__COROSCOPE_REPORT__", base64(deflated(json(report, /*readable=*/false))));
  return page;
}

} // namespace coroscope::render
