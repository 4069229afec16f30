// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// generator<T>: a range whose elements a coroutine makes, one whenever the next is asked for.
//
//   for (const T &element : numbers()) <--co_yield element-- body, or a generator it yields the elements_of
#pragma once

#include <coroutine>
#include <cstddef>
#include <exception>
#include <iterator>
#include <memory>
#include <ranges>
#include <type_traits>
#include <utility>

namespace coroscope {

/// `co_yield elements_of(other())` yields each element of another generator of the same type, at a cost for each
/// that does not grow with the depth of the recursion.
template <class Generator> struct elements_of {
  explicit elements_of(Generator &&generator) noexcept : generator(std::move(generator)) {}
  Generator generator;
};
template <class Generator> elements_of(Generator &&) -> elements_of<std::remove_cvref_t<Generator>>;

/// An input range and a view, read once. Its elements are `const T &`, or T where that is a reference; each lives
/// until the next is asked for. Exceptions of the body leave from begin() or ++. As `std::generator` of C++23.
template <class T> class [[nodiscard]] generator : public std::ranges::view_base {
public:
  using reference = std::conditional_t<std::is_reference_v<T>, T, const T &>;

  class promise_type {
  public:
    generator get_return_object() noexcept {
      return generator(std::coroutine_handle<promise_type>::from_promise(*this));
    }
    std::suspend_always initial_suspend() const noexcept { return {}; }

    struct final_awaiter {
      bool await_ready() const noexcept { return false; }
      void await_suspend(std::coroutine_handle<promise_type> ended) const noexcept {
        promise_type &promise = ended.promise();
        promise.outermost_->innermost_ = promise.parent_;
      }
      void await_resume() const noexcept {}
    };
    final_awaiter final_suspend() const noexcept { return {}; }

    std::suspend_always yield_value(reference element) noexcept {
      outermost_->element_ = std::addressof(element);
      return {};
    }

    /// Owns the inner generator while it is the one that is read.
    class inner_awaiter {
    public:
      explicit inner_awaiter(generator &&inner) noexcept : inner_(std::move(inner)) {}
      bool await_ready() const noexcept { return inner_.coroutine_.done(); }
      void await_suspend(std::coroutine_handle<promise_type> outer) noexcept {
        promise_type &inner = inner_.coroutine_.promise();
        inner.outermost_ = outer.promise().outermost_;
        inner.parent_ = &outer.promise();
        inner.outermost_->innermost_ = &inner;
      }
      void await_resume() const { inner_.coroutine_.promise().rethrow_if_failed(); }

    private:
      generator inner_;
    };
    inner_awaiter yield_value(elements_of<generator> inner) noexcept {
      return inner_awaiter(std::move(inner.generator));
    }

    /// A generator hands elements out and waits for nothing.
    void await_transform() = delete;
    void return_void() const noexcept {}
    void unhandled_exception() noexcept { error_ = std::current_exception(); }

  private:
    friend generator;

    /// For the outermost: runs to the next element, or to the end.
    void advance() {
      element_ = nullptr;
      while (!element_ && innermost_)
        std::coroutine_handle<promise_type>::from_promise(*innermost_).resume();
      rethrow_if_failed();
    }
    void rethrow_if_failed() {
      if (error_)
        std::rethrow_exception(std::exchange(error_, nullptr));
    }

    std::add_pointer_t<reference> element_ = nullptr;
    promise_type *outermost_ = this;
    promise_type *innermost_ = this;
    promise_type *parent_ = nullptr;
    std::exception_ptr error_;
  };

  class iterator {
  public:
    using iterator_concept = std::input_iterator_tag;
    using value_type = std::remove_cvref_t<T>;
    using difference_type = std::ptrdiff_t;

    reference operator*() const noexcept { return static_cast<reference>(*coroutine_.promise().element_); }
    iterator &operator++() {
      coroutine_.promise().advance();
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const iterator &at, std::default_sentinel_t) noexcept { return at.coroutine_.done(); }

  private:
    friend generator;
    explicit iterator(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}
    std::coroutine_handle<promise_type> coroutine_;
  };

  generator(generator &&other) noexcept : coroutine_(std::exchange(other.coroutine_, {})) {}
  generator &operator=(generator &&other) noexcept {
    generator(std::move(other)).swap(*this);
    return *this;
  }
  ~generator() {
    if (coroutine_)
      coroutine_.destroy();
  }
  void swap(generator &other) noexcept { std::swap(coroutine_, other.coroutine_); }

  /// Starts the body. Once only, and not on a generator that was moved from.
  iterator begin() {
    coroutine_.promise().advance();
    return iterator(coroutine_);
  }
  std::default_sentinel_t end() const noexcept { return {}; }

private:
  explicit generator(std::coroutine_handle<promise_type> coroutine) noexcept : coroutine_(coroutine) {}
  std::coroutine_handle<promise_type> coroutine_;
};

} // namespace coroscope
