"""Amazon SNS beside moto: queues of other accounts that have to confirm, and topics under a key."""

BESIDE_MOTO = True
