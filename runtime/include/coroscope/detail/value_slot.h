// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A place for a value that may not be there yet.
//
//   value_place: whoever has it knows whether the value is there -> value_slot: it knows that itself
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>

namespace coroscope::detail {

/// T may be void or a reference. A T that needs more than the usual alignment is kept elsewhere, so that the place's
/// own is the usual one, and a promise stands where promises stand in a coroutine frame.
template <class T> class value_place {
  static constexpr bool is_elsewhere = std::is_reference_v<T> || alignof(T) > alignof(std::max_align_t);
  using held_type =
      std::conditional_t<std::is_reference_v<T>, std::remove_reference_t<T> *,
                         std::conditional_t<is_elsewhere, std::unique_ptr<std::remove_cv_t<T>>, std::remove_cv_t<T>>>;

public:
  /// Whether a value needs no destroy().
  static constexpr bool is_trivial = std::is_trivially_destructible_v<held_type>;

  value_place() noexcept {}
  value_place(const value_place &) = delete;
  value_place &operator=(const value_place &) = delete;
  ~value_place() {}

  /// Precondition: empty.
  template <class... Args> void emplace(Args &&...args) {
    void *const place = static_cast<void *>(&held_);
    if constexpr (std::is_reference_v<T>)
      ::new (place) held_type(std::addressof(args)...);
    else if constexpr (is_elsewhere)
      ::new (place) held_type(new std::remove_cv_t<T>(std::forward<Args>(args)...));
    else
      ::new (place) held_type(std::forward<Args>(args)...);
  }
  /// Precondition: full.
  void destroy() noexcept { held_.~held_type(); }

  /// The value, moved out; what is left of it is still there. Precondition: full.
  T take() {
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
  union {
    held_type held_; // NOLINT(readability-identifier-naming): private, as the union is
  };
};

template <> class value_place<void> {
public:
  static constexpr bool is_trivial = true;
  void emplace() noexcept {}
  void destroy() noexcept {}
  void take() const noexcept {}
  void look() const noexcept {}
};

template <class T> class value_slot {
public:
  value_slot() noexcept = default;
  value_slot(const value_slot &) = delete;
  value_slot &operator=(const value_slot &) = delete;
  ~value_slot() { reset(); }

  bool full() const noexcept { return full_; }

  /// What was there before is destroyed.
  template <class... Args> void emplace(Args &&...args) {
    reset();
    place_.emplace(std::forward<Args>(args)...);
    full_ = true;
  }
  void reset() noexcept {
    if (std::exchange(full_, false))
      place_.destroy();
  }

  /// The value, moved out: once. Precondition: full.
  T take() {
    const emptied at_the_end{*this};
    return place_.take();
  }
  /// The value, left where it is. Precondition: full.
  std::add_lvalue_reference_t<const T> look() const noexcept { return place_.look(); }

private:
  struct emptied {
    value_slot &slot;
    ~emptied() { slot.reset(); }
  };

  value_place<T> place_;
  bool full_ = false;
};

} // namespace coroscope::detail
