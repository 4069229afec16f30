// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// HTTP/1 messages as they come off the wire.
//
//   bytes -> request_parser / response_parser -> head (method, target, status, fields), and where the message ends
//   "http://host:80/path" -> split_absolute_target -> scheme, authority, path
//   "[::1]:443"           -> split_authority       -> host, port
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace coroscope::http {

/// One header field; its name as it was written.
struct field {
  std::string name;
  std::string value;
  friend bool operator==(const field &, const field &) = default;
};

/// The fields of a head, in order. Names are compared without regard to case.
class field_list {
public:
  void add(std::string name, std::string value) { all_.push_back({std::move(name), std::move(value)}); }
  /// The first field's value, or null.
  const std::string *find(std::string_view name) const noexcept;
  std::size_t count(std::string_view name) const noexcept;
  /// Removes every field of that name.
  void erase(std::string_view name);
  /// Puts one field in the place of all of that name.
  void set(std::string_view name, std::string value);
  const std::vector<field> &all() const noexcept { return all_; }

private:
  std::vector<field> all_;
};

struct request_head {
  std::string method;
  std::string target; ///< as it was sent: origin, absolute, authority or asterisk form
  int minor_version = 1;
  field_list fields;
  /// As it is sent, with the empty line at its end.
  std::string to_string() const;
};

struct response_head {
  int status = 0;
  std::string reason;
  int minor_version = 1;
  field_list fields;
  std::string to_string() const;
};

/// Why a message was refused, and the status that says so to a client.
struct parse_error {
  int status;
  std::string message;
};

struct parse_limits {
  std::size_t head_bytes = 64 * 1024;
  std::size_t fields = 128;
};

namespace detail {

/// What requests and responses have in common. It reads one message and never beyond its end.
class message_parser {
public:
  struct state;
  message_parser(message_parser &&) noexcept;
  message_parser &operator=(message_parser &&) noexcept;
  ~message_parser();

  /// Reads on, and gives how many of `bytes` belong to this message. It stops at the end of the head, at the end of
  /// the message, and at an error, so call it again with the rest while the message is not complete.
  std::size_t feed(std::string_view bytes);
  /// The connection has ended: completes a response that lasts until then; an error for any other unfinished message.
  void feed_end();

  bool head_complete() const noexcept;
  /// Head and body have been read.
  bool complete() const noexcept;
  const std::optional<parse_error> &error() const noexcept;

protected:
  enum class kind : std::uint8_t { request, response };
  message_parser(kind what, const parse_limits &limits, bool response_has_body);
  std::unique_ptr<state> state_;
};

} // namespace detail

/// Refuses what could be understood in two ways: a request without or with two Host fields, folded or nameless
/// fields, Transfer-Encoding with Content-Length or in HTTP/1.0, and every version but 1.0 and 1.1.
class request_parser : public detail::message_parser {
public:
  explicit request_parser(const parse_limits &limits = {});
  /// Precondition: head_complete().
  request_head &head() noexcept;
};

class response_parser : public detail::message_parser {
public:
  /// `request_method` decides whether the response has a body.
  explicit response_parser(std::string_view request_method, const parse_limits &limits = {});
  /// Precondition: head_complete().
  response_head &head() noexcept;
};

/// "Bad Gateway" for 502; empty for a status that a proxy or server does not give of its own accord.
std::string reason_phrase(int status);

/// Removes the fields that are for the next hop alone: Connection and those it names, Proxy-Connection, Keep-Alive,
/// TE, Upgrade, Proxy-Authorization. What says where the body ends stays, since the body is passed on as it is.
void remove_hop_by_hop_fields(field_list &fields);

struct authority {
  std::string host; ///< IPv6 without brackets
  std::optional<std::uint16_t> port;
};
/// Nothing where `text` is not host or host:port.
std::optional<authority> split_authority(std::string_view text);

struct absolute_target {
  std::string scheme; ///< in lower case
  std::string authority;
  std::string path; ///< with the query; "/" where there is none
};
/// Nothing where `target` is not of the form scheme://authority/path, or its authority holds user information.
std::optional<absolute_target> split_absolute_target(std::string_view target);

} // namespace coroscope::http
