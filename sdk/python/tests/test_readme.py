"""The README's example runs as it stands there."""

import re
from pathlib import Path

README = Path(__file__).parent.parent / "README.md"


def test_the_readme_example_runs(pytester):
    blocks = re.findall(r"```(?:python|ini)\n# (\S+)\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert [name for name, _ in blocks] == ["bot.py", "test_bot.py", "pytest.ini"]
    for name, text in blocks:
        (pytester.path / name).write_text(text, encoding="utf-8")
    pytester.runpytest_subprocess().assert_outcomes(passed=2)
