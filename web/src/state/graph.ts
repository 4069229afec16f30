// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The state machine as a drawing: a node a suspend point in source order, an edge a transition that a run showed.
//
//   points + transitions --layout()--> nodes, edges with their paths
//
// Without a run nothing is known of the transitions: neighbours in the source are tied by a dotted line, no more.
export interface Node {
  id: number;
  y: number;
}
export interface Edge {
  from: number;
  to: number;
  /** Times seen in the run; 0: only the order of the source. */
  count: number;
  path: string;
  labelX: number;
  labelY: number;
}
export interface Drawing {
  nodes: Node[];
  edges: Edge[];
  height: number;
  /** Width taken by curves on the left of the nodes. */
  left: number;
}

export const nodeWidth = 210;
export const nodeHeight = 42;
const pitch = 88;
const top = 52;

/** Curves on the left are spread over lanes so that two that overlap do not share one. */
function laneOf(taken: [number, number][][], from: number, to: number): number {
  const low = Math.min(from, to);
  const high = Math.max(from, to);
  let lane = 0;
  while (taken[lane]?.some(([a, b]) => low < b && a < high)) ++lane;
  (taken[lane] ??= []).push([low, high]);
  return lane;
}

function straight(from: number, to: number, count: number): Edge {
  const y0 = top + from * pitch + nodeHeight;
  const y1 = top + to * pitch - 2;
  return { from, to, count, path: `M0 ${y0}V${y1}`, labelX: 12, labelY: (y0 + y1) / 2 + 4 };
}

function curve(from: number, to: number, count: number, lane: number): Edge {
  const x = -nodeWidth / 2;
  const out = x - 26 - lane * 26;
  const y0 = top + from * pitch + nodeHeight / 2 + (from === to ? 8 : from < to ? 10 : -10);
  const y1 = top + to * pitch + nodeHeight / 2 + (from === to ? -8 : from < to ? -10 : 10);
  const path = `M${x} ${y0}C${out} ${y0} ${out} ${y0} ${out} ${(y0 + y1) / 2}S${out} ${y1} ${x - 2} ${y1}`;
  return { from, to, count, path, labelX: out - 4, labelY: (y0 + y1) / 2 + 4 };
}

/** Where to draw `count` points and the transitions between them ("from to" -> how often); undefined: no run. */
export function layout(count: number, seen: Map<string, number> | undefined): Drawing {
  const edges: Edge[] = [];
  const taken: [number, number][][] = [];
  for (let id = 0; id + 1 < count; ++id) {
    const times = seen?.get(`${id} ${id + 1}`) ?? 0;
    if (times || !seen) edges.push(straight(id, id + 1, times));
  }
  const far = [...(seen ?? [])]
    .map(([key, times]) => ({ from: Number(key.split(" ")[0]), to: Number(key.split(" ")[1]), times }))
    .filter((edge) => edge.from >= 0 && edge.to !== edge.from + 1)
    .sort((a, b) => Math.abs(a.to - a.from) - Math.abs(b.to - b.from));
  for (const { from, to, times } of far) edges.push(curve(from, to, times, laneOf(taken, from - 0.3, to + 0.3)));
  const nodes = Array.from({ length: count }, (_, id) => ({ id, y: top + id * pitch }));
  return { nodes, edges, height: top + (count - 1) * pitch + nodeHeight + 16, left: taken.length ? 40 + taken.length * 26 : 0 };
}
