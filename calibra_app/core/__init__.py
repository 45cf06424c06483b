"""Words that every floor uses: the actor, errors, ids, money and the clock."""
