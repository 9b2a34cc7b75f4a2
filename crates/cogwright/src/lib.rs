//! A Discord bot in production from one binary, and the local Discord to build it on.
