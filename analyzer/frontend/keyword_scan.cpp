// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/keyword_scan.h"

#include <clang/Basic/Diagnostic.h>
#include <clang/Frontend/CompilerInstance.h>
#include <clang/Frontend/FrontendAction.h>
#include <clang/Lex/Preprocessor.h>
#include <clang/Lex/PreprocessorOptions.h>

namespace coroscope::frontend {
namespace {

class scan_action : public clang::PreprocessorFrontendAction {
public:
  [[nodiscard]] bool reached_end() const { return reached_end_; }

protected:
  void ExecuteAction() override {
    clang::Preprocessor &preprocessor = getCompilerInstance().getPreprocessor();
    preprocessor.EnterMainSourceFile();
    clang::Token token;
    do
      preprocessor.Lex(token);
    while (!token.isOneOf(clang::tok::eof, clang::tok::kw_co_await, clang::tok::kw_co_yield, clang::tok::kw_co_return,
                          clang::tok::kw_import, clang::tok::kw_module, clang::tok::annot_module_include,
                          clang::tok::annot_module_begin, clang::tok::annot_header_unit));
    reached_end_ = token.is(clang::tok::eof);
  }

private:
  bool reached_end_ = false;
};

} // namespace

bool may_have_coroutines(const std::shared_ptr<clang::CompilerInvocation> &invocation) {
  const clang::PreprocessorOptions &options = invocation->getPreprocessorOpts();
  if (options.Includes.empty() || !options.ImplicitPCHInclude.empty())
    return true;
  clang::IgnoringDiagConsumer silence;
  clang::CompilerInstance instance(invocation);
  instance.createVirtualFileSystem(llvm::vfs::getRealFileSystem(), &silence);
  instance.createDiagnostics(&silence, /*ShouldOwnClient=*/false);
  instance.setVerboseOutputStream(llvm::nulls());
  scan_action action;
  return !instance.ExecuteAction(action) || instance.getDiagnostics().hasErrorOccurred() || !action.reached_end();
}

} // namespace coroscope::frontend
