//! Whole-bot tests, one test binary.
