// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// when_all: several tasks side by side, until all of them have ended.
//
//   task<A>, task<B> -> spawn each -> wait for each -> tuple<A, B>, or the first one's exception
#pragma once

#include <coroscope/event_loop.h>
#include <coroscope/join_handle.h>
#include <coroscope/task.h>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace coroscope {

namespace detail {

/// void is no element of a tuple or vector.
template <class T> using element = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

/// Waits for one after the other, and leaves their outcomes where they are.
template <class... T> task<> all_ended(const join_handle<T> &...handles) { (co_await handles.ended(), ...); }

/// Precondition: the handle's task has ended, so that the await does not suspend.
template <class T> element<T> take_element(const join_handle<T> &handle) {
  if constexpr (std::is_void_v<T>) {
    handle.operator co_await().await_resume();
    return {};
  } else {
    return handle.operator co_await().await_resume();
  }
}

} // namespace detail

/// Runs the children at the same time and waits until every one has ended. Gives their values in order, a
/// std::monostate for void. Where children failed, throws the first one's exception (in order of the arguments) and
/// says the others' on stderr. asyncio: `gather`.
template <class... T> task<std::tuple<detail::element<T>...>> when_all(task<T>... children) {
  std::tuple<join_handle<T>...> handles{spawn(std::move(children))...};
  co_await std::apply([](const auto &...each) { return detail::all_ended(each...); }, handles);
  co_return std::apply(
      [](const auto &...each) { return std::tuple<detail::element<T>...>{detail::take_element(each)...}; }, handles);
}

/// The same for any number of tasks of one type.
template <class T> task<std::vector<detail::element<T>>> when_all(std::vector<task<T>> children) {
  std::vector<join_handle<T>> handles;
  handles.reserve(children.size());
  for (task<T> &child : children)
    handles.push_back(spawn(std::move(child)));
  for (const join_handle<T> &handle : handles)
    co_await handle.ended();
  std::vector<detail::element<T>> values;
  values.reserve(handles.size());
  for (const join_handle<T> &handle : handles)
    values.push_back(detail::take_element(handle));
  co_return values;
}

} // namespace coroscope
