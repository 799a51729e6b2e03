"""What is worked out once for moto is what moto says."""

from __future__ import annotations

import random
import string

from moto.moto_api._internal.moto_random import MotoRandom

from tests.estate import CENTRAL, Estate


def test_random_texts_are_those_that_moto_would_draw() -> None:
    """And what is drawn after them is the same, too."""
    for digits, pool in ((True, string.ascii_letters + string.digits), (False, string.ascii_letters)):
        drawn, plain = MotoRandom(), random.Random()
        drawn.seed(7)
        plain.seed(7)
        for length in (0, 1, 20, 52):
            expected = "".join(plain.choice(pool) for _ in range(length))
            assert drawn.get_random_string(length, include_digits=digits) == expected
        assert drawn.getrandbits(64) == plain.getrandbits(64)


def test_members_go_by_their_own_names_whatever_was_answered_before(estate: Estate) -> None:
    """Two roles, one with a description and one without: the same member, of the same type."""
    iam = estate.client("iam")
    for name, told in (("one", {"Description": "of one"}), ("other", {})):
        iam.create_role(RoleName=name, AssumeRolePolicyDocument="{}", Tags=[{"Key": "of", "Value": name}], **told)
    for name, told in (("one", "of one"), ("other", None), ("one", "of one")):
        role = iam.get_role(RoleName=name)["Role"]
        assert (role["RoleName"], role.get("Description") or None) == (name, told)
        assert role["Arn"] == f"arn:aws:iam::{CENTRAL}:role/{name}"
        assert role["Tags"] == [{"Key": "of", "Value": name}]
