"""The dataset card: what an author writes into a model stays text in its cell."""

import re

import pytest

from diorama.dataset import card
from diorama.randomize.recipe import Recipe


@pytest.mark.parametrize(
    ("author", "cell"),
    [
        ("Ann", "Ann"),
        ("", ""),
        ("a | b", r"a \| b"),
        ("two\nlines", "two lines"),
        ("<script>alert(1)</script>", "&lt;script>alert(1)&lt;/script>"),
        ("![seen](https://example.org/x.png)", r"!\[seen](https://example.org/x.png)"),
        (r"!\[seen](https://example.org/x.png)", r"!\\\[seen](https://example.org/x.png)"),
    ],
)
def test_an_author_stays_in_his_cell(author: str, cell: str) -> None:
    row = {"class": "cat", "subject": "cat/a", "licence": "CC0", "author": author, "source": "here"}
    lines = card.write(Recipe.preset("paper"), [row], {"diorama": "0"}).splitlines()
    found = re.split(r"(?<!\\) ?\| ?", lines[-1])
    assert [part.strip() for part in found] == ["", "cat", "cat/a", "CC0", cell, "here", ""]
