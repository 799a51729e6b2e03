"""sandbox: a simulated AWS with Lake Formation's real meaning."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import click

from reconciler.cli import show
from reconciler.cli.options import mesh_of, without_sandbox
from reconciler.errors import MeshformError


@click.group(epilog="Example: meshform sandbox serve --port 5566")
def command() -> None:
    """A simulated AWS in which Lake Formation's permissions mean what they mean in AWS."""


@command.command(epilog="Example: AWS_ENDPOINT_URL=http://127.0.0.1:5566 meshform plan")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=5566,
    show_default=True,
    help="Port on this machine; nothing outside can reach it.",
)
@click.option("--latency-ms", default=0.0, show_default=True, help="Milliseconds that every call takes longer.")
@click.option("--propagation-ms", default=0.0, show_default=True, help="Milliseconds until new roles are known.")
@click.option("--seed", default=0, show_default=True, help="Seed of everything that is left to chance.")
@click.option("--mesh", "folder", metavar="DIR", help="Give this mesh's accounts what `meshform bootstrap` prints.")
@click.option(
    "--belief",
    "beliefs",
    multiple=True,
    metavar="ID=ANSWER",
    help="Answer a question about AWS that nobody has answered otherwise; docs/sandbox.md lists them.",
)
def serve(
    port: int, latency_ms: float, propagation_ms: float, seed: int, folder: str | None, beliefs: tuple[str, ...]
) -> None:
    """Serve until interrupted. Point any AWS client at it by AWS_ENDPOINT_URL, with any static credentials."""
    try:
        from reconciler.sandbox.http.server import Server
        from reconciler.sandbox.http.server import serve as serve_sandbox
        from reconciler.sandbox.shared.seed_buckets import GivenBucket
        from reconciler.sandbox.shared.seed_roles import GivenRole
    except ImportError as error:
        raise without_sandbox(error) from error
    mesh = mesh_of(_loaded(folder)) if folder else None
    roles = [GivenRole(*role) for role in _roles(mesh)] if mesh else []
    buckets = [GivenBucket(*bucket) for bucket in _buckets(mesh)] if mesh else []
    try:
        server = Server(
            port,
            seed=seed,
            latency_ms=latency_ms,
            propagation_ms=propagation_ms,
            roles=roles,
            buckets=buckets,
            beliefs=dict(_pair(each) for each in beliefs),
        )
    except ValueError as error:
        raise MeshformError(f"{str(error)[0].upper()}{str(error)[1:]}.") from error
    except OSError as error:
        raise MeshformError(f"Port {port} cannot be had: {error.strerror}. Choose another one by `--port`.") from error
    # It listens already: a client that reads this line is answered.
    show.note(f"A simulated AWS is at http://127.0.0.1:{port}. Use it like this:")
    show.note(f"  export AWS_ENDPOINT_URL=http://127.0.0.1:{port} AWS_REGION=eu-west-1")
    show.note("  export AWS_ACCESS_KEY_ID=sandbox AWS_SECRET_ACCESS_KEY=sandbox")
    serve_sandbox(server)


def _pair(text: str) -> tuple[str, str]:
    name, _, answer = text.partition("=")
    return name, answer


def _loaded(folder: str) -> Any:
    from reconciler import pipeline

    return pipeline.load_folder(folder)


def _roles(mesh: Any) -> Iterator[tuple[str, str, dict[str, Any], dict[str, Any]]]:
    from reconciler.bootstrap.rehearsal import rehearsal
    from reconciler.kinds import registry

    return rehearsal(mesh, registry())


def _buckets(mesh: Any) -> Iterator[tuple[str, str, str]]:
    """The buckets of journal and lock: account, region and name."""
    settings = mesh.settings
    for name in {settings.journal.bucket, settings.lock.bucket if settings.lock else None} - {None}:
        yield mesh.central.id, mesh.region, str(name)
