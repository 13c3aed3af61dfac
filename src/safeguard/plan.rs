//! What EXPLAIN says -> how many rows a statement is expected to change.

/// How many rows the first command of a plan that changes something is expected to get from below
/// it; `None` if there is none.
pub fn planned_rows(lines: &[Option<Vec<u8>>]) -> Option<u64> {
    let lines: Vec<String> =
        lines.iter().flatten().map(|line| String::from_utf8_lossy(line).into_owned()).collect();
    let is_change = |line: &&String| {
        let node = line.trim_start().trim_start_matches("->").trim_start();
        ["Delete on ", "Update on ", "Merge on "].iter().any(|begin| node.starts_with(begin))
    };
    let at = lines.iter().position(|line| is_change(&line))?;
    let depth = indentation(&lines[at]);
    let below = lines[at + 1..].iter().take_while(|line| indentation(line) > depth);
    let nodes: Vec<&String> = below.filter(|line| line.trim_start().starts_with("->")).collect();
    let children = nodes.iter().map(|line| indentation(line)).min()?;
    let rows = nodes.iter().filter(|line| indentation(line) == children);
    Some(rows.filter_map(|line| rows_of(line)).fold(0, u64::saturating_add))
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// `(cost=0.00..1.00 rows=5 width=6)`
fn rows_of(line: &str) -> Option<u64> {
    let at = line.rfind(" rows=")? + " rows=".len();
    let digits: String = line[at..].chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_below_the_change() {
        for (plan, expected) in [
            (
                "Delete on t  (cost=0.00..1.05 rows=0 width=0)\n  ->  Seq Scan on t  (cost=0.00..1.05 rows=5 width=6)",
                Some(5),
            ),
            (
                "Delete on t  (cost=0.00..1.05 rows=5 width=6)\n  Delete on a t_1\n  Delete on b t_2\n  ->  Seq Scan on a  (cost=0.00..1.05 rows=5 width=6)\n  ->  Seq Scan on b  (cost=0.00..1.05 rows=7 width=6)",
                Some(12),
            ),
            (
                "Update on t  (cost=0.00..1.05 rows=0 width=0)\n  ->  Append  (cost=0.00..1.05 rows=9 width=6)\n        ->  Seq Scan on a  (cost=0.00..1.05 rows=5 width=6)\n        ->  Seq Scan on b  (cost=0.00..1.05 rows=4 width=6)",
                Some(9),
            ),
            (
                "CTE Scan on x  (cost=1..2 rows=3 width=4)\n  CTE x\n    ->  Delete on t  (cost=0.00..1.05 rows=8 width=6)\n          ->  Seq Scan on t  (cost=0.00..1.05 rows=8 width=6)",
                Some(8),
            ),
            ("Seq Scan on t  (cost=0.00..1.05 rows=5 width=6)", None),
            ("Delete on t", None),
            ("", None),
        ] {
            let lines: Vec<_> = plan.lines().map(|line| Some(line.as_bytes().to_vec())).collect();
            assert_eq!(planned_rows(&lines), expected, "{plan}");
        }
    }
}
