// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
import type { Report } from "../../../web/src/report";
export function largeReport(count: number, coroutines: number): Report;
