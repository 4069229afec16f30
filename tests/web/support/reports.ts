// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The reports that the browser tests open: the demo, and the states that a page must also have words for.
import { readFileSync } from "node:fs";
import type { Report } from "../../../web/src/report";

const text = readFileSync(new URL("../../../web/fixtures/demo.json", import.meta.url), "utf8");

/** A fresh copy of web/fixtures/demo.json. */
export const demo = (): Report => JSON.parse(text) as Report;

export function untraced(): Report {
  const { trace: _, ...report } = demo();
  return report;
}

export function noCoroutine(): Report {
  return { ...untraced(), coroutines: [], elisions: [], hazards: [], files: [{ path: "plain.cpp", text: "int main() { return 0; }\n" }] };
}

export function compileErrors(): Report {
  const report = noCoroutine();
  const place = (line: number, column: number) => ({ file: 0, begin: [line, column] as [number, number], end: [line, column + 4] as [number, number] });
  report.files[0] = { path: "broken.cpp", text: "#include <coroutine>\n\ntask<int> parent() {\n  co_await nothing();\n}\n" };
  report.units[0].file = "broken.cpp";
  report.units[0].diagnostics = [
    { severity: "error", message: "no template named 'task'", range: place(3, 1) },
    { severity: "fatal", message: "too many errors emitted, stopping now" },
    { severity: "warning", message: "unused function 'parent'", range: place(3, 11) },
  ];
  return report;
}

export function lostEvents(): Report {
  const report = demo();
  report.trace!.lost_events = 12;
  report.trace!.complete = false;
  report.trace!.signal = "SIGSEGV";
  delete report.trace!.exit_code;
  return report;
}

/** The run knows `fetch`, the report does not: its file was not among those analysed. */
export function unknownCoroutine(): Report {
  const report = demo();
  const [removed] = report.coroutines.splice(2, 1);
  delete report.elisions;
  delete report.hazards;
  for (const traced of report.trace!.coroutines) {
    if (traced.mangled === removed.mangled) {
      delete traced.coroutine;
      traced.file = "net/fetch.cpp";
      for (const point of traced.points) delete point.suspend_point;
    } else if (traced.coroutine === 3) traced.coroutine = 2;
  }
  report.trace!.problems = ["fetch(std::string_view): not in this report"];
  return report;
}

/** A code base: more coroutines than one looks through. */
export function codeBase(): Report {
  const report = untraced();
  const [model] = report.coroutines;
  report.coroutines = Array.from({ length: 60 }, (_, i) => ({
    ...structuredClone(model),
    name: `job${i}(int)`,
    mangled: `_Z4job${i}i`,
  }));
  report.coroutines[41].lowerings[1].frame!.size += 4096;
  report.coroutines[41].lowerings[1].frame!.fields.push({ offset: 160, size: 4096, kind: "local", residents: [{ kind: "local", name: "buffer", type: "char[4096]" }] });
  report.elisions = [];
  report.hazards = [];
  return report;
}

/** Text that breaks out of careless embedding. */
export const hostileText = "// </script><script>document.title = 'broken'</script> <!-- \u2028 \u2029 🙂 ä &amp; ]]>";

export function hostile(): Report {
  const report = demo();
  report.files[0].text = report.files[0].text!.replace("// fetch() goes through the bundled proxy", hostileText);
  report.files[0].tokens = [];
  report.coroutines[0].name = "parent<'</script><img src=x onerror=alert(1)>'>(int)";
  return report;
}
