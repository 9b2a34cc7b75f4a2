//! The exit codes, each with its message on standard error. See CONTRIBUTING.md, exit codes.

use std::process::ExitCode;

use cogwright_runtime::launch::Fault;

/// Configuration is missing or wrong (64).
pub(crate) fn config(message: &str) -> ExitCode {
    ended(64, message)
}

/// Something outside cannot be had: a taken port, an unreachable server (69).
pub(crate) fn unavailable(message: &str) -> ExitCode {
    ended(69, message)
}

/// Our own failure (70).
pub(crate) fn internal(message: &str) -> ExitCode {
    ended(70, message)
}

/// A bot that did not start or stopped by itself; 77 is a token that Discord does not accept.
pub(crate) fn fault(fault: &Fault) -> ExitCode {
    ended(fault.exit_code(), &fault.to_string())
}

fn ended(code: u8, message: &str) -> ExitCode {
    eprintln!("error: {message}");
    ExitCode::from(code)
}
