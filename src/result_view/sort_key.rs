//! What values are sorted by: bytes that compare as the values of a type do.
//!
//! Numbers count exactly, dates and times by what they mean. Texts are compared by their letters, then by
//! the accents, never by upper and lower case: what people look for, without a locale's rules. What a type's values can't be read as stands behind those that can.

use super::number_key::{write_digits, write_number};
use crate::encoding::Encoding;
use crate::interval::{self, Interval};
use crate::time_zone::{DateStyle, Zone};
use nucleo_matcher::chars::normalize;

/// Bytes of a text that count.
const MOST_TEXT: usize = 1000;

/// What is known of the session that values came in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Session<'z> {
    /// How dates are written.
    pub style: DateStyle,
    /// The zone of timestamps that bear an abbreviation.
    pub zone: Option<&'z Zone>,
}

/// How a type's values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SortKey {
    /// By their digits, with a point and an exponent.
    Number,
    /// As the digits of a number, whatever else there is: `$1,234.50`.
    Money,
    /// By days.
    Date,
    /// By the clock's time.
    Timestamp,
    /// By the instant.
    TimestampTz,
    /// By the time at UTC.
    TimeTz,
    /// By the time they take.
    Interval,
    /// By the two numbers at the slash.
    Lsn,
    /// By their bytes.
    Bytes,
    /// By their letters, upper and lower case alike; then by accents.
    Text,
}

impl SortKey {
    /// For values of a type of PostgreSQL's own; others are texts.
    pub fn of_type(type_oid: u32) -> SortKey {
        match type_oid {
            // int8, int2, int4, oid, xid, cid, float4, float8, numeric, xid8
            20 | 21 | 23 | 26 | 28 | 29 | 700 | 701 | 1700 | 5069 => SortKey::Number,
            790 => SortKey::Money,
            1082 => SortKey::Date,
            1114 => SortKey::Timestamp,
            1184 => SortKey::TimestampTz,
            1266 => SortKey::TimeTz,
            1186 => SortKey::Interval,
            3220 => SortKey::Lsn,
            // bool, bytea, time, uuid, bit, varbit, macaddr, macaddr8
            16 | 17 | 1083 | 2950 | 1560 | 1562 | 829 | 774 => SortKey::Bytes,
            _ => SortKey::Text,
        }
    }

    /// Appends the key of a value.
    pub fn write(self, value: &[u8], encoding: Encoding, session: Session<'_>, out: &mut Vec<u8>) {
        let before = out.len();
        // What can be read comes first.
        out.push(0);
        if self.read(value, encoding, session, out).is_none() {
            out.truncate(before);
            out.push(1);
            write_text(value, encoding, out);
        }
    }

    fn read(
        self,
        value: &[u8],
        encoding: Encoding,
        session: Session<'_>,
        out: &mut Vec<u8>,
    ) -> Option<()> {
        match self {
            SortKey::Number => write_number(value, out),
            SortKey::Money => {
                let is_negative = value.iter().any(|byte| b"-(".contains(byte));
                let digits = value.iter().copied().filter(u8::is_ascii_digit);
                write_digits(is_negative, &digits.collect::<Vec<u8>>(), 0, out)
            }
            SortKey::Date => {
                write_moment(value, out, |text| Some(i128::from(session.style.read_date(text)?)))
            }
            SortKey::Timestamp => write_moment(value, out, |text| {
                let instant = session.style.read_without_zone(text)?;
                Some(i128::from(instant.seconds) * 1_000_000 + i128::from(instant.micros))
            }),
            SortKey::TimestampTz => write_moment(value, out, |text| {
                let instant = session.style.read(text, session.zone)?;
                Some(i128::from(instant.seconds) * 1_000_000 + i128::from(instant.micros))
            }),
            SortKey::TimeTz => write_moment(value, out, time_at_utc),
            SortKey::Interval => write_moment(value, out, |text| match Interval::read(text)? {
                Interval::Least => Some(i128::MIN),
                Interval::Finite(span) => Some(span.compared()),
                Interval::Greatest => Some(i128::MAX),
            }),
            SortKey::Lsn => {
                let (high, low) = std::str::from_utf8(value).ok()?.split_once('/')?;
                for part in [high, low] {
                    out.extend_from_slice(&u32::from_str_radix(part, 16).ok()?.to_be_bytes());
                }
                Some(())
            }
            SortKey::Bytes => {
                out.extend_from_slice(&value[..value.len().min(MOST_TEXT)]);
                Some(())
            }
            SortKey::Text => {
                write_text(value, encoding, out);
                Some(())
            }
        }
    }
}

/// A point in time, or one of the infinite ones.
fn write_moment(
    value: &[u8],
    out: &mut Vec<u8>,
    read: impl FnOnce(&[u8]) -> Option<i128>,
) -> Option<()> {
    let moment = match value {
        b"-infinity" => i128::MIN,
        b"infinity" => i128::MAX,
        value => read(value)?,
    };
    // The sign's bit turned over, bytes compare as the numbers do.
    out.extend_from_slice(&(moment as u128 ^ (1 << 127)).to_be_bytes());
    Some(())
}

/// Microseconds of `12:00:00.5+02` at UTC, which may be before midnight.
fn time_at_utc(value: &[u8]) -> Option<i128> {
    let text = std::str::from_utf8(value).ok()?;
    let at = text.find(['+', '-'])?;
    let (clock, offset) = text.split_at(at);
    let ahead = interval::clock(offset)?;
    // Of two of the same instant that with the offset farther east comes first.
    Some((interval::clock(clock)? - ahead) * 1_000_000_000 - ahead / 1_000_000)
}

/// Accents that follow their letter.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

fn write_text(value: &[u8], encoding: Encoding, out: &mut Vec<u8>) {
    let mut value = &value[..value.len().min(MOST_TEXT)];
    if encoding == Encoding::Utf8
        && let Err(error) = std::str::from_utf8(value)
        && error.error_len().is_none()
    {
        // Within a character that begins here.
        value = &value[..error.valid_up_to()];
    }
    match encoding.to_utf8(value) {
        Some(text) if !value.is_ascii() => {
            let lower: String = text.chars().flat_map(char::to_lowercase).collect();
            let letters = lower.chars().filter(|c| !is_combining(*c)).map(normalize);
            out.extend_from_slice(letters.collect::<String>().as_bytes());
            // Before whatever goes on, as an end is.
            out.push(0);
            out.extend_from_slice(lower.as_bytes());
        }
        _ if encoding.is_ascii_safe() => out.extend(value.iter().map(u8::to_ascii_lowercase)),
        _ => out.extend_from_slice(value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(type_oid: u32, style: &str, value: &str) -> Vec<u8> {
        let style = DateStyle::from_parameter(style.as_bytes()).unwrap();
        let mut key = Vec::new();
        let session = Session { style, zone: None };
        SortKey::of_type(type_oid).write(value.as_bytes(), Encoding::Utf8, session, &mut key);
        key
    }

    /// Values of each type, the least first.
    #[test]
    fn values_by_their_types() {
        let iso = "ISO, MDY";
        for (type_oid, style, values) in [
            (
                1700,
                iso,
                "-Infinity -1e+20 -12345678901234567890.5 -10 -9.99 -1 -0.5 -0.05 0 0.0001 0.001 0.1 \
                 0.10000000000000000000001 9 10 10.5 100 12345678901234567890 \
                 12345678901234567890.000001 1e+20 Infinity NaN zzz",
            ),
            (701, iso, "-1e-05 -1e-300 0 1e-300 1e-05 1.5e+300"),
            (20, iso, "-9223372036854775808 -10 -9 0 9 10 9223372036854775807"),
            (790, iso, "-$1,000.00 -$2.50 $0.00 $0.99 $9.00 $10.00 $1,234.50"),
            (16, iso, "f t"),
            (
                1082,
                iso,
                "-infinity 0044-03-15_BC 0001-01-01 1999-12-31 2024-02-29 10000-01-01 infinity",
            ),
            (1082, "SQL, DMY", "31/12/1999 01/01/2000 29/02/2024"),
            (1082, "Postgres, MDY", "12-31-1999 01-01-2000 02-29-2024"),
            (1082, "German, DMY", "31.12.1999 01.01.2000 29.02.2024"),
            (
                1114,
                iso,
                "-infinity 0044-03-15_00:00:00_BC 2024-01-01_09:00:00 2024-01-01_09:00:00.5 \
                 2024-01-01_10:00:00 infinity",
            ),
            (1114, "German, DMY", "31.12.1999_23:00:00 01.01.2000_01:00:00"),
            (1114, "Postgres, MDY", "Fri_Dec_31_23:00:00_1999 Sat_Jan_01_01:00:00_2000"),
            (
                1184,
                iso,
                "2024-10-27_02:30:00+02 2024-10-27_02:15:00+01 2024-10-27_02:30:00+01 \
                 2024-10-27_12:30:00+10:30",
            ),
            (1266, iso, "01:00:00+02 12:00:00+12 00:00:00+00 12:00:00.5-01"),
            (
                1186,
                iso,
                "-1_years -1_days -00:00:01 00:00:00 00:00:00.5 23:59:59 1_day 1_day_00:00:01 25:00:00 \
                 29_days 1_mon 1_mon_1_day 1_year 1_year_2_mons_3_days_04:05:06.789",
            ),
            (3220, iso, "0/9 0/16B3748 1/0 A/0 10/0"),
            (
                25,
                iso,
                "anna Anna_B anton Äpfel Apfelmus Berta E\u{301}a éb ez Uber Über uberall zart 東",
            ),
            (1186, "ISO, MDY", "-1-0 -3_4:05:06 @_2_days_ago P-1D 0-1 +1-2_-3_+4:05:06"),
        ] {
            let values: Vec<String> =
                values.split_whitespace().map(|value| value.replace('_', " ")).collect();
            for pair in values.windows(2) {
                let [a, b] = [&pair[0], &pair[1]].map(|value| key(type_oid, style, value));
                assert!(a < b, "{type_oid}: {} < {}", pair[0], pair[1]);
            }
        }
        // A long text may be cut within a character.
        let long = |end: &str| "ab".repeat(497) + "abcdé" + end;
        assert!(key(25, iso, &long("z")) < key(25, iso, "abz"));
        assert_eq!(
            key(25, iso, &("É".to_owned() + &long("é"))),
            key(25, iso, &("é".to_owned() + &long("É")))
        );
        for (type_oid, a, b) in [(1700, "1.50", "1.5"), (1700, "-0", "0.00"), (25, "ANNA", "anna")]
        {
            assert_eq!(key(type_oid, iso, a), key(type_oid, iso, b), "{a} {b}");
        }
    }
}
