"""The project's own benchmarks: each compares with a stated peer or limit in the same run."""
