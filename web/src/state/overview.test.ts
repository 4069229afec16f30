// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { demoReport } from "../testing/runs";
import { overview, sorted } from "./overview";

const rows = overview(demoReport(), "O0", "O2");

test("a row has the sizes of both levels and the calls that allocate", () => {
  expect(rows).toHaveLength(4);
  expect(rows[0]).toMatchObject({ name: "parent(std::string, int)", points: 5, first: 224, last: 160, growth: -64 });
  expect(rows[1].kept).toBe(1);
  expect(rows[3].kept).toBe(0);
});

test("numbers are sorted from the largest down, unknown ones last", () => {
  const order = sorted([{ ...rows[0], last: undefined }, rows[1], { ...rows[2], last: 1e6 }], "last");
  expect(order.map((row) => row.coroutine)).toEqual([2, 1, 0]);
  expect(sorted(rows, "name")[0].name).toBe("child(int)");
});
