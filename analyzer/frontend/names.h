// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How declarations and types are written in a report.
#pragma once

#include "frontend/places.h"

#include <clang/AST/Type.h>

namespace clang {
class ASTContext;
class FunctionDecl;
class TemplateArgument;
class VarDecl;
struct PrintingPolicy;
} // namespace clang

namespace coroscope::frontend {

/// How Clang's printers write what a report shows.
clang::PrintingPolicy policy_of(const clang::ASTContext &context);

/// As in the source, without "struct" and "class".
std::string type_text(clang::QualType type, const clang::ASTContext &context);

/// With the names of its scopes, behind aliases: what tells two nested types of one name apart.
std::string qualified_type_text(clang::QualType type, const clang::ASTContext &context);

/// "x"; "[a, b]" for the object of a structured binding; "" for one without a name.
std::string variable_name(const clang::VarDecl &variable);

std::string template_argument_text(const clang::TemplateArgument &argument, const clang::ASTContext &context);

/// Qualified, with template arguments, parameters and qualifiers: "net::session::read(std::string_view) const".
std::string function_text(const clang::FunctionDecl &function, const clang::ASTContext &context);

/// `function` as the one the language chose.
chosen_function chosen(const clang::FunctionDecl &function, const clang::ASTContext &context, place_reader &places);

} // namespace coroscope::frontend
