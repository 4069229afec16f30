# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""The examples of a document as a program that runs them.

  docs/runtime.md --its blocks of cpp--> one source: all headers, all blocks,
                                         a main that runs each task<> example_…() and each int main_of_…()

usage: extract_examples.py DOCUMENT INCLUDE_FOLDER OUTPUT
"""

import pathlib
import re
import sys

document, include, output = map(pathlib.Path, sys.argv[1:])
blocks = re.findall(r"^```cpp\n(.*?)^```", document.read_text(encoding="utf-8"), re.M | re.S)
examples = [name for block in blocks for name in re.findall(r"^task<> (example_\w+)\(\)", block, re.M)]
programs = [name for block in blocks for name in re.findall(r"^int (main_of_\w+)\(\)", block, re.M)]
headers = sorted(header.name for header in (include / "coroscope").glob("*.h"))
lines = ["#undef NDEBUG", "#include <cassert>", "#include <chrono>", "#include <coroutine>", "#include <csignal>",
         "#include <string>", "#include <thread>", "#include <unistd.h>", "#include <vector>",
         *(f"#include <coroscope/{header}>" for header in headers),
         "using namespace coroscope;", "using namespace std::chrono_literals;", "namespace {",
         "task<> sleep_an_hour() { co_await sleep_for(1h); }", *blocks, "} // namespace", "int main() {",
         *("  event_loop(event_loop::time_source::virtual_clock).run(%s());" % name for name in examples),
         *("  if (%s() != 0) return 1;" % name for name in programs), "}"]
if not examples:
    sys.exit(f"{document} has no example")
output.write_text("\n".join(lines) + "\n", encoding="utf-8")
