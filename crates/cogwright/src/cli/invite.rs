//! `cogwright invite`: the link that brings the bot into a guild.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Args;
use cogwright_runtime::described_cogs;
use cogwright_runtime::launch::Fault;
use cogwright_runtime::operator::{self, Invite};

use super::paint::{BOLD, DIM, paint, print, tame, wrap};
use super::place::Place;
use super::{exit, say};

/// Arguments of `cogwright invite`.
#[derive(Args, Debug)]
pub(crate) struct InviteArgs {
    #[command(flatten)]
    place: Place,
    /// Print one line of JSON
    #[arg(long)]
    json: bool,
}

/// Prints the link.
pub(crate) async fn run(args: InviteArgs) -> ExitCode {
    match ask(&args.place).await {
        Ok(invite) if args.json => {
            say(serde_json::to_string(&invite).unwrap_or_default());
            ExitCode::SUCCESS
        }
        Ok(invite) => {
            print(&page(&invite));
            ExitCode::SUCCESS
        }
        Err(fault) => exit::fault(&fault),
    }
}

async fn ask(place: &Place) -> Result<Invite, Fault> {
    let (settings, _log) = place.settings()?;
    Ok(operator::invite(&settings, &place.endpoint(), described_cogs(&settings).await?).await?)
}

fn page(invite: &Invite) -> String {
    let mut page = format!(
        "\n  {} comes into a server by this link, opened by somebody who may manage it:\n\n  {}\n\n",
        paint(BOLD, tame(&invite.name)),
        invite.url
    );
    let _ = writeln!(page, "  It asks for {} permissions:", invite.permission_names.len());
    for line in wrap(&invite.permission_names.join(", "), 72) {
        let _ = writeln!(page, "  {}", paint(DIM, line));
    }
    if !invite.needed_by.is_empty() {
        page += "\n  Beyond what every answer needs:\n";
        let width =
            invite.needed_by.keys().map(|command| command.len() + 2).max().unwrap_or_default().max(18);
        for (command, names) in &invite.needed_by {
            let _ = writeln!(page, "  {command:<width$}{}", paint(DIM, names.join(", ")));
        }
    }
    page + "\n"
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn the_page_says_what_it_asks_for() {
        let invite = Invite {
            url: "https://discord.com/oauth2/authorize?client_id=42&permissions=8192&scope=bot+applications.commands".into(),
            client_id: "42".into(),
            name: "Parrot".into(),
            permissions: "8192".into(),
            permission_names: vec!["View Channel".into(), "Send Messages".into(), "Manage Messages".into()],
            needed_by: BTreeMap::from([("purge".into(), vec!["Manage Messages".into()])]),
        };
        insta::assert_snapshot!(anstream::adapter::strip_str(&page(&invite)).to_string());
    }
}
