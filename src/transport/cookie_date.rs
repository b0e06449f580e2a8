//! The dates of cookies, read as leniently as everybody reads them (RFC 6265 §5.1.1).

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

/// The moment a cookie's `Expires` names; `None` for what is no date.
pub(super) fn parse(text: &str) -> Option<OffsetDateTime> {
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    let is_delimiter = |c: char| matches!(c, '\t' | ' '..='/' | ';'..='@' | '['..='`' | '{'..='~');
    for token in text.split(is_delimiter).filter(|token| !token.is_empty()) {
        if time.is_none() && clock(token).is_some() {
            time = clock(token);
        } else if day.is_none() && digits(token, 1, 2).is_some() {
            day = digits(token, 1, 2);
        } else if month.is_none() && month_of(token).is_some() {
            month = month_of(token);
        } else if year.is_none() {
            year = digits(token, 2, 4);
        }
    }
    let year = match year? {
        year @ 70..=99 => year + 1900,
        year @ 0..=69 => year + 2000,
        year @ 1601.. => year,
        _ => return None,
    };
    let (hour, minute, second) = time?;
    let date = Date::from_calendar_date(i32::from(year), month?, u8::try_from(day?).ok()?).ok()?;
    let time = Time::from_hms(hour, minute, second).ok()?;
    Some(PrimitiveDateTime::new(date, time).assume_utc())
}

/// The number a token begins with, if it has that many digits.
fn digits(token: &str, min: usize, max: usize) -> Option<u16> {
    let count = token.bytes().take_while(u8::is_ascii_digit).count();
    if (min..=max).contains(&count) { token[..count].parse().ok() } else { None }
}

fn clock(token: &str) -> Option<(u8, u8, u8)> {
    let mut parts = token.split(':');
    let (hour, minute, second) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() {
        return None;
    }
    let whole = |part: &str| {
        digits(part, 1, 2).filter(|_| part.len() <= 2 && part.bytes().all(|b| b.is_ascii_digit()))
    };
    let small = |number: u16| u8::try_from(number).ok();
    Some((small(whole(hour)?)?, small(whole(minute)?)?, small(digits(second, 1, 2)?)?))
}

fn month_of(token: &str) -> Option<Month> {
    let name = token.get(..3)?.to_ascii_lowercase();
    let names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let index = names.iter().position(|known| *known == name)?;
    Month::try_from(u8::try_from(index + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_every_spelling() {
        for (text, expected) in [
            ("Wed, 21 Oct 2037 07:28:00 GMT", Some(2_139_722_880)),
            ("Wednesday, 21-Oct-37 07:28:00 GMT", Some(2_139_722_880)),
            ("Wed Oct 21 07:28:00 2037", Some(2_139_722_880)),
            ("21 october 2037 7:28:0", Some(2_139_722_880)),
            ("Mon Jan 02 2040 10:11:12 GMT+0100", Some(2_209_111_872)),
            ("2 Jan 99 1:2:3", Some(915_238_923)),
            ("Thu, 01-Jan-1970 00:00:01 GMT", Some(1)),
            ("31 Feb 2037 07:28:00", None),
            ("21 Oct 1600 07:28:00", None),
            ("21 Oct 2037 24:00:00", None),
            ("21 Oct 2037 07:28", None),
            ("Oct 2037 07:28:00", None),
            ("garbage", None),
            ("ö1 €", None),
            ("", None),
        ] {
            assert_eq!(parse(text).map(OffsetDateTime::unix_timestamp), expected, "{text}");
        }
    }
}
