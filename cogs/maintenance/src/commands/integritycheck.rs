//! Whether the bot is sound.

use cogwright_command::{CommandResult, Ctx, command};

use crate::Services;
use crate::progress::attend;
use crate::service::integrity::{Examination, Remembered};
use crate::view::integrity as view;

/// Tests files, every database, caches, commands, shards and memory.
#[command(owner_only, not_configurable, concurrency = "1 per global")]
pub(crate) async fn integritycheck(ctx: Ctx, #[state] services: Services) -> CommandResult {
    let examination = Examination::new(services.store.folder());
    let busy = || view::busy(&examination.state(), ctx.theme());
    let begun = busy();
    ctx.reply(begun.clone()).await?;
    let guild = match ctx.guild_id() {
        Some(guild) => {
            let known = ctx.policies().own_prefs(guild).await.map_err(|error| error.to_string());
            Some((guild.get(), known))
        }
        None => None,
    };
    let remembered = Remembered { stats: ctx.policies().cache_stats(), guild };
    let tag = ctx.invocation().error_id();
    let run = examination.run(&services, ctx.catalog(), &remembered, &tag);
    // When it is given up, what was found until then is shown, and that it did not come to its end.
    let _ = attend(&ctx, &ctx, begun, busy, run).await;
    let state = examination.state();
    for group in &state.groups {
        for finding in group.findings.iter().filter(|finding| !finding.ok) {
            ctx.log().error(format_args!("integrity check, {}: {}", group.name, finding.text));
        }
    }
    ctx.edit(view::result(&state, ctx.theme())).await
}
