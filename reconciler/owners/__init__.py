"""Who answers for which document, and who must approve a change of it."""
