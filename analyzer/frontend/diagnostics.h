// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Clang's diagnostics as values.
#pragma once

#include "frontend/places.h"

#include <clang/Basic/Diagnostic.h>

namespace coroscope::frontend {

/// Keeps each diagnostic once, in the order given. Takes places from `places` once a source manager exists.
class diagnostic_collector : public clang::DiagnosticConsumer {
public:
  void use(place_reader *places) { places_ = places; }
  void HandleDiagnostic(clang::DiagnosticsEngine::Level level, const clang::Diagnostic &info) override;
  [[nodiscard]] const std::vector<diagnostic> &diagnostics() const { return diagnostics_; }

private:
  place_reader *places_ = nullptr;
  std::vector<diagnostic> diagnostics_;
};

} // namespace coroscope::frontend
