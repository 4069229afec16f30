// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A loop whose head holds a suspend becomes an endless one that is left by a break; where something then follows the
// body, `continue` is a jump there.
#include "frontend/names.h"
#include "frontend/view_builder.h"

#include <clang/AST/ASTContext.h>

namespace coroscope::frontend {

bool is_continued(const clang::Stmt *statement) {
  if (!statement ||
      llvm::isa<clang::LambdaExpr, clang::WhileStmt, clang::DoStmt, clang::ForStmt, clang::CXXForRangeStmt>(statement))
    return false;
  if (llvm::isa<clang::ContinueStmt>(statement))
    return true;
  for (const clang::Stmt *child : statement->children())
    if (is_continued(child))
      return true;
  return false;
}

/// `has_tail`: something follows the body before the loop starts over.
void view_builder::loop_body(const clang::Stmt *body, bool has_tail) {
  const bool jumps = has_tail && is_continued(body);
  const std::string label = jumps ? fresh("next") : "";
  const std::string outer = std::exchange(next_label_, label);
  block(body);
  next_label_ = outer;
  if (jumps)
    lines.label(label);
}

void view_builder::leave_unless(const clang::Expr &condition, const clang::VarDecl *variable) {
  const std::string holds = this->condition(condition, variable);
  const bool is_simple = holds.find(' ') == std::string::npos;
  lines.open(view_line_kind::code, is_simple ? "if (!" + holds + ")" : "if (!(" + holds + "))");
  lines.expansion("break;");
  lines.outdent();
}

void view_builder::loop(const clang::WhileStmt &loop) {
  if (holds(loop.getCond()) || (loop.getConditionVariable() && holds(loop.getConditionVariable()->getInit()))) {
    lines.open(view_line_kind::expansion, "while (true) {");
    leave_unless(*loop.getCond(), loop.getConditionVariable());
  } else {
    const clang::VarDecl *variable = loop.getConditionVariable();
    const std::string head = variable ? text.between(variable->getSourceRange(), nullptr) : one_line(*loop.getCond());
    lines.open(view_line_kind::code, "while (" + head + ") {");
  }
  loop_body(loop.getBody(), /*has_tail=*/false);
  close(loop);
}

void view_builder::loop(const clang::DoStmt &loop) {
  const bool has_tail = holds(loop.getCond());
  lines.open(view_line_kind::code, has_tail ? "while (true) {" : "do {");
  loop_body(loop.getBody(), has_tail);
  if (has_tail)
    leave_unless(*loop.getCond(), nullptr);
  close(loop, view_line_kind::code, has_tail ? "}" : "} while (" + one_line(*loop.getCond()) + ");");
}

void view_builder::loop(const clang::ForStmt &loop) {
  const bool lifts_init = holds(loop.getInit());
  if (lifts_init) {
    lines.open(view_line_kind::expansion, "{");
    statement(loop.getInit());
  }
  const clang::VarDecl *variable = loop.getConditionVariable();
  const bool lifts_condition = holds(loop.getCond()) || (variable && holds(variable->getInit()));
  std::string head = "for (";
  if (loop.getInit() && !lifts_init)
    head += one_line(*loop.getInit());
  head += head.ends_with(';') ? "" : ";";
  if (variable && !lifts_condition)
    head += " " + text.between(variable->getSourceRange(), nullptr);
  else if (loop.getCond() && !lifts_condition)
    head += " " + one_line(*loop.getCond());
  head += ";";
  const bool lifts_step = holds(loop.getInc());
  if (loop.getInc() && !lifts_step)
    head += " " + one_line(*loop.getInc());
  lines.open(view_line_kind::code, head + ") {");
  if (lifts_condition)
    leave_unless(*loop.getCond(), variable);
  loop_body(loop.getBody(), lifts_step);
  if (lifts_step)
    statement(loop.getInc());
  close(loop);
  if (lifts_init)
    lines.close(view_line_kind::expansion);
}

/// With the names that Clang gives to what the loop keeps: so they stand in the frame as well.
void view_builder::loop(const clang::CXXForRangeStmt &loop) {
  const auto declared = [](const clang::DeclStmt *statement) {
    return llvm::cast<clang::VarDecl>(statement->getSingleDecl());
  };
  const clang::VarDecl *range = declared(loop.getRangeStmt());
  lines.open(view_line_kind::expansion, "{");
  if (loop.getInit())
    statement(loop.getInit());
  lift(range->getInit());
  lines.expansion("auto &&" + range->getNameAsString() + " = " + one_line(*range->getInit()) + ";");
  end_full_expression();
  const std::string begin = declared(loop.getBeginStmt())->getNameAsString();
  for (const clang::DeclStmt *one : {loop.getBeginStmt(), loop.getEndStmt()}) {
    const clang::VarDecl *variable = declared(one);
    lines.expansion("auto " + variable->getNameAsString() + " = " + text.printed(*variable->getInit()) + ";");
  }
  lines.open(view_line_kind::expansion,
             "for (; " + begin + " != " + declared(loop.getEndStmt())->getNameAsString() + "; ++" + begin + ") {");
  const clang::VarDecl *element = loop.getLoopVariable();
  const std::string value = "*" + begin;
  if (const auto *parts = llvm::dyn_cast<clang::DecompositionDecl>(element)) {
    bindings(*parts, value);
  } else {
    const std::string written = text.between({element->getBeginLoc(), element->getLocation()}, nullptr);
    lines.expansion((written.empty() ? type_of(element->getType()) + " " + element->getNameAsString() : written) +
                    " = " + value + ";");
  }
  loop_body(loop.getBody(), /*has_tail=*/false);
  close(loop);
  lines.close(view_line_kind::expansion);
}

} // namespace coroscope::frontend
