//! How Discord's types are written into a snapshot. Their own serialisation is for JSON: ids and permissions
//! are texts there, and reading them needs a format that tells types apart.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use twilight_model::channel::ChannelType;
use twilight_model::channel::permission_overwrite::PermissionOverwrite;
use twilight_model::guild::Permissions;
use twilight_model::id::Id;
use twilight_model::util::ImageHash;

fn id_of<T, E: serde::de::Error>(raw: u64) -> Result<Id<T>, E> {
    Id::new_checked(raw).ok_or_else(|| E::custom("an id is zero"))
}

pub(super) mod id {
    use super::{Deserialize as _, Deserializer, Id, Serializer, id_of};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
    pub(in super::super) fn serialize<T, S: Serializer>(id: &Id<T>, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(id.get())
    }

    pub(in super::super) fn deserialize<'de, T, D: Deserializer<'de>>(from: D) -> Result<Id<T>, D::Error> {
        id_of(u64::deserialize(from)?)
    }
}

pub(super) mod maybe_id {
    use super::{Deserialize as _, Deserializer, Id, Serializer};

    #[expect(clippy::ref_option, clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
    pub(in super::super) fn serialize<T, S: Serializer>(
        id: &Option<Id<T>>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_u64(id.map_or(0, Id::get))
    }

    pub(in super::super) fn deserialize<'de, T, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<Id<T>>, D::Error> {
        Ok(Id::new_checked(u64::deserialize(from)?))
    }
}

pub(super) mod ids {
    use super::{Deserialize as _, Deserializer, Id, Serializer, id_of};

    pub(in super::super) fn serialize<T, S: Serializer>(ids: &[Id<T>], to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(ids.iter().map(|id| id.get()))
    }

    pub(in super::super) fn deserialize<'de, T, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Vec<Id<T>>, D::Error> {
        Vec::<u64>::deserialize(from)?.into_iter().map(id_of).collect()
    }
}

pub(super) mod permissions {
    use super::{Deserialize as _, Deserializer, Permissions, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
    pub(in super::super) fn serialize<S: Serializer>(of: &Permissions, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(of.bits())
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Permissions, D::Error> {
        // Bits without a name are kept: Discord adds some now and then.
        Ok(Permissions::from_bits_retain(u64::deserialize(from)?))
    }
}

pub(super) mod image {
    use super::{Deserialize as _, Deserializer, ImageHash, Serialize as _, Serializer};

    #[expect(clippy::ref_option, reason = "the signature is serde's")]
    pub(in super::super) fn serialize<S: Serializer>(
        image: &Option<ImageHash>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        image.map(|image| (image.bytes(), image.is_animated())).serialize(to)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<ImageHash>, D::Error> {
        let image = Option::<([u8; 16], bool)>::deserialize(from)?;
        Ok(image.map(|(bytes, animated)| ImageHash::new(bytes, animated)))
    }
}

pub(super) mod kind {
    use super::{ChannelType, Deserialize as _, Deserializer, Serializer};

    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the signature is serde's")]
    pub(in super::super) fn serialize<S: Serializer>(kind: &ChannelType, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u8((*kind).into())
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<ChannelType, D::Error> {
        Ok(u8::deserialize(from)?.into())
    }
}

pub(super) mod overwrites {
    use std::sync::Arc;

    use super::{
        Deserialize as _, Deserializer, PermissionOverwrite, Permissions, Serialize as _, Serializer, id_of,
    };

    /// Id, kind, allowed, denied.
    type Raw = (u64, u8, u64, u64);

    pub(in super::super) fn serialize<S: Serializer>(
        of: &Arc<[PermissionOverwrite]>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let raw: Vec<Raw> = of
            .iter()
            .map(|each| (each.id.get(), each.kind.into(), each.allow.bits(), each.deny.bits()))
            .collect();
        raw.serialize(to)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Arc<[PermissionOverwrite]>, D::Error> {
        let raw = Vec::<Raw>::deserialize(from)?;
        raw.into_iter()
            .map(|(id, kind, allow, deny)| {
                Ok(PermissionOverwrite {
                    id: id_of::<_, D::Error>(id)?,
                    kind: kind.into(),
                    allow: Permissions::from_bits_retain(allow),
                    deny: Permissions::from_bits_retain(deny),
                })
            })
            .collect()
    }
}

pub(super) mod moment {
    use std::time::{Duration, SystemTime};

    use super::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    #[expect(clippy::ref_option, reason = "the signature is serde's")]
    pub(in super::super) fn serialize<S: Serializer>(
        at: &Option<SystemTime>,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        let since = at.and_then(|at| at.duration_since(SystemTime::UNIX_EPOCH).ok());
        since.map(|since| since.as_micros() as u64).serialize(to)
    }

    pub(in super::super) fn deserialize<'de, D: Deserializer<'de>>(
        from: D,
    ) -> Result<Option<SystemTime>, D::Error> {
        let micros = Option::<u64>::deserialize(from)?;
        Ok(micros.and_then(|micros| SystemTime::UNIX_EPOCH.checked_add(Duration::from_micros(micros))))
    }
}
