// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// How the page gets its report.
//
//   text of <script id="coroscope-report"> --inflate--> JSON --validate--> Report, or a ReportError that says why not
import { type Report, ReportError } from "./report";
import { validate } from "./validate";

async function inflate(base64: string): Promise<string> {
  if (typeof DecompressionStream === "undefined")
    throw new ReportError(
      "This browser cannot unpack the report: it has no DecompressionStream.",
      "Open the page with Firefox 113, Chrome 80, Safari 16.4 or later.",
    );
  const packed = atob(base64.trim());
  const bytes = new Uint8Array(packed.length);
  for (let i = 0; i < packed.length; ++i) bytes[i] = packed.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).text();
}

/** The report in a payload, with encoding "deflate-base64" or "json". Rejects with a ReportError. */
export async function decode(payload: string, encoding: string): Promise<Report> {
  if (payload.trim().startsWith("__COROSCOPE"))
    throw new ReportError("This page carries no report.", "It is the empty template: `coroscope report FILE -o OUT.html` fills it.");
  let json: unknown;
  try {
    json = JSON.parse(encoding === "json" ? payload : await inflate(payload));
  } catch (error) {
    if (error instanceof ReportError) throw error;
    throw new ReportError(`The report in this page is damaged: ${(error as Error).message}.`);
  }
  return validate(json);
}
