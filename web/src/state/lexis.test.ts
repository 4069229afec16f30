// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { type Language, piecesOf } from "./lexis";

const coloured = (line: string, language: Language) =>
  piecesOf(line, language)
    .filter((piece) => piece.token >= 0)
    .map((piece) => `${piece.text}:${piece.token}`);

test.each<[Language, string, string[]]>([
  ["cpp", 'return f("a\\"b", 3); // no', ["return:0", '"a\\"b":2', "3:3", "// no:4"]],
  ["cpp", "task::promise_type promise;", ["task::promise_type:1"]],
  ["ir", "  %x.8 = load i32, ptr %p, align 4 ; S1", ["load:0", "i32:1", "ptr:1", "4:3", "; S1:4"]],
  ["asm", "  mov rax, qword ptr [rdi + 16]", ["mov:0", "rax:1", "16:3"]],
])("%s: %s", (language, line, expected) => {
  expect(coloured(line, language)).toEqual(expect.arrayContaining(expected));
  expect(piecesOf(line, language).map((piece) => piece.text).join("")).toBe(line);
});
