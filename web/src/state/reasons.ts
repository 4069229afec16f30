// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A reason for which a value is in the frame as a sentence, the one of `dis --why` without the points, which stand in
// front of it:
//
//   Why --phrases--> words and witnesses, in reading order
import type { Why, Witness } from "../report";

export type Phrase = string | Witness;

/** Its words and ends, as they are read. */
export function phrases({ suspend_points, reason, definition, use, repeats }: Why): Phrase[] {
  const them = suspend_points.length > 1 ? "them" : "it";
  if (reason === "always") {
    const kept = "nothing needs it after that, but this level keeps every local for as long as its scope lasts";
    return use ? [`${kept}; `, use] : [kept];
  }
  if (reason === "unproven") {
    if (!definition) return [...(use ? [use, "; "] : []), "no suspend point lies in its life, but LLVM is not told where that begins and ends"];
    if (!use) return [definition, "; no suspend point follows, but LLVM is not told where it ends"];
    return [definition, ", ", use, ", and no suspend point lies between; LLVM searches no further than 32 basic blocks for where it ends"];
  }
  if (!use) return definition ? [definition, ", and it lives on"] : ["it lives across"];
  if (reason === "crosses") {
    if (!definition) return ["its storage is reserved before, and ", use, " after that"];
    if (use.what.startsWith("await_suspend() ")) return [definition, ", and ", use, ` after ${them} began to suspend`];
    return [definition, ", then ", use];
  }
  if (definition) return [definition, "; ", use, ", so that somebody may use it while the coroutine is suspended"];
  return repeats
    ? [use, `; a loop leads through ${them} to its next life, which must have the same address`]
    : [use, `; a way leads from there to ${them} on which nothing marks the end of its life`];
}
