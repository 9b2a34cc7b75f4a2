//! Bytes in a saved world: base64 by the attachment's id, or by a picture's hash.

use std::{collections::BTreeMap, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

type Blobs<K> = BTreeMap<K, Arc<[u8]>>;

pub(crate) fn serialize<K: Serialize, S: Serializer>(
    blobs: &Blobs<K>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(blobs.iter().map(|(key, bytes)| (key, STANDARD.encode(bytes))))
}

pub(crate) fn deserialize<'de, K, D>(deserializer: D) -> Result<Blobs<K>, D::Error>
where
    K: Deserialize<'de> + Ord,
    D: Deserializer<'de>,
{
    BTreeMap::<K, String>::deserialize(deserializer)?
        .into_iter()
        .map(|(key, text)| Ok((key, STANDARD.decode(text).map_err(D::Error::custom)?.into())))
        .collect()
}
