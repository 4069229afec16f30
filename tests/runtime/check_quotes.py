# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Is the code that a document quotes still there?

  "```cpp FILE" blocks of DOCUMENT --line by line, without regard to how far the whole is indented--> found in FILE, or not

usage: check_quotes.py DOCUMENT ROOT
"""

import pathlib
import re
import sys
import textwrap

document, root = map(pathlib.Path, sys.argv[1:])
quotes = re.findall(r"^```cpp (\S+)\n(.*?)^```", document.read_text(encoding="utf-8"), re.M | re.S)
if not quotes:
    sys.exit(f"{document} quotes nothing")


def is_in(quote: str, text: str) -> bool:
    wanted = textwrap.dedent(quote).splitlines()
    lines = text.splitlines()
    return any(textwrap.dedent("\n".join(lines[at:at + len(wanted)])).splitlines() == wanted
               for at in range(len(lines) - len(wanted) + 1))


gone = [(name, quote) for name, quote in quotes if not is_in(quote, (root / name).read_text(encoding="utf-8"))]
if gone:
    sys.exit("\n".join(f"{document} quotes what is not in {name}:\n{quote}" for name, quote in gone))
