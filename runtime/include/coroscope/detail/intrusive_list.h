// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A list whose nodes live in the elements, so that joining and leaving it never allocates and cannot fail.
#pragma once

namespace coroscope::detail {

/// A place in at most one list. It leaves the list when it is destroyed.
class list_node {
public:
  list_node() noexcept = default;
  list_node(const list_node &) = delete;
  list_node &operator=(const list_node &) = delete;
  ~list_node() { unlink(); }

  bool linked() const noexcept { return next_ != nullptr; }

  void unlink() noexcept {
    if (!linked())
      return;
    previous_->next_ = next_;
    next_->previous_ = previous_;
    previous_ = next_ = nullptr;
  }

private:
  template <class T> friend class intrusive_list;
  list_node *previous_ = nullptr;
  list_node *next_ = nullptr;
};

/// A list of T, each derived from list_node. It owns none of them.
template <class T> class intrusive_list {
public:
  intrusive_list() noexcept { ends_.previous_ = ends_.next_ = &ends_; }
  ~intrusive_list() {
    while (!empty())
      ends_.next_->unlink();
  }

  bool empty() const noexcept { return ends_.next_ == &ends_; }

  /// Looks at one after the other, while none joins or leaves.
  class const_iterator {
  public:
    explicit const_iterator(const list_node *at) noexcept : at_(at) {}
    const T &operator*() const noexcept { return static_cast<const T &>(*at_); }
    const_iterator &operator++() noexcept {
      at_ = at_->next_;
      return *this;
    }
    friend bool operator==(const_iterator, const_iterator) noexcept = default;

  private:
    const list_node *at_;
  };
  const T *first() const noexcept { return empty() ? nullptr : &*begin(); }
  const T *after(const list_node &node) const noexcept {
    return node.next_ == &ends_ ? nullptr : static_cast<const T *>(node.next_);
  }
  const_iterator begin() const noexcept { return const_iterator(ends_.next_); }
  const_iterator end() const noexcept { return const_iterator(&ends_); }

  /// The first, the last, and the ones behind and before `node`; null where there is none.
  T *first() noexcept { return node_or_null(ends_.next_); }
  T *last() noexcept { return node_or_null(ends_.previous_); }
  T *after(const list_node &node) noexcept { return node_or_null(node.next_); }
  T *before(const list_node &node) noexcept { return node_or_null(node.previous_); }

  /// Brings the nodes closer to the processor, from both ends at once: one after the other is what a walk is slow for.
  void prefetch() const noexcept {
    const list_node *forward = ends_.next_, *backward = ends_.previous_;
    while (forward != backward && forward->next_ != backward) {
      forward = forward->next_;
      backward = backward->previous_;
      __builtin_prefetch(forward + 3);
      __builtin_prefetch(backward + 3);
      asm volatile(""); // NOLINT(hicpp-no-assembler): g++ leaves out a walk that does nothing else
    }
  }

  /// Precondition: not empty.
  T &front() noexcept { return static_cast<T &>(*ends_.next_); }

  /// Takes the node out of whatever list it is in and puts it last in this one.
  void push_back(list_node &node) noexcept {
    node.unlink();
    push_back_unlinked(node);
  }
  /// The same for a node that is in no list.
  void push_back_unlinked(list_node &node) noexcept { link(*ends_.previous_, node, ends_); }

  /// Puts a node that is in no list behind `place`, at the front where that is null.
  void insert_after(list_node *place, list_node &node) noexcept {
    list_node &previous = place ? *place : ends_;
    link(previous, node, *previous.next_);
  }

  /// Takes all nodes of another list. Precondition: this one is empty.
  void take(intrusive_list &other) noexcept {
    if (other.empty())
      return;
    link(*other.ends_.previous_, ends_, *other.ends_.next_);
    other.ends_.previous_ = other.ends_.next_ = &other.ends_;
  }

  /// Precondition: not empty.
  T &pop_front() noexcept {
    T &first = front();
    list_node &node = first;
    ends_.next_ = node.next_;
    node.next_->previous_ = &ends_;
    node.previous_ = node.next_ = nullptr;
    return first;
  }

private:
  static void link(list_node &previous, list_node &node, list_node &next) noexcept {
    node.previous_ = &previous;
    node.next_ = &next;
    previous.next_ = &node;
    next.previous_ = &node;
  }
  T *node_or_null(list_node *node) noexcept { return node == &ends_ ? nullptr : static_cast<T *>(node); }

  list_node ends_;
};

} // namespace coroscope::detail
