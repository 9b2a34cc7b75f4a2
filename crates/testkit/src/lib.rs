//! Bot and local Discord in one process, the world's clock, actors and matchers.
