// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the tool replaces in dist/report.html, and how a script does the same for development and tests.
//
//   template + report (JSON) --fill()--> a page that opens from file://
import { deflateSync } from "node:zlib";

export const placeholders = {
  report: '<script id="coroscope-report" type="application/json" data-encoding="deflate-base64">__COROSCOPE_REPORT__</script>',
  title: "<title>__COROSCOPE_TITLE__</title>",
  noscript: "<noscript>__COROSCOPE_NOSCRIPT__</noscript>",
};

/** Throws unless each placeholder stands exactly once, and nothing else looks like one. */
export function checkPlaceholders(html) {
  for (const [name, text] of Object.entries(placeholders)) {
    const count = html.split(text).length - 1;
    if (count !== 1) throw new Error(`report.html: the placeholder "${name}" stands ${count} times, expected once`);
  }
  const marks = html.match(/__COROSCOPE_[A-Z]+__/g) ?? [];
  if (marks.length !== 3) throw new Error(`report.html: ${marks.length} marks __COROSCOPE_…__, expected 3`);
}

const escapeText = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** The page for `json`, a report as text. `encoding` is "deflate-base64" or "json"; `noscript` is HTML. */
export function fill(template, json, { title = "report", noscript = "", encoding = "deflate-base64" } = {}) {
  const payload =
    encoding === "json" ? json.replace(/</g, "\\u003c") : deflateSync(Buffer.from(json, "utf8")).toString("base64");
  const block = placeholders.report
    .replace("deflate-base64", encoding)
    .replace("__COROSCOPE_REPORT__", () => payload);
  return template
    .replace(placeholders.report, () => block)
    .replace(placeholders.title, () => `<title>${escapeText(title)}</title>`)
    .replace(placeholders.noscript, () => `<noscript>${noscript}</noscript>`);
}
