//! `cogwright data import`: takes over an original installation; without `--yes` it only shows what it would do.

use std::path::{Path, PathBuf};

use clap::Args;
use cogwright_config::{Environment, Sources};
use cogwright_store::{ConfigOutcome, Files, ImportPlan, ImportReport, Store, plan_import};
use serde_json::{Value, json};

use super::super::paint::{DIM, GOOD, WARN, paint, tame};
use super::{Ended, Place, Trouble};

#[derive(Args, Debug)]
pub(crate) struct ImportArgs {
    /// The installation's folder, or its data folder
    #[arg(value_name = "FOLDER")]
    source: PathBuf,
    /// Do it, instead of showing what would be done
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    place: Place,
}

pub(super) async fn run(args: ImportArgs) -> Ended {
    // The import makes the settings file if there is none.
    let sources = args.place.files.clone().sources_to_be();
    let options = Place::options_of(&sources)?;
    let config = sources.config;
    let mut plan = plan_import(&args.source).await?;
    if let Some(config) = &plan.config {
        plan.problems.extend(refused(&config.path));
    }
    // Opening the data folder would bring the source's own databases up to date.
    if options.folder.canonicalize().is_ok_and(|folder| folder.starts_with(&plan.source)) {
        return Err(Trouble::Usage(format!(
            "the data folder {} lies in the source, which an import leaves untouched; name another with --data, \
             or let the bot use that folder as it is",
            options.folder.display()
        )));
    }
    let fine = plan.problems.is_empty();
    if !args.yes {
        args.place.answer(|| json!({"applied": false, "plan": planned(&plan)}), || dry(&plan));
        return Ok(fine);
    }
    let (planned, shown) = (planned(&plan), plan.to_string());
    let store = Store::open(options).await?;
    let report = store.import(plan, &Files::default(), &config).await;
    store.close().await?;
    let report = report?;
    args.place.answer(
        || json!({"applied": true, "plan": planned, "done": machine(&report)}),
        || page(&shown, &report, fine),
    );
    Ok(fine)
}

/// What the bot would not start with, were this its settings file: it is copied as it is.
fn refused(config: &Path) -> Vec<String> {
    struct Nothing;
    impl Environment for Nothing {
        fn get(&self, _: &str) -> Option<String> {
            None
        }
    }
    // The file alone: the source's .env and the variables of this process are not taken over.
    let sources = Sources { config: config.to_owned(), env: PathBuf::new(), ..Sources::default() };
    let problems = sources.read(&Nothing).problems.into_iter();
    let of_file = problems.filter(|problem| problem.setting != "DISCORD_TOKEN");
    of_file.map(|problem| format!("the bot does not start with this; {}", problem.line())).collect()
}

fn planned(plan: &ImportPlan) -> Value {
    json!({
        "source": plan.source,
        "config": plan.config.as_ref().map(|config| &config.path),
        "guilds": plan.guilds.iter().map(|(id, guild)| json!({
            "id": id.to_string(), "settings": guild.settings.len(), "commands": guild.commands.len(),
        })).collect::<Vec<_>>(),
        "users": plan.users.len(),
        "commands": plan.commands.len(),
        "global_stats": plan.global_stats.len(),
        "left_behind": plan.left_behind,
        "problems": plan.problems,
    })
}

fn dry(plan: &ImportPlan) -> String {
    format!("\n{}\n{}\n\n", indented(&plan.to_string()), paint(DIM, "  Nothing was written; --yes does it."))
}

fn machine(report: &ImportReport) -> Value {
    let config = match &report.config {
        ConfigOutcome::None => json!(null),
        ConfigOutcome::Broken(path) => json!({"path": path, "written": false, "broken": true}),
        ConfigOutcome::Written(path) => json!({"path": path, "written": true}),
        ConfigOutcome::Kept(path) => json!({"path": path, "written": false}),
    };
    json!({
        "guilds": report.guilds, "settings": report.settings, "statistics": report.statistics, "kept": report.kept, "users": report.users,
        "commands": report.commands, "config": config,
    })
}

fn page(plan: &str, report: &ImportReport, fine: bool) -> String {
    let config = match &report.config {
        ConfigOutcome::None => "There was no config.json to take over.".to_owned(),
        ConfigOutcome::Broken(path) => {
            format!("{} cannot be read and was not taken over; mend it and import again.", path.display())
        }
        ConfigOutcome::Written(path) => format!("{} was copied.", path.display()),
        ConfigOutcome::Kept(path) => {
            format!("{} was here already and stays; merge its command_permissions by hand.", path.display())
        }
    };
    let ImportReport { guilds, settings, statistics, users, commands, kept, .. } = report;
    let done = match settings + statistics + users + commands {
        0 => format!("Nothing new was taken over; {kept} entries were here already."),
        _ => format!(
            "Taken over: {settings} settings, {users} users, {commands} command counts, {statistics} other statistics; \
             {guilds} servers got something. {kept} entries were here already."
        ),
    };
    let sign = if fine { paint(GOOD, "✔") } else { paint(WARN, "!") };
    format!("\n{}\n  {sign} {done}\n    {}\n\n", indented(plan), tame(&config))
}

/// Under the margin of the other pages, and with nothing that a terminal obeys: names come from the source.
fn indented(text: &str) -> String {
    text.lines().fold(String::new(), |page, line| page + "  " + &tame(line) + "\n")
}
