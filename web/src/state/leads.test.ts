// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { partsOf } from "./leads";

const labels = ["main#1", "fetch#2"];

describe("partsOf", () => {
  test("a handle and a place lead to their frames", () => {
    expect(partsOf("→ fetch#2", labels)).toEqual(["→ ", { frame: 1, label: "fetch#2" }]);
    expect(partsOf("{h = → fetch#2 (freed), p = &x.y of main#1 → 3}", labels)).toEqual([
      "{h = → ",
      { frame: 1, label: "fetch#2" },
      " (freed), p = &x.y of ",
      { frame: 0, label: "main#1" },
      " → 3}",
    ]);
  });
  test("what the program itself says leads nowhere, nor does a frame that there is not", () => {
    const texts = ['"→ fetch#2"', '"a \\" of main#1"', "→ fetch#3", "of main#0", "42", "0x10 (no recorded frame)"];
    for (const text of texts) expect(partsOf(text, labels)).toEqual([text]);
    expect(partsOf("", labels)).toEqual([]);
  });
});
