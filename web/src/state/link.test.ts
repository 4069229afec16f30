// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { fromHash, toHash } from "./link";

test("a link keeps every part, whatever the name of the coroutine", () => {
  const link = { coroutine: "_Z1f&=#%ä", level: "O2", step: 21, tab: "graph", axis: "time", theme: "dark" } as const;
  expect(fromHash(toHash(link))).toEqual(link);
});

test.each(["", "#", "#s=-3&v=nothing&x=sideways&th=pink", "#s=1.5", "#%%%&=&&s=abc", "#s=Infinity"])("%s asks for nothing", (hash) => {
  expect(fromHash(hash)).toEqual({});
});
