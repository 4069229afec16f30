// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/witness_words.h"

#include "lowering/place.h"

#include <llvm/ADT/SetVector.h>
#include <llvm/Demangle/Demangle.h>
#include <llvm/IR/DebugInfoMetadata.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/Transforms/Coroutines/CoroInstr.h>

#include <cstdlib>

namespace coroscope::lowering {
namespace {

constexpr std::size_t longest_parameters = 48;

/// A function as a reader would call it.
struct spoken_function {
  std::string name = "a function"; ///< without scopes and template arguments
  std::string parameters;          ///< "(int&)"; "(…)" where they are long; empty where unknown
  std::size_t count = 0;           ///< of the parameters
};

std::string take(char *text) {
  std::string result = text ? text : "";
  std::free(text);
  return result;
}

std::size_t count_parameters(const std::string &parameters) {
  if (parameters == "()" || parameters == "(void)" || parameters.empty())
    return 0;
  std::size_t depth = 0;
  std::size_t count = 1;
  for (const char letter : parameters) {
    if (letter == '(' || letter == '<' || letter == '[' || letter == '{')
      ++depth;
    else if (letter == ')' || letter == '>' || letter == ']' || letter == '}')
      --depth;
    else if (letter == ',' && depth == 1)
      ++count;
  }
  return count;
}

spoken_function spoken(const llvm::Function *function) {
  if (!function)
    return {};
  const std::string symbol = function->getName().str();
  spoken_function result{.name = symbol};
  llvm::ItaniumPartialDemangler parts; // points into `symbol`
  if (parts.partialDemangle(symbol.c_str()) || !parts.isFunction())
    return result;
  result.name = take(parts.getFunctionBaseName(nullptr, nullptr));
  result.parameters = take(parts.getFunctionParameters(nullptr, nullptr));
  result.count = count_parameters(result.parameters);
  if (result.parameters.size() > longest_parameters)
    result.parameters = "(…)";
  return result;
}

bool is_destructor(const std::string &function) { return function.starts_with("~"); }

/// The function whose inlined code the instruction is: the one that the coroutine itself called.
const llvm::DISubprogram *inlined_function(const llvm::Instruction &instruction) {
  const llvm::DISubprogram *function = nullptr;
  const llvm::DILocation *location = instruction.getDebugLoc().get();
  for (; location && location->getInlinedAt(); location = location->getInlinedAt())
    function = location->getScope()->getSubprogram();
  return function;
}

/// The call that `value` is loaded for, where it is for nothing else: "read(n)" says more than "n is read".
const llvm::Use *passed_on(const value_event &event) {
  const llvm::Instruction &load = *event.at;
  if (!llvm::isa<llvm::LoadInst>(load) || !load.hasOneUse() || !event.is_itself ||
      !llvm::isa<llvm::AllocaInst>(event.through->get()))
    return nullptr;
  const llvm::Use &use = *load.use_begin();
  const auto *call = llvm::dyn_cast<llvm::CallBase>(use.getUser());
  return call && !llvm::isa<llvm::IntrinsicInst>(call) && call->isArgOperand(&use) && call->getDebugLoc() &&
                 !call->getDebugLoc().getInlinedAt()
             ? &use
             : nullptr;
}

/// "read(n) is called", "read(…) is called with n", "name.data() is called"
std::string call_words(const llvm::CallBase &call, const llvm::Use &use, const std::string &name) {
  if (llvm::isa<llvm::CoroAwaitSuspendInst>(call))
    return "await_suspend() is called";
  const spoken_function callee = spoken(call.getCalledFunction());
  if (is_destructor(callee.name))
    return callee.name + "() runs";
  if (!call.isArgOperand(&use))
    return name + " is called";
  if (!call.getCalledFunction())
    return "a function is called with " + name;
  const bool has_result = call.arg_size() > 0 && call.paramHasAttr(0, llvm::Attribute::StructRet);
  const std::size_t first = has_result ? 1 : 0;
  const std::size_t count = call.arg_size() - first;
  const std::size_t position = call.getArgOperandNo(&use);
  // A class in two registers is one parameter too; `this` is never null.
  const bool is_member = callee.count + 1 == count && !callee.parameters.empty() &&
                         call.paramHasAttr(static_cast<unsigned>(first), llvm::Attribute::NonNull);
  if (is_member && position == first)
    return (name == "it" ? "" : name + ".") + callee.name + (callee.count ? "(…)" : "()") + " is called";
  if (count == 1 && name != "it")
    return callee.name + "(" + name + ") is called";
  return callee.name + "(…) is called with " + name;
}

/// The nearest place of what the phi joins (`forwards` false) or of what reads what it gives, through other phis.
std::optional<place> place_beyond(const llvm::PHINode &phi, bool forwards) {
  constexpr std::size_t most = 64;
  llvm::SmallSetVector<const llvm::PHINode *, 8> phis;
  phis.insert(&phi);
  for (std::size_t i = 0; i < phis.size() && i < most; ++i) {
    llvm::SmallVector<const llvm::Value *, 8> next;
    if (forwards)
      next.append(phis[i]->user_begin(), phis[i]->user_end());
    else
      next.append(phis[i]->op_begin(), phis[i]->op_end());
    for (const llvm::Value *value : next) {
      if (const auto *other = llvm::dyn_cast<llvm::PHINode>(value))
        phis.insert(other);
      else if (const auto *instruction = llvm::dyn_cast<llvm::Instruction>(value))
        if (const std::optional<place> where = own_place_of(instruction->getDebugLoc()))
          return where;
    }
  }
  return std::nullopt;
}

/// A phi has no place of its own, or that of a jump: what it joins has one, or what reads it.
std::optional<place> place_of(const value_event &event, bool looks_beyond = true) {
  if (!event.at)
    return std::nullopt;
  const auto *phi = llvm::dyn_cast<llvm::PHINode>(event.at);
  std::optional<place> own = own_place_of(event.at->getDebugLoc());
  if (!phi || !looks_beyond || (own && !event.is_on_edge))
    return own;
  const std::optional<place> beyond = place_beyond(*phi, event.is_on_edge);
  return beyond ? beyond : own;
}

/// Debug info has template arguments in the name: "make<int>" is "make".
std::string plain_name(const llvm::DISubprogram &function) {
  const std::string name = function.getName().str();
  const std::size_t from = name.starts_with("operator") ? name.find_first_not_of("<=>", 8) : 0;
  return name.substr(0, name.find('<', from));
}

std::string inlined_words(const llvm::DISubprogram &function, const char *does, const std::string &name) {
  const std::string called = plain_name(function);
  return is_destructor(called) ? called + "() runs" : called + "() " + does + " " + name;
}

std::string definition_words(const value_event &event, const std::string &name) {
  if (event.what == effect::begins)
    return "the life of " + name + " begins";
  if (const llvm::DISubprogram *function = inlined_function(*event.at))
    return inlined_words(*function, "sets", name);
  // Clang clears its flags in front of a condition without a place.
  if (const auto *store = llvm::dyn_cast<llvm::StoreInst>(event.at);
      store && !store->getDebugLoc() && llvm::isa<llvm::ConstantInt>(store->getValueOperand()) && name == "it")
    return "it is cleared beforehand";
  const auto *call = llvm::dyn_cast<llvm::CallBase>(event.at);
  if (!call || llvm::isa<llvm::IntrinsicInst>(call))
    return name == "it" && !event.through ? "it is computed" : name + " is set";
  const spoken_function callee = spoken(call->getCalledFunction());
  if (!event.through || call->paramHasAttr(call->getArgOperandNo(event.through), llvm::Attribute::StructRet))
    return callee.name + (callee.parameters.empty() || callee.count ? "(…)" : "()") + " returns " + name;
  return event.what == effect::sets ? "the constructor of " + name + " runs" : call_words(*call, *event.through, name);
}

} // namespace

std::optional<place> own_place_of(const llvm::DebugLoc &location) {
  const llvm::DILocation *own = location.get();
  while (own && own->getInlinedAt())
    own = own->getInlinedAt();
  return lowering::place_of(llvm::DebugLoc(own));
}

lowered_witness witness_of_definition(const value_event &event, const std::string &name) {
  return {definition_words(event, name), place_of(event)};
}

lowered_witness witness_of_use(const value_event &event, const std::string &name, bool looks_beyond) {
  const std::optional<place> where = place_of(event, looks_beyond);
  if (event.what == effect::ends)
    return {"the scope of " + name + " ends", where};
  if (event.what == effect::changes)
    return {name + " is changed", where};
  if (const llvm::DISubprogram *function = inlined_function(*event.at))
    return {inlined_words(*function, event.what == effect::destroys ? "destroys" : "uses", name), where};
  if (const auto *call = llvm::dyn_cast<llvm::CallBase>(event.at);
      call && event.through && (!llvm::isa<llvm::IntrinsicInst>(call) || llvm::isa<llvm::CoroAwaitSuspendInst>(call)))
    if (event.is_itself || event.what != effect::reads)
      return {call_words(*call, *event.through, event.is_itself || name == "it" ? name : "a part of " + name), where};
  if (const llvm::Use *use = passed_on(event))
    return {call_words(llvm::cast<llvm::CallBase>(*use->getUser()), *use, name), where};
  if (llvm::isa<llvm::ReturnInst>(event.at))
    return {name + " is returned", where};
  return {name + " is read", where};
}

bool is_of_constructor(const llvm::Instruction &instruction) {
  const llvm::DISubprogram *function = inlined_function(instruction);
  const llvm::DISubprogram *declared = function && function->getDeclaration() ? function->getDeclaration() : function;
  const auto *scope = declared ? llvm::dyn_cast_if_present<llvm::DICompositeType>(declared->getScope()) : nullptr;
  return scope && plain_name(*function) == scope->getName().split('<').first;
}

lowered_witness witness_of_escape(const value_event &event, const std::string &name) {
  const std::optional<place> where = place_of(event);
  const std::string address = name == "it" ? "its address" : "the address of " + name;
  if (const auto *call = llvm::dyn_cast<llvm::CallBase>(event.at)) {
    const spoken_function callee = spoken(call->getCalledFunction());
    return {address + " goes to " + callee.name + callee.parameters, where};
  }
  return {address + (llvm::isa<llvm::StoreInst>(event.at) ? " is stored" : " is passed on"), where};
}

} // namespace coroscope::lowering
