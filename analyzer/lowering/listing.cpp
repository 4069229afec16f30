// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/listing.h"

#include "lowering/place.h"

#include <llvm/Demangle/Demangle.h>
#include <llvm/IR/AssemblyAnnotationWriter.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/Instructions.h>
#include <llvm/Support/FormattedStream.h>

#include <map>
#include <set>
#include <string_view>

namespace coroscope::lowering {
namespace {

/// Starts the line before an instruction; no IR has it.
constexpr char mark = '\1';

/// Puts a line in front of each instruction, by which its place is found in the text.
class instruction_marker : public llvm::AssemblyAnnotationWriter {
public:
  void emitInstructionAnnot(const llvm::Instruction *instruction, llvm::formatted_raw_ostream &out) override {
    out << mark << '\n';
    instructions.push_back(instruction);
  }
  std::vector<const llvm::Instruction *> instructions;
};

bool is_word(char letter) { return llvm::isAlnum(letter) || letter == '_' || letter == '.' || letter == '$'; }

/// Cuts what `!name !7` and `#3` at the end of a line say.
void cut_attachments(std::string &line) {
  std::string tail;
  if (line.ends_with(" {")) {
    tail = " {";
    line.resize(line.size() - 2);
  }
  for (;;) {
    const std::size_t space = line.find_last_of(' ');
    if (space == std::string::npos || space + 1 >= line.size() || space == 0)
      break;
    const std::string_view last = std::string_view(line).substr(space + 1);
    const bool is_group = last[0] == '#' && last.size() > 1 && llvm::isDigit(last[1]);
    const std::size_t before = line.find_last_of(' ', space - 1);
    const bool is_attachment = last[0] == '!' && last.size() > 1 && llvm::isDigit(last[1]) &&
                               before != std::string::npos && line[before + 1] == '!';
    if (!is_group && !is_attachment)
      break;
    line.resize(is_group ? space : before);
    if (line.ends_with(','))
      line.pop_back();
  }
  line += tail;
  // The head of a function has its group in the middle.
  if (const std::size_t group = line.starts_with("define ") ? line.rfind(") #") : std::string::npos;
      group != std::string::npos)
    line.erase(group + 1, line.find(' ', group + 3) - group - 1);
}

bool is_noise(std::string_view line) {
  const std::size_t first = line.find_first_not_of(' ');
  return first == std::string_view::npos || line.substr(first).starts_with("#dbg_") ||
         line.starts_with("; Function Attrs:");
}

using symbol_names = std::map<std::string, std::string, std::less<>>;

/// The next mangled name from `at` on: where it begins and ends.
std::pair<std::size_t, std::size_t> next_symbol(std::string_view text, std::size_t at) {
  for (std::size_t begin = text.find("_Z", at); begin != std::string_view::npos; begin = text.find("_Z", begin + 2)) {
    if (begin > 0 && is_word(text[begin - 1]))
      continue;
    std::size_t end = begin;
    while (end < text.size() && is_word(text[end]))
      ++end;
    return {begin, end};
  }
  return {std::string_view::npos, std::string_view::npos};
}

symbol_names names_in(std::string_view text) {
  symbol_names names;
  std::map<std::string, std::set<std::string>> by_name;
  for (auto [begin, end] = next_symbol(text, 0); begin != std::string_view::npos;
       std::tie(begin, end) = next_symbol(text, end)) {
    const std::string symbol(text.substr(begin, end - begin));
    if (names.contains(symbol))
      continue;
    const std::string name = llvm::demangle(symbol);
    names[symbol] = name;
    by_name[name].insert(symbol);
  }
  for (const auto &[name, symbols] : by_name)
    if (symbols.size() > 1)
      for (const std::string &symbol : symbols)
        names[symbol] = symbol;
  return names;
}

} // namespace

std::string demangled_text(const std::string &text, const std::string &quote) {
  const symbol_names names = names_in(text);
  std::string result;
  std::size_t done = 0;
  for (auto [begin, end] = next_symbol(text, 0); begin != std::string::npos;
       std::tie(begin, end) = next_symbol(text, end)) {
    const std::string symbol = text.substr(begin, end - begin);
    const std::string &name = names.at(symbol);
    result.append(text, done, begin - done);
    result += name == symbol ? symbol : quote + name + quote;
    done = end;
  }
  return result.append(text, done);
}

const llvm::DILocation *own_location(const llvm::DILocation *location, const llvm::DISubprogram &function) {
  const llvm::DIFile *own = function.getFile();
  for (; location; location = location->getInlinedAt()) {
    const llvm::DIFile *file = location->getFile();
    if (location->getLine() != 0 && (file == own || path_of(file) == path_of(own)))
      return location;
  }
  return nullptr;
}

lowered_listing ir_listing(const llvm::Function &function) {
  std::string text;
  instruction_marker marker;
  {
    llvm::raw_string_ostream stream(text);
    function.print(stream, &marker);
  }
  lowered_listing listing;
  const llvm::DISubprogram *subprogram = function.getSubprogram();
  const std::string file = subprogram ? path_of(subprogram->getFile()) : "";
  std::uint32_t number = 0;
  std::size_t marked = 0;
  const llvm::Instruction *instruction = nullptr;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    std::string line = text.substr(at, end - at);
    at = end + 1;
    // A line that another one goes on from, as those of a switch, belongs to the same instruction.
    if (line.starts_with(mark)) {
      instruction = marker.instructions[marked++];
      continue;
    }
    if (is_noise(line))
      continue;
    cut_attachments(line);
    const bool is_label = !line.starts_with(' ');
    if (instruction && subprogram && !is_label)
      if (const llvm::DILocation *place = own_location(instruction->getDebugLoc(), *subprogram))
        listing.places.emplace_back(number, lowering::place{file, {place->getLine(), place->getColumn()}});
    listing.text += line + "\n";
    ++number;
  }
  listing.text = demangled_text(listing.text, "\"");
  return listing;
}

} // namespace coroscope::lowering
