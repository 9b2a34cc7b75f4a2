//! Whether others on this machine can read what is nobody's business.

use std::path::Path;

use cogwright_config::Sources;

use super::Finding;
use crate::exposure::exposed_files;

const SUBJECT: &str = "rights";

pub(super) fn check(sources: &Sources, data: &Path) -> Vec<Finding> {
    let exposed = exposed_files(sources, data).into_iter();
    exposed
        .map(|problem| {
            Finding::warning(SUBJECT, format!("{}: {}", problem.place, problem.what), problem.remedy)
        })
        .collect()
}
