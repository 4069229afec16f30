// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// The colours of text that the tool did not tokenise: lowered view, IR, assembly. Single lines, no state between them.
//
//   line --piecesOf(language)--> {text, token}[]   (token: into tokenKinds, -1: none)
export type Language = "cpp" | "ir" | "asm";
export interface Stretch {
  text: string;
  token: number;
}

/** Groups, in this order: comment, string, keyword, type, number. A sixth group is matched to be left uncoloured. */
const lexes: Record<Language, RegExp> = {
  cpp: /(\/\/.*$|\/\*.*?\*\/)|("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|\b(alignas|auto|bool|break|case|catch|char|class|const|constexpr|continue|co_await|co_return|co_yield|default|delete|do|double|else|enum|explicit|extern|false|float|for|goto|if|int|long|new|noexcept|nullptr|operator|return|short|signed|sizeof|static|struct|switch|template|this|throw|true|try|typename|union|unsigned|using|void|volatile|while)\b|\b([A-Za-z_]\w*(?:::[A-Za-z_]\w*)*::promise_type|std(?:::\w+)+)\b|\b(\d[\w.']*)/g,
  ir: /(;.*$)|(c?"[^"]*")|\b(define|declare|call|invoke|br|ret|switch|store|load|getelementptr|alloca|phi|select|icmp|unreachable|landingpad|resume|musttail|tail|to|label|unwind)\b|\b(void|ptr|token|i\d+|true|false|null|none|undef|poison)\b|\b(\d+)\b|(%[\w.$-]+)/g,
  asm: /([#;].*$|\/\/.*$)|("[^"]*")|(?<=^\s*)([a-z][\w.]*)(?!\S*:)|\b(r[a-ds]\w|r\d+\w?|e[a-ds]\w|[xw]\d+|[xy]mm\d+|[a-d][lh]|sp|lr)\b|(?<![\w.])(-?(?:0x[\da-f]+|\d+))\b|([A-Za-z_.][\w.:~]*)/g,
};
const tokens = [4, 2, 0, 1, 3, -1];

export function piecesOf(line: string, language: Language): Stretch[] {
  const pieces: Stretch[] = [];
  let at = 0;
  for (const match of line.matchAll(lexes[language])) {
    if (match.index > at) pieces.push({ text: line.slice(at, match.index), token: -1 });
    const group = match.slice(1).findIndex((part) => part !== undefined);
    pieces.push({ text: match[0], token: tokens[group] });
    at = match.index + match[0].length;
  }
  if (at < line.length) pieces.push({ text: line.slice(at), token: -1 });
  return pieces;
}
