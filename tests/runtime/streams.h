// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What tests do with any stream: write all of it, read all of it, see with which error something ended.
#pragma once

#include <array>
#include <coroscope/byte_stream.h>
#include <coroscope/task.h>
#include <cstddef>
#include <string>
#include <system_error>
#include <utility>

namespace coroscope::testing {

inline task<std::string> read_all(byte_stream &stream, std::size_t piece = 4096) {
  std::string all;
  std::string buffer(piece, '\0');
  while (const std::size_t count = co_await stream.read_some(buffer))
    all.append(buffer, 0, count);
  co_return all;
}

inline task<> write_and_finish(byte_stream &stream, std::string bytes) {
  co_await stream.write_all(bytes);
  stream.shutdown_write();
}

/// At most 16 bytes.
inline task<std::size_t> read_once(byte_stream &stream) {
  std::array<char, 16> buffer;
  co_return co_await stream.read_some(buffer);
}

inline std::string pattern(std::size_t size, unsigned seed = 0) {
  std::string bytes(size, '\0');
  for (std::size_t i = 0; i < size; ++i)
    bytes[i] = static_cast<char>((i * 31 + i / 977 + seed) % 251);
  return bytes;
}

/// The error code with which the task fails; nothing where it does not.
template <class T> task<std::error_code> error_of(task<T> work) {
  try {
    co_await std::move(work);
  } catch (const std::system_error &error) {
    co_return error.code();
  }
  co_return std::error_code();
}

inline bool is(std::error_code code, std::errc condition) { return code == std::make_error_condition(condition); }

} // namespace coroscope::testing
