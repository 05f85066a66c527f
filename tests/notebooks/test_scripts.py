"""Scripts that were notebooks: jupytext's percent format, nbconvert's and Databricks' exports."""

from __future__ import annotations

import pytest

from autograder.ingest.notebooks.scripts import cells_of_script

PERCENT = '''# ---
# jupyter:
#   kernelspec:
#     name: python3
# ---

# %% [markdown]
# # Title
# Some prose.

# %%
import math

# %% A title {"tags": ["x"]} nbgrader={"grade_id": "double", "solution": true}
def double(x):
    """Twice.

# %% this is no mark
    """
    return 2 * x

#%%
# %matplotlib inline
print(double(2))
'''


def test_the_percent_format() -> None:
    header, prose, imports, answer, last = cells_of_script(PERCENT)
    assert header.kind == "code" and "kernelspec" in header.source
    assert (prose.kind, prose.source) == ("markdown", "# Title\nSome prose.")
    assert imports.source == "import math"
    assert answer.grade_id == "double" and answer.source.endswith("return 2 * x")
    assert "this is no mark" in answer.source
    assert last.source.endswith("print(double(2))")


JUPYTEXT = """# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
# ---

# %% [markdown]
# # Title

# %% nbgrader={"grade_id": "double", "solution": true}
def double(x):
    return 2 * x


# %%
# %time double(2)

# %%
# %%time
x = 1
"""

NBCONVERT = """#!/usr/bin/env python
# coding: utf-8

# In[12]:


a = 1


# # Text
# more

# In[ ]:


get_ipython().system('ls')
b = 2
"""


def test_as_jupytext_writes_it() -> None:
    cells = cells_of_script(JUPYTEXT)[1:]
    assert [c.grade_id for c in cells if c.grade_id] == ["double"]
    assert cells[1].source == "def double(x):\n    return 2 * x"
    assert cells[-1].source == "x = 1"


def test_as_nbconvert_writes_it() -> None:
    cells = cells_of_script(NBCONVERT)
    assert [c.source.split("\n")[0] for c in cells][-2:] == ["a = 1", "get_ipython().system('ls')"]
    assert cells[-1].source.endswith("b = 2")


@pytest.mark.parametrize(
    "text",
    [
        "# In[ ]:\n\na = 1\n\n# In[3]:\nb = 2\n",
        "# Databricks notebook source\na = 1\n# COMMAND ----------\nb = 2\n",
        "# <codecell>\na = 1\n# <markdowncell>\n# text\n# <codecell>\nb = 2\n",
        "#%%\r\na = 1\r\n#%%\r\nb = 2\r\n",
    ],
)
def test_other_marks(text: str) -> None:
    code = [c.source for c in cells_of_script(text) if c.kind == "code"]
    assert code[-2].endswith("a = 1") and code[-1] == "b = 2"


@pytest.mark.parametrize(
    "text",
    ["", "a = 1\n", "# 100 %\na = '%%'\n", "x = '''\n# %%\n'''\n", 'x = """a\\"""\n# %%\n"""\n'],
)
def test_other_scripts_are_none(text: str) -> None:
    assert cells_of_script(text) == []


@pytest.mark.parametrize("text", ['"\\"' * 300_000, '"""' * 300_000, "'" * 900_001, "\\" * 900_000])
def test_long_lines_take_no_longer_than_they_are(text: str) -> None:
    assert cells_of_script(text + "\n# %%\n") is not None
