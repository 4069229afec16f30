// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/lifetime_walk.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/Attr.h>
#include <clang/AST/DeclCXX.h>

#include <utility>

namespace coroscope::frontend {

void lifetime_walk::push(living_object object) {
  if (object.cleanup || object.type.isDestructedType() == clang::QualType::DK_cxx_destructor)
    alive_.push_back(std::move(object));
}

void lifetime_walk::push_temporary(const clang::Expr &expression, bool is_extended,
                                   const clang::CoroutineSuspendExpr *awaiter_of) {
  const bool is_written = default_argument_of_.isInvalid();
  push({.kind = awaiter_of ? living_object::what::awaiter : living_object::what::temporary,
        .type = expression.getType(),
        .suspend = awaiter_of,
        .where = is_written ? expression.getSourceRange() : clang::SourceRange(default_argument_of_),
        .is_default_argument = !is_written,
        .is_extended = is_extended});
}

void lifetime_walk::visit(const clang::Stmt *statement) {
  if (!statement)
    return;
  if (const auto *expression = llvm::dyn_cast<clang::Expr>(statement))
    visit_expression(expression, false);
  else
    visit_statement(*statement);
}

void lifetime_walk::visit_scope(std::initializer_list<const clang::Stmt *> statements) {
  const std::size_t outer = alive_.size();
  for (const clang::Stmt *statement : statements)
    visit(statement);
  alive_.resize(outer);
}

void lifetime_walk::visit_statement(const clang::Stmt &statement) {
  const std::size_t outer = alive_.size();
  if (const auto *declaration = llvm::dyn_cast<clang::DeclStmt>(&statement)) {
    for (const clang::Decl *declared : declaration->decls())
      if (const auto *variable = llvm::dyn_cast<clang::VarDecl>(declared))
        visit_variable(*variable);
    return; // what is declared outlives its statement
  }
  if (const auto *jump = llvm::dyn_cast<clang::CoreturnStmt>(&statement)) {
    visit_return(*jump);
  } else if (const auto *attempt = llvm::dyn_cast<clang::CXXTryStmt>(&statement)) {
    visit(attempt->getTryBlock()); // a handler has no suspend point
  } else if (const auto *choice = llvm::dyn_cast<clang::IfStmt>(&statement)) {
    visit(choice->getInit());
    visit(choice->getConditionVariableDeclStmt());
    visit_scope({choice->getCond()});
    visit_scope({choice->getThen()});
    visit_scope({choice->getElse()});
  } else if (const auto *loop = llvm::dyn_cast<clang::CXXForRangeStmt>(&statement)) {
    for (const clang::Stmt *part : std::initializer_list<const clang::Stmt *>{loop->getInit(), loop->getRangeStmt(),
                                                                              loop->getBeginStmt(), loop->getEndStmt()})
      visit(part);
    visit_scope({loop->getCond()});
    visit_scope({loop->getLoopVarStmt(), loop->getBody()});
    visit_scope({loop->getInc()});
  } else if (const auto *loop = llvm::dyn_cast<clang::ForStmt>(&statement)) {
    visit(loop->getInit());
    visit(loop->getConditionVariableDeclStmt());
    visit_scope({loop->getCond()});
    visit_scope({loop->getBody()});
    visit_scope({loop->getInc()});
  } else {
    for (const clang::Stmt *child : statement.children())
      visit(child);
    // A label or a case is no scope; its statement may be a declaration.
    if (llvm::isa<clang::LabelStmt, clang::SwitchCase, clang::AttributedStmt>(statement))
      return;
  }
  alive_.resize(outer);
}

void lifetime_walk::visit_variable(const clang::VarDecl &variable) {
  visit_expression(variable.getInit(), true);
  if (!variable.hasLocalStorage())
    return; // it outlives the coroutine
  if (variable.needsDestruction(context_) == clang::QualType::DK_cxx_destructor)
    push({.type = variable.getType(), .variable = &variable, .where = variable.getSourceRange()});
  if (const auto *attribute = variable.getAttr<clang::CleanupAttr>())
    push({.type = variable.getType(),
          .variable = &variable,
          .where = variable.getSourceRange(),
          .cleanup = attribute->getFunctionDecl()});
  if (const auto *parts = llvm::dyn_cast<clang::DecompositionDecl>(&variable))
    for (const clang::BindingDecl *binding : parts->bindings())
      if (const clang::VarDecl *holder = binding->getHoldingVar())
        visit_variable(*holder);
}

void lifetime_walk::visit_return(const clang::CoreturnStmt &statement) {
  // A void operand is no argument of return_void.
  const clang::Expr *operand = statement.getOperand();
  if (operand && operand->getType()->isVoidType())
    visit_scope({operand});
  visit(statement.getPromiseCall());
}

void lifetime_walk::visit_expression(const clang::Expr *expression, bool is_placed) {
  // What an opaque value stands for is visited where it is written; the others are not evaluated.
  if (!expression || llvm::isa<clang::OpaqueValueExpr, clang::UnaryExprOrTypeTraitExpr, clang::CXXNoexceptExpr,
                               clang::RequiresExpr, clang::CXXTypeidExpr, clang::BlockExpr>(expression))
    return;
  const std::size_t outer = alive_.size();
  if (const auto *suspend = llvm::dyn_cast<clang::CoroutineSuspendExpr>(expression))
    visit_suspend(*suspend, is_placed);
  else if (const auto *body = llvm::dyn_cast<clang::StmtExpr>(expression))
    visit(body->getSubStmt());
  else if (!visit_wrapper(*expression, is_placed) && !visit_branches(*expression, is_placed) &&
           !visit_parts(*expression) && !visit_call(*expression))
    for (const clang::Stmt *child : expression->children())
      visit_operand(*expression, child);
  std::erase_if(alive_, [&, i = std::size_t{0}](const living_object &object) mutable {
    return i++ >= outer && object.is_passed_on; // it was called
  });
}

/// An argument whose class is marked [[clang::trivial_abi]] is destroyed by the function that it is passed to.
void lifetime_walk::visit_operand(const clang::Expr &whole, const clang::Stmt *operand) {
  visit(operand);
  const auto *argument = llvm::dyn_cast_or_null<clang::Expr>(operand);
  const clang::CXXRecordDecl *record =
      argument && argument->isPRValue() ? argument->getType()->getAsCXXRecordDecl() : nullptr;
  if (record && record->isParamDestroyedInCallee() && record->hasNonTrivialDestructor() &&
      llvm::isa<clang::CallExpr, clang::CXXConstructExpr>(whole))
    alive_.back().is_passed_on = true;
}

/// Expressions that are the value of another one.
bool lifetime_walk::visit_wrapper(const clang::Expr &expression, bool is_placed) {
  if (const auto *full = llvm::dyn_cast<clang::ExprWithCleanups>(&expression)) {
    visit_full_expression(*full->getSubExpr(), is_placed);
  } else if (const auto *constant = llvm::dyn_cast<clang::ConstantExpr>(&expression)) {
    visit_expression(constant->getSubExpr(), is_placed);
  } else if (const auto *temporary = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(&expression)) {
    visit_temporary(*temporary, nullptr);
  } else if (const auto *bound = llvm::dyn_cast<clang::CXXBindTemporaryExpr>(&expression)) {
    visit_expression(bound->getSubExpr(), true);
    if (!is_placed)
      push_temporary(*bound->getSubExpr());
  } else if (const auto *parentheses = llvm::dyn_cast<clang::ParenExpr>(&expression)) {
    visit_expression(parentheses->getSubExpr(), is_placed);
  } else if (const auto *cast = llvm::dyn_cast<clang::CastExpr>(&expression)) {
    visit_expression(cast->getSubExpr(), is_placed);
  } else if (const auto *comma = llvm::dyn_cast<clang::BinaryOperator>(&expression); comma && comma->isCommaOp()) {
    visit(comma->getLHS());
    visit_expression(comma->getRHS(), is_placed);
  } else if (const auto *rewritten = llvm::dyn_cast<clang::CXXRewrittenBinaryOperator>(&expression)) {
    visit_expression(rewritten->getSemanticForm(), is_placed);
  } else if (const auto *initial = llvm::dyn_cast<clang::CXXDefaultInitExpr>(&expression)) {
    visit_expression(initial->getExpr(), is_placed);
  } else if (const auto *argument = llvm::dyn_cast<clang::CXXDefaultArgExpr>(&expression)) {
    const clang::SourceLocation outer = std::exchange(default_argument_of_, argument->getUsedLocation());
    visit_expression(argument->getExpr(), is_placed);
    default_argument_of_ = outer;
  } else {
    return false;
  }
  return true;
}

void lifetime_walk::visit_full_expression(const clang::Expr &inside, bool is_placed) {
  const std::size_t outer = alive_.size();
  visit_expression(&inside, is_placed);
  std::size_t kept = outer;
  for (std::size_t i = outer; i < alive_.size(); ++i)
    if (alive_[i].is_extended)
      alive_[kept++] = alive_[i];
  alive_.resize(kept);
}

void lifetime_walk::visit_temporary(const clang::MaterializeTemporaryExpr &temporary,
                                    const clang::CoroutineSuspendExpr *awaiter_of) {
  // Of make().member the whole object is kept.
  llvm::SmallVector<const clang::Expr *, 2> before;
  llvm::SmallVector<clang::SubobjectAdjustment, 2> adjustments;
  const clang::Expr *object = temporary.getSubExpr()->skipRValueSubobjectAdjustments(before, adjustments);
  for (const clang::Expr *expression : before)
    visit(expression);
  visit_expression(object, true);
  const clang::StorageDuration lifetime = temporary.getStorageDuration();
  if (lifetime == clang::SD_FullExpression || lifetime == clang::SD_Automatic)
    push_temporary(adjustments.empty() ? *temporary.getSubExpr() : *object, lifetime == clang::SD_Automatic,
                   awaiter_of);
}

void lifetime_walk::visit_suspend(const clang::CoroutineSuspendExpr &suspend, bool is_placed) {
  if (const auto *awaiter = llvm::dyn_cast<clang::MaterializeTemporaryExpr>(suspend.getCommonExpr()))
    visit_temporary(*awaiter, &suspend);
  else
    visit(suspend.getCommonExpr());
  alive_at[&suspend] = alive_;
  visit_expression(suspend.getResumeExpr(), is_placed);
}

void lifetime_walk::visit_branch(const clang::Expr *branch, bool is_placed, std::vector<living_object> &made) {
  const std::size_t outer = alive_.size();
  visit_expression(branch, is_placed);
  for (std::size_t i = outer; i < alive_.size(); ++i) {
    made.push_back(std::move(alive_[i]));
    made.back().is_conditional = true;
  }
  alive_.resize(outer);
}

/// Expressions that evaluate some of their operands only.
bool lifetime_walk::visit_branches(const clang::Expr &expression, bool is_placed) {
  std::vector<living_object> made;
  if (const auto *choice = llvm::dyn_cast<clang::AbstractConditionalOperator>(&expression)) {
    if (const auto *shared = llvm::dyn_cast<clang::BinaryConditionalOperator>(choice))
      visit(shared->getCommon());
    else
      visit(choice->getCond());
    visit_branch(choice->getTrueExpr(), is_placed, made);
    visit_branch(choice->getFalseExpr(), is_placed, made);
  } else if (const auto *logical = llvm::dyn_cast<clang::BinaryOperator>(&expression);
             logical && logical->isLogicalOp()) {
    visit(logical->getLHS());
    visit_branch(logical->getRHS(), false, made);
  } else if (const auto *selection = llvm::dyn_cast<clang::GenericSelectionExpr>(&expression)) {
    visit_expression(selection->getResultExpr(), is_placed);
  } else if (const auto *chosen = llvm::dyn_cast<clang::ChooseExpr>(&expression)) {
    visit_expression(chosen->getChosenSubExpr(), is_placed);
  } else {
    return false;
  }
  alive_.insert(alive_.end(), std::make_move_iterator(made.begin()), std::make_move_iterator(made.end()));
  return true;
}

namespace {

struct part {
  std::string name;
  const clang::Expr *value = nullptr;
};

/// An array counts its elements; a class has its bases first.
std::vector<part> parts_of(const clang::Expr &list, llvm::ArrayRef<const clang::Expr *> values) {
  std::vector<part> parts;
  const clang::CXXRecordDecl *record = list.getType()->getAsCXXRecordDecl();
  std::vector<std::string> names;
  if (record && !record->isUnion()) {
    for (const clang::CXXBaseSpecifier &base : record->bases())
      names.push_back("base " + base.getType()->getAsCXXRecordDecl()->getName().str());
    for (const clang::FieldDecl *field : record->fields())
      if (!field->isUnnamedBitField())
        names.push_back("member " + field->getName().str());
  }
  for (std::size_t i = 0; i < values.size(); ++i)
    parts.push_back({i < names.size() ? names[i] : "element " + std::to_string(i), values[i]});
  return parts;
}

std::vector<part> captures_of(const clang::LambdaExpr &lambda) {
  std::vector<part> parts;
  auto capture = lambda.capture_begin();
  for (const clang::Expr *value : lambda.capture_inits()) {
    const bool has_name = capture != lambda.capture_end() && capture->capturesVariable();
    parts.push_back({has_name ? "capture " + capture->getCapturedVar()->getName().str() : "capture", value});
    ++capture;
  }
  return parts;
}

} // namespace

/// Objects made part by part: until the last one is made, each part is destroyed on its own.
bool lifetime_walk::visit_parts(const clang::Expr &expression) {
  std::vector<part> parts;
  if (const auto *list = llvm::dyn_cast<clang::InitListExpr>(&expression)) {
    const clang::InitListExpr *semantic =
        list->isSemanticForm() || !list->getSemanticForm() ? list : list->getSemanticForm();
    parts = parts_of(expression, semantic->inits());
  } else if (const auto *list = llvm::dyn_cast<clang::CXXParenListInitExpr>(&expression)) {
    parts = parts_of(expression, list->getInitExprs());
  } else if (const auto *lambda = llvm::dyn_cast<clang::LambdaExpr>(&expression)) {
    parts = captures_of(*lambda);
  } else {
    return false;
  }
  const std::size_t outer = alive_.size();
  for (part &one : parts) {
    visit_expression(one.value, true);
    if (one.value && one.value->isPRValue())
      push({.kind = living_object::what::part,
            .type = one.value->getType(),
            .name = std::move(one.name),
            .where = one.value->getSourceRange()});
  }
  std::erase_if(alive_, [&, i = std::size_t{0}](const living_object &object) mutable {
    return i++ >= outer && object.kind == living_object::what::part;
  });
  return true;
}

/// Calls whose operands are not evaluated in the order of the tree.
bool lifetime_walk::visit_call(const clang::Expr &expression) {
  if (const auto *made = llvm::dyn_cast<clang::CXXNewExpr>(&expression)) {
    visit(made->getArraySize().value_or(nullptr));
    for (const clang::Expr *argument : made->placement_arguments())
      visit(argument);
    visit_expression(made->getInitializer(), true);
  } else if (const auto *thrown = llvm::dyn_cast<clang::CXXThrowExpr>(&expression)) {
    visit_expression(thrown->getSubExpr(), true);
  } else if (const auto *call = llvm::dyn_cast<clang::CXXOperatorCallExpr>(&expression);
             call && call->isAssignmentOp()) {
    visit_operand(*call, call->getArg(1));
    visit_operand(*call, call->getArg(0));
  } else if (const auto *assignment = llvm::dyn_cast<clang::BinaryOperator>(&expression);
             assignment && assignment->isAssignmentOp()) {
    visit(assignment->getRHS());
    visit(assignment->getLHS());
  } else {
    return false;
  }
  return true;
}

} // namespace coroscope::frontend
