// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What a value is that is no variable: which expression over the source's variables it stems from.
//
//   %add = add i32 %n, 1               -> "n + 1"
//   %6 = load i32, ptr %count          -> "value of count"
//   %call = call @f(…)                 -> "result of f"
//   %p = getelementptr i32, ptr %v, %i -> "address of v[i]"
#pragma once

#include <llvm/ADT/SmallPtrSet.h>
#include <llvm/ADT/StringMap.h>

#include <string>

namespace llvm {
class DILocalVariable;
class DbgVariableRecord;
class Function;
class Instruction;
class PHINode;
class Value;
} // namespace llvm

namespace coroscope::lowering {

/// Of the function with this symbol: "_ZNKSt6vectorIiSaIiEE4sizeEv" -> "size".
std::string plain_name(const std::string &symbol);

/// Symbol of the coroutine whose frame a variable `__coro_frame` is.
std::string frame_owner(const llvm::DILocalVariable &frame);

class meanings {
public:
  /// A temporary that has no name, and by which words it was spoken of.
  struct temporary {
    std::string slot; ///< LLVM's name
    std::string words;
  };

  explicit meanings(llvm::Function &function);

  /// As a noun: "value of n", "n + 1", "address of v[i]", "result of f". Empty where nothing is known.
  std::string operator()(llvm::Value &value);

  /// The object at an address, as an expression: "v[i]", "p->x", "*this". Empty where nothing is known.
  std::string object_at(llvm::Value &address);

  /// The last temporary that the words given since the last noun speak of; empty for none.
  [[nodiscard]] const temporary &about() const { return about_; }

  /// A record of the variable that a pass made `value` of, as its name says where it joins the variable's values; null
  /// where several variables have the name and none of the joined values tells which.
  [[nodiscard]] const llvm::DbgVariableRecord *joined_variable(llvm::Value &value) const;

  /// The coroutine's parameter of this name; null for none.
  [[nodiscard]] const llvm::DILocalVariable *parameter(llvm::StringRef name) const;

private:
  std::string expression(llvm::Value &value);
  std::string expression_of(llvm::Instruction &instruction);
  std::string offset_object(llvm::Value &base, llvm::Value *index, std::uint64_t offset);
  std::string of_phi(llvm::PHINode &phi);
  std::string counter(llvm::PHINode &phi);
  std::string by_name(const llvm::Value &value) const;
  std::string by_use(llvm::Value &value);

  /// A record of each variable by its name, after which a pass names what it makes; null where several have it.
  llvm::StringMap<const llvm::DbgVariableRecord *> variables_;
  llvm::StringMap<const llvm::DILocalVariable *> parameters_; ///< of the coroutine itself
  llvm::SmallPtrSet<const llvm::Value *, 8> active_;          ///< what is being described
  temporary about_;
};

} // namespace coroscope::lowering
