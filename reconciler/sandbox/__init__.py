"""The sandbox: a simulated AWS that gives Lake Formation's permissions their meaning.

It knows AWS, not the mesh, and imports nothing else of this package. `sandbox()` serves in process,
`server.serve()` the one over HTTP.
"""

from reconciler.sandbox.inprocess import Sandbox, sandbox

__all__ = ["Sandbox", "sandbox"]
