// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/lowered_view.h"

#include "frontend/calls.h"
#include "frontend/names.h"
#include "frontend/promise_reader.h"
#include "frontend/view_builder.h"

#include <clang/AST/ASTContext.h>

namespace coroscope::frontend {
namespace {

constexpr view_line_kind added = view_line_kind::expansion;

class coroutine_view {
public:
  coroutine_view(const clang::FunctionDecl &function, clang::ASTContext &context, place_reader &places,
                 const coroutine &value, const std::vector<position> &keys)
      : function_(function), body_(*llvm::cast<clang::CoroutineBodyStmt>(function.getBody())), context_(context),
        places_(places), value_(value), builder_(function, context, places, value, keys), lines_(builder_.lines) {
    name_parameters();
  }

  std::vector<view_line> write() {
    lines_.comment("a reconstruction from Clang's tree of what the language makes of the body; no compiler prints it");
    lines_.stems_from(places_.of(function_.getNameInfo().getSourceRange()));
    lines_.open(view_line_kind::code, signature() + " {");
    allocate();
    copy_parameters();
    make_promise();
    lines_.expansion("");
    run();
    lines_.stems_from(places_.of(written_body(function_).getEnd()));
    lines_.label("final_suspend");
    builder_.implicit_suspend(body_.getFinalSuspendStmt(), last_point());
    lines_.label("destroy");
    lines_.comment("destroy() comes here from where the coroutine is suspended");
    destroy();
    builder_.admit_missing();
    lines_.close(view_line_kind::code);
    return lines_.take();
  }

private:
  [[nodiscard]] suspend_point_id last_point() const {
    return {static_cast<std::uint32_t>(value_.suspend_points.size()) - 1};
  }

  /// As written; a function that the source does not spell out is named.
  std::string signature() {
    const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(&function_);
    const bool is_lambda = method && method->getParent()->isLambda();
    const clang::SourceLocation begin = is_lambda ? method->getParent()->getBeginLoc() : function_.getBeginLoc();
    std::string written = builder_.text.between({begin, written_body(function_).getBegin()}, nullptr);
    for (const std::string_view tail : {"{", "try"})
      if (written.ends_with(tail))
        written.erase(written.size() - tail.size());
    std::string text;
    for (const char letter : written)
      if (const bool is_space = letter == ' ' || letter == '\n' || letter == '\t' || letter == '\r'; !is_space)
        text += letter;
      else if (!text.empty() && !text.ends_with(' '))
        text += ' ';
    while (text.ends_with(' '))
      text.pop_back();
    if (function_.isTemplateInstantiation() && !text.empty())
      lines_.comment("instantiated: " + value_.name);
    return text.empty() ? value_.return_type + " " + value_.name : text;
  }

  /// The call of operator new or delete, with what it is given by name.
  std::string allocation_call(const clang::Expr *whole, clang::OverloadedOperatorKind kind, const char *first) {
    const clang::CallExpr *call = find_call(whole, kind);
    if (!call)
      return builder_.text.printed(*whole);
    const clang::FunctionDecl *callee = call->getDirectCallee();
    std::string text;
    if (const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(callee))
      text = type_text(context_.getCanonicalTagType(method->getParent()), context_) + "::";
    text += (kind == clang::OO_New ? "operator new(" : "operator delete(") + std::string(first);
    for (unsigned i = 1; i < call->getNumArgs(); ++i) {
      const clang::QualType type = callee->getParamDecl(std::min(i, callee->getNumParams() - 1))->getType();
      const bool is_delete_size = kind == clang::OO_Delete && type->isIntegerType() && !type->isAlignValT();
      text += ", " + (type->isAlignValT() ? "std::align_val_t(frame_align)"
                      : is_delete_size    ? "frame_size"
                                          : spelled(*call->getArg(i)));
    }
    return text + ")";
  }

  static const clang::CallExpr *find_call(const clang::Stmt *statement, clang::OverloadedOperatorKind kind) {
    const auto *call = llvm::dyn_cast_or_null<clang::CallExpr>(statement);
    if (call && call->getDirectCallee() && call->getDirectCallee()->getOverloadedOperator() == kind)
      return call;
    if (statement)
      for (const clang::Stmt *child : statement->children())
        if (const clang::CallExpr *found = find_call(child, kind))
          return found;
    return nullptr;
  }

  static const clang::VarDecl *copy_in(const clang::Stmt *move) {
    const auto *declaration = llvm::dyn_cast_or_null<clang::DeclStmt>(move);
    return declaration ? llvm::dyn_cast<clang::VarDecl>(declaration->getSingleDecl()) : nullptr;
  }

  /// One without a name gets one; what the caller passes is told from the copy that the body uses.
  void name_parameters() {
    for (unsigned i = 0; i < function_.getNumParams(); ++i) {
      const clang::ParmVarDecl *parameter = function_.getParamDecl(i);
      const std::string name =
          parameter->getIdentifier() ? parameter->getName().str() : "unnamed_" + std::to_string(i + 1);
      names_[parameter] = "arguments." + name;
      if (i < body_.getParamMoves().size())
        names_[copy_in(body_.getParamMoves()[i])] = name;
    }
  }

  /// As Clang prints it, with the parameters by their names here.
  std::string spelled(const clang::Stmt &statement) {
    rename_parameters(statement);
    return builder_.text.printed(statement);
  }

  void rename_parameters(const clang::Stmt &statement) {
    const auto *reference = llvm::dyn_cast<clang::DeclRefExpr>(&statement);
    const auto name = reference ? names_.find(reference->getDecl()) : names_.end();
    if (name != names_.end())
      builder_.text.replace(statement, name->second);
    for (const clang::Stmt *child : statement.children())
      if (child)
        rename_parameters(*child);
  }

  void allocate() {
    if (body_.getAllocate())
      lines_.expansion("void *frame = " + allocation_call(body_.getAllocate(), clang::OO_New, "frame_size") +
                       ";  // left out where the allocation is elided");
    const auto *failure = llvm::dyn_cast_or_null<clang::ReturnStmt>(body_.getReturnStmtOnAllocFailure());
    if (!failure)
      return;
    lines_.open(added, "if (!frame)");
    lines_.expansion("return " + value_.promise.type + "::get_return_object_on_allocation_failure();");
    lines_.outdent();
  }

  void copy_parameters() {
    if (!body_.getParamMoves().empty())
      lines_.comment("the body uses copies of its parameters");
    unsigned number = 0;
    for (const clang::Stmt *move : body_.getParamMoves()) {
      const clang::ParmVarDecl *parameter =
          number < function_.getNumParams() ? function_.getParamDecl(number++) : nullptr;
      const clang::VarDecl *copy = copy_in(move);
      if (!copy)
        continue;
      const std::optional<range> outer =
          lines_.stems_from(places_.of((parameter ? parameter : copy)->getSourceRange()));
      const clang::QualType type = copy->getType();
      std::string declared = names_[copy];
      const std::string given = "arguments." + declared;
      type.getAsStringInternal(declared, policy_of(context_));
      const bool moves = type->isRecordType() || type->isRValueReferenceType();
      lines_.expansion(declared + " = " + (moves ? "std::move(" + given + ")" : given) + ";" +
                       (type->isReferenceType() ? "  // the reference is kept, not what it refers to" : ""));
      lines_.stems_from(outer);
    }
  }

  void make_promise() {
    std::string arguments;
    for (const clang::Expr *argument : promise_creation_of(body_).arguments)
      arguments += (arguments.empty() ? "" : ", ") + spelled(*argument);
    const std::string &type = value_.promise.type;
    lines_.expansion(type + " promise" + (arguments.empty() ? "" : "(" + arguments + ")") + ";");
    lines_.expansion("auto handle = std::coroutine_handle<" + type + ">::from_promise(promise);");
    const clang::QualType made = body_.getReturnValueInit()->getType();
    if (made->isVoidType())
      return lines_.expansion("promise.get_return_object();");
    const bool converts = !context_.hasSameUnqualifiedType(made, function_.getReturnType());
    lines_.expansion((converts ? type_text(made, context_) : value_.return_type) +
                     " result = promise.get_return_object();  // goes to the caller" +
                     (converts ? " as " + value_.return_type : std::string()) + " at the first suspension");
  }

  void run() {
    builder_.implicit_suspend(body_.getInitSuspendStmt(), {0});
    const bool catches = body_.getExceptionHandler() != nullptr;
    if (catches)
      lines_.open(added, "try {");
    builder_.body(*body_.getBody());
    lines_.stems_from(places_.of(written_body(function_).getEnd()));
    fall_through();
    if (!catches)
      return;
    lines_.between(added, "} catch (...) {");
    lines_.expansion("promise.unhandled_exception();");
    lines_.close(added);
  }

  /// What happens at the end of the body.
  void fall_through() {
    if (!body_.getBody()->body_empty() && llvm::isa<clang::CoreturnStmt>(body_.getBody()->body_back()))
      return;
    if (as_promise_call(body_.getFallthroughHandler()))
      lines_.expansion("promise.return_void();  // the end of the body");
    else
      lines_.comment("the end of the body: the promise has no return_void, so getting here is undefined");
  }

  void destroy() {
    if (const clang::CXXRecordDecl *record = body_.getPromiseDecl()->getType()->getAsCXXRecordDecl();
        record && body_.getPromiseDecl()->needsDestruction(context_))
      lines_.expansion("promise.~" + record->getNameAsString() + "();");
    for (const clang::Stmt *move : llvm::reverse(body_.getParamMoves())) {
      const clang::VarDecl *copy = copy_in(move);
      const clang::CXXRecordDecl *record = copy ? copy->getType()->getAsCXXRecordDecl() : nullptr;
      if (record && copy->needsDestruction(context_))
        lines_.expansion(names_[copy] + ".~" + record->getNameAsString() + "();");
    }
    if (body_.getDeallocate())
      lines_.expansion(allocation_call(body_.getDeallocate(), clang::OO_Delete, "frame") +
                       ";  // left out where the allocation is elided");
  }

  const clang::FunctionDecl &function_;
  const clang::CoroutineBodyStmt &body_;
  clang::ASTContext &context_;
  place_reader &places_;
  const coroutine &value_;
  view_builder builder_;
  view_writer &lines_;
  std::map<const clang::ValueDecl *, std::string> names_; ///< of the parameters and their copies
};

} // namespace

std::vector<view_line> lowered_view(const clang::FunctionDecl &function, clang::ASTContext &context,
                                    place_reader &places, const coroutine &value, const std::vector<position> &keys) {
  if (value.suspend_points.size() < 2)
    return {};
  return coroutine_view(function, context, places, value, keys).write();
}

} // namespace coroscope::frontend
