#include "../support.h"

struct tree {
  tree *left, *right;
  int value;
};

struct nested {
  struct promise_type;
  using handle = std::coroutine_handle<promise_type>;
  struct resume_nested {
    handle inner;
    bool await_ready() noexcept { return false; }
    std::coroutine_handle<> await_suspend(handle) noexcept { return inner; }
    void await_resume() {}
  };
  struct back_to_parent {
    bool await_ready() noexcept { return false; }
    std::coroutine_handle<> await_suspend(handle) noexcept;
    void await_resume() noexcept {}
  };
  struct promise_type {
    const int *current = nullptr;
    handle parent;
    nested get_return_object() { return {handle::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    back_to_parent final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(const int &value) {
      current = &value;
      return {};
    }
    resume_nested yield_value(nested inner) { return {inner.own}; }
    void return_void() {}
    void unhandled_exception() { throw; }
  };
  handle own;
};

nested walk(const tree *node) {
  if (!node)
    co_return;
  co_yield walk(node->left);
  co_yield node->value;
  co_yield walk(node->right);
}
