// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { demoReport } from "../testing/runs";
import { bytesToIndex, linesOf } from "./source";

const report = demoReport();
const lines = linesOf(report.files[0], 0, report.coroutines[0], []);

test("the pieces of the lines add up to the text", () => {
  const text = lines.map((line) => line.pieces.map((piece) => piece.text).join("")).join("\n");
  expect(`${text}\n`).toBe(report.files[0].text);
});

test("each await expression is marked where it stands", () => {
  const marked = lines.flatMap((line) => {
    const text = line.pieces.filter((piece) => piece.point >= 0).map((piece) => piece.text).join("");
    return text ? [`${line.number}: ${text}`] : [];
  });
  expect(marked).toEqual(["9: co_await child(n)", "10: co_await fetch(name)", "11: co_await sleep_for(2ms)"]);
});

test("segments run from each point to the next, inside the coroutine only", () => {
  const hues = lines.slice(5, 14).map((line) => [line.before, line.after]);
  expect(hues).toEqual([[-1, -1], [-1, -1], [0, 0], [0, 1], [1, 2], [2, 3], [3, 3], [3, 4], [-1, -1]]);
});

test("columns count UTF-8 bytes", () => {
  const line = "auto ä = co_await f(\"🙂\", x);";
  expect(line.slice(bytesToIndex(line, 11))).toBe("co_await f(\"🙂\", x);");
  expect(line.slice(bytesToIndex(line, 28))).toBe(", x);");
});

test("a comment over several lines is coloured on each of them", () => {
  const file = { path: "a.cpp", text: "a /* ä\n b\n*/ c\n", tokens: [1, 3, 11, 4] };
  const comments = linesOf(file, 0, undefined, []).map((line) => line.pieces.filter((piece) => piece.token === 4).map((piece) => piece.text).join(""));
  expect(comments).toEqual(["/* ä", " b", "*/"]);
});

test("a nested await keeps its own hue", () => {
  const text = "co_await f(co_await g());\n";
  const point = (id: number, begin: number, end: number) => ({
    ...report.coroutines[0].suspend_points[1],
    id,
    range: { file: 0, begin: [1, begin] as [number, number], end: [1, end] as [number, number] },
  });
  const coroutine = { ...report.coroutines[0], range: { file: 0, begin: [1, 1] as [number, number], end: [1, 26] as [number, number] }, suspend_points: [point(0, 1, 25), point(1, 12, 24)] };
  const pieces = linesOf({ path: "a.cpp", text }, 0, coroutine, [])[0].pieces;
  expect(pieces.map((piece) => [piece.text, piece.point])).toEqual([["co_await f(", 0], ["co_await g()", 1], [")", 0], [";", -1]]);
});
