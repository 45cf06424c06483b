"""Software validation: the engine beside worked examples of others."""
