// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Who waits for whom at a step: from what the innermost frame waits for up to the outermost one.
//
//   Snapshot + frame --awaitChain()--> wait?, frames innermost first
//
// A frame of which no wait is known stands alone.
import type { AwaitBasis } from "../report";
import type { Snapshot } from "./run";
import { type Wait, WaitKind } from "./waits";

export interface Chain {
  /** The fd or timer that the innermost frame waits for. */
  leaf: Wait[];
  /** Innermost first. */
  frames: number[];
  /** What says that a frame of the chain waits for the one before it. */
  basis: Map<number, AwaitBasis>;
}

/** The chain through frame `f`. */
export function awaitChain(now: Snapshot, f: number): Chain {
  const awaited = new Map<number, number>();
  const awaiter = new Map<number, number>();
  const basis = new Map<number, AwaitBasis>();
  for (const wait of now.waits) {
    if (wait.kind !== WaitKind.frame || wait.frame < 0 || wait.target < 0) continue;
    awaited.set(wait.frame, wait.target);
    awaiter.set(wait.target, wait.frame);
    if (wait.basis) basis.set(wait.frame, wait.basis);
  }
  const alive = new Set(now.frames.map((frame) => frame.frame));
  const follow = (links: Map<number, number>, from: number) => {
    const path: number[] = [];
    const seen = new Set([from]);
    for (let at = links.get(from); at !== undefined && !seen.has(at) && alive.has(at); at = links.get(at)) {
      seen.add(at);
      path.push(at);
    }
    return path;
  };
  if (!alive.has(f)) return { leaf: [], frames: [], basis };
  const frames = [...follow(awaited, f).reverse(), f, ...follow(awaiter, f)];
  const leaf = now.waits.filter((wait) => wait.frame === frames[0] && wait.kind !== WaitKind.frame);
  return { leaf, frames, basis };
}
