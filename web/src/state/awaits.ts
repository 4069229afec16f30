// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Which functions an await calls, in the order in which it does:
//
//   SuspendPoint --awaitCalls--> yield_value, await_transform, operator co_await, await_ready, await_suspend, await_resume
import type { ChosenFunction, SuspendPoint } from "../report";
import { withoutScope } from "./names";

/** One of them, named without its scope, and what is to say of it. */
export interface AwaitCall {
  name: string;
  note?: string;
  chosen: ChosenFunction;
}

/** What every reader knows. */
const standardAwaiter = /^std::suspend_(always|never)$/;

export function awaitCalls(point: SuspendPoint): AwaitCall[] {
  const calls: AwaitCall[] = [];
  const add = (chosen: ChosenFunction | undefined, note?: string) => {
    if (chosen) calls.push({ name: withoutScope(chosen.name), note, chosen });
  };
  add(point.yield_value);
  add(point.await_transform);
  add(point.operator_co_await, point.operator_is_member ? "a member" : "not a member");
  if (!standardAwaiter.test(point.awaiter_type))
    for (const chosen of [point.await_ready, point.await_suspend, point.await_resume]) add(chosen);
  return calls;
}
