// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The frames that a value leads to.
//
//   "&total of main#1 → 13" --partsOf()--> "&total of ", frame 0, " → 13"

export type Part = string | { frame: number; label: string };

/** What is in quotes is the program's own text and leads nowhere. */
const lead = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(→ |of )[^\s#"']+#(\d+)/g;

export function partsOf(text: string, labels: readonly string[]): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const found of text.matchAll(lead)) {
    const frame = Number(found[2]) - 1;
    if (found[1] === undefined || labels[frame] === undefined) continue;
    parts.push(text.slice(end, found.index) + found[1], { frame, label: labels[frame] });
    end = found.index + found[0].length;
  }
  if (end < text.length) parts.push(text.slice(end));
  return parts;
}
