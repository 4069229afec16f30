// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { readFileSync } from "node:fs";
import { deflateSync } from "node:zlib";
import { decode } from "./payload";
import { type Report, ReportError } from "./report";
import { validate } from "./validate";

const demo = readFileSync(new URL("../fixtures/demo.json", import.meta.url), "utf8");
const fresh = () => JSON.parse(demo) as Report;
const packed = (text: string) => deflateSync(Buffer.from(text, "utf8")).toString("base64");

describe("decode", () => {
  test("a deflated payload and a plain one give the same report", async () => {
    const plain = await decode(demo.replace(/</g, "\\u003c"), "json");
    expect(await decode(packed(demo), "deflate-base64")).toEqual(plain);
    expect(plain.coroutines).toHaveLength(4);
  });
  test("text outside ASCII survives both encodings", async () => {
    const report = fresh();
    report.files[0].text = "</script><!-- \u2028 🙂 ä";
    const text = JSON.stringify(report);
    for (const [payload, encoding] of [
      [packed(text), "deflate-base64"],
      [text.replace(/</g, "\\u003c"), "json"],
    ])
      expect((await decode(payload, encoding)).files[0].text).toBe("</script><!-- \u2028 🙂 ä");
  });
  test("the unfilled template says so", async () => {
    await expect(decode(`__COROSCOPE_${"REPORT"}__`, "deflate-base64")).rejects.toThrow("carries no report");
  });
  test.each([
    ["not base64", "%%%", "deflate-base64"],
    ["not deflated", "AAAA", "deflate-base64"],
    ["cut short", packed(demo).slice(0, 400), "deflate-base64"],
    ["not JSON", packed("{"), "deflate-base64"],
    ["empty", "", "json"],
  ])("a payload that is %s is refused with a message", async (_, payload, encoding) => {
    await expect(decode(payload, encoding)).rejects.toThrow(ReportError);
    await expect(decode(payload, encoding)).rejects.toThrow("damaged");
  });
  test("a browser without DecompressionStream is told what to use", async () => {
    vi.stubGlobal("DecompressionStream", undefined);
    const refused = decode(packed(demo), "deflate-base64");
    await expect(refused).rejects.toThrow("DecompressionStream");
    await expect(refused).rejects.toHaveProperty("hint", expect.stringContaining("Firefox"));
    vi.unstubAllGlobals();
  });
});

describe("validate", () => {
  test("the fixture's frames tile [0, size)", () => {
    for (const coroutine of validate(fresh()).coroutines)
      for (const { frame } of coroutine.lowerings) {
        if (!frame) continue;
        let end = 0;
        for (const field of frame.fields) {
          expect(field.offset).toBe(end);
          end += field.size;
        }
        expect(end).toBe(frame.size);
      }
  });
  test("another schema is refused by both names", () => {
    const report = { ...fresh(), schema: "coroscope-report/2" };
    expect(() => validate(report)).toThrow(/coroscope-report\/1.*coroscope-report\/2/);
  });
  const damages: [string, (report: any) => void][] = [
    ["coroutines[0].range.file", (report) => (report.coroutines[0].range.file = 7)],
    ["coroutines[1].units[0]", (report) => (report.coroutines[1].units[0] = -1)],
    ["suspend_points[2].kind", (report) => (report.coroutines[0].suspend_points[2].kind = "later")],
    ["frame.fields[3].kind", (report) => (report.coroutines[0].lowerings[0].frame.fields[3].kind = "mystery")],
    ["why[0].suspend_points[0]", (report) => (report.coroutines[0].lowerings[1].frame.fields[3].residents[0].why[0].suspend_points = [9])],
    ["resume_index[0].suspend_point", (report) => (report.coroutines[0].lowerings[0].resume_index[0].suspend_point = 5)],
    ["trace.frames[1].coroutine", (report) => (report.trace.frames[1].coroutine = 4)],
    ["trace.coroutines[0].coroutine", (report) => (report.trace.coroutines[0].coroutine = 4)],
    ["events.thread", (report) => (report.trace.events.thread[3] = 1)],
    ["events.frame[5]", (report) => (report.trace.events.frame[5] = -2)],
    ["events.b", (report) => report.trace.events.b.pop()],
    ["trace.complete", (report) => delete report.trace.complete],
  ];
  test.each(damages)("names %s where that is damaged", (path, damage) => {
    const report = fresh();
    damage(report);
    expect(() => validate(report)).toThrow(path);
  });
});
