"""What a SageMaker execution role may do besides reading: process, train, register a model, run pipelines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from reconciler.kinds.common.policy_document import only
from reconciler.model.address import Placement
from reconciler.spec.names import partition

_ON = {
    "model": ("CreateModel", "DescribeModel"),
    "model-package": ("CreateModelPackage", "DescribeModelPackage", "UpdateModelPackage"),
    "model-package-group": ("CreateModelPackageGroup", "DescribeModelPackageGroup"),
    "pipeline": (
        "CreatePipeline",
        "DescribePipeline",
        "DescribePipelineExecution",
        "StartPipelineExecution",
        "UpdatePipeline",
    ),
    "processing-job": ("CreateProcessingJob", "DescribeProcessingJob", "StopProcessingJob"),
    "training-job": ("CreateTrainingJob", "DescribeTrainingJob", "StopTrainingJob"),
}

TRAINING = (*(f"sagemaker:{name}" for names in _ON.values() for name in names), "sagemaker:AddTags")
"""Everything that such a role may ask SageMaker for."""


def training_statements(where: Iterable[Placement], role: str) -> list[dict[str, Any]]:
    """The statements for jobs of an account; `role` is the ARN of the role itself, which its jobs run as.

    https://docs.aws.amazon.com/sagemaker/latest/dg/sagemaker-roles.html
    """
    places = [(partition(region), region, account) for account, region in where]
    return [
        {
            "Sid": "TrainModels",
            "Effect": "Allow",
            "Action": sorted(TRAINING),
            "Resource": [
                f"arn:{part}:sagemaker:{region}:{account}:{sort}/*" for part, region, account in places for sort in _ON
            ],
        },
        {
            "Sid": "RunJobsAsItself",
            "Effect": "Allow",
            "Action": "iam:PassRole",
            "Resource": role,
            "Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
        },
        {
            "Sid": "WriteTheLog",
            "Effect": "Allow",
            "Action": ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
            "Resource": only(
                f"arn:{part}:logs:{region}:{account}:log-group:/aws/sagemaker/*" for part, region, account in places
            ),
        },
        {
            # SageMaker's own images of frameworks and algorithms lie in AWS's accounts.
            "Sid": "PullImages",
            "Effect": "Allow",
            "Action": ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            "Resource": only(f"arn:{part}:ecr:{region}:*:repository/sagemaker-*" for part, region, _ in places),
        },
        # This action takes no resource.
        {"Sid": "SignInToImages", "Effect": "Allow", "Action": "ecr:GetAuthorizationToken", "Resource": "*"},
    ]
