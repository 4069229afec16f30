// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/names.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/DeclCXX.h>
#include <clang/AST/DeclTemplate.h>
#include <clang/AST/PrettyPrinter.h>

namespace coroscope::frontend {
namespace {

/// A lambda's class has no name; its call operator is written "main()::(lambda)::operator()".
std::string scope_text(const clang::FunctionDecl &function, const clang::PrintingPolicy &policy) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  function.printQualifiedName(stream, policy);
  if (const clang::TemplateArgumentList *arguments = function.getTemplateSpecializationArgs())
    clang::printTemplateArgumentList(stream, arguments->asArray(), policy);
  constexpr std::string_view closure = "(anonymous class)";
  if (const std::size_t at = text.rfind(closure); at != std::string::npos)
    text.replace(at, closure.size(), "(lambda)");
  return text;
}

/// Behind aliases the standard library's strings have names that nobody writes.
std::string shortened(std::string text) {
  constexpr std::pair<std::string_view, std::string_view> names[] = {
      {"std::basic_string<char, std::char_traits<char>, std::allocator<char>>", "std::string"},
      {"std::basic_string_view<char, std::char_traits<char>>", "std::string_view"},
      {"std::basic_string<char>", "std::string"},
      {"std::basic_string_view<char>", "std::string_view"}};
  for (const auto &[long_name, name] : names)
    for (std::size_t at = 0; (at = text.find(long_name, at)) != std::string::npos;)
      text.replace(at, long_name.size(), name);
  return text;
}

bool is_local(const clang::CXXRecordDecl &record) {
  for (const clang::DeclContext *scope = record.getDeclContext(); scope; scope = scope->getParent())
    if (scope->isFunctionOrMethod())
      return true;
  return false;
}

} // namespace

clang::PrintingPolicy policy_of(const clang::ASTContext &context) {
  clang::PrintingPolicy policy = context.getPrintingPolicy();
  policy.SuppressTagKeyword = true;
  policy.SuppressInlineNamespace = llvm::to_underlying(clang::PrintingPolicy::SuppressInlineNamespaceMode::All);
  policy.SuppressUnwrittenScope = true;
  policy.AnonymousTagLocations = false;
  policy.UsePreferredNames = true;
  return policy;
}

std::string type_text(clang::QualType type, const clang::ASTContext &context) {
  return shortened(type.getAsString(policy_of(context)));
}

std::string variable_name(const clang::VarDecl &variable) {
  const auto *parts = llvm::dyn_cast<clang::DecompositionDecl>(&variable);
  if (!parts)
    return variable.getName().str();
  std::string name;
  for (const clang::BindingDecl *binding : parts->bindings())
    name += (name.empty() ? "[" : ", ") + binding->getName().str();
  return name + "]";
}

std::string template_argument_text(const clang::TemplateArgument &argument, const clang::ASTContext &context) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  argument.print(policy_of(context), stream, /*IncludeType=*/false);
  return shortened(text);
}

std::string qualified_type_text(clang::QualType type, const clang::ASTContext &context) {
  // The printer leaves out the function that a local class belongs to.
  if (const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl();
      record && is_local(*record) && !record->isLambda()) {
    std::string text;
    llvm::raw_string_ostream stream(text);
    record->printQualifiedName(stream, policy_of(context));
    return shortened(text);
  }
  return shortened(clang::QualType(context.getCanonicalType(type)).getAsString(policy_of(context)));
}

std::string function_text(const clang::FunctionDecl &function, const clang::ASTContext &context) {
  const clang::PrintingPolicy policy = policy_of(context);
  std::string text = scope_text(function, policy) + "(";
  for (const clang::ParmVarDecl *parameter : function.parameters()) {
    if (!text.ends_with('('))
      text += ", ";
    text += type_text(parameter->getType(), context);
  }
  text += !function.isVariadic() ? ")" : text.ends_with('(') ? "...)" : ", ...)";
  // A lambda is const unless it says otherwise.
  if (const auto *method = llvm::dyn_cast<clang::CXXMethodDecl>(&function);
      method && !method->getParent()->isLambda()) {
    text += method->isConst() ? " const" : "";
    text += method->getRefQualifier() == clang::RQ_LValue ? " &" : "";
    text += method->getRefQualifier() == clang::RQ_RValue ? " &&" : "";
  }
  return text;
}

chosen_function chosen(const clang::FunctionDecl &function, const clang::ASTContext &context, place_reader &places) {
  const clang::FunctionDecl *written = function.getTemplateInstantiationPattern();
  if (!written)
    written = &function;
  chosen_function result{.name = function_text(function, context),
                         .place = places.of(written->getNameInfo().getSourceRange())};
  if (!llvm::isa<clang::CXXConstructorDecl>(function))
    result.type = type_text(function.getReturnType(), context);
  return result;
}

} // namespace coroscope::frontend
