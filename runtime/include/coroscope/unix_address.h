// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// unix_address: where a Unix socket is: a file's path, a name without a file, or nowhere.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

namespace coroscope {

/// The address of a Unix socket, a value. [unix(7)]
class unix_address {
public:
  enum class kind : std::uint8_t {
    unnamed,  ///< of a stream that was not bound, as the peer of a listener's connection is
    path,     ///< a socket file
    abstract, ///< a name that is in no file system, and free again when nobody uses it
  };

  unix_address() noexcept = default;
  /// Throws std::system_error: invalid_argument where it is empty or holds a zero byte, filename_too_long where it has
  /// more than 107 bytes.
  static unix_address path(std::string path);
  /// A name of any bytes. Throws std::system_error with filename_too_long where it has more than 107.
  static unix_address abstract(std::string name);

  kind what() const noexcept { return what_; }
  /// The path or the name.
  const std::string &text() const noexcept { return text_; }
  /// For people: the path, "@name", or "an unnamed Unix socket".
  std::string to_string() const;

  friend bool operator==(const unix_address &, const unix_address &) = default;

private:
  unix_address(kind what, std::string text) noexcept : what_(what), text_(std::move(text)) {}
  kind what_ = kind::unnamed;
  std::string text_;
};

} // namespace coroscope
