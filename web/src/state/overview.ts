// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// All coroutines of a report in one table.
//
//   Report + two levels --overview()--> OverviewRow[] --sorted()--> in the order of a column
import type { Report } from "../report";

export interface OverviewRow {
  coroutine: number;
  name: string;
  points: number;
  /** Bytes of the frame at the first and at the last level; undefined where there is none. */
  first: number | undefined;
  last: number | undefined;
  /** Bytes that the frame gains from the first level to the last. */
  growth: number | undefined;
  /** Calls of it that are not elided at the last level. */
  kept: number;
}
export type Column = "name" | "points" | "first" | "last" | "growth" | "kept";

export function overview(report: Report, first: string, last: string): OverviewRow[] {
  const kept = new Map<number, number>();
  for (const call of report.elisions ?? [])
    if (call.level === last && !call.is_elided && call.callee_id !== undefined) kept.set(call.callee_id, (kept.get(call.callee_id) ?? 0) + 1);
  return report.coroutines.map((coroutine, index) => {
    const size = (level: string) => coroutine.lowerings.find((lowering) => lowering.level === level)?.frame?.size;
    const [a, b] = [size(first), size(last)];
    return {
      coroutine: index,
      name: coroutine.name,
      points: coroutine.suspend_points.length,
      first: a,
      last: b,
      growth: a === undefined || b === undefined ? undefined : b - a,
      kept: kept.get(index) ?? 0,
    };
  });
}

/** Names from A to Z, numbers from the largest down, unknown ones last. */
export function sorted(rows: OverviewRow[], column: Column): OverviewRow[] {
  if (column === "name") return rows.toSorted((left, right) => left.name.localeCompare(right.name));
  return rows.toSorted((left, right) => (right[column] ?? -Infinity) - (left[column] ?? -Infinity));
}
