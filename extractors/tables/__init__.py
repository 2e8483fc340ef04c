"""From words and rules to whole tables, whichever road they came by."""
