// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import { demoReport } from "../testing/runs";
import { awaitCalls } from "./awaits";

const point = {
  ...demoReport().coroutines[0].suspend_points[1],
  awaitable_type: "task<int>",
  awaiter_type: "task<int>::awaiter",
  await_transform: { name: "main_task::promise_type::await_transform(task<int>)", type: "task<int>" },
  operator_co_await: { name: "operator co_await(task<int>)" },
  operator_is_member: false,
  await_ready: { name: "task<int>::awaiter::await_ready()" },
  await_suspend: { name: "awaiter_base::await_suspend(std::coroutine_handle<>)" },
  await_resume: { name: "task<int>::awaiter::await_resume()" },
};

describe("awaitCalls", () => {
  test("an await calls up to six functions in this order", () => {
    expect(awaitCalls(point).map((call) => call.name)).toEqual([
      "await_transform(task<int>)",
      "operator co_await(task<int>)",
      "await_ready()",
      "await_suspend(std::coroutine_handle<>)",
      "await_resume()",
    ]);
  });
  test("what std::suspend_always does is not told", () => {
    expect(awaitCalls({ ...point, via: ["await_transform"], operator_co_await: undefined, awaiter_type: "std::suspend_always" })).toHaveLength(1);
  });
  test("operator co_await is a member or not", () => {
    const notes = (is_member: boolean) => awaitCalls({ ...point, operator_is_member: is_member }).map((call) => call.note);
    expect(notes(true)).toContain("a member");
    expect(notes(false)).toContain("not a member");
  });
});
