// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A report as bytes and back, on its way between two processes of one build of this program; whatever is kept or read
// by anything else is JSON.
//
//   report --pack()--> bytes --unpack()--> the same report
#pragma once

#include "model/schema.h"

#include <cstring>
#include <stdexcept>
#include <string>
#include <string_view>

namespace coroscope {

class packer {
public:
  void operator()(const char *, const auto &value) { put(value); }
  void may(const char *, const auto &value) { put(value); }
  void numbered(const char *, const auto &value) { put(value); }
  void address(const char *, const auto &value) { put(value); }

  std::string bytes;

private:
  void raw(const void *data, std::size_t size) { bytes.append(static_cast<const char *>(data), size); }

  void put(const std::string &text) {
    put(text.size());
    raw(text.data(), text.size());
  }
  void put(const std::optional<traced_run> &) {} // no recording is on the way between these processes
  template <class Value> void put(const std::optional<Value> &value) {
    put(value.has_value());
    if (value)
      put(*value);
  }
  template <class Value> void put(const std::vector<Value> &values) {
    put(values.size());
    if constexpr (std::is_trivially_copyable_v<Value>)
      raw(values.data(), values.size() * sizeof(Value));
    else
      for (const Value &value : values)
        put(value);
  }
  template <class Value> void put(const Value &value) {
    if constexpr (std::is_trivially_copyable_v<Value>)
      raw(&value, sizeof value);
    else
      schema::fields(*this, value);
  }
};

class unpacker {
public:
  explicit unpacker(std::string_view bytes) : rest_(bytes) {}

  void operator()(const char *, auto &value) { get(value); }
  void may(const char *, auto &value) { get(value); }
  void numbered(const char *, auto &value) { get(value); }
  void address(const char *, auto &value) { get(value); }

private:
  void raw(void *data, std::size_t size) {
    if (size > rest_.size())
      throw std::runtime_error("a packed report was cut off");
    if (size != 0)
      std::memcpy(data, rest_.data(), size);
    rest_.remove_prefix(size);
  }
  std::size_t count() {
    std::size_t count = 0;
    raw(&count, sizeof count);
    if (count > rest_.size()) // each element takes a byte at least
      throw std::runtime_error("a packed report was cut off");
    return count;
  }

  void get(std::string &text) {
    text.resize(count());
    raw(text.data(), text.size());
  }
  void get(std::optional<traced_run> &) {}
  template <class Value> void get(std::optional<Value> &value) {
    bool has_value = false;
    raw(&has_value, sizeof has_value);
    if (has_value)
      get(value.emplace());
  }
  template <class Value> void get(std::vector<Value> &values) {
    values.resize(count());
    if constexpr (std::is_trivially_copyable_v<Value>)
      raw(values.data(), values.size() * sizeof(Value));
    else
      for (Value &value : values)
        get(value);
  }
  template <class Value> void get(Value &value) {
    if constexpr (std::is_trivially_copyable_v<Value>)
      raw(&value, sizeof value);
    else
      schema::fields(*this, value);
  }

  std::string_view rest_;
};

inline std::string pack(const report &report) {
  packer packer;
  schema::fields(packer, report);
  return std::move(packer.bytes);
}

/// Throws std::runtime_error where `bytes` end too early.
inline report unpack(std::string_view bytes) {
  report report;
  unpacker unpacker(bytes);
  schema::fields(unpacker, report);
  return report;
}

} // namespace coroscope
