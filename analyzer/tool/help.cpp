// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "tool/help.h"

namespace coroscope::tool {
namespace {

constexpr const char *overview = R"(coroscope shows what a C++ coroutine becomes, and what it does.

usage: coroscope COMMAND …

  dis FILE…                 print frame, suspend points and functions of every coroutine
  diff OLD NEW              what differs between two sources or reports, by coroutine
  check FILE…               fail where frames, calls or hazards break a limit
  run FILE…                 build the program with events in its coroutines, and run it
  record -o FILE -- PROGRAM run a program that was built to be traced, and keep the recording
  flags                     the compiler's and the linker's flags for such a build
  trace FILE.corotrace      list what a recorded program did
  report FILE… -o OUT.html  write one page with both: the lowering, and the run beside it

  coroscope COMMAND --help  the options of one command
  coroscope --version

exit codes: 0 done; 1 a limit is broken (check), or a difference (diff --exit-code);
2 usage, a missing file or tool, nothing to show; 3 the source does not compile.
run and record end with the exit code of the program.
)";

constexpr const char *compile_help = R"(
compile flags, of every command that takes a source:
  -p BUILD_DIR        take them from BUILD_DIR/compile_commands.json; without FILE: all its files
  --extra-arg=FLAG    add FLAG (may be given again)
  -- FLAG…            take exactly these; without any, -std=c++20 and the path of the bundled runtime
)";

constexpr const char *hazard_help =
    R"(  --no-hazard=NAME    leave out hazards of this name (may be given again), or all of them: dangling-reference,
                      closure-dies, this-of-temporary, guard-across-suspend, frame-over-page, large-dead-local,
                      allocation-in-loop, all
)";

constexpr const char *analysis_help = R"(
what is analysed:
  --function=REGEX    only coroutines whose name or symbol it is found in
  --levels=O0,O2      the optimisation levels, of O0,O1,O2,O3,Os,Oz
  --system-headers    coroutines of system headers too
  -j N                so many files at a time (one a processor, fewer where memory is short)
  --timeout=SECONDS   give up on a file after so long (600; 0: never)
)";

constexpr const char *program_help = R"(
the program:
  -O0 -O1 -O2 -O3 -Os -Oz   the level it is built at (-O0)
  --arg=ARGUMENT      an argument of the program (may be given again)
  --link-arg=FLAG     a flag of the linker, as -lNAME (may be given again)
)";

constexpr const char *dis_help = R"(usage: coroscope dis FILE… [options] [-- FLAG…]

Prints, for every coroutine of the files, its suspend points and, for each level, the frame byte by byte and the
names of its functions. Sizes and offsets are those of LLVM's own passes.

  --format=text       stable columns (the default)
  --compare=O0,O2     the frames of these levels side by side: what stays, moves, appears and goes, and why
  --format=json       the report, as docs/report-schema.md describes it
  --why=NAME          why that variable is in the frame, or is not, in sentences and nothing else
  --why=LINE          the same of everything that is declared or made on that line
  --members           the members of promise, variables and temporaries too, with their offsets in the frame
  --lowered           instead, the body as the compiler sees it: every expansion spelled out, + before what is added
  --ir                instead, LLVM's IR: all of the coroutine before the split, each function right after it
  --asm               instead, the machine code of its functions (Intel syntax on x86), with their stack use
  --all               with -p and no FILE: the full text, not the index
)";

constexpr const char *diff_help = R"(usage: coroscope diff OLD NEW [options] [-- FLAG…]

Compares two reports by coroutine: frame size, objects in the frame, suspend points, calls, hazards. OLD and NEW are
sources, or reports as dis --format=json and report --json write them. Lines that only moved are no difference.

  --format=text       a paragraph a coroutine, the most growth first (the default)
  --format=markdown   fit for the comment of a pull request
  --format=json       as docs/report-schema.md describes it
  --exit-code         1 where they differ
)";

constexpr const char *check_help = R"(usage: coroscope check FILE… LIMIT… [options] [-- FLAG…]

Fails with exit code 1 where a limit is broken, and names the coroutine and the largest objects of its frame. FILE is a
source, or a report as dis --format=json and report --json write it.

limits:
  --max-frame=BYTES       no frame is larger; 4096, 4K and 4KiB are the same
  --require-elided=REGEX  every call of a coroutine whose name it is found in is elided
  --baseline=FILE         no frame is larger than in FILE: a baseline, or a report
  --max-growth=PERCENT    with --baseline: by more than so much
  --hazards               there is no hazard (those that --no-hazard leaves)

  --level=O2              the level that is checked (-O2)
  --write-baseline=FILE   write the frames as they are now
  --format=text           as a compiler prints it (the default)
  --format=markdown       fit for the comment of a pull request
  --format=sarif          SARIF 2.1.0, for code scanning
  --function=REGEX        of sources, only coroutines whose name or symbol it is found in
  --system-headers        of sources, coroutines of system headers too
  -j N                    so many sources at a time (one a processor, fewer where memory is short)
  --timeout=SECONDS       give up on a source after so long (600; 0: never)
)";

constexpr const char *run_help = R"(usage: coroscope run FILE… [options] [-- FLAG…]

Builds the files into one program whose coroutines report what they do, runs it with this terminal's input and output,
prints a summary to stderr and ends with the program's exit code. Any promise type works.

  --trace=FILE        keep the recording, for coroscope trace and coroscope report --trace
  --frames            record what frames hold too, at each suspend and resume: the values of variables
  --frame-limit=BYTES     of each frame (4096); more of it is left out
  --frame-budget=BYTES    of the recording for all frames (256M); then only events are recorded
  --ring=SIZE         keep only the last events, in 64K, 16M or so much of the file; those before are counted
)";

constexpr const char *record_help = R"(usage: coroscope record -o FILE.corotrace -- PROGRAM ARGUMENT…

Runs a program that was built to be traced, with this terminal's input and output, and ends with its exit code; 2 where
it would be 0 and nothing was recorded. The same without the tool: COROSCOPE_TRACE=FILE.corotrace PROGRAM ARGUMENT…

  -o FILE.corotrace   where the recording goes; an earlier recording is replaced, no other file is
  --frames            record what frames hold too, at each suspend and resume: the values of variables
  --frame-limit=BYTES     of each frame (4096); more of it is left out
  --frame-budget=BYTES    of the recording for all frames (256M); then only events are recorded
  --ring=SIZE         keep only the last events, in 64K, 16M or so much of the file; those before are counted
)";

constexpr const char *flags_help = R"(usage: coroscope flags --cxxflags | --ldflags

Prints, on one line, what makes a program record its coroutines. It takes clang++-22, and any promise type:

  clang++-22 -std=c++20 $(coroscope flags --cxxflags) app.cpp $(coroscope flags --ldflags) -o app
  coroscope record -o app.corotrace -- ./app

  --cxxflags          for each source with coroutines; -g is among them: without it recordings have no lines
  --ldflags           for the link, behind the objects

With CMake: find_package(coroscope) and target_link_libraries(app PRIVATE coroscope::trace). With -flto=thin the linker
(lld) splits the coroutines and loads the plugin itself: add -Wl,--load-pass-plugin= with the path of -fpass-plugin;
CMake's INTERPROCEDURAL_OPTIMIZATION does.
)";

constexpr const char *trace_help = R"(usage: coroscope trace FILE.corotrace [options]

Lists the events of a recording with their source lines; a recording that a crash cut off is listed as far as it goes.

  --summary           in sum: frames, bytes, running time, longest step of each coroutine; how long its frames were
                      suspended at each point (median, p90, p99, longest); what is still alive at the end. A step of
                      a few instructions takes 0 ns: less than it takes to read the clock
  --follow            list events as they come, until the program ends or Ctrl-C; waits for the file
  --format=text       (the default)
  --format=json       the run as docs/report-schema.md describes it
  --format=chrome     a trace that Perfetto (ui.perfetto.dev) and chrome://tracing open, with flow arrows
which events:
  --function=REGEX    those of coroutines whose name or symbol it is found in
  --kind=LIST         of these kinds, as suspended,resumed,poll_end
  --from=TIME --to=TIME   within this time, as 250us, 1.5ms, 2s
)";

constexpr const char *report_help = R"(usage: coroscope report FILE… -o OUT.html [options] [-- FLAG…]

Writes one page that needs nothing beside it: source, frames, suspend points and IR; with a run also the timeline.

  -o OUT.html         where the page goes
  --run               build and run the program, and show what it did and what its frames held
  --frame-limit=BYTES     of each frame that are recorded (4096); 0 records no frames
  --frame-budget=BYTES    of the recording for all frames (256M); then only events are recorded
  --ring=SIZE         keep only the last events, in 64K, 16M or so much of the file; those before are counted
  --trace=FILE        show this recording of the same source and flags instead
  --json=FILE         write the report as JSON too
)";

} // namespace

std::string help_text(const std::string &command) {
  if (command.empty())
    return overview;
  if (command == "dis")
    return std::string(dis_help) + analysis_help + hazard_help + compile_help;
  if (command == "diff")
    return std::string(diff_help) + analysis_help + hazard_help + compile_help;
  if (command == "check")
    return std::string(check_help) + hazard_help + compile_help;
  if (command == "run")
    return std::string(run_help) + program_help + compile_help;
  if (command == "record")
    return record_help;
  if (command == "flags")
    return flags_help;
  if (command == "trace")
    return trace_help;
  if (command == "report")
    return std::string(report_help) + program_help + analysis_help + hazard_help + compile_help;
  return "";
}

} // namespace coroscope::tool
