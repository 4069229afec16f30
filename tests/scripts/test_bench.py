# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""scripts/bench: a ratio over its target fails --check, and what was not measured is never shown as measured."""

import json
import unittest

from scratch import scratch


def row(ours, target):
    return json.dumps({"metric": "time", "unit": "s", "ours": ours, "peer": 2.0, "peer_name": "them", "target": target})


def bench(program, *arguments):
    with scratch({"tests/bench/trace.py": program} if program else {}) as tree:
        return tree.run("scripts/bench", "trace", *arguments)


class bench_script(unittest.TestCase):
    def test_the_table_gives_ratio_and_target(self):
        done = bench(f"print('''{row(1.0, 0.75)}''')")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.splitlines()[1].split(), ["time", "1", "s", "2", "s", "them", "0.500", "<=", "0.75"])

    def test_check_fails_only_over_the_target(self):
        for ours, target, code in [(1.5, 0.75, 0), (1.6, 0.75, 1), (9.0, None, 0)]:
            with self.subTest(ours=ours, target=target):
                program = f"print('''{row(ours, target)}''')"
                self.assertEqual(bench(program, "--check").returncode, code)
                self.assertEqual(bench(program).returncode, 0)

    def test_a_ratio_of_its_own_is_what_is_shown_and_checked(self):
        measured = json.dumps({**json.loads(row(1.0, 0.75)), "ratio": 0.8})
        done = bench(f"print('''{measured}''')", "--check")
        self.assertEqual((done.returncode, done.stdout.splitlines()[1].split()[-4:]), (1, ["0.800", "<=", "0.75", "OVER"]))

    def test_json_gives_the_rows(self):
        rows = json.loads(bench(f"print('''{row(1.0, None)}''')", "--json").stdout)
        self.assertEqual((len(rows), rows[0]["ratio"]), (1, 0.5))

    def test_no_benchmark_no_rows_odd_rows_and_a_failure_end_with_2(self):
        for program, said in [(None, "no benchmark for trace yet"), ("pass", "measured nothing"),
                              ("print('{\"metric\": 1, \"peer\": 1}')", "gave a row"), ("exit(3)", "code 3")]:
            with self.subTest(said):
                done = bench(program)
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertIn(said, done.stderr)


if __name__ == "__main__":
    unittest.main()
