// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A frame as rows of eight bytes: what each byte belongs to, what the row is called.
//
//   Frame --rowsOf()--> Row[] (cells tile 0 … size−1; a rule goes before each 64-byte line)
import type { Coroutine, Field, FieldKind, Frame, Member, Resident } from "../report";
import type { PointName } from "./names";

export const rowBytes = 8;
export const cacheLine = 64;

export interface Cell {
  byte: number;
  field: Field;
  /** This byte is the first of its field, or of a part of the promise that is drawn as one. */
  bar: boolean;
  /** This byte belongs to nothing: padding, of the frame or between the promise's members. */
  padding: boolean;
  /** The byte eight above, or below, belongs to another field. */
  top: boolean;
  bottom: boolean;
}

export interface Row {
  offset: number;
  cells: Cell[];
  /** Fields (or parts of the promise) that begin in this row. */
  labels: Label[];
  /** What the row holds of a field that began above: its members here. */
  inner: string;
  /** The number of the cache line that begins with this row, from 1; undefined otherwise. */
  line?: number;
}

export interface Label {
  field: Field;
  name: string;
  type: string;
}

const kindNames: Record<FieldKind, string> = {
  resume_fn: "resume",
  destroy_fn: "destroy",
  promise: "promise",
  resume_index: "resume index",
  param_copy: "parameter",
  local: "local",
  awaiter: "awaiter",
  temporary: "temporary",
  spill: "spill",
  shared: "shared",
  padding: "padding",
  unknown: "unknown",
};

/** A field's kind in words, for its chip. */
export const kindWords: Record<FieldKind, string> = {
  ...kindNames,
  resume_fn: "frame header",
  destroy_fn: "frame header",
  param_copy: "parameter copy",
};

/** What a field is called: its residents' names, else its kind. */
export function fieldName(field: Field): string {
  if (field.kind === "padding") return `${field.size} ${field.size === 1 ? "byte" : "bytes"} padding`;
  const names = [...new Set(field.residents.map((resident) => resident.name).filter(Boolean))];
  if (names.length > 1 && names.every((name) => name.startsWith("awaiter of ")))
    return `awaiter of ${names.map((name) => name.slice("awaiter of ".length)).join(" | ")}`;
  return names.length ? names.join(" | ") : kindNames[field.kind];
}

function fieldType(field: Field): string {
  const types = [...new Set(field.residents.map((resident) => resident.type ?? "").filter(Boolean))];
  const size = field.size > rowBytes ? `${field.size} B` : "";
  return [types.join(" | "), size].filter(Boolean).join(" · ");
}

/** The hue of the point that an awaiter or temporary belongs to; -1 where that is not known. */
export function fieldHue(field: Field, points: PointName[], coroutine: Coroutine): number {
  const kind = field.residents[0]?.kind;
  if (kind !== "awaiter" && kind !== "temporary") return -1;
  const place = field.residents[0].range;
  if (!place) return -1;
  const inside = coroutine.suspend_points.findIndex(
    (point) =>
      point.kind !== "initial" &&
      point.kind !== "final" &&
      point.range.file === place.file &&
      before(point.range.begin, place.begin) &&
      before(place.end, point.range.end),
  );
  return inside < 0 ? -1 : points[inside].hue;
}

const before = (left: number[], right: number[]) => left[0] < right[0] || (left[0] === right[0] && left[1] <= right[1]);

/** The members of a type, those of its bases in place of the bases, with offsets from the object's start. */
export function flatMembers(members: Member[], from = 0): Member[] {
  return members.flatMap((member) => {
    const here = { ...member, offset: from + member.offset };
    return member.name.startsWith(":") && member.members?.length ? flatMembers(member.members, here.offset) : [here];
  });
}

const only = (residents: Resident[]) => (residents.length === 1 ? residents[0] : undefined);

/** The promise's members are drawn as fields of their own, the bytes between them as padding. */
function partsOf(frame: Frame, coroutine: Coroutine) {
  const parts = new Map<number, Label>();
  const holes = new Set<number>();
  for (const field of frame.fields) {
    parts.set(field.offset, { field, name: fieldName(field), type: fieldType(field) });
    if (field.kind !== "promise") continue;
    const members = flatMembers(only(field.residents)?.members ?? coroutine.promise.members ?? []).filter((m) => m.size > 0);
    if (!members.length) continue;
    for (let byte = 0; byte < field.size; ++byte)
      if (!members.some((member) => member.offset <= byte && byte < member.offset + member.size)) holes.add(field.offset + byte);
    for (const member of members)
      parts.set(field.offset + member.offset, { field, name: `promise.${member.name}`, type: member.type });
  }
  return { parts, holes };
}

function innerText(field: Field, offset: number, size: number): string {
  const members = flatMembers(only(field.residents)?.members ?? []);
  const from = offset - field.offset;
  return members
    .filter((member) => member.offset >= from && member.offset < from + size)
    .map((member) => member.name || "(unnamed)")
    .join(" · ");
}

/** A run of rows inside one field that is left out, or rows to draw. */
export type Band = { rows: Row[] } | { field: Field; from: number; to: number };

const keptAbove = 4;
const keptBelow = 2;
const longRun = 16;

/** `rows` with the middle of each long field folded: a buffer of kilobytes is one line, its bytes still accounted for. */
export function bandsOf(rows: Row[]): Band[] {
  const bands: Band[] = [];
  let open: Row[] = [];
  for (let at = 0; at < rows.length; ) {
    const field = rows[at].cells[0].field;
    let end = at;
    while (end < rows.length && rows[end].cells.every((cell) => cell.field === field) && (end === at || !rows[end].labels.length)) ++end;
    if (end - at <= longRun) {
      open.push(rows[at++]);
      continue;
    }
    const last = rows[end - 1 - keptBelow].cells;
    bands.push({ rows: [...open, ...rows.slice(at, at + keptAbove)] });
    bands.push({ field, from: rows[at + keptAbove].offset, to: last[last.length - 1].byte });
    open = rows.slice(end - keptBelow, end);
    at = end;
  }
  if (open.length) bands.push({ rows: open });
  return bands;
}

/** The rows of `frame`, a frame of `coroutine`. */
export function rowsOf(frame: Frame, coroutine: Coroutine): Row[] {
  const owner = new Array<Field>(frame.size);
  for (const field of frame.fields) owner.fill(field, field.offset, field.offset + field.size);
  const { parts, holes } = partsOf(frame, coroutine);
  const rows: Row[] = [];
  for (let offset = 0; offset < frame.size; offset += rowBytes) {
    const end = Math.min(offset + rowBytes, frame.size);
    const cells: Cell[] = [];
    const labels: Label[] = [];
    for (let byte = offset; byte < end; ++byte) {
      const field = owner[byte];
      if (!field) continue;
      const part = parts.get(byte);
      if (part && field.kind !== "padding") labels.push(part);
      cells.push({
        byte,
        field,
        bar: part !== undefined && field.kind !== "padding",
        padding: field.kind === "padding" || holes.has(byte),
        top: owner[byte - rowBytes] !== field,
        bottom: owner[byte + rowBytes] !== field,
      });
    }
    const inner = labels.length || !cells.length ? "" : innerText(cells[0].field, offset, end - offset);
    const line = offset > 0 && offset % cacheLine === 0 ? offset / cacheLine : undefined;
    rows.push({ offset, cells, labels, inner, line });
  }
  return rows;
}

/** The fields of an elided callee's frame, as members of the object that holds it. */
export function nestedMembers(fields: Field[]): Member[] {
  return fields.map((field) => ({
    offset: field.offset,
    size: field.size,
    name: fieldName(field),
    type: [...new Set(field.residents.map((resident) => resident.type).filter(Boolean))].join(" | "),
    members: field.residents.flatMap((resident) => nestedMembers(resident.fields ?? [])),
  }));
}

/** Whether the frame's residents say which points they live across. */
export const hasReasons = (frame: Frame) =>
  frame.fields.some((field) => field.residents.some((resident) => resident.why !== undefined));

/** Ids of the points that a field's residents live across. */
export const livesAcross = (field: Field) =>
  new Set(field.residents.flatMap((resident) => (resident.why ?? []).flatMap((reason) => reason.suspend_points)));

/** The field that a reader most likely wants to see first. */
export function firstField(frame: Frame): number {
  const own = ["awaiter", "local", "temporary", "param_copy", "spill"];
  const largest = frame.fields
    .filter((field) => own.includes(field.kind))
    .reduce<Field | undefined>((most, field) => (most && most.size >= field.size ? most : field), undefined);
  return (largest ?? frame.fields.find((field) => field.kind === "promise") ?? frame.fields[0])?.offset ?? 0;
}

