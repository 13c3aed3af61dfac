//! Characters that are drawn, not written, so that they meet whatever the font: boxes, blocks, braille.

/// A cell's sides on the page.
#[derive(Clone, Copy)]
pub struct CellBox {
    pub x: f32,
    pub y: f32,
    pub width: f32,
    pub height: f32,
}

/// How a drawn character is put on the page.
pub enum Shape {
    /// A line from side to side.
    Across { weight: f32 },
    /// Lines along this path.
    Lines { path: String, weight: f32 },
    /// What this path surrounds is filled, so opaque.
    Filled { path: String, opacity: f32 },
}

/// The shape of a character, if it is one that is drawn.
pub fn shape(character: char, cell: CellBox) -> Option<Shape> {
    match character {
        '─'..='╿' => lines(character, cell),
        '▀'..='▟' => block(character, cell),
        '\u{2800}'..='\u{28ff}' => {
            Some(Shape::Filled { path: braille(character, cell), opacity: 1.0 })
        }
        _ => None,
    }
}

/// Which arms go out from a cell's middle: up, right, down, left; and whether they are heavy.
fn arms(character: char) -> Option<([bool; 4], bool)> {
    let (light, heavy) = ("─│┌┐└┘├┤┬┴┼╭╮╯╰╴╵╶╷", "━┃┏┓┗┛┣┫┳┻╋    ╸╹╺╻");
    const ARMS: [&str; 19] = [
        "rl", "ud", "rd", "dl", "ur", "ul", "urd", "udl", "rdl", "url", "urdl", "rd", "dl", "ul",
        "ur", "l", "u", "r", "d",
    ];
    let place = |set: &str| set.chars().position(|c| c == character && c != ' ');
    let (at, is_heavy) = match (place(light), place(heavy)) {
        (Some(at), _) => (at, false),
        (_, Some(at)) => (at, true),
        _ => return None,
    };
    Some((['u', 'r', 'd', 'l'].map(|arm| ARMS[at].contains(arm)), is_heavy))
}

/// A character of lines. Corners that are round elsewhere are so here.
fn lines(character: char, cell: CellBox) -> Option<Shape> {
    let (arms, is_heavy) = arms(character)?;
    let weight = if is_heavy { 2.4 } else { 1.2 };
    if arms == [false, true, false, true] {
        return Some(Shape::Across { weight });
    }
    let (x, y) = (cell.x + cell.width / 2.0, cell.y + cell.height / 2.0);
    let ends = [(x, cell.y), (cell.x + cell.width, y), (x, cell.y + cell.height), (cell.x, y)];
    let ends: Vec<(f32, f32)> =
        ends.into_iter().zip(arms).filter(|(_, is_there)| *is_there).map(|(end, _)| end).collect();
    let point = |(x, y): (f32, f32)| format!("{} {}", number(x), number(y));
    let path = match (&ends[..], "╭╮╯╰".contains(character)) {
        ([from, to], true) => {
            format!("M{}Q{} {}", point(*from), point((x, y)), point(*to))
        }
        ([from, to], false) if from.0 == to.0 || from.1 == to.1 => {
            format!("M{}L{}", point(*from), point(*to))
        }
        _ => ends.iter().map(|end| format!("M{}L{}", point((x, y)), point(*end))).collect(),
    };
    Some(Shape::Lines { path, weight })
}

/// A block: eighths from below or from the left, shades, quadrants.
fn block(character: char, cell: CellBox) -> Option<Shape> {
    let part = |x: f32, y: f32, width: f32, height: f32| {
        format!(
            "M{} {}h{}v{}h{}z",
            number(cell.x + cell.width * x),
            number(cell.y + cell.height * y),
            number(cell.width * width),
            number(cell.height * height),
            number(-cell.width * width)
        )
    };
    let eighth = |from: char| (character as u32 - from as u32) as f32 / 8.0;
    let filled = |path| Some(Shape::Filled { path, opacity: 1.0 });
    match character {
        '▀' => filled(part(0.0, 0.0, 1.0, 0.5)),
        '▁'..='█' => {
            let height = eighth('▀');
            filled(part(0.0, 1.0 - height, 1.0, height))
        }
        '▉'..='▏' => filled(part(0.0, 0.0, 1.0 - eighth('█'), 1.0)),
        '▐' => filled(part(0.5, 0.0, 0.5, 1.0)),
        '░'..='▓' => {
            let opacity = 0.25 * (character as u32 - '░' as u32 + 1) as f32;
            Some(Shape::Filled { path: part(0.0, 0.0, 1.0, 1.0), opacity })
        }
        '▔' => filled(part(0.0, 0.0, 1.0, 0.125)),
        '▕' => filled(part(0.875, 0.0, 0.125, 1.0)),
        '▖'..='▟' => {
            // Upper left, upper right, lower left, lower right.
            const QUARTERS: [u8; 10] =
                [0b0010, 0b0001, 0b1000, 0b1011, 0b1001, 0b1110, 0b1101, 0b0100, 0b0110, 0b0111];
            let set = QUARTERS[character as usize - '▖' as usize];
            let quarter = |at: u8| {
                let (x, y) = (f32::from(at % 2) / 2.0, f32::from(at / 2) / 2.0);
                part(x, y, 0.5, 0.5)
            };
            filled((0..4).filter(|at| set & (0b1000 >> at) != 0).map(quarter).collect())
        }
        _ => None,
    }
}

/// Two columns of four dots; the bits go down the left, down the right, then along the bottom.
fn braille(character: char, cell: CellBox) -> String {
    const PLACES: [(u8, u8); 8] = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)];
    let set = character as u32 - 0x2800;
    let side = 2.2;
    let dot = |(column, row): (u8, u8)| {
        let x = cell.x + cell.width * (f32::from(column) + 0.5) / 2.0 - side / 2.0;
        let y = cell.y + cell.height * (f32::from(row) + 0.5) / 4.0 - side / 2.0;
        let side = number(side);
        format!("M{} {}h{side}v{side}h-{side}z", number(x), number(y))
    };
    let places = PLACES.into_iter().enumerate();
    places.filter(|(bit, _)| set >> bit & 1 == 1).map(|(_, place)| dot(place)).collect()
}

/// With at most two places behind the point.
pub fn number(value: f32) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}
