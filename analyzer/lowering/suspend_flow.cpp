// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Two searches along the life of a value: backwards from what needs it to what sets it, forwards from what sets it. A
// suspend that both pass is crossed. Between coro.save and coro.suspend the coroutine counts as suspended already.
#include "lowering/suspend_flow.h"

#include "lowering/tag.h"

#include <llvm/IR/CFG.h>
#include <llvm/IR/Function.h>
#include <llvm/IR/Instructions.h>
#include <llvm/Transforms/Coroutines/CoroInstr.h>

#include <algorithm>

namespace coroscope::lowering {

suspend_flow::suspend_flow(const llvm::Function &coroutine) {
  unsigned order = 1; // 0 stands before everything
  for (const llvm::BasicBlock &block : coroutine) {
    numbers_[&block] = static_cast<unsigned>(last_order_.size());
    end_order_.push_back(0);
    suspends_.push_back(false);
    for (const llvm::Instruction &instruction : block) {
      orders_[&instruction] = order++;
      if (llvm::isa<llvm::AnyCoroEndInst>(instruction))
        end_order_.back() = order - 1;
      suspends_.back() = suspends_.back() || llvm::isa<llvm::CoroSaveInst, llvm::CoroSuspendInst>(instruction);
    }
    last_order_.push_back(order++); // what happens on the way out of the block
  }
  before_.resize(last_order_.size());
  after_.resize(last_order_.size());
  in_block_.resize(last_order_.size());
  needed_.assign(last_order_.size(), -1);
  known_.resize(last_order_.size());
  for (const llvm::BasicBlock &block : coroutine) {
    const unsigned from = numbers_[&block];
    for (const llvm::BasicBlock *next : llvm::successors(&block)) {
      after_[from].push_back(numbers_[next]);
      before_[numbers_[next]].push_back(from);
    }
    for (const llvm::Instruction &instruction : block) {
      const auto *suspend = llvm::dyn_cast<llvm::CoroSuspendInst>(&instruction);
      const std::optional<unsigned> ordinal = suspend ? ordinal_of(*suspend) : std::nullopt;
      if (!ordinal)
        continue;
      const llvm::CoroSaveInst *save = suspend->getCoroSave();
      for (const llvm::Instruction *at : {static_cast<const llvm::Instruction *>(save), &instruction})
        if (at)
          stops_.push_back({*ordinal, numbers_[at->getParent()], orders_[at]});
    }
  }
  std::ranges::sort(stops_, {}, [](const stop &one) { return std::pair(one.ordinal, one.order); });
}

bool suspend_flow::comes_before(const llvm::Instruction &first, const llvm::Instruction &second) const {
  return orders_.lookup(&first) < orders_.lookup(&second);
}

/// What needs the value most tellingly: a read before a write before a destructor before the end of its scope, and
/// what has a place before what has none, what the coroutine does itself before what inlined code does.
int suspend_flow::rank_of(int event) const {
  const value_event &one = (*events_)[static_cast<std::size_t>(event)];
  const bool is_inlined = one.at && one.at->getDebugLoc() && one.at->getDebugLoc().getInlinedAt();
  const int kind = one.what == effect::reads || one.what == effect::calls ? 0
                   : one.what == effect::changes                          ? 1
                   : one.what == effect::destroys                         ? 2
                                                                          : 3;
  const bool has_place = !one.at || (one.at->getDebugLoc() && one.at->getDebugLoc().getLine() != 0);
  return kind * 4 + (has_place ? 0 : 2) + (is_inlined ? 1 : 0);
}

void suspend_flow::sort_into_blocks() {
  const std::size_t count = events_->size();
  order_of_.assign(count, 0);
  block_of_.assign(count, 0);
  rank_.assign(count, 0);
  const auto has = [&](effect what) { return std::ranges::find(*events_, what, &value_event::what) != events_->end(); };
  has_marks_ = has(effect::begins) && has(effect::ends);
  for (std::size_t i = 0; i < count; ++i) {
    const value_event &event = (*events_)[i];
    if (event.is_on_edge) {
      const auto *phi = llvm::cast<llvm::PHINode>(event.at);
      block_of_[i] = numbers_.lookup(phi->getIncomingBlock(*event.through));
      order_of_[i] = last_order_[block_of_[i]];
    } else if (event.at) {
      block_of_[i] = numbers_.lookup(event.at->getParent());
      order_of_[i] = orders_.lookup(event.at);
    }
    rank_[i] = rank_of(static_cast<int>(i));
    if (in_block_[block_of_[i]].empty())
      touched_.push_back(block_of_[i]);
    in_block_[block_of_[i]].push_back(static_cast<int>(i));
  }
  for (const unsigned block : touched_)
    std::ranges::sort(in_block_[block], {},
                      [&](int event) { return std::pair(order_of_[static_cast<std::size_t>(event)], event); });
}

void suspend_flow::forget() {
  for (const unsigned block : touched_)
    in_block_[block].clear();
  for (const unsigned block : reached_)
    needed_[block] = -1;
  for (const unsigned block : settled_)
    known_[block] = {};
  touched_.clear();
  reached_.clear();
  settled_.clear();
}

int suspend_flow::nearer(int one, int other) const {
  if (one < 0 || other < 0)
    return one < 0 ? other : one;
  const auto key = [&](int event) {
    return std::pair(rank_[static_cast<std::size_t>(event)], order_of_[static_cast<std::size_t>(event)]);
  };
  return key(other) < key(one) ? other : one;
}

/// What needs the value right behind the instruction numbered `down_to`, where `later` needs it behind the block.
int suspend_flow::back_through(unsigned block, int later, unsigned down_to) const {
  const unsigned end = end_order_[block] > down_to ? end_order_[block] : 0;
  const std::vector<int> &events = in_block_[block];
  int need = end ? -1 : later;
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    const unsigned order = order_of_[static_cast<std::size_t>(*event)];
    if (order <= down_to)
      break;
    if (end && order > end)
      continue;
    const effect what = (*events_)[static_cast<std::size_t>(*event)].what;
    if (what == effect::sets || what == effect::begins)
      need = -1;
    else if (what == effect::ends || need < 0 ||
             rank_[static_cast<std::size_t>(*event)] <= rank_[static_cast<std::size_t>(need)])
      need = *event;
  }
  return need;
}

int suspend_flow::later_of(unsigned block) const {
  int need = -1;
  for (const unsigned next : after_[block])
    need = nearer(need, needed_[next]);
  return need;
}

void suspend_flow::flow_back() {
  std::vector<unsigned> work = touched_;
  while (!work.empty()) {
    const unsigned block = work.back();
    work.pop_back();
    const int need = back_through(block, later_of(block), 0);
    int &known = needed_[block];
    if (need < 0 || (known >= 0 && rank_[static_cast<std::size_t>(need)] >= rank_[static_cast<std::size_t>(known)]))
      continue;
    if (known < 0)
      reached_.push_back(block);
    known = need;
    work.insert(work.end(), before_[block].begin(), before_[block].end());
  }
}

/// The state before the instruction numbered `up_to`.
suspend_flow::before suspend_flow::on_through(unsigned block, before state, unsigned up_to) const {
  for (const int number : in_block_[block]) {
    if (order_of_[static_cast<std::size_t>(number)] >= up_to)
      break;
    const value_event &event = (*events_)[static_cast<std::size_t>(number)];
    const bool is_raw =
        state.definition < 0 || (*events_)[static_cast<std::size_t>(state.definition)].what == effect::begins;
    if (event.what == effect::begins)
      state = {.definition = number, .escape = -1};
    else if (event.what == effect::ends)
      state = {};
    else if (event.what == effect::sets ||
             (is_raw && (event.what == effect::changes || (event.what == effect::calls && !event.is_on_edge))))
      state.definition = number;
    if (event.escapes && state.escape < 0)
      state.escape = number;
  }
  return state;
}

/// Whether `into` gained something: a definition that sets more, else one that has a place, else the earlier one.
bool suspend_flow::merge(before from, before &into) const {
  const auto key = [&](int event) {
    const auto i = static_cast<std::size_t>(event);
    const value_event &one = (*events_)[i];
    return std::tuple(one.what == effect::begins, one.at && !one.at->getDebugLoc(), order_of_[i]);
  };
  const before old = into;
  if (from.definition >= 0 && (into.definition < 0 || key(from.definition) < key(into.definition)))
    into.definition = from.definition;
  if (from.escape >= 0 && (into.escape < 0 || key(from.escape) < key(into.escape)))
    into.escape = from.escape;
  return into != old;
}

void suspend_flow::flow_on() {
  std::vector<unsigned> work = touched_;
  while (!work.empty()) {
    const unsigned block = work.back();
    work.pop_back();
    const before state = on_through(block, known_[block], last_order_[block]);
    if (state == before())
      continue;
    for (const unsigned next : after_[block]) {
      // Where nothing needs it any more its life is over; a slot without marks may be used by who has its address.
      if (needed_[next] < 0 && (has_marks_ || state.escape < 0))
        continue;
      const bool is_new = known_[next] == before();
      if (!merge(state, known_[next]))
        continue;
      if (is_new)
        settled_.push_back(next);
      work.push_back(next);
    }
  }
}

/// A value that is made and used within one block cannot cross what is not in it.
bool suspend_flow::is_within_a_block_without_suspend() const {
  if (touched_.size() != 1 || suspends_[touched_.front()])
    return touched_.empty();
  const effect first = (*events_)[static_cast<std::size_t>(in_block_[touched_.front()].front())].what;
  return first == effect::sets || (first == effect::begins && has_marks_);
}

std::vector<crossing> suspend_flow::crossings_of(const std::vector<value_event> &events) {
  std::vector<crossing> found;
  events_ = &events;
  sort_into_blocks();
  if (is_within_a_block_without_suspend()) {
    forget();
    return found;
  }
  flow_back();
  flow_on();
  const auto event = [&](int number) { return number < 0 ? nullptr : &events[static_cast<std::size_t>(number)]; };
  for (const stop &stop : stops_) {
    if (!found.empty() && found.back().ordinal == stop.ordinal)
      continue;
    const before state = on_through(stop.block, known_[stop.block], stop.order);
    const int need = back_through(stop.block, later_of(stop.block), stop.order);
    if ((state.definition >= 0 && need >= 0) || (state.escape >= 0 && !has_marks_))
      found.push_back({stop.ordinal, event(state.definition), event(need), event(state.escape), false});
  }
  forget();
  return found;
}

/// For each stop whether a way leads there from one of the events or, backwards, from there to one of them.
std::vector<bool> suspend_flow::stops_reached(const std::vector<const value_event *> &from, bool backwards,
                                              const std::vector<const value_event *> &barriers) const {
  std::vector<bool> reached(stops_.size());
  std::vector<bool> seen(last_order_.size());
  for (const value_event *barrier : barriers)
    if (barrier->at)
      seen[numbers_.lookup(barrier->at->getParent())] = true;
  std::vector<unsigned> work;
  const auto leave = [&](unsigned block, unsigned order) {
    for (std::size_t i = 0; i < stops_.size() && suspends_[block]; ++i)
      if (stops_[i].block == block && (backwards ? stops_[i].order < order : stops_[i].order > order))
        reached[i] = true;
    const std::vector<unsigned> &next = backwards ? before_[block] : after_[block];
    work.insert(work.end(), next.begin(), next.end());
  };
  for (const value_event *event : from)
    if (event->at && end_order_[numbers_.lookup(event->at->getParent())] == 0)
      leave(numbers_.lookup(event->at->getParent()), orders_.lookup(event->at));
  while (!work.empty()) {
    const unsigned block = work.back();
    work.pop_back();
    if (seen[block] || end_order_[block] != 0)
      continue;
    seen[block] = true;
    leave(block, backwards ? last_order_[block] : 0);
  }
  return reached;
}

std::vector<crossing> suspend_flow::careful_crossings_of(const std::vector<value_event> &events) const {
  std::vector<const value_event *> begins;
  std::vector<const value_event *> closes;
  std::vector<const value_event *> all;
  const value_event *escape = nullptr;
  const value_event *need = nullptr;
  for (const value_event &event : events) {
    all.push_back(&event);
    if (event.what == effect::begins)
      begins.push_back(&event);
    if (event.what == effect::ends)
      closes.push_back(&event);
    if (event.escapes && (!escape || comes_before(*event.at, *escape->at)))
      escape = &event;
    if (event.what != effect::begins && event.what != effect::ends && (!need || comes_before(*event.at, *need->at)))
      need = &event;
  }
  std::vector<crossing> found;
  if (!begins.empty() && !escape)
    return found;
  const std::vector<const value_event *> &ends = begins.empty() ? all : begins;
  const std::vector<bool> on = stops_reached(ends, /*backwards=*/false);
  const std::vector<bool> back = stops_reached(ends, /*backwards=*/true);
  for (std::size_t i = 0; i < stops_.size(); ++i)
    if (on[i] && back[i] && (found.empty() || found.back().ordinal != stops_[i].ordinal))
      found.push_back({stops_[i].ordinal, nullptr, need, escape, true});
  if (!found.empty() || begins.empty())
    return found;
  const std::vector<bool> open = stops_reached(begins, /*backwards=*/false, closes);
  for (std::size_t i = 0; i < stops_.size(); ++i)
    if (open[i] && (found.empty() || found.back().ordinal != stops_[i].ordinal))
      found.push_back({stops_[i].ordinal, nullptr, nullptr, escape, false});
  return found;
}

void suspend_flow::find_loops(const std::vector<value_event> &events, std::vector<crossing> &crossings) const {
  std::vector<const value_event *> begins;
  for (const value_event &event : events)
    if (event.what == effect::begins)
      begins.push_back(&event);
  if (begins.empty() || crossings.empty())
    return;
  const std::vector<bool> on = stops_reached(begins, /*backwards=*/false);
  const std::vector<bool> back = stops_reached(begins, /*backwards=*/true);
  for (std::size_t i = 0; i < stops_.size(); ++i)
    if (const auto one = std::ranges::find(crossings, stops_[i].ordinal, &crossing::ordinal); one != crossings.end())
      one->repeats = one->repeats || (on[i] && back[i]);
}

std::vector<unsigned> suspend_flow::ordinals() const {
  std::vector<unsigned> all;
  for (const stop &stop : stops_)
    if (all.empty() || all.back() != stop.ordinal)
      all.push_back(stop.ordinal);
  return all;
}

std::optional<unsigned> suspend_flow::suspend_after(const llvm::Instruction &at) const {
  std::vector<bool> seen(last_order_.size());
  const unsigned start = numbers_.lookup(at.getParent());
  std::vector<unsigned> work = after_[start];
  std::optional<unsigned> first;
  const auto look_at = [&](unsigned block, unsigned from) {
    for (const stop &stop : stops_)
      if (stop.block == block && stop.order > from && (!first || stop.ordinal < *first))
        first = stop.ordinal;
  };
  look_at(start, orders_.lookup(&at));
  while (!work.empty()) {
    const unsigned block = work.back();
    work.pop_back();
    if (seen[block])
      continue;
    seen[block] = true;
    if (suspends_[block])
      look_at(block, 0);
    work.insert(work.end(), after_[block].begin(), after_[block].end());
  }
  return first;
}

} // namespace coroscope::lowering
