#include "../support.h"

template <class T> struct result {};

template <class T, class... Arguments> struct std::coroutine_traits<result<T>, Arguments...> {
  struct promise_type {
    T values[1 + sizeof...(Arguments)];
    result<T> get_return_object();
    std::suspend_never initial_suspend();
    std::suspend_always final_suspend() noexcept;
    void return_value(T);
    void unhandled_exception();
  };
};

template <class T, class... Arguments> result<T> first(T value, Arguments...) {
  co_await later{};
  co_return value;
}

template result<int> first<int>(int);
template result<char> first<char, char, char>(char, char, char);
