# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""scripts/check-layers: each rule can fail, names the place and its reason, and lets through what it allows."""

import importlib.machinery
import importlib.util
import sys
import unittest

from scratch import SCRIPTS, scratch

sys.dont_write_bytecode = True
loader = importlib.machinery.SourceFileLoader("check_layers", str(SCRIPTS / "check-layers"))
check_layers = importlib.util.module_from_spec(importlib.util.spec_from_loader("check_layers", loader))
sys.modules["check_layers"] = check_layers
loader.exec_module(check_layers)

TREE = {
    "analyzer/model/report.h": "#include <string>\n",
    "analyzer/frontend/facts.h": '#include "model/report.h"\n#include <clang/AST/Decl.h>\n',
    "analyzer/lowering/tag.h": '#include "model/report.h"\n#include <llvm/IR/Module.h>\n',
    "analyzer/instrument/plugin.cpp": '#include "lowering/tag.h"\n#include <coroscope/trace.h>\n',
    "analyzer/analyze.h": '#include "frontend/facts.h"\n#include "lowering/tag.h"\n',
    "analyzer/account/history.h": '#include "model/report.h"\n',
    "analyzer/compare/match.h": '#include "model/report.h"\n',
    "analyzer/hazards/hazards.h": '#include "frontend/facts.h"\n',
    "analyzer/render/json.h": '#include "model/report.h"\n#include <nlohmann/json.hpp>\n',
    "analyzer/tool/main.cpp": '#include "analyze.h"\n#include "render/json.h"\n',
    "runtime/include/coroscope/trace.h": "#include <atomic>\n",
    "runtime/include/coroscope/task.h": '#include "coroscope/trace.h"\n#include <coroutine>\n',
    "runtime/src/loop.cpp": "#include <coroscope/task.h>\n#include <sys/epoll.h>\n",
    "runtime/trace/recorder.cpp": "#include <coroscope/trace.h>\n",
    "runtime/trace/table.cpp": "#include <nlohmann/json.hpp>\n",
    "runtime/src/http_parser.cpp": "#include <llhttp.h>\n",
    "runtime/proxy/main.cpp": "#include <coroscope/task.h>\n",
    "samples/01.cpp": "#include <coroscope/task.h>\n",
    "web/src/report.ts": 'import { view } from "./view";\n',
    "web/src/view.ts": "export const view = 1;\n",
}

# For each rule: a file under it, a line it must not hold, and what the message names.
FORBIDDEN = {
    "analyzer/model": [("analyzer/model/report.h", "#include <nlohmann/json.hpp>", "<nlohmann/json.hpp>"),
                       ("analyzer/model/report.h", '#include "llvm/IR/Module.h"', "<llvm/IR/Module.h>"),
                       ("analyzer/model/report.h", '#include "../render/json.h"', "analyzer/render/json.h")],
    "analyzer/frontend": [("analyzer/frontend/facts.h", '#include "lowering/tag.h"', "analyzer/lowering/tag.h")],
    "analyzer/lowering": [("analyzer/lowering/tag.h", '#include "frontend/facts.h"', "analyzer/frontend/facts.h"),
                          ("analyzer/lowering/tag.h", "#include <clang/AST/Decl.h>", "<clang/AST/Decl.h>")],
    "analyzer/instrument": [("analyzer/instrument/plugin.cpp", '#include "analyze.h"', "analyzer/analyze.h"),
                            ("analyzer/instrument/plugin.cpp", "#include <coroscope/task.h>",
                             "runtime/include/coroscope/task.h")],
    "analyzer/*": [("analyzer/analyze.h", '#include "render/json.h"', "analyzer/render/json.h")],
    "analyzer/account": [("analyzer/account/history.h", '#include "render/json.h"', "analyzer/render/json.h")],
    "analyzer/compare": [("analyzer/compare/match.h", '#include "render/json.h"', "analyzer/render/json.h")],
    "analyzer/hazards": [("analyzer/hazards/hazards.h", '#include "lowering/tag.h"', "analyzer/lowering/tag.h")],
    "analyzer/render": [("analyzer/render/json.h", '#include "analyze.h"', "analyzer/analyze.h"),
                        ("analyzer/render/json.h", "#include <llvm/IR/Module.h>", "<llvm/IR/Module.h>")],
    "analyzer/tool": [("analyzer/tool/main.cpp", '#include "frontend/facts.h"', "analyzer/frontend/facts.h")],
    "runtime/include": [("runtime/include/coroscope/task.h", '#include "../../src/loop.cpp"', "runtime/src/loop.cpp"),
                        ("runtime/include/coroscope/task.h", "#include <llvm/IR/Module.h>", "<llvm/IR/Module.h>")],
    "runtime/src": [("runtime/src/loop.cpp", '#include "model/report.h"', "analyzer/model/report.h"),
                    ("runtime/src/loop.cpp", "#include <llhttp.h>", "<llhttp.h>")],
    "runtime/src/http_parser.cpp": [("runtime/src/http_parser.cpp", "#include <nlohmann/json.hpp>",
                                     "<nlohmann/json.hpp>")],
    "runtime/trace": [("runtime/trace/recorder.cpp", "#include <coroscope/task.h>", "runtime/include/coroscope/task.h"),
                      ("runtime/trace/recorder.cpp", "#include <nlohmann/json.hpp>", "<nlohmann/json.hpp>")],
    "runtime/trace/table.cpp": [("runtime/trace/table.cpp", "#include <llvm/IR/Module.h>", "<llvm/IR/Module.h>")],
    "runtime/proxy": [("runtime/proxy/main.cpp", '#include "../src/loop.cpp"', "runtime/src/loop.cpp")],
    "samples": [("samples/01.cpp", '#include "../runtime/src/loop.cpp"', "runtime/src/loop.cpp"),
                ("samples/01.cpp", "#include <nlohmann/json.hpp>", "<nlohmann/json.hpp>")],
    "web": [("web/src/view.ts", 'import x from "../../analyzer/model/report.h";', "analyzer/model/report.h"),
            ("web/src/view.ts", 'import x from "../../../elsewhere";', "elsewhere")],
}


class layers(unittest.TestCase):
    def test_a_tree_that_keeps_to_the_rules_passes_in_silence(self):
        with scratch(TREE) as tree:
            done = tree.run("scripts/check-layers")
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))

    def test_every_rule_is_tried(self):
        self.assertEqual(set(FORBIDDEN), {rule.folder for rule in check_layers.RULES})

    def test_every_rule_names_place_target_and_reason(self):
        reasons = {rule.folder: rule.reason for rule in check_layers.RULES}
        self.assertEqual(len(set(reasons.values())), len(reasons))
        for folder, attempts in FORBIDDEN.items():
            for path, line, named in attempts:
                with self.subTest(folder=folder, line=line), scratch(TREE) as tree:
                    text = "// a first line\n" + line + "\n" + TREE[path]
                    tree.write(path, text)
                    done = tree.run("scripts/check-layers")
                    self.assertEqual(done.returncode, 1)
                    self.assertEqual(len(done.stderr.splitlines()), 1, done.stderr)
                    self.assertTrue(done.stderr.startswith(f"{path}:2: "), done.stderr)
                    self.assertIn(named, done.stderr)
                    self.assertIn(f"which {folder} must not know: {reasons[folder]}", done.stderr)

    def test_a_room_of_the_runtime_uses_those_before_it_alone(self):
        headers = {"runtime/include/coroscope/event_loop.h": '#include <coroscope/task.h>\n',
                   "runtime/include/coroscope/detail/waiter.h": "#include <coroutine>\n",
                   "runtime/src/event_loop.cpp": "#include <coroscope/event_loop.h>\n"}
        with scratch({**TREE, **headers}) as tree:
            self.assertEqual(tree.run("scripts/check-layers").stderr, "")
            tree.write("runtime/include/coroscope/detail/waiter.h", "#include <coroscope/event_loop.h>\n")
            done = tree.run("scripts/check-layers")
            self.assertEqual(done.returncode, 1)
            self.assertIn("runtime/include/coroscope/detail/waiter.h:1: uses runtime/include/coroscope/event_loop.h, which "
                          "is in the room loop: core comes before it", done.stderr)

    def test_a_header_of_the_runtime_without_a_room_is_refused(self):
        with scratch({**TREE, "runtime/include/coroscope/odd.h": ""}) as tree:
            done = tree.run("scripts/check-layers")
            self.assertEqual(done.returncode, 1)
            self.assertIn("runtime/include/coroscope/odd.h:1: no room", done.stderr)

    def test_a_folder_without_a_rule_is_refused(self):
        with scratch({**TREE, "analyzer/newroom/x.cpp": "", "runtime/other/y.h": ""}) as tree:
            done = tree.run("scripts/check-layers")
            self.assertEqual(done.returncode, 1)
            self.assertIn("analyzer/newroom/x.cpp:1: no rule", done.stderr)
            self.assertIn("runtime/other/y.h:1: no rule", done.stderr)


if __name__ == "__main__":
    unittest.main()
