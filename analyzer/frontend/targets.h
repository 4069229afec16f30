// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which machines can code be generated for? All that this LLVM knows, once it was told to register them.
#pragma once

namespace coroscope::frontend {

/// Registers LLVM's targets, once. A triple names none of them before.
void initialize_targets();

} // namespace coroscope::frontend
