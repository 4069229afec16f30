#include "../support.h"

template <class... Awaitables> fire all(Awaitables... awaitables) {
  (co_await awaitables, ...);
}

template fire all<later, std::suspend_always, later>(later, std::suspend_always, later);
