// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A new-expression whose initialiser suspends: the number of elements, the arguments of operator new and its call come
// before the initialiser ([expr.new]), so they are lifted out with it.
//
//   new point[f()]{co_await g()}  -->  unsigned long value_1 = f();
//                                      void *memory_1 = operator new[](value_1 * sizeof(point));
//                                      … the suspend …
//                                      new (memory_1) point[value_1]{awaiter_1.await_resume()}
#include "frontend/names.h"
#include "frontend/operands.h"
#include "frontend/view_builder.h"

#include <clang/AST/ASTContext.h>
#include <llvm/ADT/StringExtras.h>

namespace coroscope::frontend {
namespace {

/// The number of elements, then the written arguments of operator new: the order in which Clang evaluates them.
llvm::SmallVector<const clang::Expr *> allocation_operands(const clang::CXXNewExpr &made) {
  llvm::SmallVector<const clang::Expr *> operands;
  if (const std::optional<const clang::Expr *> size = made.getArraySize(); size && *size)
    operands.push_back(*size);
  for (const clang::Expr *argument : made.placement_arguments())
    if (!llvm::isa<clang::CXXDefaultArgExpr>(argument))
      operands.push_back(argument);
  return operands;
}

/// operator new(size_t, void *) of the library: it gives its argument and is not called.
bool only_places(const clang::CXXNewExpr &made) { return made.getOperatorNew()->isReservedGlobalPlacementOperator(); }

/// Where the number of elements is kept in front of them, for delete[].
bool has_cookie(const clang::CXXNewExpr &made) {
  return made.isArray() && (made.doesUsualArrayDeleteWantSize() || made.getAllocatedType().isDestructedType());
}

std::string allocator_name(const clang::FunctionDecl &allocator, const clang::ASTContext &context) {
  const auto *member = llvm::dyn_cast<clang::CXXMethodDecl>(&allocator);
  const std::string scope =
      member ? type_text(context.getCanonicalTagType(member->getParent()), context) + "::" : std::string();
  return scope + allocator.getNameAsString();
}

/// "int[n][2]"
std::string array_text(clang::QualType element, const std::string &size, const clang::ASTContext &context) {
  std::string bounds = "[" + size + "]";
  while (const clang::ConstantArrayType *array = context.getAsConstantArrayType(element)) {
    bounds += "[" + std::to_string(array->getZExtSize()) + "]";
    element = array->getElementType();
  }
  return type_text(element, context) + bounds;
}

} // namespace

void view_builder::keep_allocation_operands(const clang::CXXNewExpr &made) {
  for (const clang::Expr *operand : allocation_operands(made)) {
    lift(operand);
    if (!holds(operand) && is_timeless(*operand))
      continue;
    keep_operand(*operand);
  }
}

/// The number of elements; "" for one object. One that follows from the initialiser is written nowhere.
std::string view_builder::size_text(const clang::CXXNewExpr &made) const {
  const std::optional<const clang::Expr *> size = made.getArraySize();
  if (!size || !*size)
    return {};
  const auto *number = llvm::dyn_cast<clang::IntegerLiteral>((*size)->IgnoreImpCasts());
  return number ? llvm::toString(number->getValue(), 10, /*Signed=*/false) : one_line(**size);
}

std::string view_builder::allocation_text(const clang::CXXNewExpr &made) const {
  const std::string type = type_text(made.getAllocatedType(), context_);
  std::string arguments = "sizeof(" + type + ")";
  if (made.isArray())
    arguments = (has_cookie(made) ? "cookie + " : "") + size_text(made) + " * " + arguments;
  if (made.passAlignment())
    arguments += ", std::align_val_t(alignof(" + type + "))";
  for (const clang::Expr *argument : made.placement_arguments())
    if (!llvm::isa<clang::CXXDefaultArgExpr>(argument))
      arguments += ", " + one_line(*argument);
  return allocator_name(*made.getOperatorNew(), context_) + "(" + arguments + ")";
}

/// Lifts the suspends of the initialiser, and writes the new-expression as one that takes `memory`.
void view_builder::initialise(const clang::CXXNewExpr &made, const std::string &memory) {
  const clang::Expr &initialiser = *made.getInitializer();
  lift(&initialiser);
  const clang::SourceRange written =
      made.getDirectInitRange().isValid() ? made.getDirectInitRange() : initialiser.getSourceRange();
  std::string values = text.between(written, &initialiser);
  if (values.empty())
    values = llvm::isa<clang::InitListExpr>(initialiser) ? one_line(initialiser) : "(" + one_line(initialiser) + ")";
  const clang::QualType allocated = made.getAllocatedType();
  const std::string type =
      made.isArray() ? array_text(allocated, size_text(made), context_) : type_text(allocated, context_);
  text.replace(made, "new (" + memory + (has_cookie(made) ? " + cookie" : "") + ") " + type + values);
}

void view_builder::lift_new(const clang::CXXNewExpr &made) {
  if (!holds(made.getInitializer()))
    return lift_operands(allocation_operands(made));
  keep_allocation_operands(made);
  if (only_places(made))
    return lift(made.getInitializer());
  const std::string memory = fresh("memory");
  lines.expansion("void *" + memory + " = " + allocation_text(made) + ";");
  lines.comment(memory + " is not freed if destroy() comes before the object is made");
  if (!made.shouldNullCheckAllocation())
    return initialise(made, memory);
  const std::string result = fresh("value");
  lines.expansion(declared(made, result) + " = nullptr;");
  lines.open(view_line_kind::expansion, "if (" + memory + ") {");
  const bool outer = std::exchange(in_branch_, true);
  initialise(made, memory);
  lines.expansion(result + " = " + one_line(made) + ";");
  in_branch_ = outer;
  lines.close(view_line_kind::expansion);
  text.replace(made, result);
}

} // namespace coroscope::frontend
