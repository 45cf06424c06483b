"""Technical review: the queue, one sheet beside its evidence, the reviewer's signature."""
