// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// In which state each frame was, from which event to which.
//
//   Events --spansOf()--> Spans: for each frame its states in order, as columns
//
// A span runs from the event that begins it up to the event that ends it (exclusive); one that the recording does not
// end has `end === events.count`. Spans of one frame lie together and ascend, so a state is found by bisection.
import { type Events, Kind } from "./events";

export const State = { created: 0, suspended: 1, running: 2, destroying: 3 } as const;

export interface Spans {
  /** The spans of frame f are [first[f], first[f + 1]). */
  first: Int32Array;
  begin: Int32Array;
  end: Int32Array;
  state: Uint8Array;
  /** Ordinal of the point that the state stands at; -1 before the first one. */
  point: Int32Array;
  /** Per frame: the event after which it exists, and the one that ended it (events.count: none). */
  born: Int32Array;
  gone: Int32Array;
}

function stateAfter(kind: number): number {
  switch (kind) {
    case Kind.frame_created:
      return State.created;
    case Kind.suspended:
    case Kind.unwound:
      return State.suspended;
    case Kind.not_suspended:
    case Kind.resumed:
      return State.running;
    case Kind.destroyed:
      return State.destroying;
    default:
      return -1;
  }
}

function countSpans(events: Events, frames: number): Int32Array {
  const first = new Int32Array(frames + 1);
  for (let i = 0; i < events.count; ++i)
    if (events.frame[i] >= 0 && stateAfter(events.kind[i]) >= 0) ++first[events.frame[i] + 1];
  for (let f = 0; f < frames; ++f) first[f + 1] += first[f];
  return first;
}

/** The states of all `frames` frames. */
export function spansOf(events: Events, frames: number): Spans {
  const first = countSpans(events, frames);
  const total = first[frames];
  const spans: Spans = {
    first,
    begin: new Int32Array(total),
    end: new Int32Array(total),
    state: new Uint8Array(total),
    point: new Int32Array(total),
    born: new Int32Array(frames).fill(events.count),
    gone: new Int32Array(frames).fill(events.count),
  };
  const next = first.slice(0, frames);
  for (let i = 0; i < events.count; ++i) {
    const f = events.frame[i];
    if (f < 0) continue;
    const state = stateAfter(events.kind[i]);
    if (state < 0 && events.kind[i] !== Kind.frame_freed) continue;
    if (spans.born[f] === events.count) spans.born[f] = i;
    if (next[f] > first[f]) spans.end[next[f] - 1] = i;
    if (state < 0) {
      spans.gone[f] = i;
      continue;
    }
    const s = next[f]++;
    spans.begin[s] = i;
    spans.end[s] = events.count;
    spans.state[s] = state;
    spans.point[s] = state === State.created ? -1 : events.point[i];
  }
  closeDestroyed(spans, events.count, frames);
  return spans;
}

/** A frame whose memory was never given back (it was elided) ended when it was destroyed. */
function closeDestroyed(spans: Spans, count: number, frames: number): void {
  for (let f = 0; f < frames; ++f) {
    const last = spans.first[f + 1] - 1;
    if (last < spans.first[f] || spans.gone[f] < count || spans.state[last] !== State.destroying) continue;
    spans.gone[f] = spans.begin[last];
    spans.end[last] = spans.begin[last];
  }
}

/** The span that frame `f` is in right after event `i`; -1 if the frame does not exist then. */
export function spanAt(spans: Spans, f: number, i: number): number {
  if (i < spans.born[f] || i >= spans.gone[f]) return -1;
  let low = spans.first[f];
  let high = spans.first[f + 1] - 1;
  if (high < low || spans.begin[low] > i) return -1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (spans.begin[middle] <= i) low = middle;
    else high = middle - 1;
  }
  return low;
}
