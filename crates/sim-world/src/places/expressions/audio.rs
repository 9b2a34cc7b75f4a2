//! How long a sound file plays: MP3 by its frames, Ogg by the last page of its stream. Anything else is no sound.

use std::time::Duration;

/// The length of an MP3 or Ogg file; `None` for anything else, and for what is cut off before the first frame.
pub(super) fn duration(bytes: &[u8]) -> Option<Duration> {
    if bytes.starts_with(b"OggS") { ogg(bytes) } else { mp3(bytes) }
}

fn le64(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(bytes.get(at..at + 8)?.try_into().ok()?))
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Pages tell up to which sample they reach. See RFC 3533, 6; RFC 7845, 4 (Opus counts at 48 kHz); Vorbis I, 4.2.2.
fn ogg(bytes: &[u8]) -> Option<Duration> {
    const NOT_A_POSITION: u64 = u64::MAX;
    let (mut at, mut rate, mut samples) = (0, None, 0);
    while bytes.get(at..at + 4) == Some(b"OggS") {
        let segments = usize::from(*bytes.get(at + 26)?);
        let table = bytes.get(at + 27..at + 27 + segments)?;
        let body = at + 27 + segments;
        if rate.is_none() {
            let packet = bytes.get(body..)?;
            rate = if packet.starts_with(b"OpusHead") {
                Some(48_000)
            } else if packet.starts_with(b"\x01vorbis") {
                Some(le32(packet, 12)?).filter(|rate| *rate > 0)
            } else {
                return None;
            };
        }
        let position = le64(bytes, at + 6)?;
        if position != NOT_A_POSITION {
            samples = samples.max(position);
        }
        at = body + table.iter().map(|length| usize::from(*length)).sum::<usize>();
    }
    Some(Duration::from_secs_f64(samples as f64 / f64::from(rate?)))
}

/// Kilobits a second of layer III, MPEG 1 and MPEG 2. See ISO/IEC 11172-3, 2.4.2.3 and 13818-3, 2.4.2.3.
const BITRATES: [[u32; 15]; 2] = [
    [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
];
const RATES: [u32; 3] = [44_100, 48_000, 32_000];

/// Frames follow each other, after an ID3v2 tag if there is one. See ID3v2.4.0, 3.1.
fn mp3(bytes: &[u8]) -> Option<Duration> {
    let mut at = 0;
    if bytes.starts_with(b"ID3") {
        let size = bytes.get(6..10)?.iter().fold(0, |size, byte| size << 7 | usize::from(byte & 0x7F));
        at = 10 + size;
    }
    let mut played = 0.0;
    while let Some(head) = bytes.get(at..at + 4) {
        let (version, layer) = (head[1] >> 3 & 3, head[1] >> 1 & 3);
        let sync = head[0] == 0xFF && head[1] & 0xE0 == 0xE0;
        // Version 1 is reserved; layer 1 is layer III.
        if !sync || version == 1 || layer != 1 {
            break;
        }
        let mpeg1 = version == 3;
        let bitrate = BITRATES[usize::from(!mpeg1)].get(usize::from(head[2] >> 4)).copied()?;
        let rate = RATES.get(usize::from(head[2] >> 2 & 3)).copied()?;
        let rate = match version {
            3 => rate,
            2 => rate / 2,
            _ => rate / 4,
        };
        if bitrate == 0 {
            break;
        }
        let (samples, slots) = if mpeg1 { (1152, 144_000) } else { (576, 72_000) };
        played += f64::from(samples) / f64::from(rate);
        at += (slots * bitrate / rate + u32::from(head[2] >> 1 & 1)) as usize;
    }
    (played > 0.0).then(|| Duration::from_secs_f64(played))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// MPEG 1 layer III, 128 kbit/s at 44.1 kHz: 417 bytes and 1152 samples a frame.
    fn frames(count: usize) -> Vec<u8> {
        let mut frame = vec![0; 417];
        frame[..4].copy_from_slice(&[0xFF, 0xFB, 0x90, 0x00]);
        frame.repeat(count)
    }

    fn page(position: u64, body: &[u8]) -> Vec<u8> {
        let mut page = b"OggS\0\0".to_vec();
        page.extend(position.to_le_bytes());
        page.extend([0; 12]);
        page.extend([1, u8::try_from(body.len()).unwrap()]);
        page.extend(body);
        page
    }

    #[test]
    fn frames_of_an_mp3_add_up_with_a_tag_before_them() {
        let seconds = |bytes: &[u8]| duration(bytes).map(|d| (d.as_secs_f64() * 1000.0).round());
        assert_eq!(seconds(&frames(1)), Some(26.0));
        assert_eq!(seconds(&frames(100)), Some(2612.0));
        let tagged = [b"ID3\x04\0\0\0\0\x01\x00".to_vec(), vec![0; 128], frames(100)].concat();
        assert_eq!(seconds(&tagged), Some(2612.0));
        // MPEG 2 at 22.05 kHz, 64 kbit/s: half the samples, at half the rate.
        let mut frame = vec![0; 208];
        frame[..4].copy_from_slice(&[0xFF, 0xF3, 0x80, 0x00]);
        assert_eq!(seconds(&frame.repeat(10)), Some(261.0));
    }

    #[test]
    fn the_last_page_of_an_ogg_tells_its_length() {
        let opus = [page(0, b"OpusHead........"), page(u64::MAX, b"x"), page(240_000, b"x")].concat();
        assert_eq!(duration(&opus), Some(Duration::from_secs(5)));
        let vorbis = b"\x01vorbis\0\0\0\0\x01\x44\xAC\0\0";
        let vorbis = [page(0, vorbis), page(88_200, b"x")].concat();
        assert_eq!(duration(&vorbis), Some(Duration::from_secs(2)));
    }

    #[test]
    fn anything_else_is_no_sound() {
        for bytes in [&b""[..], b"RIFF....WAVE", b"ID3", b"OggS", &page(5, b"neither"), &[0xFF, 0xFB]] {
            assert_eq!(duration(bytes), None, "{bytes:?}");
        }
    }
}
