//! Slash commands that did not fit, in `main.db`, so that it is known since when.

use cogwright_command::{Withheld, WithheldStore, WithholdReason};
use cogwright_store::{Store, WithheldCommand};
use futures_util::future::BoxFuture;

pub(crate) struct KeptWithheld(pub(crate) Store);

impl WithheldStore for KeptWithheld {
    fn load(&self) -> BoxFuture<'_, Vec<Withheld>> {
        Box::pin(async move {
            let kept = self.0.withheld().all().await;
            let kept = kept
                .inspect_err(|error| tracing::warn!(%error, "since when commands are withheld is unknown"));
            let global = kept.unwrap_or_default().into_iter().filter(|kept| kept.guild.is_none());
            global
                .filter_map(|kept| {
                    let reason = restored(&kept.reason)?;
                    Some(Withheld { command: kept.name, origin: kept.origin, since: kept.since, reason })
                })
                .collect()
        })
    }

    fn save(&self, records: Vec<Withheld>) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            let rows = records.into_iter().map(|record| WithheldCommand {
                guild: None,
                name: record.command,
                origin: record.origin,
                reason: kept(record.reason),
                since: record.since,
            });
            if let Err(error) = self.0.withheld().replace(None, rows.collect()).await {
                tracing::warn!(%error, "which commands are withheld is not kept");
            }
        })
    }
}

/// A reason in a form that can be read back.
fn kept(reason: WithholdReason) -> String {
    match reason {
        WithholdReason::Reserved { from } => format!("reserved:{from}"),
        WithholdReason::Full { limit } => format!("full:{limit}"),
    }
}

fn restored(kept: &str) -> Option<WithholdReason> {
    let (kind, number) = kept.split_once(':')?;
    let number = number.parse().ok()?;
    match kind {
        "reserved" => Some(WithholdReason::Reserved { from: number }),
        "full" => Some(WithholdReason::Full { limit: number }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_come_back() {
        for reason in [WithholdReason::Reserved { from: 95 }, WithholdReason::Full { limit: 100 }] {
            assert_eq!(restored(&kept(reason)), Some(reason));
        }
        assert_eq!(restored("full:many"), None);
    }
}
