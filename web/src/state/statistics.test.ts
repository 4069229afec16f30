// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { demoReport } from "../testing/runs";
import { layout } from "./graph";
import { prepare } from "./run";
import { transitionsOf, waitedAt } from "./statistics";

const report = demoReport();
const run = prepare(report, report.trace!);

test("waits are summed a point over all frames of the coroutine", () => {
  const waited = waitedAt(run, 3);
  expect(waited.get(1)).toEqual({ count: 3, total: 1500, open: 0, wentOn: 0 });
  expect(waitedAt(run, 0).get(2)).toEqual({ count: 1, total: 1_856_000, open: 0, wentOn: 0 });
});

test("transitions are those that the run took, loops included", () => {
  expect(Object.fromEntries(transitionsOf(run, 3))).toEqual({ "-1 0": 1, "0 1": 1, "1 1": 2, "1 2": 1 });
});

test("the graph draws an edge for each transition taken, and without a run only the order", () => {
  const drawn = layout(3, transitionsOf(run, 3)).edges.map((edge) => `${edge.from}-${edge.to}×${edge.count}`);
  expect(drawn.sort()).toEqual(["0-1×1", "1-1×2", "1-2×1"]);
  expect(layout(3, undefined).edges.map((edge) => edge.count)).toEqual([0, 0]);
});
