//! `cogwright settings`: what can be set, in several forms.

use std::process::ExitCode;

use clap::{Args, ValueEnum};

use super::say;

/// Arguments of `cogwright settings`.
#[derive(Args, Debug)]
pub(crate) struct SettingsArgs {
    /// In which form
    #[arg(value_enum, default_value = "reference")]
    form: Form,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Form {
    /// Every setting and variable, as the page docs/src/settings.md
    Reference,
    /// The config.json of the first run
    Config,
    /// The JSON schema of config.json
    Schema,
    /// A .env file to fill in
    Env,
}

pub(crate) fn run(args: &SettingsArgs) -> ExitCode {
    let text = match args.form {
        Form::Reference => cogwright_config::reference(),
        Form::Config => cogwright_config::default_file(),
        Form::Schema => cogwright_config::schema(),
        Form::Env => cogwright_config::env_example(),
    };
    say(text.trim_end());
    ExitCode::SUCCESS
}
