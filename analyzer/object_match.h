// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which declaration or expression of the source a value of the lowering is.
#pragma once

#include "frontend/source_facts.h"
#include "lowering/lowered.h"

namespace coroscope {

/// For a value that debug info calls a variable: the parameter of that number, else by name and place; where several of
/// one name stand on one line and no column tells, by type. Null rather than the wrong one.
const frontend::named_object *find_variable(const frontend::coroutine_facts &facts,
                                            const lowering::lowered_resident &value);

/// Of an object's members those that lie in `size` bytes from `first` on, with their offsets from there; of one that
/// reaches beyond, its own.
std::vector<member> members_within(const std::vector<member> &members, std::uint64_t first, std::uint64_t size);

/// For a stack slot without a variable, of the function that `facts` are of: the temporary of the same class at the
/// same place or, where code generation marked another token, the only one of that class on the line. Null rather than
/// the wrong one.
const frontend::named_object *find_temporary(const frontend::body_facts &facts,
                                             const lowering::lowered_resident &value);

/// For a stack slot that is none of the temporaries for sure: the whole expression at its place. Null for none.
const frontend::named_object *find_expression(const frontend::coroutine_facts &facts,
                                              const lowering::lowered_resident &value);

/// Whether the slot holds what the whole `expression` gives, not one of its parts.
bool is_object_of(const frontend::named_object &expression, const lowering::lowered_resident &value);

/// For the result of a call of a function that is not known here: the call of that name at its place; for a number of
/// no known type: what is converted there, where that is to one type. Null for none.
const frontend::named_object *find_result(const frontend::body_facts &facts, const lowering::lowered_resident &value);

} // namespace coroscope
