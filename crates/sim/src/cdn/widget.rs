//! Draws a guild's widget as a picture: the guild's own picture, and how many people are online.

use cogwright_sim_world::places::WidgetStyle;

use super::draw::{self, PALETTE};

/// Colours behind those of the guild's picture.
const GROUND: u8 = PALETTE as u8;
const TEXT: u8 = GROUND + 1;
const DOT: u8 = GROUND + 2;
const MORE_COLOURS: [u8; 9] = [0x2B, 0x2D, 0x31, 0xF2, 0xF3, 0xF5, 0x3B, 0xA5, 0x5C];
/// Pixels of a glyph before it is scaled.
const GLYPH: (u32, u32) = (3, 5);

/// Rows of a glyph, three bits each, the left pixel highest.
fn glyph(c: char) -> [u8; 5] {
    match c {
        '0' | 'O' => [7, 5, 5, 5, 7],
        '1' => [2, 6, 2, 2, 7],
        '2' => [7, 1, 7, 4, 7],
        '3' => [7, 1, 3, 1, 7],
        '4' => [5, 5, 7, 1, 1],
        '5' => [7, 4, 7, 1, 7],
        '6' => [7, 4, 7, 5, 7],
        '7' => [7, 1, 1, 2, 2],
        '8' => [7, 5, 7, 5, 7],
        '9' => [7, 5, 7, 1, 7],
        'N' => [6, 5, 5, 5, 5],
        'L' => [4, 4, 4, 4, 7],
        'I' => [7, 2, 2, 2, 7],
        'E' => [7, 4, 6, 4, 7],
        _ => [0; 5],
    }
}

struct Canvas {
    width: u32,
    height: u32,
    pixels: Vec<u8>,
}

impl Canvas {
    fn set(&mut self, x: u32, y: u32, colour: u8) {
        if x < self.width && y < self.height {
            self.pixels[(y * self.width + x) as usize] = colour;
        }
    }

    fn fill(&mut self, (x, y): (u32, u32), (width, height): (u32, u32), colour: u8) {
        for row in y..y + height {
            for column in x..x + width {
                self.set(column, row, colour);
            }
        }
    }

    fn text(&mut self, text: &str, (x, y): (u32, u32), scale: u32) {
        for (index, c) in (0..).zip(text.chars()) {
            let left = x + index * (GLYPH.0 + 1) * scale;
            for (row, bits) in (0..).zip(glyph(c)) {
                for column in 0..GLYPH.0 {
                    if bits >> (GLYPH.0 - 1 - column) & 1 == 1 {
                        self.fill((left + column * scale, y + row * scale), (scale, scale), TEXT);
                    }
                }
            }
        }
    }
}

/// Width, height and the size of the letters.
fn shape(style: WidgetStyle) -> (u32, u32, u32) {
    match style {
        WidgetStyle::Shield => (147, 32, 2),
        WidgetStyle::Banner(1 | 2) => (320, 76, 3),
        WidgetStyle::Banner(3) => (320, 160, 4),
        WidgetStyle::Banner(_) => (320, 219, 4),
    }
}

/// The PNG of a widget: `seed` is what the guild's picture is drawn from.
pub(crate) fn widget(style: WidgetStyle, seed: &str, online: usize) -> Vec<u8> {
    let (width, height, scale) = shape(style);
    let mut canvas = Canvas { width, height, pixels: vec![GROUND; (width * height) as usize] };
    let margin = height / 8;
    // As high as the widget but for its margins, and never more than a third of its width.
    let side = (height - 2 * margin).min(width / 3);
    let top = (height - side) / 2;
    let (mut palette, picture) = draw::plan_pixels(seed, side);
    for y in 0..side {
        for x in 0..side {
            canvas.set(margin + x, top + y, picture[(y * side + x) as usize]);
        }
    }
    let line = (height - GLYPH.1 * scale) / 2;
    let left = margin + side + 2 * scale;
    canvas.fill((left, line + scale), (3 * scale, 3 * scale), DOT);
    canvas.text(&format!("{online} ONLINE"), (left + 5 * scale, line), scale);
    palette.extend(MORE_COLOURS);
    draw::encode(&palette, &canvas.pixels, width, height)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decode(png: &[u8]) -> (u32, u32, Vec<u8>) {
        let mut reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut pixels).unwrap();
        (info.width, info.height, pixels)
    }

    #[test]
    fn every_style_is_a_picture_of_its_own_size_and_tells_the_number() {
        let styles =
            [WidgetStyle::Shield, WidgetStyle::Banner(1), WidgetStyle::Banner(3), WidgetStyle::Banner(4)];
        let mut sizes = Vec::new();
        for style in styles {
            let (width, height, one) = decode(&widget(style, "seed", 1));
            let (_, _, two) = decode(&widget(style, "seed", 20_345));
            assert_ne!(one, two, "{style:?}");
            let (_, _, other) = decode(&widget(style, "another", 1));
            assert_ne!(one, other, "{style:?}");
            sizes.push((width, height));
        }
        sizes.dedup();
        assert_eq!(sizes.len(), styles.len());
    }
}
