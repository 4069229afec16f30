# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""scripts/setup: silent where nothing is missing, installs what is, and says clearly why it cannot."""

import unittest

from scratch import SCRIPTS, scratch

PACKAGES = [line.split()[:2] for line in (SCRIPTS / "packages.txt").read_text().splitlines() if line[0] not in "#\n"]
ALL = [package for _, package in PACKAGES]

# dpkg-query knows what "$here/installed" lists; apt-get adds to it and writes down how it was called.
DPKG_QUERY = 'shift 2; for p in "$@"; do grep -qx "$p" "$here/installed" && echo "ii  $p"; done'
APT_GET = """
echo "$*" >>"$here/calls"
while [[ $1 == -* ]]; do [[ $1 == -o ]] && shift; shift; done
[[ $1 == update ]] && exit
echo 'dlstatus:1:10.5:Retrieving file 1 of 2'; echo 'pmstatus:clang-22:50.0:Unpacking clang-22'; echo "Unpacking…"
shift 2; printf '%s\\n' "$@" >>"$here/installed"
"""
APT_CACHE = 'shift; for p in "$@"; do printf "%s:\\n  Installed: (none)\\n  Candidate: 1\\n" "$p"; done'
DEBIAN = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_CODENAME=bookworm\n'


def machine(lacks=(), system=DEBIAN, **programs):
    """A machine as root that has every package but `lacks`."""
    tree = scratch({"os-release": system}, {"dpkg-query": DPKG_QUERY, "apt-get": APT_GET, "apt-cache": APT_CACHE,
                                            "id": "echo 0", **programs})
    (tree.outside / "installed").write_text("".join(name + "\n" for name in ALL if name not in lacks))
    return tree


def setup(tree, *arguments):
    return tree.run("scripts/setup", *arguments, COROSCOPE_OS_RELEASE=str(tree.root / "os-release"))


def calls(tree):
    file = tree.outside / "calls"
    return file.read_text().splitlines() if file.exists() else []


class setup_script(unittest.TestCase):
    def refuses(self, done, *words):
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        for word in words:
            self.assertIn(word, done.stderr)

    def test_nothing_missing_says_nothing_and_leaves_apt_alone(self):
        with machine() as tree:
            done = setup(tree)
            self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
            self.assertEqual(calls(tree), [])

    def test_missing_packages_are_installed_and_named_on_stderr(self):
        with machine(lacks=["clang-22", "cmake"]) as tree:
            done = setup(tree, "build")
            self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
            self.assertIn("coroscope: installing 2 packages (clang-22 cmake)", done.stderr)
            self.assertTrue(calls(tree)[-1].endswith("install --no-install-recommends clang-22 cmake"), calls(tree))
            self.assertEqual(setup(tree, "build").stderr, "")

    def test_a_group_asks_for_its_own_packages_alone(self):
        with machine(lacks=["catch2"]) as tree:
            self.assertEqual(setup(tree, "build").returncode, 0)
            self.assertEqual(calls(tree), [])
            done = setup(tree, "test", "--list")
            self.refuses(done, "catch2", "the C++ tests")
            self.assertEqual(calls(tree), [])

    def test_without_root_it_says_what_to_run(self):
        with machine(lacks=["lld-22"], id="echo 1000", sudo="exit 1") as tree:
            self.refuses(setup(tree), "needs root", "apt-get install --no-install-recommends lld-22")

    def test_sudo_is_used_where_it_asks_nothing(self):
        with machine(lacks=["lld-22"], id="echo 1000", sudo='[[ $1 == -n ]] && shift; exec "$@"') as tree:
            done = setup(tree)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertIn("lld-22", calls(tree)[-1])

    def test_another_distribution_gets_the_names_and_the_version(self):
        system = 'PRETTY_NAME="Fedora Linux 43"\nID=fedora\n'
        with machine(lacks=["clang-22", "catch2"], system=system) as tree:
            self.refuses(setup(tree), "Fedora Linux 43", "clang-22", "catch2", "LLVM and Clang must be version 22",
                         "COROSCOPE_SKIP_SETUP=1")
            self.assertEqual(calls(tree), [])

    def test_debian_12_without_its_security_archive_is_told_to_enable_it(self):
        unknown = 'shift; for p in "$@"; do printf "%s:\\n  Candidate: (none)\\n" "$p"; done'
        with machine(lacks=["clang-22"], **{"apt-cache": unknown}) as tree:
            self.refuses(setup(tree), "sources offers: clang-22", "bookworm-security")

    def test_an_older_system_is_told_that_22_is_needed(self):
        with machine(lacks=["clang-22"], system='PRETTY_NAME="Ubuntu 24.04"\nID=ubuntu\nID_LIKE=debian\n',
                     **{"apt-cache": "true"}) as tree:
            self.refuses(setup(tree), "LLVM and Clang 22 are needed exactly", "Ubuntu 24.04")

    def test_apt_failures_are_explained_and_the_log_is_kept(self):
        for said, means in [("E: Could not get lock /var/lib/dpkg/lock-frontend", "holds dpkg's lock"),
                            ("Temporary failure resolving 'mirror'", "check the network"),
                            ("E: Unmet dependencies: unmet dependencies", "needs mending"),
                            ("No space left on device", "disk is full")]:
            with self.subTest(said), machine(lacks=["cmake"], **{"apt-get": f'echo "{said}" >&2; exit 100'}) as tree:
                self.refuses(setup(tree), said, means, "still missing: cmake", "build/log/setup.log")
                self.assertIn(said, (tree.root / "build/log/setup.log").read_text())

    def test_an_apt_that_claims_success_is_not_believed(self):
        with machine(lacks=["cmake"], **{"apt-get": "exit 0"}) as tree:
            self.refuses(setup(tree), "still missing: cmake")

    def test_it_can_be_skipped(self):
        with machine(lacks=["cmake"]) as tree:
            self.assertEqual(tree.run("scripts/setup", COROSCOPE_SKIP_SETUP="1").returncode, 0)
            self.assertEqual(calls(tree), [])

    def test_an_unknown_argument_is_refused(self):
        with machine() as tree:
            self.refuses(setup(tree, "everything"), "unknown argument 'everything'")

    def test_every_package_has_a_group_and_a_reason(self):
        for line in (SCRIPTS / "packages.txt").read_text().splitlines():
            if line and line[0] != "#":
                group, _, _, *reason = line.split()
                self.assertIn(group, ["build", "test", "bench"])
                self.assertGreaterEqual(len(reason), 3, line)


if __name__ == "__main__":
    unittest.main()
