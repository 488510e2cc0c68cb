"""Protocol endpoints: what other systems ask of this one. They parse no bytes; `standards` and libraries do.

Pages that people see on the way (a consent, a refusal) lie beside their protocol and use the portal's layout by name.
"""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).resolve().parent

TEMPLATE_FOLDERS = [_HERE / name / "templates" for name in ("oidc", "cas", "saml")]
STATIC_FOLDERS = [_HERE / "saml" / "static"]
