// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// buffered_reader: lines and pieces of known length out of a stream of bytes.
//
//   byte_stream -> buffer of at most `limit` bytes -> read_line, read_until, read_exactly, read_to_end
#pragma once

#include <coroscope/byte_stream.h>
#include <coroscope/task.h>
#include <cstddef>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace coroscope {

/// The peer finished writing in the middle of what was to be read. What came is still in the reader's buffer. asyncio:
/// `IncompleteReadError`.
class unexpected_end : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// What was to be read does not fit the reader's buffer. What came is still in there. asyncio: `LimitOverrunError`.
class read_limit_exceeded : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// Reads a stream through a buffer. A read that throws or is cancelled has taken nothing: what came until then is
/// in the buffer, for the next one. One task reads at a time; the reader does not outlive the stream. Its memory
/// grows up to `limit` bytes as it is needed. Reads throw std::system_error where the stream's do. asyncio:
/// `StreamReader`.
class buffered_reader {
public:
  /// `limit`: the most bytes that one read gives, at least 1.
  explicit buffered_reader(byte_stream &from, std::size_t limit = std::size_t{64} * 1024) noexcept
      : from_(&from), limit_(limit) {}

  /// The bytes up to and with the first `delimiter`. Throws unexpected_end; read_limit_exceeded where they are more
  /// than the limit; std::invalid_argument where the delimiter is empty. asyncio: `readuntil`.
  task<std::string> read_until(std::string delimiter);

  /// The next line, without its "\n" or "\r\n"; nothing once the peer has finished writing. The last line need not end
  /// in "\n"; where that would be an error, read_until tells. Throws read_limit_exceeded. asyncio: `readline`.
  task<std::optional<std::string>> read_line();

  /// The next `count` bytes. Throws unexpected_end; read_limit_exceeded where `count` is more than the limit. asyncio:
  /// `readexactly`.
  task<std::string> read_exactly(std::size_t count);

  /// All bytes until the peer has finished writing. Throws read_limit_exceeded. asyncio: `read(-1)`.
  task<std::string> read_to_end();

  /// At least one byte into `into`, which is not empty, and how many; 0 once the peer has finished writing. What is in
  /// the buffer comes first. asyncio: `read(n)`.
  task<std::size_t> read_some(std::span<char> into);

  /// What has been read and not been taken.
  std::string_view buffered() const noexcept { return std::string_view(memory_).substr(begin_, end_ - begin_); }

private:
  task<bool> fill();
  void make_room();
  std::string take(std::size_t count);
  task<std::size_t> find(std::string_view delimiter);

  byte_stream *from_;
  std::size_t limit_;
  std::string memory_; ///< from begin_ to end_ it holds bytes
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

} // namespace coroscope
