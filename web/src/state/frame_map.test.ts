// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { demoReport } from "../testing/runs";
import { bandsOf, cacheLine, fieldName, flatMembers, livesAcross, rowsOf } from "./frame_map";

const report = demoReport();
const frames = report.coroutines.flatMap((coroutine) =>
  coroutine.lowerings.flatMap(({ frame, level }) => (frame ? [{ name: `${coroutine.name} ${level}`, coroutine, frame }] : [])),
);
const parent = frames.find((one) => one.name === "parent(std::string, int) O2")!;

test.each(frames)("the cells of $name tile its frame", ({ coroutine, frame }) => {
  const cells = rowsOf(frame, coroutine).flatMap((row) => row.cells);
  expect(cells.map((cell) => cell.byte)).toEqual(Array.from({ length: frame.size }, (_, byte) => byte));
  for (const cell of cells)
    expect(cell.field.offset <= cell.byte && cell.byte < cell.field.offset + cell.field.size).toBe(true);
});

test.each(frames)("each field of $name begins with a bar and is named once, padding aside", ({ coroutine, frame }) => {
  const rows = rowsOf(frame, coroutine);
  for (const field of frame.fields) {
    const cell = rows[Math.floor(field.offset / 8)].cells[field.offset % 8];
    expect(cell.bar).toBe(field.kind !== "padding");
    if (field.kind === "padding" || field.kind === "promise") continue;
    expect(rows.flatMap((row) => row.labels).filter((label) => label.field === field)).toHaveLength(1);
  }
});

test("the middle of a long field is folded, and every byte is still accounted for", () => {
  const field = (offset: number, size: number) => ({ offset, size, kind: "local" as const, residents: [] });
  const frame = { size: 4240, align: 8, fields: [field(0, 60), field(60, 4104), field(4164, 76)] };
  const bands = bandsOf(rowsOf(frame, parent.coroutine));
  const bytes = bands.flatMap((band) =>
    "rows" in band
      ? band.rows.flatMap((row) => row.cells.map((cell) => cell.byte))
      : Array.from({ length: band.to - band.from + 1 }, (_, i) => band.from + i),
  );
  expect(bytes).toEqual(Array.from({ length: 4240 }, (_, i) => i));
  expect(bands.filter((band) => !("rows" in band))).toEqual([{ field: frame.fields[1], from: 96, to: 4143 }]);
  expect(bandsOf(rowsOf(parent.frame, parent.coroutine))).toHaveLength(1);
});

test("a rule stands before each cache line but the first", () => {
  const lines = rowsOf(parent.frame, parent.coroutine).flatMap((row) => (row.line ? [row.offset] : []));
  expect(lines).toEqual([cacheLine, 2 * cacheLine]);
});

test("the promise's members, those of its base too, are shown as fields, the bytes between them as padding", () => {
  const rows = rowsOf(parent.frame, parent.coroutine);
  expect(rows.slice(2, 5).flatMap((row) => row.labels.map((label) => label.name))).toEqual([
    "promise.continuation",
    "promise.error",
    "promise.value",
    "promise.state",
  ]);
  expect(rows[4].cells.map((cell) => cell.padding)).toEqual([false, false, false, false, false, true, true, true]);
});

test("rows inside a field name its members there", () => {
  const inner = rowsOf(parent.frame, parent.coroutine).slice(5, 9).map((row) => row.inner);
  expect(inner).toEqual(["", "_M_string_length", "(unnamed)", ""]);
});

test("a base that is empty of members is a member itself", () => {
  expect(flatMembers([{ offset: 4, size: 1, name: ":tag", type: "tag" }])).toHaveLength(1);
});

test("a shared slot names all who live in it", () => {
  const slot = parent.frame.fields.find((field) => field.residents.length === 3)!;
  expect(fieldName(slot)).toBe("awaiter of S1 | S2 | S3");
  expect([...livesAcross(slot)].sort()).toEqual([1, 2, 3]);
});
