// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Class names come from the text of a style, not from its path, so that the built page is the same in every directory.
import { vitePreprocess } from "@sveltejs/vite-plugin-svelte";

export default {
  preprocess: vitePreprocess(),
  compilerOptions: { cssHash: ({ hash, css }) => `c-${hash(css)}` },
};
