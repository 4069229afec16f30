// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A report of many coroutines and a long run, always the same for the same numbers; for the bench and a browser test.
//
//   largeReport(events, coroutines): each frame waits on fds, timers and children in turn; one lives from begin to end

const points = ["initial", "await", "await", "await", "final"];

function lowering(level, line) {
  const fields = [
    { offset: 0, size: 8, kind: "resume_fn", residents: [{ kind: "resume_fn", name: "resume" }] },
    { offset: 8, size: 8, kind: "destroy_fn", residents: [{ kind: "destroy_fn", name: "destroy" }] },
    { offset: 16, size: 24, kind: "promise", residents: [{ kind: "promise", name: "promise" }] },
    { offset: 40, size: 64, kind: "local", residents: [{ kind: "local", name: "buffer", type: "std::array<char, 64>", range: range(line + 1, 3, 12) }] },
    { offset: 104, size: 1, kind: "resume_index", residents: [] },
    { offset: 105, size: 7, kind: "padding", residents: [] },
  ];
  const index = points.map((_, i) => ({ suspend_point: i, ordinal: i, index: [i] }));
  return { level, symbol: "f", frame: { size: 112, align: 8, fields }, layout_hash: "0", resume_index: index, functions: [], problems: [] };
}
const range = (line, from, to) => ({ file: 0, begin: [line, from], end: [line, to] });

function coroutine(i) {
  const line = i * 8 + 1;
  const place = [range(line, 11, 16), range(line + 1, 3, 18), range(line + 2, 3, 18), range(line + 3, 3, 18), range(line + 5, 1, 2)];
  return {
    units: [0],
    name: `work::job${i}(int)`,
    mangled: `_Z4job${i}`,
    range: { file: 0, begin: [line, 1], end: [line + 5, 2] },
    return_type: "task<int>",
    promise: {
      type: "task<int>::promise_type",
      traits: "std::coroutine_traits<task<int>>",
      size: 24,
      align: 8,
      is_specialised: false,
      takes_parameters: false,
      new_is_member: false,
      new_takes_parameters: false,
      delete_is_sized: true,
      is_over_aligned: false,
    },
    suspend_points: points.map((kind, id) => ({
      id,
      kind,
      range: place[id],
      expression: kind === "await" ? "co_await step()" : `co_await promise.${kind}_suspend()`,
      awaitable_type: "step",
      awaiter_type: "step",
      via: ["direct"],
      operator_is_member: false,
      type: "void",
      await_suspend_returns: "void",
    })),
    lowerings: [lowering("O0", line), lowering("O2", line)],
  };
}

export function largeReport(count, coroutines) {
  const kinds = ["frame_created", "suspended", "resumed", "destroyed", "frame_freed", "poll_begin", "poll_end", "fd_wait", "fd_ready", "timer_armed", "timer_fired"];
  const columns = { kinds, kind: [], time: [], thread: [], frame: [], point: [], target: [], by: [], a: [], b: [] };
  const frames = [];
  let time = 0;
  const add = (kind, frame = -1, point = -1, a = 0, b = 0) => {
    time += 150 + ((columns.kind.length * 7919) % 900);
    columns.kind.push(kinds.indexOf(kind));
    columns.time.push(time);
    columns.thread.push(0);
    columns.frame.push(frame);
    columns.point.push(point);
    columns.target.push(-1);
    columns.by.push(-1);
    columns.a.push(a);
    columns.b.push(b);
  };
  const create = (which) => {
    frames.push({ coroutine: which, address: `0x${(0x10000 + frames.length * 0x100).toString(16)}` });
    add("frame_created", frames.length - 1);
    add("suspended", frames.length - 1, 0);
    return frames.length - 1;
  };
  const server = create(0);
  const open = [];
  for (let turn = 0; columns.kind.length < count; ++turn) {
    add("resumed", server, turn ? 1 + ((turn - 1) % 3) : 0);
    const f = create(1 + (turn % (coroutines - 1)));
    open.push({ f, point: 0 });
    add("suspended", server, 1 + (turn % 3));
    for (const one of open) {
      add("resumed", one.f, one.point);
      add("suspended", one.f, ++one.point);
      if (one.point < 4) add(turn % 2 ? "fd_wait" : "timer_armed", one.f, -1, one.f, turn % 2 ? 1 : 5000);
    }
    add("poll_begin", -1, -1, 5000);
    add("poll_end", -1, -1, open.length);
    for (const one of open) if (one.point < 4) add(turn % 2 ? "fd_ready" : "timer_fired", one.f, -1, one.f, turn % 2 ? 1 : 0);
    if (open[0].point === 4) {
      const { f: done } = open.shift();
      add("destroyed", done, 4);
      add("frame_freed", done);
    }
  }
  for (const name of ["kind", "time", "thread", "frame", "point", "target", "by", "a", "b"]) columns[name].length = count;
  const text = Array.from({ length: coroutines }, (_, i) => `task<int> job${i}(int n) {\n  co_await step();\n  co_await step();\n  co_await step();\n  co_return n;\n}\n\n`).join("\n");
  return {
    schema: "coroscope-report/1",
    tool: "generated",
    files: [{ path: "large.cpp", text }],
    units: [{ file: "large.cpp", compiler: "clang 22.1.8", triple: "x86_64-pc-linux-gnu", command: [], diagnostics: [], notes: [] }],
    coroutines: Array.from({ length: coroutines }, (_, i) => coroutine(i)),
    trace: {
      command: ["./large"],
      level: "O2",
      exit_code: 0,
      complete: true,
      lost_events: 0,
      threads: ["main"],
      coroutines: Array.from({ length: coroutines }, (_, i) => ({
        mangled: `_Z4job${i}`,
        name: `work::job${i}(int)`,
        file: "large.cpp",
        line: i * 8 + 1,
        frame_size: 112,
        layout_hash: "0",
        coroutine: i,
        points: points.map((kind, id) => ({ ordinal: id, rank: id, kind, suspend_point: id })),
      })),
      frames,
      events: columns,
      problems: [],
    },
  };
}
