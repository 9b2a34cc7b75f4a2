//! Draws a small symmetric picture from a seed: two related colours and mirrored petals on a soft gradient.

use png::{BitDepth, ColorType, Compression, Encoder};

/// Cells per side; the right half mirrors the left.
const CELLS: usize = 5;
/// Steps of the background from top to bottom, and of an edge from background to petal. Together they are the
/// palette, which has room for 256 colours.
const GRADIENT: usize = 28;
const EDGE: usize = 8;
/// Colours of a picture.
pub(super) const PALETTE: usize = GRADIENT * EDGE;

/// FNV-1a: small, stable over releases, and good enough to tell pictures apart.
fn hash(seed: &str) -> u64 {
    seed.bytes().fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

/// Hue in degrees, saturation and lightness from 0 to 1.
fn rgb(hue: f32, saturation: f32, lightness: f32) -> [u8; 3] {
    let a = saturation * lightness.min(1.0 - lightness);
    [0.0, 8.0, 4.0].map(|n: f32| {
        let k = (n + hue / 30.0) % 12.0;
        let channel = lightness - a * (k - 3.0).min(9.0 - k).clamp(-1.0, 1.0);
        (channel * 255.0).round() as u8
    })
}

fn mix(a: [u8; 3], b: [u8; 3], t: f32) -> [u8; 3] {
    std::array::from_fn(|i| (f32::from(a[i]) + (f32::from(b[i]) - f32::from(a[i])) * t).round() as u8)
}

struct Plan {
    palette: Vec<u8>,
    cells: [[bool; CELLS]; CELLS],
}

fn plan(seed: &str) -> Plan {
    let mut bits = hash(seed);
    // The low bits of FNV are its weakest; stir once.
    bits ^= bits >> 29;
    let hue = (bits % 360) as f32;
    let turn = [35.0, 150.0, 180.0, 210.0][(bits >> 9) as usize % 4];
    let (top, bottom) = (rgb(hue, 0.55, 0.86), rgb((hue + 20.0) % 360.0, 0.55, 0.76));
    let petal = rgb((hue + turn) % 360.0, 0.6, 0.42);
    let mut palette = Vec::with_capacity(PALETTE * 3);
    for step in 0..GRADIENT {
        let ground = mix(top, bottom, step as f32 / (GRADIENT - 1) as f32);
        for edge in 0..EDGE {
            palette.extend(mix(ground, petal, edge as f32 / (EDGE - 1) as f32));
        }
    }
    let mut cells = [[false; CELLS]; CELLS];
    let mut on = bits >> 16;
    for row in &mut cells {
        for x in 0..CELLS.div_ceil(2) {
            row[x] = on & 1 == 1;
            row[CELLS - 1 - x] = row[x];
            on >>= 1;
        }
    }
    // A picture with nothing on it says nothing.
    if cells.iter().flatten().filter(|c| **c).count() < 6 {
        cells[2] = [true; CELLS];
        cells[1][2] = true;
        cells[3][2] = true;
    }
    Plan { palette, cells }
}

/// The PNG for a seed, `size` pixels wide and high. The same seed always gives the same picture.
pub(super) fn picture(seed: &str, size: u32) -> Vec<u8> {
    let (palette, pixels) = plan_pixels(seed, size);
    encode(&palette, &pixels, size, size)
}

/// The same before it is a PNG: its palette of [`PALETTE`] colours, and for each pixel its place in it.
pub(super) fn plan_pixels(seed: &str, size: u32) -> (Vec<u8>, Vec<u8>) {
    let plan = plan(seed);
    let side = size as f32;
    // One cell of margin in all, half on each side.
    let cell = side / (CELLS as f32 + 1.0);
    let mut pixels = Vec::with_capacity((size * size) as usize);
    for y in 0..size {
        let step = y as usize * GRADIENT / size as usize;
        for x in 0..size {
            let cover = cover(&plan, (x as f32 + 0.5) / cell - 0.5, (y as f32 + 0.5) / cell - 0.5, cell);
            let edge = (cover * (EDGE - 1) as f32).round() as usize;
            pixels.push((step * EDGE + edge) as u8);
        }
    }
    (plan.palette, pixels)
}

/// How much of the pixel at `x`, `y` (in cells) a petal covers: a disc in its cell, bridged to neighbours.
fn cover(plan: &Plan, x: f32, y: f32, cell: f32) -> f32 {
    let inside = |v: f32| (0.0..CELLS as f32).contains(&v);
    if !(inside(x) && inside(y)) {
        return 0.0;
    }
    let (cx, cy) = (x as usize, y as usize);
    if !plan.cells[cy][cx] {
        return 0.0;
    }
    let (dx, dy) = (x - cx as f32 - 0.5, y - cy as f32 - 0.5);
    let at = |ox: i32, oy: i32| {
        let (nx, ny) = (cx as i32 + ox, cy as i32 + oy);
        (0..CELLS as i32).contains(&nx)
            && (0..CELLS as i32).contains(&ny)
            && plan.cells[ny as usize][nx as usize]
    };
    // Towards a filled neighbour the disc opens into a straight bridge.
    let across = at(dx.signum() as i32, 0);
    let along = at(0, dy.signum() as i32);
    let distance = match (across, along) {
        (true, true) => return 1.0,
        (true, false) => dy.abs(),
        (false, true) => dx.abs(),
        (false, false) => dx.hypot(dy),
    };
    ((0.5 - distance) * cell + 0.5).clamp(0.0, 1.0)
}

/// The PNG of pixels that are places in a palette.
pub(super) fn encode(palette: &[u8], pixels: &[u8], width: u32, height: u32) -> Vec<u8> {
    let mut png = Vec::new();
    let mut encoder = Encoder::new(&mut png, width, height);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_palette(palette.to_vec());
    encoder.set_compression(Compression::Fast);
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(pixels));
    debug_assert!(written.is_ok(), "writing to memory with matching dimensions cannot fail");
    png
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(png: &[u8]) -> (u32, Vec<u8>) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        assert_eq!(info.width, info.height);
        (info.width, pixels)
    }

    #[test]
    fn pictures_are_valid_stable_and_tell_seeds_apart() {
        for size in [16, 64, 256] {
            let (width, pixels) = decode(&picture("abc", size));
            assert_eq!(width, size);
            assert!(pixels.iter().any(|p| *p != pixels[0]), "not blank");
        }
        assert_eq!(picture("abc", 64), picture("abc", 64));
        let seeds: Vec<Vec<u8>> = (0..50).map(|n| picture(&format!("default avatar {n}"), 32)).collect();
        let distinct: std::collections::HashSet<&Vec<u8>> = seeds.iter().collect();
        assert_eq!(distinct.len(), seeds.len());
    }

    #[test]
    fn pictures_are_symmetric() {
        let (size, pixels) = decode(&picture("symmetry", 64));
        let width = pixels.len() / size as usize;
        for row in pixels.chunks(width) {
            let mirrored: Vec<u8> = row.iter().rev().copied().collect();
            assert_eq!(row, mirrored);
        }
    }
}
