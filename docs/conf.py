"""The documentation as a site: Markdown as it is read in the repository, with search."""

project = "Meshform"
author = "Meshform"
extensions = ["myst_parser"]
html_theme = "furo"
html_title = "Meshform"
html_extra_path = ["llms.txt"]
html_show_sphinx = False
html_copy_source = False
exclude_patterns = ["templates", "requirements.lock"]
myst_heading_anchors = 4
# Links to code, schemas and the example mesh lead out of the site.
suppress_warnings = ["myst.xref_missing"]
