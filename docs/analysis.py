# ---
# jupyter:
#   jupytext:
#     text_representation: {extension: .py, format_name: percent}
#   kernelspec: {display_name: Python 3, language: python, name: python3}
# ---

# %% [markdown]
# # An analysis: from filings to answers
#
# Filings are read into a database once, `jixiao run data/raw`; everything below asks it. This file opens as a notebook
# where jupytext is installed, and runs as it is: `python docs/analysis.py`.

# %%
import subprocess
import sys
import tempfile
from pathlib import Path

import jixiao

FILINGS = Path("data/raw/dumps")

# %% [markdown]
# ## One filing
#
# Each row of a frame has `doubt` (0 to 1) and `rules`: how far to trust it, and which findings are about it.

# %%
reading = jixiao.read(sorted(FILINGS.glob("*.txt"))[0])
form = reading.forms[0]
indicators = form.indicators.to_frame()
print(form.title, form.year, len(indicators), "indicators")
print(indicators[["level1", "level2", "level3", "target_full_year", "doubt"]].head().to_string())

# %% [markdown]
# ## A database
#
# Usually one that is there already, `jixiao.open("data/out/jixiao.db")`. Here it is made of the filings at hand, by the
# command that an archive would type.

# %%
folder = tempfile.TemporaryDirectory()
command = [sys.executable, "-c", "from pipeline.cli import main; main()", "run", str(FILINGS), "--out", folder.name]
subprocess.run([*command, "--quiet"], check=True, stdout=subprocess.DEVNULL)
archive = jixiao.open(folder.name)
print(archive.forms()[["file", "kind", "year", "unit", "doubt"]].to_string())

# %% [markdown]
# ## Planned against spent
#
# A project's plan beside its line in a self-review of the same unit and year; `_yuan` are exact decimals.

# %%
spent = archive.planned_vs_spent()
print(spent[["project", "planned_yuan", "spent_yuan"]].to_string())

# %% [markdown]
# ## Money by source, each yuan once
#
# `is_leaf` counts each yuan of a form's side and column once. A department's money holds that of its projects, so kinds
# of forms are not added up.

# %%
money = archive.funds()
counted = money[money["preferred"] & money["is_leaf"] & (money["side"] == "income")]
plans = counted[counted["column"] == "full_year_budget"]
print(plans.groupby(["filing_year", "kind", "source"], dropna=False)["yuan"].sum().to_string())

# %% [markdown]
# ## Results that missed their target
#
# `met` is true, false, or null where nobody can say; `met_reason` tells why.

# %%
results = archive.indicators()
missed = results[results["met"].eq(False).fillna(False)]
print(missed[["unit", "level3", "target", "actual", "met_reason"]].to_string())

# %% [markdown]
# ## What to look at first

# %%
print(
    archive.sql("SELECT rule, verdict, count(*) AS n FROM findings GROUP BY rule, verdict ORDER BY n DESC").to_string()
)
archive.close()
folder.cleanup()
