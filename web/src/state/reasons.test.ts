// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import type { Why } from "../report";
import { phrases } from "./reasons";

const said = (why: Partial<Why>) =>
  phrases({ suspend_points: [1], reason: "crosses", repeats: false, ...why })
    .map((phrase) => (typeof phrase === "string" ? phrase : phrase.what))
    .join("");

describe("phrases", () => {
  test("a value that crosses has its two ends", () => {
    expect(said({ definition: { what: "n is set" }, use: { what: "n is read" } })).toBe("n is set, then n is read");
    expect(said({ use: { what: "n is read" } })).toBe("its storage is reserved before, and n is read after that");
    expect(said({})).toBe("it lives across");
  });
  test("an awaiter is used by its own await_suspend", () => {
    const definition = { what: "the awaiter is made" };
    const use = { what: "await_suspend() has its address" };
    expect(said({ definition, use })).toBe("the awaiter is made, and await_suspend() has its address after it began to suspend");
    expect(said({ definition, use, suspend_points: [1, 2] })).toContain("after them began to suspend");
  });
  test("an address that goes away says what may happen to it", () => {
    const escapes = { reason: "escapes", use: { what: "the address of n goes to f(int&)" } } as const;
    expect(said({ ...escapes, definition: { what: "n is set" } })).toBe(
      "n is set; the address of n goes to f(int&), so that somebody may use it while the coroutine is suspended",
    );
    expect(said({ ...escapes, repeats: true })).toBe(
      "the address of n goes to f(int&); a loop leads through it to its next life, which must have the same address",
    );
    expect(said(escapes)).toBe("the address of n goes to f(int&); a way leads from there to it on which nothing marks the end of its life");
  });
  test("a level that keeps every local says what keeps it", () => {
    const kept = "nothing needs it after that, but this level keeps every local for as long as its scope lasts";
    expect(said({ reason: "always" })).toBe(kept);
    expect(said({ reason: "always", use: { what: "the scope of n ends" } })).toBe(`${kept}; the scope of n ends`);
  });
  test("what LLVM cannot see the end of says so", () => {
    const definition = { what: "n is set" };
    const unproven: Partial<Why> = { reason: "unproven", suspend_points: [] };
    expect(said({ ...unproven, definition })).toBe("n is set; no suspend point follows, but LLVM is not told where it ends");
    expect(said({ ...unproven, definition, use: { what: "n is read" } })).toContain("n is set, n is read, and no suspend point lies between");
    expect(said(unproven)).toBe("no suspend point lies in its life, but LLVM is not told where that begins and ends");
  });
});
