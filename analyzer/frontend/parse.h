// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What one parse of a unit finds, and lowers at the levels that share it.
//
//   invocation a level --one parse--> tree --+--> source_facts
//                                            +--> one module a level --LLVM's pipeline--> the hooks of its request
#pragma once

#include "frontend/compile.h"
#include "frontend/level_macros.h"

#include <clang/Frontend/CompilerInvocation.h>

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace coroscope::frontend {

using identity_set = std::set<std::string, std::less<>>;

/// Names by which coroutines are found again in another parse of the same source: before code is generated, all lambdas
/// of a function may have one symbol, and those that one macro makes one place as well.
class identifier {
public:
  std::string operator()(const coroutine &coroutine);

private:
  std::map<std::string, unsigned> seen_;
};

struct prepared_level {
  const level_request *request;
  std::shared_ptr<clang::CompilerInvocation> invocation;
};

/// What one parse found out that another one is needed for.
struct parse_outcome {
  std::optional<level_question> question; ///< the source asks for the level, and several were to share the parse
  identity_set missing;                   ///< coroutines that no level generated code for
};

/// Where the outcome has a question, or coroutines are missing and none is `forced`, nothing was lowered. `forced` are
/// the coroutines to generate code for although nothing asks for it.
parse_outcome parse_once(const std::vector<prepared_level> &levels, const compile_options &options,
                         const identity_set &forced, source_facts &facts);

} // namespace coroscope::frontend
