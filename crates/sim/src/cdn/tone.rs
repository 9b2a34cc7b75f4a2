//! Makes the default sounds: short tones that fade, as WAV. Discord's own are MP3; players take either.

use std::f32::consts::TAU;

/// Samples a second, of one channel and 16 bits.
const RATE: u32 = 22_050;
/// How long a tone lasts, in samples.
const SAMPLES: u32 = RATE / 2;
/// Hertz of the tones; a further one is a fifth above the one before.
const LOWEST: f32 = 220.0;

/// The WAV file of the `index`th default sound.
pub(super) fn tone(index: usize) -> Vec<u8> {
    let pitch = LOWEST * 1.5_f32.powi(index as i32);
    let data = 2 * SAMPLES;
    let mut wav = Vec::with_capacity(44 + data as usize);
    wav.extend(b"RIFF");
    wav.extend((36 + data).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    // PCM, one channel.
    wav.extend([1, 0, 1, 0]);
    wav.extend(RATE.to_le_bytes());
    wav.extend((2 * RATE).to_le_bytes());
    // Two bytes a sample of 16 bits.
    wav.extend([2, 0, 16, 0]);
    wav.extend(b"data");
    wav.extend(data.to_le_bytes());
    for sample in 0..SAMPLES {
        let fade = (-6.0 * sample as f32 / SAMPLES as f32).exp();
        let level = (TAU * pitch * sample as f32 / RATE as f32).sin() * fade;
        wav.extend(((level * 16_000.0) as i16).to_le_bytes());
    }
    wav
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tone_is_a_whole_wav_file_and_none_is_like_another() {
        let first = tone(0);
        assert_eq!((&first[..4], &first[8..12]), (&b"RIFF"[..], &b"WAVE"[..]));
        let size = u32::from_le_bytes([first[4], first[5], first[6], first[7]]);
        assert_eq!(size as usize + 8, first.len());
        assert!(first[44..].iter().any(|byte| *byte != 0), "not silent");
        assert_ne!(first, tone(1));
    }
}
