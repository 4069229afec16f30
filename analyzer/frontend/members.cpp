// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/members.h"

#include "frontend/names.h"

#include <clang/AST/ASTContext.h>
#include <clang/AST/DeclCXX.h>
#include <clang/AST/RecordLayout.h>

#include <algorithm>

namespace coroscope::frontend {
namespace {

/// The elements of a longer array are not told one by one.
constexpr std::uint64_t max_elements = 16;

std::uint64_t bytes(clang::CharUnits units) { return static_cast<std::uint64_t>(units.getQuantity()); }

/// A name of a class's own ("pointer", "size_type") says nothing without the class: what it stands for.
std::string member_type_text(clang::QualType type, const clang::ASTContext &context) {
  while (const auto *alias = type->getAs<clang::TypedefType>()) {
    if (!alias->getDecl()->getDeclContext()->isRecord())
      break;
    type = context.getQualifiedType(alias->desugar(), type.getQualifiers());
  }
  return type_text(type, context);
}

class member_reader {
public:
  explicit member_reader(const clang::ASTContext &context) : context_(context) {}

  std::vector<member> of(clang::QualType type) {
    if (const clang::ConstantArrayType *array = context_.getAsConstantArrayType(type))
      return elements(*array);
    const clang::CXXRecordDecl *record = type->getAsCXXRecordDecl();
    record = record ? record->getDefinition() : nullptr;
    if (!record || record->isInvalidDecl() || record->isDependentType())
      return {};
    return sorted(complete(*record));
  }

private:
  std::vector<member> elements(const clang::ConstantArrayType &array) {
    const std::vector<member> inner = of(array.getElementType());
    const std::uint64_t count = array.getZExtSize();
    if (inner.empty() || count > max_elements)
      return {};
    const std::uint64_t size = bytes(context_.getTypeSizeInChars(array.getElementType()));
    std::vector<member> members;
    for (std::uint64_t i = 0; i < count; ++i)
      members.push_back(
          {i * size, size, "[" + std::to_string(i) + "]", type_text(array.getElementType(), context_), inner});
    return members;
  }

  /// Of an object that is no base of another: its virtual bases belong to it.
  std::vector<member> complete(const clang::CXXRecordDecl &record) {
    std::vector<member> members = own(record);
    const clang::ASTRecordLayout &layout = context_.getASTRecordLayout(&record);
    for (const clang::CXXBaseSpecifier &base : record.vbases())
      add_base(base.getType(), layout.getVBaseClassOffset(base.getType()->getAsCXXRecordDecl()), members);
    return members;
  }

  std::vector<member> own(const clang::CXXRecordDecl &record) {
    std::vector<member> members;
    const clang::ASTRecordLayout &layout = context_.getASTRecordLayout(&record);
    if (layout.hasOwnVFPtr())
      members.push_back({.offset = 0,
                         .size = bytes(context_.getTypeSizeInChars(context_.VoidPtrTy)),
                         .name = "vtable pointer",
                         .type = "void *"});
    for (const clang::CXXBaseSpecifier &base : record.bases())
      if (!base.isVirtual())
        add_base(base.getType(), layout.getBaseClassOffset(base.getType()->getAsCXXRecordDecl()), members);
    const std::vector<std::string> captures = captured(record);
    for (const clang::FieldDecl *field : record.fields())
      if (!field->isZeroSize(context_) && !field->isUnnamedBitField())
        members.push_back(read_field(*field, layout.getFieldOffset(field->getFieldIndex()), captures));
    return sorted(std::move(members));
  }

  void add_base(clang::QualType type, clang::CharUnits offset, std::vector<member> &members) {
    const clang::CXXRecordDecl *base = type->getAsCXXRecordDecl()->getDefinition();
    if (!base || base->isEmpty())
      return;
    const std::string name = type_text(type, context_);
    members.push_back({.offset = bytes(offset),
                       .size = bytes(context_.getASTRecordLayout(base).getNonVirtualSize()),
                       .name = ":" + name,
                       .type = name,
                       .members = own(*base)});
  }

  /// `bit`: where the field begins.
  member read_field(const clang::FieldDecl &field, std::uint64_t bit, const std::vector<std::string> &captures) {
    member result{
        .offset = bit / 8, .name = field.getName().str(), .type = member_type_text(field.getType(), context_)};
    if (field.isBitField()) {
      const std::uint64_t first = bit % 8;
      const std::uint64_t width = field.getBitWidthValue();
      result.size = (first + width + 7) / 8;
      result.name += width == 1 ? " (bit " + std::to_string(first) + ")"
                                : " (bits " + std::to_string(first) + " to " + std::to_string(first + width - 1) + ")";
      return result;
    }
    result.size = bytes(context_.getTypeSizeInChars(field.getType()));
    const clang::CXXRecordDecl *record = field.getType()->getAsCXXRecordDecl();
    // What follows may lie in the tail padding of such a member.
    if (record && field.isPotentiallyOverlapping())
      result.size = bytes(context_.getASTRecordLayout(record).getDataSize());
    if (field.getFieldIndex() < captures.size())
      result.name = captures[field.getFieldIndex()];
    else if (result.name.empty())
      result.name = record && record->isUnion() ? "(anonymous union)" : "(anonymous struct)";
    result.members = of(field.getType());
    return result;
  }

  /// The names of a closure's fields, which have none of their own.
  static std::vector<std::string> captured(const clang::CXXRecordDecl &record) {
    std::vector<std::string> names;
    if (record.isLambda())
      for (const clang::LambdaCapture &capture : record.captures())
        names.push_back(capture.capturesVariable() ? capture.getCapturedVar()->getName().str() : "this");
    return names;
  }

  /// By offset; members at one offset keep their order.
  static std::vector<member> sorted(std::vector<member> members) {
    std::vector<member> result;
    for (member &one : members)
      result.insert(std::ranges::upper_bound(result, one.offset, {}, &member::offset), std::move(one));
    return result;
  }

  const clang::ASTContext &context_;
};

} // namespace

std::vector<member> members_of(clang::QualType type, const clang::ASTContext &context) {
  return member_reader(context).of(type);
}

} // namespace coroscope::frontend
