"""The role that curates a product: it reads raw files of the domain and writes those of one table."""

from __future__ import annotations

from typing import Any

from reconciler.kinds.common.policy_document import VERSION, literal
from reconciler.kinds.databrew.curation import curation_role_name
from reconciler.kinds.roles.policy_statements import write_the_log
from reconciler.kinds.roles.wanted_role import WantedRole, trust
from reconciler.spec import placements
from reconciler.spec.documents.product import Product
from reconciler.spec.mesh import Mesh
from reconciler.spec.names import domain_bucket, domain_prefix, partition


def curation_role(mesh: Mesh, product: Product) -> WantedRole:
    """Raw files are no table of the catalog, so the role reads them in S3, under one path.

    https://docs.aws.amazon.com/databrew/latest/dg/iam-policy-for-data-resources-role.html
    """
    assert product.curation is not None
    domain, brew, job = mesh.domain(product), product.curation.data_brew, product.curation.glue_job
    account = mesh.producer(domain).id
    part, prefix = partition(mesh.region), literal(domain_prefix(domain))
    bucket = f"arn:{part}:s3:::{literal(domain_bucket(mesh, domain))}"
    outputs = [product.table(brew.output).path] if brew else [table.path for table in product.tables]
    raw = [brew.source.location] if brew else job.sources if job else ()
    inputs = [f"{prefix}{literal(path.strip('/'))}/" for path in raw]
    written = [f"{prefix}{literal(path)}/" for path in outputs]
    statements: list[dict[str, Any]] = [
        {
            "Sid": "ListTheFiles",
            "Effect": "Allow",
            "Action": ["s3:GetBucketLocation", "s3:ListBucket"],
            "Resource": bucket,
        },
        {
            "Sid": "WriteTheCuratedFiles",
            "Effect": "Allow",
            "Action": ["s3:DeleteObject", "s3:GetObject", "s3:PutObject"],
            "Resource": [f"{bucket}/{path}*" for path in written],
        },
        write_the_log(mesh, account, "/aws-glue-databrew/jobs" if brew else "/aws-glue/jobs"),
    ]
    if inputs:
        names = [f"{bucket}/{path}*" for path in inputs]
        statements.append({"Sid": "ReadTheRawFiles", "Effect": "Allow", "Action": "s3:GetObject", "Resource": names})
    if domain.kms_key:
        acts = ["kms:Decrypt", "kms:GenerateDataKey"]
        statements.append({"Sid": "UseTheKey", "Effect": "Allow", "Action": acts, "Resource": literal(domain.kms_key)})
    if job:
        script = f"arn:{part}:s3:::{literal(job.script.removeprefix('s3://'))}"
        statements.append({"Sid": "ReadTheScript", "Effect": "Allow", "Action": "s3:GetObject", "Resource": script})
    return WantedRole(
        placements.of_domain(mesh, domain),
        curation_role_name(mesh, product),
        trust(services=["databrew.amazonaws.com" if brew else "glue.amazonaws.com"]),
        {"Version": VERSION, "Statement": statements},
        product.at("curation"),
    )
