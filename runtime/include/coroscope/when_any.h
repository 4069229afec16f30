// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// when_any: several tasks side by side, of which the first to end is wanted.
//
//   task<A>, task<B> -> a group of both -> one ends -> the other is cancelled -> both have ended -> variant<A, B>
#pragma once

#include <coroscope/join_handle.h>
#include <coroscope/task.h>
#include <coroscope/task_group.h>
#include <coroscope/when_all.h>
#include <cstddef>
#include <optional>
#include <stdexcept>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace coroscope {

/// The value of the first of several tasks of one type, and which one that was.
template <class T> struct first_of {
  std::size_t index;
  detail::element<T> value;
};

namespace detail {

/// A group in which the first task that ends with a value has the others cancelled.
class race_group final : public held_group {
public:
  template <class T> bool won(const join_handle<T> &handle) const noexcept {
    return winner_ != nullptr && handle.refers_to(*winner_);
  }
  /// Precondition: no task is left. Throws where none has ended with a value.
  void require_winner() const {
    rethrow_errors();
    if (!winner_)
      rethrow_outer_cancellation();
  }

private:
  void task_ended(spawned_task &ended) noexcept override {
    const bool has_value = !ended.ended_cancelled() && !ended.error();
    if (has_value && !winner_) {
      winner_ = &ended;
      cancel("another task was first", ended.where());
    }
    task_group::task_ended(ended);
  }
  const spawned_task *winner_ = nullptr;
};

template <class... T, std::size_t... Is>
std::variant<element<T>...> take_winner(const race_group &group, const std::tuple<join_handle<T>...> &handles,
                                        std::index_sequence<Is...>) {
  std::optional<std::variant<element<T>...>> value;
  const auto take_if_won = [&](auto index) {
    const auto &handle = std::get<index()>(handles);
    if (group.won(handle))
      value.emplace(std::in_place_index<index()>, take_element(handle));
  };
  (take_if_won(std::integral_constant<std::size_t, Is>()), ...);
  return std::move(*value);
}

} // namespace detail

/// Runs the children at the same time; the first to end has the others cancelled, and when those have ended too, its
/// value is given. Gives it as the variant's alternative of that index, a std::monostate for void. Where any of them
/// fails, the first or one that is being cancelled, that exception is thrown, or an error_group where more than one
/// has failed. A child that ends with a value too, in spite of the cancellation, has that dropped: for a value that is
/// gone from where the child took it, such as a channel, keep the handles of a group's tasks instead. asyncio:
/// `wait(…, FIRST_COMPLETED)`, which neither cancels nor waits.
template <class... T>
  requires(sizeof...(T) > 0)
task<std::variant<detail::element<T>...>> when_any(task<T>... children) {
  detail::race_group group;
  std::tuple<join_handle<T>...> handles{group.spawn(std::move(children))...};
  co_await group.ended();
  group.require_winner();
  co_return detail::take_winner<T...>(group, handles, std::index_sequence_for<T...>());
}

/// The same for any number of tasks of one type, at least one. Throws std::invalid_argument where there is none.
template <class T> task<first_of<T>> when_any(std::vector<task<T>> children) {
  if (children.empty())
    throw std::invalid_argument("coroscope: when_any of no task could never end");
  detail::race_group group;
  std::vector<join_handle<T>> handles;
  handles.reserve(children.size());
  for (task<T> &child : children)
    handles.push_back(group.spawn(std::move(child)));
  co_await group.ended();
  group.require_winner();
  std::size_t winner = 0;
  while (!group.won(handles[winner]))
    ++winner;
  co_return first_of<T>{winner, detail::take_element(handles[winner])};
}

} // namespace coroscope
