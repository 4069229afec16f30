// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "frontend/diagnostics.h"

#include <algorithm>

namespace coroscope::frontend {
namespace {

severity severity_of(clang::DiagnosticsEngine::Level level) {
  switch (level) {
  case clang::DiagnosticsEngine::Fatal:
    return severity::fatal;
  case clang::DiagnosticsEngine::Error:
    return severity::error;
  case clang::DiagnosticsEngine::Warning:
    return severity::warning;
  case clang::DiagnosticsEngine::Remark:
    return severity::remark;
  default:
    return severity::note;
  }
}

} // namespace

void diagnostic_collector::HandleDiagnostic(clang::DiagnosticsEngine::Level level, const clang::Diagnostic &info) {
  clang::DiagnosticConsumer::HandleDiagnostic(level, info);
  llvm::SmallString<128> message;
  info.FormatDiagnostic(message);
  diagnostic found{.level = severity_of(level), .message = message.str().str()};
  if (places_ && info.getLocation().isValid())
    found.place = places_->of(info.getLocation());
  if (std::ranges::find(diagnostics_, found) == diagnostics_.end())
    diagnostics_.push_back(std::move(found));
}

} // namespace coroscope::frontend
