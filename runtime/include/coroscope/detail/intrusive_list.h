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
  const_iterator begin() const noexcept { return const_iterator(ends_.next_); }
  const_iterator end() const noexcept { return const_iterator(&ends_); }

  /// The first, and the one behind `node`; null where there is none.
  T *first() noexcept { return node_or_null(ends_.next_); }
  T *after(const list_node &node) noexcept { return node_or_null(node.next_); }

  /// Precondition: not empty.
  T &front() noexcept { return static_cast<T &>(*ends_.next_); }

  /// Takes the node out of whatever list it is in and puts it last in this one.
  void push_back(list_node &node) noexcept {
    node.unlink();
    push_back_unlinked(node);
  }
  /// The same for a node that is in no list.
  void push_back_unlinked(list_node &node) noexcept {
    node.previous_ = ends_.previous_;
    node.next_ = &ends_;
    ends_.previous_->next_ = &node;
    ends_.previous_ = &node;
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
  T *node_or_null(list_node *node) noexcept { return node == &ends_ ? nullptr : static_cast<T *>(node); }

  list_node ends_;
};

} // namespace coroscope::detail
