// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// An operand that is evaluated before a suspend in a later operand is kept in a numbered value, unless nothing could
// tell when it was evaluated. Where the standard leaves the order open, it is the one in which Clang generates code:
// from left to right, the right side of an assignment first.
#include "frontend/names.h"
#include "frontend/operands.h"
#include "frontend/view_builder.h"

#include <clang/AST/ASTContext.h>

#include <algorithm>

namespace coroscope::frontend {
std::string view_builder::declared(const clang::Expr &value, const std::string &name) const {
  const clang::Expr &object = object_of(value);
  const char *reference = object.isLValue() ? " &" : object.isXValue() ? " &&" : " ";
  const std::string type = type_of(object.getType());
  return type + (type.ends_with('*') && *reference == ' ' ? "" : reference) + name;
}

/// A part of an array or aggregate is made in its place, and is destroyed with the whole.
void view_builder::keep(const clang::Expr &expression, bool is_part) {
  const std::string name = fresh("value");
  const bool stays = is_part && expression.isPRValue() && expression.getType()->isRecordType();
  lines.expansion(declared(expression, name) + " = " + one_line(expression) + ";" +
                  (stays ? "  // made in its place" : ""));
  if (!stays)
    end_later(expression, name);
  text.replace(expression, name);
}

/// Notes that the temporary lives to the end of the full-expression, unless a reference extends its life.
void view_builder::end_later(const clang::Expr &value, const std::string &name) {
  const auto *bound = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(&value);
  if (bound && bound->getStorageDuration() != clang::SD_FullExpression)
    return;
  const clang::Expr &object = object_of(value);
  if (object.isGLValue() || object.getType().isDestructedType() != clang::QualType::DK_cxx_destructor)
    return;
  const clang::CXXRecordDecl *record = object.getType()->getAsCXXRecordDecl();
  if (record && record->getDestructor())
    temporaries_.push_back({name, record->getNameAsString(), in_branch_});
}

void view_builder::end_full_expression() {
  while (!temporaries_.empty()) {
    const temporary last = std::move(temporaries_.back());
    temporaries_.pop_back();
    lines.expansion(last.name + ".~" + last.type + "();" + (last.is_conditional ? "  // where it was made" : ""));
  }
}

/// Whether a temporary with a destructor is made, to be destroyed at the end of the full-expression.
bool view_builder::makes_temporary(const clang::Expr &expression) const {
  if (text.is_replaced(expression) ||
      llvm::isa<clang::AbstractConditionalOperator, clang::StmtExpr, clang::LambdaExpr>(expression))
    return false;
  const auto *made = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(&expression);
  if (made && made->getStorageDuration() == clang::SD_FullExpression &&
      made->getType().isDestructedType() == clang::QualType::DK_cxx_destructor)
    return true;
  return std::ranges::any_of(operands_of(expression),
                             [this](const clang::Expr *operand) { return makes_temporary(*operand); });
}

/// Names the temporaries in `expression`, so that they are seen to live on.
void view_builder::keep_temporaries(const clang::Expr &expression) {
  if (!makes_temporary(expression))
    return;
  const llvm::SmallVector<const clang::Expr *> operands = operands_of(expression);
  std::size_t last = operands.size();
  while (last > 0 && !makes_temporary(*operands[last - 1]))
    --last;
  for (std::size_t i = 0; i < last; ++i) {
    keep_temporaries(*operands[i]);
    if (i + 1 < last && !text.is_replaced(*operands[i]) && !is_timeless(*operands[i]))
      keep(*operands[i]);
  }
  if (llvm::isa<clang::MaterializeTemporaryExpr>(expression) &&
      expression.getType().isDestructedType() == clang::QualType::DK_cxx_destructor)
    keep(expression);
}

/// Names what `operand` gives, and the temporaries in it; one that is a temporary has one name.
void view_builder::keep_operand(const clang::Expr &operand, bool is_part) {
  const bool was_replaced = text.is_replaced(operand);
  keep_temporaries(operand);
  if (text.is_replaced(operand) == was_replaced)
    keep(operand, is_part);
}

void view_builder::lift_operands(const llvm::SmallVector<const clang::Expr *> &operands, bool are_parts) {
  std::size_t last = operands.size();
  while (last > 0 && !holds(operands[last - 1]))
    --last;
  for (std::size_t i = 0; i < last; ++i) {
    lift(operands[i]);
    if (i + 1 == last || (!holds(operands[i]) && is_timeless(*operands[i])))
      continue;
    keep_operand(*operands[i], are_parts);
  }
}

void view_builder::lift(const clang::Expr *expression) {
  if (!holds(expression))
    return;
  if (const auto *suspend = llvm::dyn_cast<clang::CoroutineSuspendExpr>(expression))
    return lift_suspend(*suspend);
  if (const auto *choice = llvm::dyn_cast<clang::AbstractConditionalOperator>(expression))
    return lift_choice(*choice);
  if (const auto *block = llvm::dyn_cast<clang::StmtExpr>(expression))
    return lift_block(*block);
  if (const auto *made = llvm::dyn_cast<clang::CXXNewExpr>(expression))
    return lift_new(*made);
  if (const auto *operation = llvm::dyn_cast<clang::BinaryOperator>(expression)) {
    if (operation->isLogicalOp())
      return lift_short_circuit(*operation);
    if (operation->isCommaOp())
      return lift_comma(*operation);
  }
  lift_operands(operands_of(*expression), llvm::isa<clang::InitListExpr, clang::CXXParenListInitExpr>(expression));
}

/// One branch of a value that several could give.
void view_builder::assign(const std::string &name, const clang::Expr &branch) {
  const bool outer = std::exchange(in_branch_, true);
  lift(&branch);
  const std::string value = one_line(branch);
  if (!value.empty())
    lines.expansion((name.empty() || branch.getType()->isVoidType() ? "" : name + " = ") + value + ";");
  in_branch_ = outer;
}

void view_builder::lift_choice(const clang::AbstractConditionalOperator &choice) {
  const auto *chosen = llvm::dyn_cast<clang::ConditionalOperator>(&choice);
  const clang::Expr *condition =
      chosen ? chosen->getCond() : llvm::cast<clang::BinaryConditionalOperator>(choice).getCommon();
  lift(condition);
  if (!holds(choice.getFalseExpr()) && !(chosen && holds(choice.getTrueExpr())))
    return;
  const std::string name = choice.getType()->isVoidType() ? "" : fresh("value");
  if (!chosen) {
    lines.expansion(declared(choice, name) + " = " + one_line(*condition) + ";");
    lines.open(view_line_kind::expansion, "if (!" + name + ") {");
  } else {
    if (!name.empty())
      lines.expansion(declared(choice, name) + ";  // made in one of the branches");
    lines.open(view_line_kind::expansion, "if (" + one_line(*condition) + ") {");
    assign(name, *choice.getTrueExpr());
    lines.between(view_line_kind::expansion, "} else {");
  }
  assign(name, *choice.getFalseExpr());
  lines.close(view_line_kind::expansion);
  if (!name.empty())
    end_later(choice, name);
  text.replace(choice, name);
}

void view_builder::lift_short_circuit(const clang::BinaryOperator &expression) {
  lift(expression.getLHS());
  if (!holds(expression.getRHS()))
    return;
  const std::string name = fresh("value");
  lines.expansion("bool " + name + " = " + one_line(*expression.getLHS()) + ";");
  lines.open(view_line_kind::expansion,
             std::string("if (") + (expression.getOpcode() == clang::BO_LAnd ? "" : "!") + name + ") {");
  assign(name, *expression.getRHS());
  lines.close(view_line_kind::expansion);
  text.replace(expression, name);
}

void view_builder::lift_comma(const clang::BinaryOperator &comma) {
  lift(comma.getLHS());
  if (!holds(comma.getRHS()))
    return;
  if (const std::string left = one_line(*comma.getLHS()); !left.empty())
    lines.code(left + ";");
  lift(comma.getRHS());
  text.replace(comma, one_line(*comma.getRHS()));
}

/// GNU's ({ … }): its last statement is its value.
void view_builder::lift_block(const clang::StmtExpr &block) {
  const std::string name = block.getType()->isVoidType() ? "" : fresh("value");
  if (!name.empty())
    lines.expansion(declared(block, name) + ";  // the last expression of the block");
  lines.open(view_line_kind::code, "{");
  for (const clang::Stmt *one : block.getSubStmt()->body()) {
    const auto *last = llvm::dyn_cast<clang::Expr>(one);
    if (name.empty() || !last || one != block.getSubStmt()->body_back()) {
      statement(one);
      continue;
    }
    std::vector<temporary> outer = std::exchange(temporaries_, {});
    assign(name, *last);
    end_full_expression();
    temporaries_ = std::move(outer);
  }
  lines.close(view_line_kind::code);
  text.replace(block, name);
}

} // namespace coroscope::frontend
