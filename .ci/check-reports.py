"""Fails unless each test class of the source tree ran and none of its tests was skipped.

A green build proves nothing by itself: a plugin that is not bound, a name that no pattern matches or an assumption that
does not hold leave tests out without a word.
"""

import pathlib
import re
import sys
import xml.etree.ElementTree as ElementTree

# Tests that take a profile to run; everything else is part of every build.
TAGS_OF_OWN_PROFILES = ("many-connections",)

TEST_CLASS = re.compile(r"(Test|IT)\.java$")
TESTS = re.compile(r"@(Test|ParameterizedTest|RepeatedTest|TestFactory|TestTemplate|Nested)\b|\bextends\b")


def expected(root):
    """Names of the classes that must have run."""
    for file in sorted(root.glob("**/src/test/java/**/*.java")):
        if "target" in file.relative_to(root).parts or not TEST_CLASS.search(file.name):
            continue
        text = file.read_text(encoding="utf-8")
        abstract = re.search(r"\babstract\s+class\s+" + file.stem + r"\b", text)
        of_own_profile = any(f'@Tag("{tag}")' in text for tag in TAGS_OF_OWN_PROFILES)
        if abstract or of_own_profile or not TESTS.search(text):
            continue
        package = re.search(r"^package\s+([\w.]+);", text, re.MULTILINE).group(1)
        yield f"{package}.{file.stem}"


def main():
    root = pathlib.Path(__file__).resolve().parent.parent
    ran, skipped, failed = {}, [], []
    reports = [*root.glob("**/target/surefire-reports/TEST-*.xml"), *root.glob("**/target/failsafe-reports/TEST-*.xml")]
    for report in reports:
        for case in ElementTree.parse(report).getroot().iter("testcase"):
            name = case.get("classname").split("$")[0]
            ran[name] = ran.get(name, 0) + 1
            if case.find("skipped") is not None:
                skipped.append(f"{name}.{case.get('name')}")
            if case.find("failure") is not None or case.find("error") is not None:
                failed.append(f"{name}.{case.get('name')}")

    wanted = list(expected(root))
    absent = [name for name in wanted if name not in ran]
    for title, names in (("skipped", skipped), ("failed", failed), ("did not run", absent)):
        for name in names:
            print(f"{title}: {name}", file=sys.stderr)
    if not wanted or not ran:
        print("no test ran", file=sys.stderr)
    print(f"{sum(ran.values())} tests in {len(ran)} classes ran, {len(skipped)} were skipped")
    return 1 if skipped or failed or absent or not wanted or not ran else 0


if __name__ == "__main__":
    sys.exit(main())
