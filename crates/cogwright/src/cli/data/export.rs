//! `cogwright data export`: all that is kept about a person, to hand out.

use clap::Args;

use super::super::files::FileArgs;
use super::super::say;
use super::{Ended, Place, Trouble, id};

#[derive(Args, Debug)]
pub(super) struct ExportArgs {
    /// The user's id
    #[arg(value_name = "USER", value_parser = id)]
    user: u64,
    #[command(flatten)]
    files: FileArgs,
}

pub(super) async fn run(args: ExportArgs) -> Ended {
    let store = Place { files: args.files, json: true }.open().await?;
    let data = store.export_user(args.user).await;
    store.close().await?;
    let text = serde_json::to_string_pretty(&data?);
    say(text.map_err(|error| Trouble::Store(cogwright_store::StoreError::Internal(error.to_string())))?);
    Ok(true)
}
