// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Why CoroElide leaves the allocation of an inlined coroutine: the conditions that the pass asks, asked again one by
// one, so that the one which fails has a name and a place.
//
//   coro.id of a callee, right before the pass --allocated at will? destroyed? on every path?--> the first "no"
#pragma once

#include "lowering/lowered.h"

namespace llvm {
class CallBase;
class CoroIdInst;
class DominatorTree;
} // namespace llvm

namespace coroscope::lowering {

/// A clause such as "its handle is returned", and the place that it speaks of.
struct elision_verdict {
  std::string reason;
  std::optional<place> where;
};

/// Requires: `id` is that of a coroutine which was inlined into the function that `tree` is of, and is not elided
/// there.
elision_verdict why_not_elided(const llvm::CoroIdInst &id, const llvm::DominatorTree &tree);

/// Requires: `call` is marked as one of an awaited task whose frame may be in the caller's, and was left as it is.
elision_verdict why_not_annotation(const llvm::CallBase &call);

} // namespace coroscope::lowering
