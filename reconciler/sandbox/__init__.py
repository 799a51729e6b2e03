"""The sandbox: a simulated AWS that gives Lake Formation's permissions their meaning.

It knows AWS, not the mesh, and imports nothing else of this package.
"""
