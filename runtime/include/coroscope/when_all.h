// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// when_all: several tasks side by side, until all of them have ended.
//
//   task<A>, task<B> -> a group of both -> all have ended -> tuple<A, B>, or what went wrong
#pragma once

#include <coroscope/join_handle.h>
#include <coroscope/task.h>
#include <coroscope/task_group.h>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace coroscope {

namespace detail {

/// void is no element of a tuple, variant or vector.
template <class T> using element = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

/// Precondition: the handle's task has ended.
template <class T> element<T> take_element(const join_handle<T> &handle) {
  if constexpr (std::is_void_v<T>) {
    handle.take();
    return {};
  } else {
    return handle.take();
  }
}

} // namespace detail

/// Runs the children at the same time and waits until every one has ended. Gives their values in order, a
/// std::monostate for void. The first that fails has the others cancelled; when all have ended, its exception is
/// thrown, or an error_group where more than one has failed. asyncio: `gather`, which does not cancel.
template <class... T> task<std::tuple<detail::element<T>...>> when_all(task<T>... children) {
  detail::held_group group;
  std::tuple<join_handle<T>...> handles{group.spawn(std::move(children))...};
  co_await group.ended();
  group.rethrow_errors();
  group.rethrow_outer_cancellation();
  co_return std::apply(
      [](const auto &...each) { return std::tuple<detail::element<T>...>{detail::take_element(each)...}; }, handles);
}

/// The same for any number of tasks of one type.
template <class T> task<std::vector<detail::element<T>>> when_all(std::vector<task<T>> children) {
  detail::held_group group;
  std::vector<join_handle<T>> handles;
  handles.reserve(children.size());
  for (task<T> &child : children)
    handles.push_back(group.spawn(std::move(child)));
  co_await group.ended();
  group.rethrow_errors();
  group.rethrow_outer_cancellation();
  std::vector<detail::element<T>> values;
  values.reserve(handles.size());
  for (const join_handle<T> &handle : handles)
    values.push_back(detail::take_element(handle));
  co_return values;
}

} // namespace coroscope
