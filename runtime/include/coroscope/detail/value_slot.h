// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A place for a value that may not be there yet.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace coroscope::detail {

/// T may be void or a reference. A T that needs more than the usual alignment is kept elsewhere, so that the slot's own
/// is the usual one, and a promise stands where promises stand in a coroutine frame.
template <class T> class value_slot {
  static constexpr bool is_elsewhere = std::is_reference_v<T> || alignof(T) > alignof(std::max_align_t);
  using held_type =
      std::conditional_t<std::is_reference_v<T>, std::remove_reference_t<T> *,
                         std::conditional_t<is_elsewhere, std::unique_ptr<std::remove_cv_t<T>>, std::remove_cv_t<T>>>;

public:
  value_slot() noexcept {}
  value_slot(const value_slot &) = delete;
  value_slot &operator=(const value_slot &) = delete;
  ~value_slot() { destroy(); }

  bool full() const noexcept { return full_; }

  /// What was there before is destroyed.
  template <class... Args> void emplace(Args &&...args) {
    reset();
    void *const place = static_cast<void *>(&held_);
    if constexpr (std::is_reference_v<T>)
      ::new (place) held_type(std::addressof(args)...);
    else if constexpr (is_elsewhere)
      ::new (place) held_type(new std::remove_cv_t<T>(std::forward<Args>(args)...));
    else
      ::new (place) held_type(std::forward<Args>(args)...);
    full_ = true;
  }
  void reset() noexcept {
    destroy();
    full_ = false;
  }

  /// The value, moved out: once. Precondition: full.
  T take() {
    const emptied at_the_end{*this};
    if constexpr (std::is_reference_v<T>)
      return static_cast<T>(*held_);
    else if constexpr (is_elsewhere)
      return std::move(*held_);
    else
      return std::move(held_);
  }
  /// The value, left where it is. Precondition: full.
  std::add_lvalue_reference_t<const T> look() const noexcept {
    if constexpr (is_elsewhere)
      return static_cast<std::add_lvalue_reference_t<const T>>(*held_);
    else
      return held_;
  }

private:
  struct emptied {
    value_slot &slot;
    ~emptied() { slot.reset(); }
  };

  void destroy() noexcept {
    if constexpr (!std::is_trivially_destructible_v<held_type>)
      if (full_)
        held_.~held_type();
  }

  union {
    held_type held_; // NOLINT(readability-identifier-naming): private, as the union is
  };
  bool full_ = false;
};

template <> class value_slot<void> {
public:
  bool full() const noexcept { return full_; }
  void emplace() noexcept { full_ = true; }
  void reset() noexcept { full_ = false; }
  void take() const noexcept {}
  void look() const noexcept {}

private:
  bool full_ = false;
};

} // namespace coroscope::detail
