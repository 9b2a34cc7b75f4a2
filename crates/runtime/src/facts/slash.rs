//! What `slashlimit` shows.

use cogwright_cog_slash_limiter::{SlashUse, Source};

use super::Facts;

impl Source for Facts {
    fn usage(&self) -> SlashUse {
        SlashUse {
            used: self.live().map_or(0, |live| live.dispatcher.slash_count()),
            thresholds: self.thresholds,
            withheld: self.sync.withheld(),
        }
    }
}
