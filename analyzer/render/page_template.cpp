// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#include "render/page_template.h"

// The assembler takes the file in as it is: no generated source, no limit on the length of a literal.
asm(".section .rodata\n"
    ".global coroscope_page_begin\n"
    ".global coroscope_page_end\n"
    "coroscope_page_begin:\n"
    ".incbin \"" COROSCOPE_PAGE_FILE "\"\n"
    "coroscope_page_end:\n"
    ".previous\n");

extern "C" const char coroscope_page_begin[];
extern "C" const char coroscope_page_end[];

namespace coroscope::render {

std::string_view page_template() { return {coroscope_page_begin, coroscope_page_end}; }

} // namespace coroscope::render
