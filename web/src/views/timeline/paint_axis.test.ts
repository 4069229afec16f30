// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { axisMoment, roundStep } from "./paint_axis";
import { mix, parseColour } from "./palette";

test.each([
  [0, 500_000, 4e6, "0"],
  [500_000, 500_000, 4e6, "0.5 ms"],
  [2_000_000, 1_000_000, 4e6, "2 ms"],
  [29_977_200, 200, 3e7, "29.9772 ms"],
  [450, 50, 900, "450 ns"],
  [12_000, 2_000, 99_000, "12 µs"],
])("%i ns with ticks of %i ns up to %i reads %s", (ns, step, most, text) => {
  expect(axisMoment(ns, step, most)).toBe(text);
});

test("ticks are 1, 2 or 5 times a power of ten apart", () => {
  expect([0.9, 1, 1.1, 3, 7, 36, 130, 499_999].map(roundStep)).toEqual([1, 1, 2, 5, 10, 50, 200, 500_000]);
});

test("colours mix as in CSS", () => {
  expect(mix(parseColour("#1766c4"), 0.92, parseColour("#fff"))).toEqual([42, 114, 201]);
});
