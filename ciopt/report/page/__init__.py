"""Reports: a plan, or the record of a study, as one page that explains itself.

Sections are made once, of words, tables and figures; `html` and `markdown` write the same sections.
"""

from __future__ import annotations
