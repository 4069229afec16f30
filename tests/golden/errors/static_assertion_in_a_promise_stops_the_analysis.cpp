#include "../support.h"

template <class T> struct checked {
  struct promise_type {
    static_assert(sizeof(T) > 4, "the value is too small");
    checked get_return_object();
    std::suspend_never initial_suspend();
    std::suspend_never final_suspend() noexcept;
    void return_void();
    void unhandled_exception();
  };
};

checked<char> go() { co_return; }
