//! What the pictures show: the shop, and what is typed in front of it.

/// The sample data.
pub const SHOP: &str = include_str!("../../grammar/shop.sql");

/// What the shell finds in its environment, besides where its home and the server are.
pub const ENVIRONMENT: &[(&str, &str)] =
    &[("TERM", "xterm-256color"), ("COLORFGBG", "15;0"), ("LC_ALL", "C.UTF-8"), ("PGTZ", "UTC")];

/// A picture to be.
pub struct Scene {
    /// The file's name, without `.svg`.
    pub name: &'static str,
    /// What the window is called.
    pub title: &'static str,
    /// Columns and rows.
    pub size: (u16, u16),
    /// What is typed and waited for.
    pub steps: &'static [Step],
}

/// A part of what happens.
pub enum Step {
    /// Type these keys once the screen is quiet.
    Keys(&'static str),
    /// Wait until this is on the screen.
    Wait(&'static str),
}

use Step::{Keys, Wait};

/// Forgets what was typed to prepare the picture.
const CLEAR: Step = Keys("\x0c");

/// The pictures.
pub const SCENES: &[Scene] = &[
    Scene {
        name: "menu",
        title: "pgsh: what may come next",
        size: (80, 16),
        steps: &[
            Keys("select * from orders limit 1;\r"),
            Wait("(1 row)"),
            CLEAR,
            Keys("select c.name, sum(o.total)\rfrom customers c\rjoin orders o on \t"),
            Wait("o.customer_id"),
            Keys("\t"),
            Wait(">o.customer_id = c.id"),
        ],
    },
    Scene {
        name: "plan",
        title: "pgsh: where a statement's time goes",
        size: (90, 36),
        steps: &[
            CLEAR,
            Keys(
                "select p.name, sum(o.total) from orders o join products p on p.id = o.product_id\r",
            ),
            Keys("where o.customer_id = 42 group by p.name order by 2 desc \\plan+\r"),
            Wait("Planning "),
        ],
    },
    Scene {
        name: "chart",
        title: "pgsh: the last result, drawn",
        size: (80, 24),
        steps: &[
            Keys(
                "select date_trunc('week', placed)::date as week, sum(total) as revenue\rfrom orders where placed >= '2025-01-06' and placed < '2025-12-29' group by 1 order by 1;\r",
            ),
            Wait("row 1 of"),
            Keys("q"),
            Wait("(51 rows)"),
            CLEAR,
            Keys("\\chart\r"),
            Wait("Line of"),
        ],
    },
    Scene {
        name: "bars",
        title: "pgsh: the last result, drawn",
        size: (80, 31),
        steps: &[
            CLEAR,
            Keys(
                "select p.name, sum(o.total) as revenue, sum(o.quantity) as packs\rfrom orders o join products p on p.id = o.product_id group by 1 order by 2 desc;\r",
            ),
            Wait("(8 rows)"),
            Keys("\\chart bar name revenue\r"),
            Wait("Bars of"),
        ],
    },
    Scene {
        name: "viewer",
        title: "pgsh: a long result in the table viewer",
        size: (90, 22),
        steps: &[
            CLEAR,
            Keys(
                "select o.id, c.name, c.country, p.name as product, o.quantity, o.total, o.placed::date from orders o join customers c on c.id = o.customer_id join products p on p.id = o.product_id order by o.id;\r",
            ),
            Wait("row 1 of 20,000"),
            Keys("/Haruka\r"),
            Wait("row 14 of"),
        ],
    },
    Scene {
        name: "backup",
        title: "pgsh: a backup, brought back and compared",
        size: (90, 36),
        steps: &[
            CLEAR,
            Keys("\\backup database to shop.dump verify\r"),
            Wait("counted"),
            Keys("\\restore shop.dump into shop_copy verify\r"),
            Wait("Restored"),
        ],
    },
    Scene {
        name: "safeguard",
        title: "pgsh: a net under production",
        size: (80, 20),
        steps: &[
            Keys("\\set SERVERS 'prod=database:shop'\r"),
            Wait("prod "),
            Keys("\\set SERVERS_prod 'red confirm=typed'\r"),
            Wait("typed"),
            CLEAR,
            Keys("delete from orders;\r"),
            Wait("Type"),
        ],
    },
    Scene {
        name: "watch",
        title: "pgsh: a result again and again, and what changed in it",
        size: (80, 12),
        steps: &[CLEAR, Keys("table last_minute \\watch 1 spark\r"), Wait("09:14")],
    },
];

impl Scene {
    /// How many rows of the screen are used.
    pub fn rows(&self, screen: &vt100::Screen) -> u16 {
        let (rows, columns) = screen.size();
        let filled = screen.rows(0, columns).enumerate();
        let filled = filled.filter(|(_, row)| !row.trim_end().is_empty()).map(|(at, _)| at + 1);
        let used = filled.max().unwrap_or(0).max(usize::from(screen.cursor_position().0) + 1);
        u16::try_from(used).unwrap_or(rows).min(rows)
    }
}
