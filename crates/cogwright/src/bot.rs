//! A bot as a program: settings from the environment, cogs from its author, an exit code.

use std::process::ExitCode;

use cogwright_command::Cog;
use cogwright_config::{Problem, Problems, Sources};
use cogwright_discord::Endpoint;
use cogwright_runtime::launch::{self, Fault};
use cogwright_runtime::{BotBuilder, builtin_cogs};

/// The argument that leads to a local Discord.
const LOCAL: &str = "--local";

/// A bot in the making begins here.
#[derive(Clone, Copy, Debug)]
pub struct Bot;

impl Bot {
    /// A bot without cogs.
    pub fn builder() -> Builder {
        Builder { cogs: Vec::new() }
    }
}

/// A bot in the making.
#[derive(Debug)]
#[must_use = "a bot does nothing until it is run"]
pub struct Builder {
    cogs: Vec<Cog>,
}

impl Builder {
    /// Adds a cog, or anything that can become one.
    pub fn cog(mut self, cog: impl Into<Cog>) -> Self {
        self.cogs.push(cog.into());
        self
    }

    /// Its cogs, with the help menu unless one of them brings its own `help`.
    pub fn into_cogs(self) -> Vec<Cog> {
        let mut cogs = self.cogs;
        let has = |cogs: &[Cog]| cogs.iter().flat_map(Cog::commands).any(|spec| spec.answers_to("help"));
        if !has(&cogs) {
            cogs.extend(builtin_cogs().into_iter().filter(|cog| has(std::slice::from_ref(cog))));
        }
        cogs
    }

    /// Runs the bot until Ctrl-C or SIGTERM, as `cogwright run` does: settings come from the
    /// environment and the files `.env` and `config.json` in the working directory, the
    /// argument `--local HOST:PORT` leads to a local Discord, and what goes wrong is said on
    /// standard error. The exit code is 0 after a stop, 64 for missing or wrong settings, 69 when
    /// Discord cannot be reached, 70 for a mistake in the program and 77 for a refused token.
    pub async fn run(self) -> ExitCode {
        let arguments: Vec<_> = std::env::args().skip(1).collect();
        match self.try_run(&arguments).await {
            Ok(()) => ExitCode::SUCCESS,
            Err(fault) => {
                eprintln!("error: {fault}");
                ExitCode::from(fault.exit_code())
            }
        }
    }

    async fn try_run(self, arguments: &[String]) -> Result<(), Fault> {
        let endpoint = endpoint(arguments)?;
        let (watch, log) = launch::prepare(Sources::default(), &endpoint)?;
        let settings = watch.running().settings.clone();
        launch::run(BotBuilder::new(settings).endpoint(endpoint).cogs(self.into_cogs()), watch, log).await
    }
}

/// Where the arguments lead. Others than `--local` are the author's own.
fn endpoint(arguments: &[String]) -> Result<Endpoint, Problems> {
    let mut arguments = arguments.iter();
    let given = loop {
        match arguments.next() {
            None => return Ok(Endpoint::Discord),
            Some(argument) if argument == LOCAL => break arguments.next().map(String::as_str),
            Some(argument) => {
                let value = argument.strip_prefix(LOCAL).and_then(|rest| rest.strip_prefix('='));
                if value.is_some() {
                    break value;
                }
            }
        }
    };
    match given.and_then(launch::loopback) {
        Some(address) => Ok(Endpoint::local(address)),
        None => Err(Problems::from(Problem::new(
            LOCAL,
            "command line",
            format!("is no address on this machine: {}", given.unwrap_or("nothing")),
            "Use the address of a local Discord, such as 127.0.0.1:8787.",
        ))),
    }
}

#[cfg(test)]
mod tests {
    use cogwright_command::{Handler, Spec};

    use super::*;

    fn arguments(line: &str) -> Vec<String> {
        line.split_whitespace().map(str::to_owned).collect()
    }

    fn cog(name: &str) -> Cog {
        Cog::new("Own").command(Spec::new(name, "x", Handler::new(|_, _| async { Ok(()) })))
    }

    #[test]
    fn the_argument_leads_to_a_local_discord() {
        assert_eq!(endpoint(&arguments("a --locals b")).unwrap(), Endpoint::Discord);
        for line in ["x --local 127.0.0.1:80", "--local=127.0.0.1:80 y", "--local localhost:80"] {
            assert_eq!(endpoint(&arguments(line)).unwrap(), Endpoint::local("127.0.0.1:80"), "{line}");
        }
        for line in ["--local", "--local 10.0.0.1:80", "--local=nowhere"] {
            assert!(endpoint(&arguments(line)).is_err(), "{line}");
        }
    }

    #[test]
    fn help_comes_along_unless_there_is_one() {
        let names = |builder: Builder| {
            let cogs = builder.into_cogs();
            cogs.iter().flat_map(Cog::commands).map(|spec| spec.name.clone()).collect::<Vec<_>>()
        };
        assert_eq!(names(Bot::builder().cog(cog("roll"))), ["roll", "help", "discordbotframework"]);
        assert_eq!(names(Bot::builder().cog(cog("help"))), ["help"]);
    }
}
