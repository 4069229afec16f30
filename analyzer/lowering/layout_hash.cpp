// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which two lowerings are the same for one who reads a frame's bytes: FNV-1a over the numbers that decide it.
#include "lowering/lowered.h"

#include <llvm/ADT/StringExtras.h>

namespace coroscope::lowering {
namespace {

class fnv1a {
public:
  void add(std::uint64_t number) {
    for (int byte = 0; byte < 8; ++byte) {
      state_ = (state_ ^ (number & 0xff)) * 0x100000001b3;
      number >>= 8;
    }
  }
  [[nodiscard]] std::uint64_t value() const { return state_; }

private:
  std::uint64_t state_ = 0xcbf29ce484222325;
};

} // namespace

std::string layout_hash(const lowered_coroutine &coroutine) {
  fnv1a hash;
  for (const lowered_suspend &point : coroutine.suspends) {
    hash.add(point.ordinal);
    hash.add(static_cast<std::uint64_t>(point.kind));
  }
  hash.add(coroutine.size);
  hash.add(coroutine.align);
  for (const lowered_field &field : coroutine.fields) {
    hash.add(field.offset);
    hash.add(field.size);
  }
  return llvm::utohexstr(hash.value(), /*LowerCase=*/true, /*Width=*/16);
}

} // namespace coroscope::lowering
