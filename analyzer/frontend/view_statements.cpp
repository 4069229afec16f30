// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A statement that holds no suspend and no co_return stands as it is written.
#include "frontend/calls.h"
#include "frontend/names.h"
#include "frontend/view_builder.h"
#include "model/one_line.h"

#include <clang/AST/ASTContext.h>
#include <clang/Basic/SourceManager.h>
#include <clang/Lex/Lexer.h>

#include <sstream>

namespace coroscope::frontend {
namespace {

/// The line without the spaces that all lines of a statement at `column` have in front.
std::string unindented(const std::string &line, std::size_t column) {
  const std::size_t first = line.find_first_not_of(" \t");
  return first == std::string::npos ? "" : line.substr(std::min(first, column));
}

} // namespace

std::string view_builder::one_line(const clang::Stmt &statement) const {
  return coroscope::one_line(text.of(statement));
}

/// Ends what `statement` opened, at its own end.
void view_builder::close(const clang::Stmt &statement, view_line_kind kind, std::string text) {
  lines.stems_from(places_.of(statement.getEndLoc()));
  lines.close(kind, std::move(text));
}

void view_builder::body(const clang::CompoundStmt &body) {
  for (const clang::Stmt *one : body.body())
    statement(one);
}

void view_builder::statement(const clang::Stmt *statement) {
  if (!statement)
    return;
  const std::optional<range> outer = lines.stems_from(places_.of(statement->getSourceRange()));
  std::vector<temporary> temporaries = std::exchange(temporaries_, {});
  if (holds(statement) || llvm::isa<clang::SwitchCase>(statement) ||
      (!next_label_.empty() && !llvm::isa<clang::ContinueStmt>(statement) && is_continued(statement)))
    expand(*statement);
  else
    as_written(*statement);
  end_full_expression();
  temporaries_ = std::move(temporaries);
  lines.stems_from(outer);
}

/// The statements of a block whose braces are written by the caller.
void view_builder::block(const clang::Stmt *statement) {
  if (const auto *several = llvm::dyn_cast_or_null<clang::CompoundStmt>(statement))
    return body(*several);
  this->statement(statement);
}

void view_builder::as_written(const clang::Stmt &statement) {
  if (!next_label_.empty() && llvm::isa<clang::ContinueStmt>(statement))
    return lines.code("goto " + next_label_ + ";");
  std::string written = text.between(statement.getSourceRange(), nullptr);
  const bool is_source = !written.empty();
  if (!is_source)
    written = text.printed(statement);
  const bool is_statement = !llvm::isa<clang::Expr>(statement) || written.ends_with('}');
  const clang::SourceManager &sources = context_.getSourceManager();
  const bool has_semicolon = is_source && clang::Lexer::findLocationAfterToken(
                                              sources.getFileLoc(statement.getEndLoc()), clang::tok::semi, sources,
                                              context_.getLangOpts(), /*SkipTrailingWhitespaceAndNewLine=*/false)
                                              .isValid();
  if (!written.ends_with(';') && (has_semicolon || !is_statement))
    written += ";";
  const std::optional<range> whole = places_.of(statement.getSourceRange());
  std::istringstream split(written);
  std::uint32_t number = 0;
  for (std::string line; std::getline(split, line); ++number) {
    std::optional<range> where = whole;
    if (whole && is_source) {
      const auto first = static_cast<std::uint32_t>(std::max<std::size_t>(line.find_first_not_of(" \t"), 0));
      const std::uint32_t begin = number == 0 ? whole->begin.column : first + 1;
      const std::uint32_t before = number == 0 ? whole->begin.column : 1;
      where->begin = {whole->begin.line + number, begin};
      where->end = {where->begin.line, before + static_cast<std::uint32_t>(line.size())};
    }
    line = number == 0 ? line : unindented(line, is_source && whole ? whole->begin.column - 1 : 0);
    if (!line.empty())
      lines.code_at(std::move(line), where);
  }
}

void view_builder::expand(const clang::Stmt &statement) {
  if (const auto *one = llvm::dyn_cast<clang::Expr>(&statement))
    return expression(*one);
  if (const auto *one = llvm::dyn_cast<clang::DeclStmt>(&statement))
    return declaration(*one);
  if (const auto *one = llvm::dyn_cast<clang::CoreturnStmt>(&statement))
    return coroutine_return(*one);
  if (const auto *one = llvm::dyn_cast<clang::IfStmt>(&statement))
    return choice(*one);
  if (const auto *one = llvm::dyn_cast<clang::WhileStmt>(&statement))
    return loop(*one);
  if (const auto *one = llvm::dyn_cast<clang::DoStmt>(&statement))
    return loop(*one);
  if (const auto *one = llvm::dyn_cast<clang::ForStmt>(&statement))
    return loop(*one);
  if (const auto *one = llvm::dyn_cast<clang::CXXForRangeStmt>(&statement))
    return loop(*one);
  if (const auto *one = llvm::dyn_cast<clang::SwitchStmt>(&statement))
    return selection(*one);
  if (const auto *one = llvm::dyn_cast<clang::CXXTryStmt>(&statement))
    return try_block(*one);
  if (const auto *one = llvm::dyn_cast<clang::CaseStmt>(&statement))
    return labelled("case " + one_line(*one->getLHS()) + (one->getRHS() ? " ... " + one_line(*one->getRHS()) : "") +
                        ":",
                    one->getSubStmt());
  if (const auto *one = llvm::dyn_cast<clang::DefaultStmt>(&statement))
    return labelled("default:", one->getSubStmt());
  if (const auto *one = llvm::dyn_cast<clang::LabelStmt>(&statement))
    return labelled(one->getName() + std::string(":"), one->getSubStmt());
  if (const auto *one = llvm::dyn_cast<clang::AttributedStmt>(&statement))
    return expand(*one->getSubStmt());
  if (llvm::isa<clang::CompoundStmt>(statement)) {
    lines.open(view_line_kind::code, "{");
    block(&statement);
    return close(statement);
  }
  as_written(statement);
}

void view_builder::labelled(const std::string &label, const clang::Stmt *statement) {
  lines.outdent();
  lines.code(label);
  lines.indent();
  this->statement(statement);
}

void view_builder::expression(const clang::Expr &expression) {
  lift(&expression);
  const clang::Expr *inner = expression.IgnoreImplicit();
  if (const auto *suspend = llvm::dyn_cast<clang::CoroutineSuspendExpr>(inner);
      suspend && suspend->getType()->isVoidType()) {
    const clang::CXXRecordDecl *record = suspend->getCommonExpr()->getType()->getAsCXXRecordDecl();
    if (record && record->isInStdNamespace() && record->getName().starts_with("suspend_"))
      return;
  }
  if (const std::string written = one_line(expression); !written.empty())
    lines.code(written + ";");
}

void view_builder::declaration(const clang::DeclStmt &declaration) {
  for (const clang::Decl *one : declaration.decls())
    if (const auto *declared = llvm::dyn_cast<clang::VarDecl>(one)) {
      const clang::DeclStmt *alone = declaration.isSingleDecl() ? &declaration : nullptr;
      if (declared->isStaticLocal() && holds(declared->getInit()))
        guarded_variable(*declared, alone);
      else
        variable(*declared, alone);
    }
}

/// A static or thread_local variable is initialised where its guard says that it was not yet.
void view_builder::guarded_variable(const clang::VarDecl &variable, const clang::DeclStmt *alone) {
  const std::string guard = fresh("guard");
  lines.open(view_line_kind::expansion, "if (!" + guard + ") {  // only once");
  this->variable(variable, alone);
  end_full_expression();
  lines.expansion(guard + " = true;");
  lines.close(view_line_kind::expansion, "}  // " + variable_name(variable) + " stays in scope");
}

/// `alone`: the statement, where it declares nothing else.
void view_builder::variable(const clang::VarDecl &variable, const clang::DeclStmt *alone) {
  if (variable.getInit())
    lift(variable.getInit());
  if (const auto *parts = llvm::dyn_cast<clang::DecompositionDecl>(&variable))
    return bindings(*parts, one_line(*variable.getInit()));
  if (std::string written = alone ? one_line(*alone) : ""; !written.empty() && text.is_written(*alone))
    return lines.code(written + (written.ends_with(';') ? "" : ";"));
  // Of several declarators in one statement only the first has the type in front; a macro's have no text of their own.
  std::string rest;
  if (variable.getInit() && variable.getLocation() != variable.getEndLoc()) {
    rest = text.between({variable.getLocation(), variable.getEndLoc()}, variable.getInit());
    const std::string value = one_line(*variable.getInit());
    rest = rest.empty() ? (value.starts_with('{') ? value : " = " + value) : rest.substr(variable.getName().size());
  }
  std::string declared = variable.getName().str();
  variable.getType().getAsStringInternal(declared, policy_of(context_));
  lines.code(declared + rest + ";");
}

/// A structured binding is one object without a name, and names for what is in it.
void view_builder::bindings(const clang::DecompositionDecl &object, const std::string &value) {
  const std::string name = fresh("object");
  std::string type = text.between({object.getBeginLoc(), object.getLocation()}, nullptr);
  type = type.substr(0, type.find('['));
  while (type.ends_with(' '))
    type.pop_back();
  if (type.empty())
    type = "auto";
  lines.expansion(type + (type.ends_with(" &") || type.ends_with(" &&") ? "" : " ") + name + " = " + value + ";");
  std::string names;
  std::size_t number = 0;
  for (const clang::BindingDecl *binding : object.bindings()) {
    const std::string index = std::to_string(number++);
    if (binding->getHoldingVar()) {
      lines.expansion("auto &&" + binding->getNameAsString() + " = get<" + index + ">(" + name + ");");
      continue;
    }
    const auto *member = llvm::dyn_cast_or_null<clang::MemberExpr>(
        binding->getBinding() ? binding->getBinding()->IgnoreImplicit() : nullptr);
    names += (names.empty() ? "" : ", ") + binding->getNameAsString() + " is " + name +
             (member ? "." + member->getMemberDecl()->getNameAsString() : "[" + index + "]");
  }
  if (!names.empty())
    lines.comment(names);
}

void view_builder::coroutine_return(const clang::CoreturnStmt &jump) {
  const clang::Expr *operand = jump.getOperand();
  const std::optional<promise_call> call = as_promise_call(&jump);
  std::string value;
  if (operand) {
    lift(holds(jump.getPromiseCall()) && !holds(operand) ? jump.getPromiseCall() : operand);
    value = one_line(*operand);
    // What is about to go out of scope is moved from.
    if (operand->isXValue() && llvm::isa<clang::DeclRefExpr>(operand->IgnoreImplicit()))
      value = "std::move(" + value + ")";
  }
  if (call && call->member == "return_value") {
    lines.expansion("promise.return_value(" + value + ");");
  } else {
    if (!value.empty())
      lines.code(value + ";");
    if (call)
      lines.expansion("promise." + call->member.str() + "();");
  }
  end_full_expression();
  lines.expansion("goto final_suspend;");
}

void view_builder::try_block(const clang::CXXTryStmt &statement) {
  lines.open(view_line_kind::code, "try {");
  block(statement.getTryBlock());
  for (unsigned i = 0; i < statement.getNumHandlers(); ++i) {
    const clang::CXXCatchStmt &handler = *statement.getHandler(i);
    const clang::VarDecl *caught = handler.getExceptionDecl();
    std::string written = "...";
    if (caught) {
      written = caught->getName().str();
      caught->getType().getAsStringInternal(written, policy_of(context_));
    }
    lines.stems_from(places_.of(handler.getSourceRange()));
    lines.between(view_line_kind::code, "} catch (" + written + ") {");
    block(handler.getHandlerBlock());
  }
  close(statement);
}

void view_builder::condition_variable(const clang::VarDecl &variable) {
  lift(variable.getInit());
  const std::string written = text.between(variable.getSourceRange(), variable.getInit());
  lines.code((written.empty() ? type_of(variable.getType()) + " " + variable.getNameAsString() + " = " +
                                    one_line(*variable.getInit())
                              : written) +
             ";");
  end_full_expression();
}

/// The text of a condition that can stand between parentheses: what it needs is written before.
std::string view_builder::condition(const clang::Expr &condition, const clang::VarDecl *variable) {
  if (variable && variable->getInit()) {
    condition_variable(*variable);
    return variable->getNameAsString();
  }
  lift(&condition);
  std::string written = one_line(condition);
  if (temporaries_.empty() || written.starts_with("value_")) {
    end_full_expression();
    return written;
  }
  const std::string name = fresh("value");
  lines.expansion("const auto " + name + " = " + written + ";");
  end_full_expression();
  return name;
}

void view_builder::choice_branches(const clang::IfStmt &choice, bool continues) {
  const std::string keyword = choice.isConstexpr() ? "if constexpr (" : "if (";
  const std::string head = choice.isConsteval()
                               ? std::string(choice.isNegatedConsteval() ? "if !consteval {" : "if consteval {")
                               : keyword + condition(*choice.getCond(), choice.getConditionVariable()) + ") {";
  if (continues)
    lines.between(view_line_kind::code, "} else " + head);
  else
    lines.open(view_line_kind::code, head);
  const std::optional<const clang::Stmt *> compiled = choice.getNondiscardedCase(context_);
  const auto branch = [&](const clang::Stmt *statement) {
    if (!compiled || *compiled == statement)
      return block(statement);
    lines.comment("discarded: no code is made of this branch");
    discard(statement);
  };
  branch(choice.getThen());
  const clang::Stmt *otherwise = choice.getElse();
  if (!otherwise)
    return;
  // "else if" reads on, as long as its condition needs nothing written before it.
  const auto *next = llvm::dyn_cast<clang::IfStmt>(otherwise);
  if (next && !next->getInit() && !next->getConditionVariable() && !holds(next->getCond()) && !compiled &&
      !next->isConsteval()) {
    lines.stems_from(places_.of(next->getSourceRange()));
    return choice_branches(*next, /*continues=*/true);
  }
  lines.stems_from(places_.of(choice.getElseLoc()));
  lines.between(view_line_kind::code, "} else {");
  branch(otherwise);
}

void view_builder::choice(const clang::IfStmt &choice) {
  const bool has_scope = choice.getInit() || choice.getConditionVariable();
  if (has_scope)
    lines.open(view_line_kind::expansion, "{");
  if (choice.getInit())
    statement(choice.getInit());
  choice_branches(choice, /*continues=*/false);
  close(choice);
  if (has_scope)
    lines.close(view_line_kind::expansion);
}

void view_builder::selection(const clang::SwitchStmt &selection) {
  const bool has_scope = selection.getInit() || selection.getConditionVariable();
  if (has_scope)
    lines.open(view_line_kind::expansion, "{");
  if (selection.getInit())
    statement(selection.getInit());
  lines.open(view_line_kind::code,
             "switch (" + condition(*selection.getCond(), selection.getConditionVariable()) + ") {");
  lines.indent();
  block(selection.getBody());
  lines.outdent();
  close(selection);
  if (has_scope)
    lines.close(view_line_kind::expansion);
}

} // namespace coroscope::frontend
