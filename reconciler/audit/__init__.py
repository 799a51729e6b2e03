"""Reports for auditors: who may read what and why, what ends, what is excepted, what was changed; and their proof."""
