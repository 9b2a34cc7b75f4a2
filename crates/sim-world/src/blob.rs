//! Attachment bytes in a saved world: base64 by attachment id.

use std::{collections::BTreeMap, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serializer, de::Error};

use crate::AttachmentId;

type Blobs = BTreeMap<AttachmentId, Arc<[u8]>>;

pub(crate) fn serialize<S: Serializer>(blobs: &Blobs, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(blobs.iter().map(|(id, bytes)| (id, STANDARD.encode(bytes))))
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Blobs, D::Error> {
    BTreeMap::<AttachmentId, String>::deserialize(deserializer)?
        .into_iter()
        .map(|(id, text)| Ok((id, STANDARD.decode(text).map_err(D::Error::custom)?.into())))
        .collect()
}
