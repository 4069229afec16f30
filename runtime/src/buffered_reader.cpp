// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The buffer, and where in it a piece ends.
//
//   memory:  | taken already | buffered() | room for the next read |
#include <algorithm>
#include <coroscope/buffered_reader.h>
#include <utility>

namespace coroscope {

namespace {

std::string bytes(std::size_t count) { return std::to_string(count) + (count == 1 ? " byte" : " bytes"); }

[[noreturn]] void throw_limit_exceeded(std::size_t limit, const char *what) {
  throw read_limit_exceeded("coroscope: " + std::string(what) + " is longer than the reader's limit of " +
                            bytes(limit));
}

} // namespace

/// Room for more bytes behind end_: up to one more than the limit, which tells that there are more. Precondition: no
/// more than limit_ are buffered.
void buffered_reader::make_room() {
  constexpr std::size_t first_size = 4096;
  if (begin_ == end_)
    begin_ = end_ = 0;
  if (end_ < memory_.size())
    return;
  memory_.erase(0, std::exchange(begin_, 0));
  end_ = memory_.size();
  memory_.resize(std::min(limit_ + 1, std::max(first_size, 2 * end_)));
}

/// False where the peer has finished writing.
task<bool> buffered_reader::fill() {
  make_room();
  const std::size_t count = co_await from_->read_some(std::span(memory_).subspan(end_));
  end_ += count;
  co_return count != 0;
}

std::string buffered_reader::take(std::size_t count) {
  std::string taken(buffered().substr(0, count));
  begin_ += count;
  return taken;
}

/// How many bytes there are up to and with the delimiter; 0 where the peer finishes writing before.
task<std::size_t> buffered_reader::find(std::string_view delimiter) {
  for (std::size_t searched = 0;;) {
    const std::size_t at = buffered().find(delimiter, searched);
    if (at != std::string_view::npos && at + delimiter.size() <= limit_)
      co_return at + delimiter.size();
    if (buffered().size() >= limit_)
      throw_limit_exceeded(limit_, "what comes before the delimiter");
    searched = buffered().size() - std::min(buffered().size(), delimiter.size() - 1);
    const bool more = co_await fill();
    if (!more)
      co_return std::size_t{0};
  }
}

task<std::string> buffered_reader::read_until(std::string delimiter) {
  if (delimiter.empty())
    throw std::invalid_argument("coroscope: read_until with an empty delimiter");
  const std::size_t length = co_await find(delimiter);
  if (length == 0)
    throw unexpected_end("coroscope: the stream ended after " + bytes(buffered().size()) + ", without the delimiter");
  co_return take(length);
}

task<std::optional<std::string>> buffered_reader::read_line() {
  const std::size_t length = co_await find("\n");
  if (length == 0 && buffered().empty())
    co_return std::nullopt;
  std::string line = take(length == 0 ? buffered().size() : length);
  if (length != 0)
    line.pop_back();
  if (length != 0 && line.ends_with('\r'))
    line.pop_back();
  co_return line;
}

task<std::string> buffered_reader::read_exactly(std::size_t count) {
  if (count > limit_)
    throw_limit_exceeded(limit_, ("a piece of " + bytes(count)).c_str());
  while (buffered().size() < count) {
    const bool more = co_await fill();
    if (!more)
      throw unexpected_end("coroscope: the stream ended after " + std::to_string(buffered().size()) + " of " +
                           bytes(count));
  }
  co_return take(count);
}

task<std::string> buffered_reader::read_to_end() {
  for (bool more = true; more;) {
    if (buffered().size() > limit_)
      throw_limit_exceeded(limit_, "what is left of the stream");
    more = co_await fill();
  }
  co_return take(buffered().size());
}

task<std::size_t> buffered_reader::read_some(std::span<char> into) {
  if (buffered().empty())
    co_return co_await from_->read_some(into);
  const std::size_t count = std::min(into.size(), buffered().size());
  std::copy_n(buffered().begin(), count, into.begin());
  begin_ += count;
  co_return count;
}

} // namespace coroscope
