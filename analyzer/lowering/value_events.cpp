// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "lowering/value_events.h"

#include <llvm/ADT/SmallPtrSet.h>
#include <llvm/Demangle/Demangle.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/InstrTypes.h>
#include <llvm/IR/Instructions.h>
#include <llvm/IR/IntrinsicInst.h>
#include <llvm/Transforms/Coroutines/CoroInstr.h>
#include <llvm/Transforms/Coroutines/MaterializationUtils.h>

namespace coroscope::lowering {
namespace {

enum class special { none, constructor, destructor };

/// Itanium's constructors and destructors have C1, C2, D0, D1 or D2 as their last name.
special special_of(const llvm::Function &function) {
  const std::string symbol = function.getName().str();
  llvm::ItaniumPartialDemangler parts;
  if (!llvm::StringRef(symbol).starts_with("_ZN") || parts.partialDemangle(symbol.c_str()) || !parts.isCtorOrDtor())
    return special::none;
  std::size_t size = 0;
  char *base = parts.getFunctionBaseName(nullptr, &size);
  const bool destroys = base && base[0] == '~';
  std::free(base);
  return destroys ? special::destructor : special::constructor;
}

/// Follows the address of a stack slot through everything that is computed from it.
class slot_reader {
public:
  explicit slot_reader(const llvm::AllocaInst &slot) : slot_(slot) {
    if (const auto size = slot.getAllocationSize(slot.getDataLayout()); size && !size->isScalable())
      size_ = size->getFixedValue();
    read(slot, /*is_start=*/true);
  }

  std::vector<value_event> events;

private:
  void read(const llvm::Value &address, bool is_start) {
    if (!seen_.insert(&address).second)
      return;
    for (const llvm::Use &use : address.uses())
      if (const auto *user = llvm::dyn_cast<llvm::Instruction>(use.getUser()))
        read(use, *user, is_start);
  }

  void add(effect what, const llvm::Use &use, bool escapes = false) {
    events.push_back({what, llvm::cast<llvm::Instruction>(use.getUser()), &use, false, use.get() == &slot_, escapes});
  }

  [[nodiscard]] bool is_all(bool is_start, std::uint64_t size) const { return is_start && size >= size_ && size_ != 0; }

  void read(const llvm::Use &use, const llvm::Instruction &user, bool is_start) {
    if (llvm::isa<llvm::LoadInst, llvm::AtomicRMWInst, llvm::AtomicCmpXchgInst>(user))
      return add(effect::reads, use);
    if (const auto *store = llvm::dyn_cast<llvm::StoreInst>(&user)) {
      if (use.get() == store->getValueOperand())
        return add(effect::calls, use, /*escapes=*/true);
      const std::uint64_t size = slot_.getDataLayout().getTypeStoreSize(store->getValueOperand()->getType());
      return add(is_all(is_start, size) ? effect::sets : effect::changes, use);
    }
    if (const auto *call = llvm::dyn_cast<llvm::CallBase>(&user))
      return read_call(use, *call, is_start);
    if (const auto *part = llvm::dyn_cast<llvm::GetElementPtrInst>(&user))
      return read(user, is_start && part->hasAllZeroIndices());
    if (llvm::isa<llvm::PHINode, llvm::SelectInst, llvm::AddrSpaceCastInst, llvm::FreezeInst>(user))
      return read(user, false);
    if (!llvm::isa<llvm::CmpInst>(user))
      add(effect::calls, use, /*escapes=*/true);
  }

  void read_call(const llvm::Use &use, const llvm::CallBase &call, bool is_start) {
    if (const auto *copy = llvm::dyn_cast<llvm::MemIntrinsic>(&call)) {
      if (use.getOperandNo() != 0)
        return add(effect::reads, use);
      const auto *length = llvm::dyn_cast<llvm::ConstantInt>(copy->getLength());
      return add(length && is_all(is_start, length->getZExtValue()) ? effect::sets : effect::changes, use);
    }
    if (llvm::isa<llvm::CoroAwaitSuspendInst>(call))
      return add(effect::calls, use);
    if (const auto *intrinsic = llvm::dyn_cast<llvm::IntrinsicInst>(&call))
      return read_intrinsic(use, *intrinsic, is_start);
    if (!call.isArgOperand(&use))
      return add(effect::calls, use);
    const unsigned argument = call.getArgOperandNo(&use);
    const llvm::Function *callee = call.getCalledFunction();
    const bool escapes = !call.doesNotCapture(argument);
    const special kind = callee && argument == 0 && is_start ? special_of(*callee) : special::none;
    if (call.paramHasAttr(argument, llvm::Attribute::StructRet) && is_start)
      return add(effect::sets, use, escapes);
    add(kind == special::constructor  ? effect::sets
        : kind == special::destructor ? effect::destroys
                                      : effect::calls,
        use, escapes && kind != special::destructor);
  }

  void read_intrinsic(const llvm::Use &use, const llvm::IntrinsicInst &intrinsic, bool is_start) {
    switch (intrinsic.getIntrinsicID()) {
    case llvm::Intrinsic::lifetime_start:
      return add(effect::begins, use);
    case llvm::Intrinsic::lifetime_end:
      return add(effect::ends, use);
    case llvm::Intrinsic::launder_invariant_group:
    case llvm::Intrinsic::strip_invariant_group:
    case llvm::Intrinsic::ptrmask:
      return read(intrinsic, is_start);
    default: // the others speak about the slot and do not touch it
      return;
    }
  }

  const llvm::AllocaInst &slot_;
  std::uint64_t size_ = 0;
  llvm::SmallPtrSet<const llvm::Value *, 8> seen_;
};

void add_uses(const llvm::Value &value, std::vector<value_event> &events,
              llvm::SmallPtrSetImpl<const llvm::Value *> &seen) {
  const bool is_itself = seen.empty();
  if (!seen.insert(&value).second)
    return;
  for (const llvm::Use &use : value.uses()) {
    const auto *user = llvm::dyn_cast<llvm::Instruction>(use.getUser());
    if (!user)
      continue;
    events.push_back({effect::reads, user, &use, llvm::isa<llvm::PHINode>(user), is_itself, false});
    if (is_computed_anew(*user))
      add_uses(*user, events, seen);
  }
}

} // namespace

bool is_computed_anew(const llvm::Value &value) {
  const auto *instruction = llvm::dyn_cast<llvm::Instruction>(&value);
  return instruction && !instruction->getFunction()->hasOptNone() &&
         llvm::coro::isTriviallyMaterializable(const_cast<llvm::Instruction &>(*instruction));
}

std::vector<value_event> events_of(const llvm::Value &value) {
  if (const auto *slot = llvm::dyn_cast<llvm::AllocaInst>(&value))
    return std::move(slot_reader(*slot).events);
  std::vector<value_event> events = {{effect::sets, llvm::dyn_cast<llvm::Instruction>(&value)}};
  llvm::SmallPtrSet<const llvm::Value *, 8> seen;
  add_uses(value, events, seen);
  return events;
}

} // namespace coroscope::lowering
