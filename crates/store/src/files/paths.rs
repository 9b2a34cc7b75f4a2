//! The one name of a file: canonical, links followed, folders made.

use std::path::{Component, Path, PathBuf};

use crate::{StoreError, platform};

/// Links that are followed before a chain counts as a circle; Linux allows as many.
const MAX_LINKS: usize = 40;

/// The canonical path of a file that may not exist yet. A link is followed even if it points at nothing.
pub(crate) fn canonical(path: &Path) -> Result<PathBuf, StoreError> {
    let mut path = std::path::absolute(path).map_err(StoreError::io("find", path))?;
    for _ in 0..MAX_LINKS {
        let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
            return Err(StoreError::Invalid(format!("{} names no file", path.display())));
        };
        // A folder that is missing has no links in it, but the ones above may.
        let found = existing(folder)?.join(name);
        match std::fs::read_link(&found) {
            Ok(target) => path = found.parent().unwrap_or(Path::new("/")).join(target),
            Err(_) => return Ok(found),
        }
    }
    Err(StoreError::Invalid(format!("{} is a link that leads back to itself", path.display())))
}

/// A folder with the part of it that exists made canonical.
fn existing(folder: &Path) -> Result<PathBuf, StoreError> {
    match folder.canonicalize() {
        Ok(found) => Ok(found),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            match (folder.parent(), folder.components().next_back()) {
                (Some(parent), Some(Component::Normal(name))) => Ok(existing(parent)?.join(name)),
                (Some(parent), Some(Component::ParentDir)) => {
                    let above = existing(parent)?;
                    Ok(above.parent().map_or_else(|| above.clone(), Path::to_owned))
                }
                _ => Err(StoreError::io("find", folder)(error)),
            }
        }
        Err(error) => Err(StoreError::io("find", folder)(error)),
    }
}

/// Creates the folder of `path`; the name of each new folder is made durable.
pub(crate) fn create_folder(path: &Path) -> Result<(), StoreError> {
    let Some(folder) = path.parent() else { return Ok(()) };
    let missing: Vec<&Path> = folder.ancestors().take_while(|folder| !folder.exists()).collect();
    platform::create_private_dir(folder).map_err(StoreError::io("create", folder))?;
    for parent in missing.iter().filter_map(|folder| folder.parent()) {
        platform::sync_dir(parent).map_err(StoreError::io("make durable", parent))?;
    }
    Ok(())
}
