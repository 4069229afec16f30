// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
export const placeholders: { report: string; title: string; noscript: string };
export function checkPlaceholders(html: string): void;
export function fill(
  template: string,
  json: string,
  options?: { title?: string; noscript?: string; encoding?: "deflate-base64" | "json" },
): string;
