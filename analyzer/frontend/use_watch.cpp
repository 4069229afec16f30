// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/use_watch.h"

#include "frontend/places.h"

#include <clang/AST/ExprCXX.h>
#include <clang/AST/StmtCXX.h>

#include <algorithm>

namespace coroscope::frontend {
namespace {

bool is_loop(const clang::Stmt &statement) {
  return llvm::isa<clang::ForStmt, clang::CXXForRangeStmt, clang::WhileStmt, clang::DoStmt>(statement);
}

/// Whether `statement` declares `declaration`.
bool declares(const clang::Stmt *statement, const clang::ValueDecl &declaration) {
  const auto *line = llvm::dyn_cast_if_present<clang::DeclStmt>(statement);
  return line && std::find(line->decl_begin(), line->decl_end(), &declaration) != line->decl_end();
}

/// Whether the loop runs its rounds with one and the same variable.
bool is_in_head_of(const clang::Stmt &loop, const clang::ValueDecl &declaration) {
  if (const auto *plain = llvm::dyn_cast<clang::ForStmt>(&loop))
    return declares(plain->getInit(), declaration);
  const auto *range = llvm::dyn_cast<clang::CXXForRangeStmt>(&loop);
  return range && (declares(range->getInit(), declaration) || declares(range->getRangeStmt(), declaration) ||
                   declares(range->getBeginStmt(), declaration) || declares(range->getEndStmt(), declaration));
}

/// The variable that the expression names, or of which it names a member.
const clang::DeclRefExpr *variable_in(const clang::Expr *expression) {
  expression = expression ? expression->IgnoreParens() : nullptr;
  while (const auto *member = llvm::dyn_cast_if_present<clang::MemberExpr>(expression)) {
    if (member->isArrow())
      return nullptr;
    expression = member->getBase()->IgnoreParens();
  }
  return llvm::dyn_cast_if_present<clang::DeclRefExpr>(expression);
}

/// What a construction copies byte by byte.
const clang::Expr *copied_by(const clang::Stmt &statement) {
  const auto *construction = llvm::dyn_cast<clang::CXXConstructExpr>(&statement);
  const clang::CXXConstructorDecl *function = construction ? construction->getConstructor() : nullptr;
  return function && function->isCopyOrMoveConstructor() && function->isTrivial()
             ? construction->getArg(0)->IgnoreParenImpCasts()
             : nullptr;
}

/// Whether copying it is all that a use without its address can do.
bool is_plain(clang::QualType type, const clang::ASTContext &context) {
  return !type.isVolatileQualified() &&
         (type->isScalarType() || (type->isRecordType() && type.isTriviallyCopyableType(context)));
}

} // namespace

void use_watch::declare(const clang::ValueDecl &declaration, std::size_t index) {
  const clang::QualType type = declaration.getType();
  // A binding of a tuple-like object is the name of a reference.
  const bool is_reference = type->isReferenceType() || llvm::isa<clang::BindingDecl>(declaration);
  known_[&declaration] = watched_.size();
  watched_.push_back({.index = index,
                      .is_reference = is_reference,
                      .is_simple = is_reference || is_plain(type, declaration.getASTContext()),
                      .declared = !loops_.empty() && is_in_head_of(*loops_.back().statement, declaration)
                                      ? loops_.back().begin
                                      : ++step_});
}

void use_watch::enter(const clang::Stmt &statement) {
  if (llvm::isa<clang::LabelStmt, clang::IndirectGotoStmt>(statement))
    jumps_ = true;
  if (is_loop(statement))
    loops_.push_back({&statement, ++step_});
  if (const auto *cast = llvm::dyn_cast<clang::CastExpr>(&statement);
      cast && cast->getCastKind() == clang::CK_LValueToRValue)
    read_ = variable_in(cast->getSubExpr());
  else if (const clang::Expr *copied = copied_by(statement))
    read_ = variable_in(copied);
  else if (const auto *assignment = llvm::dyn_cast<clang::BinaryOperator>(&statement);
           assignment && assignment->isAssignmentOp())
    (assignment->isCompoundAssignmentOp() ? read_ : written_) = variable_in(assignment->getLHS());
  else if (const auto *step = llvm::dyn_cast<clang::UnaryOperator>(&statement); step && step->isIncrementDecrementOp())
    read_ = variable_in(step->getSubExpr());
  else if (const auto *reference = llvm::dyn_cast<clang::DeclRefExpr>(&statement); reference && reference != written_)
    use(*reference, reference == read_);
}

void use_watch::use(const clang::DeclRefExpr &reference, bool is_read) {
  const auto found = known_.find(reference.getDecl());
  if (found == known_.end())
    return;
  watched &variable = watched_[found->second];
  variable.is_lost = variable.is_lost || (!is_read && !variable.is_reference) || suspend_behind(variable.declared);
  variable.used = ++step_;
  variable.last = &reference;
}

void use_watch::leave(const clang::Stmt &statement) {
  // What is changed in place is read behind the other operand.
  if (const auto *assignment = llvm::dyn_cast<clang::CompoundAssignOperator>(&statement))
    if (const clang::DeclRefExpr *changed = variable_in(assignment->getLHS()))
      use(*changed, /*is_read=*/true);
  if (loops_.empty() || loops_.back().statement != &statement)
    return;
  const std::size_t begin = loops_.back().begin;
  loops_.pop_back();
  if (!suspend_behind(begin))
    return;
  // The next round's use comes behind this round's suspension.
  for (watched &variable : watched_)
    if (variable.declared <= begin && variable.used > begin)
      variable.is_lost = true;
}

void use_watch::suspend(position key) { suspends_.emplace_back(++step_, key); }

const position *use_watch::suspend_behind(std::size_t step) const {
  const auto found = std::ranges::upper_bound(suspends_, step, {}, [](const auto &suspend) { return suspend.first; });
  return found == suspends_.end() ? nullptr : &found->second;
}

void use_watch::finish(std::vector<named_object> &variables, place_reader &places) const {
  if (jumps_)
    return;
  for (const watched &variable : watched_) {
    const position *behind = suspend_behind(variable.used);
    if (!variable.is_simple || variable.is_lost || !variable.last || !behind)
      continue;
    variables[variable.index].last_use = places.of(variable.last->getSourceRange());
    variables[variable.index].first_suspend = *behind;
  }
}

} // namespace coroscope::frontend
