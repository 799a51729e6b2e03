"""A report as one page that needs nothing else: for the browser and for paper. Every text in it is only text."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from reconciler.audit.report import Report
from reconciler.report.plain import plain

_STYLE = """
body{font:13px/1.4 system-ui,sans-serif;margin:2em;color:#111;background:#fff}
h1{font-size:1.4em;margin:0 0 .4em}p{margin:.2em 0}
table{border-collapse:collapse;margin-top:1em;width:100%}
th,td{border:1px solid #bbb;padding:.2em .4em;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:#eee}tbody tr:nth-child(even){background:#f7f7f7}
@media print{@page{size:A4 landscape;margin:10mm}body{margin:0;font-size:8px}thead{display:table-header-group}
tr{break-inside:avoid}tbody tr:nth-child(even){background:none}}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(report: Report) -> str:
    """The page. It loads nothing, runs nothing and links nowhere."""
    return "".join(_parts(report))


def _parts(report: Report) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">'
    yield f"<title>{_text(report.title)}</title><style>{_STYLE}</style></head>\n<body><h1>{_text(report.title)}</h1>\n"
    yield from (f"<p>{_text(line)}</p>\n" for line in report.about)
    yield f"<p>{len(report.rows)} rows.</p>\n"
    # Columns in which no row says anything only take room on paper.
    names = [name for name in report.headings if any(row[name] for row in report.rows)]
    yield "<table><thead><tr>"
    yield from (f'<th scope="col">{_text(name.replace("_", " "))}</th>' for name in names)
    yield "</tr></thead>\n<tbody>\n"
    for row in report.rows:
        yield f"<tr>{''.join(f'<td>{_text(str(row[name]))}</td>' for name in names)}</tr>\n"
    yield "</tbody></table></body></html>\n"


def _text(text: str) -> str:
    return escape(plain(text), quote=True)
