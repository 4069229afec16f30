// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/assembly.h"

#include "lowering/listing.h"
#include "lowering/place.h"

#include <llvm/IR/DebugInfo.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/InstIterator.h>
#include <llvm/IR/Module.h>

#include <array>
#include <charconv>
#include <map>
#include <set>
#include <sstream>

namespace coroscope::lowering {
namespace {

std::array<lowered_code *, 4> codes_of(lowered_coroutine &coroutine) {
  return {&coroutine.ramp, &coroutine.resume, &coroutine.destroy, &coroutine.cleanup};
}

/// Inlined code gets the place of its call in the coroutine's file, which the text could not tell.
void flatten_places(llvm::Function &function) {
  llvm::DISubprogram *subprogram = function.getSubprogram();
  for (llvm::Instruction &instruction : llvm::instructions(function)) {
    instruction.dropDbgRecords();
    const llvm::DebugLoc &location = instruction.getDebugLoc();
    if (!location || !subprogram)
      continue;
    const llvm::DILocation *own = own_location(location, *subprogram);
    instruction.setDebugLoc(
        llvm::DILocation::get(function.getContext(), own ? own->getLine() : 0, own ? own->getColumn() : 0, subprogram));
  }
}

void drop_body(llvm::Function &function) {
  function.deleteBody();
  function.setComdat(nullptr);
}

/// An alias may not stand for a function without a body.
void drop_aliases(llvm::Module &module) {
  for (llvm::GlobalAlias &alias : llvm::make_early_inc_range(module.aliases()))
    if (const llvm::GlobalObject *object = alias.getAliaseeObject(); !object || object->isDeclaration()) {
      alias.replaceAllUsesWith(alias.getAliasee());
      alias.eraseFromParent();
    }
}

std::string_view trimmed(std::string_view line) {
  while (!line.empty() && (line.front() == '\t' || line.front() == ' '))
    line.remove_prefix(1);
  while (!line.empty() && (line.back() == '\t' || line.back() == ' '))
    line.remove_suffix(1);
  return line;
}

std::string unquoted(std::string_view name) {
  if (name.starts_with('"') && name.ends_with('"') && name.size() > 1)
    name = name.substr(1, name.size() - 2);
  return std::string(name);
}

/// With spaces where the text has tabs.
std::string tidied(std::string_view line) {
  std::string text;
  for (const char letter : trimmed(line))
    text += letter == '\t' ? ' ' : letter;
  return text;
}

/// The unsigned number that `text` starts with.
std::optional<std::uint64_t> number_in(std::string_view text) {
  std::uint64_t value = 0;
  const bool is_hexadecimal = text.starts_with("0x");
  if (is_hexadecimal)
    text.remove_prefix(2);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, is_hexadecimal ? 16 : 10);
  return error == std::errc() ? std::optional(value) : std::nullopt;
}

class assembly_reader {
public:
  explicit assembly_reader(std::vector<lowered_coroutine> &coroutines) {
    for (lowered_coroutine &coroutine : coroutines)
      for (lowered_code *code : codes_of(coroutine))
        if (!code->symbol.empty())
          codes_[code->symbol] = code;
  }

  void read(const std::string &text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
      read_line(line);
    for (const auto &[symbol, code] : codes_)
      if (code->assembly)
        code->assembly->text = demangled_text(code->assembly->text, "");
  }

private:
  void read_line(const std::string &line) {
    const std::string_view words = trimmed(line);
    if (words.empty())
      return;
    const bool is_label = line.front() != '\t' && line.front() != ' ' && words.contains(':');
    if (words.starts_with('.') && !is_label)
      return directive(words);
    if (!is_label) {
      if (current_)
        add("  " + tidied(words));
      return;
    }
    const std::string name = unquoted(words.substr(0, words.find(':')));
    if (const auto code = codes_.find(name); code != codes_.end() && !code->second->assembly) {
      current_ = code->second;
      current_->assembly.emplace();
      place_.reset();
      line_ = 0;
      add(name + ":");
    } else if (name.starts_with(".Lfunc_end")) {
      current_ = nullptr;
    } else if (name.starts_with(".Lfunc_begin")) {
      if (current_)
        by_begin_[name] = current_;
    } else if (current_ && name.starts_with(".LBB")) {
      add(name + ":");
    }
  }

  void directive(std::string_view words) {
    if (words.starts_with(".section"))
      in_stack_sizes_ = words.contains(".stack_sizes");
    else if (words.starts_with(".text") || words.starts_with(".data"))
      in_stack_sizes_ = false;
    if (in_stack_sizes_)
      return stack_size(words);
    if (words.starts_with(".file"))
      file(words);
    else if (words.starts_with(".loc") && current_)
      place_ = location(words.substr(5));
  }

  /// ".file 1 "directory" "name" md5 …"; number 0 is the unit's own.
  void file(std::string_view words) {
    std::istringstream stream{std::string(words.substr(5))};
    unsigned number = 0;
    if (!(stream >> number))
      return;
    std::vector<std::string> parts;
    for (std::size_t open = words.find('"'); open != std::string_view::npos;) {
      const std::size_t close = words.find('"', open + 1);
      if (close == std::string_view::npos)
        break;
      parts.emplace_back(words.substr(open + 1, close - open - 1));
      open = words.find('"', close + 1);
    }
    if (parts.empty())
      return;
    if (number == 0 && parts.size() > 1)
      directory_ = parts[0];
    std::string path = parts.back();
    if (!path.starts_with('/') && parts.size() > 1)
      path = parts[0] + "/" + path;
    files_[number] = path.starts_with('/') ? path : directory_ + "/" + path;
  }

  /// ".quad .Lfunc_begin0", then ".byte 24" or ".ascii "\210\001"".
  void stack_size(std::string_view words) {
    const std::size_t at = words.find_first_of(" \t");
    const std::string_view value = at == std::string_view::npos ? "" : trimmed(words.substr(at));
    if (value.starts_with(".Lfunc_begin")) {
      const auto code = by_begin_.find(std::string(value));
      sized_ = code == by_begin_.end() ? nullptr : code->second;
    } else if (sized_ && !words.starts_with(".section")) {
      sized_->stack_size = words.starts_with(".ascii") ? encoded(value) : number_in(value);
      sized_ = nullptr;
    }
  }

  /// ULEB128 in octal escapes and letters between quotes.
  static std::optional<std::uint64_t> encoded(std::string_view text) {
    std::uint64_t value = 0;
    unsigned shift = 0;
    for (std::size_t i = 1; i + 1 < text.size(); ++i) {
      unsigned byte = static_cast<unsigned char>(text[i]);
      if (byte == '\\' && i + 3 < text.size() && llvm::isDigit(text[i + 1])) {
        byte = 64u * static_cast<unsigned>(text[i + 1] - '0') + 8u * static_cast<unsigned>(text[i + 2] - '0') +
               static_cast<unsigned>(text[i + 3] - '0');
        i += 3;
      } else if (byte == '\\') {
        const char letter = text[++i];
        byte = letter == 'n'   ? '\n'
               : letter == 't' ? '\t'
               : letter == 'b' ? '\b'
               : letter == 'f' ? '\f'
               : letter == 'r' ? '\r'
                               : static_cast<unsigned char>(letter);
      }
      value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      shift += 7;
    }
    return value;
  }

  /// "1 12 5 prologue_end": file, line, column.
  [[nodiscard]] std::optional<place> location(std::string_view words) const {
    std::istringstream stream{std::string(words)};
    unsigned number = 0;
    position where;
    if (!(stream >> number >> where.line >> where.column) || where.line == 0)
      return std::nullopt;
    const auto file = files_.find(number);
    return file == files_.end() ? std::nullopt : std::optional(place{file->second, where});
  }

  void add(const std::string &line) {
    if (place_ && line.starts_with(' '))
      current_->assembly->places.emplace_back(line_, *place_);
    current_->assembly->text += line + "\n";
    ++line_;
  }

  std::map<std::string, lowered_code *, std::less<>> codes_;
  std::map<std::string, lowered_code *, std::less<>> by_begin_;
  lowered_code *current_ = nullptr;
  lowered_code *sized_ = nullptr;
  std::map<unsigned, std::string> files_;
  std::string directory_;
  std::optional<place> place_;
  std::uint32_t line_ = 0;
  bool in_stack_sizes_ = false;
};

} // namespace

bool keep_coroutines(llvm::Module &module, const std::vector<lowered_coroutine> &coroutines) {
  std::set<llvm::StringRef> kept;
  for (const lowered_coroutine &coroutine : coroutines)
    for (const lowered_code *code : {&coroutine.ramp, &coroutine.resume, &coroutine.destroy, &coroutine.cleanup})
      kept.insert(code->symbol);
  bool any = false;
  for (llvm::Function &function : module) {
    if (function.isDeclaration())
      continue;
    if (!kept.contains(function.getName())) {
      drop_body(function);
      continue;
    }
    // What only others may keep is made here all the same.
    if (function.hasAvailableExternallyLinkage())
      function.setLinkage(llvm::GlobalValue::ExternalLinkage);
    flatten_places(function);
    any = true;
  }
  drop_aliases(module);
  llvm::stripNonLineTableDebugInfo(module);
  return any;
}

void read_assembly(const std::string &text, std::vector<lowered_coroutine> &coroutines) {
  assembly_reader(coroutines).read(text);
}

} // namespace coroscope::lowering
