//! Host functions of the web globals: what `crypto.subtle` computes, and time zones for `Intl`.

use super::host_crypto::{self, Arg, Output};
use super::raw;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rquickjs::convert::List;
use rquickjs::function::{Func, Rest};
use rquickjs::{Ctx, IntoJs as _, Object, Result, TypedArray, Value};

/// Puts these functions on `host`.
pub(super) fn define<'js>(host: &Object<'js>) -> Result<()> {
    host.set("subtle", Func::from(subtle))?;
    host.set("zone", Func::from(zone))?;
    host.set("zoneName", Func::from(zone_name))
}

/// One operation of [`host_crypto`]: `[outcome]`, or `[undefined, "ExceptionName: message"]`.
fn subtle<'js>(ctx: Ctx<'js>, operation: String, args: Rest<Value<'js>>) -> Result<Vec<Value<'js>>> {
    let read = args.0.into_iter().map(Given::read).collect::<Result<Vec<_>>>()?;
    let args: Vec<Arg<'_>> = read.iter().map(Given::as_arg).collect();
    Ok(match host_crypto::run(&operation, &args) {
        Ok(Output::Bytes(bytes)) => vec![TypedArray::new(ctx.clone(), bytes)?.into_js(&ctx)?],
        Ok(Output::Text(text)) => vec![text.into_js(&ctx)?],
        Ok(Output::Flag(flag)) => vec![flag.into_js(&ctx)?],
        Err(error) => vec![Value::new_undefined(ctx.clone()), error.to_string().into_js(&ctx)?],
    })
}

/// An argument, taken over from the engine.
enum Given {
    Text(String),
    Number(f64),
    Bytes(Vec<u8>),
    Absent,
}

impl Given {
    fn read(value: Value<'_>) -> Result<Self> {
        if let Some(text) = value.as_string() {
            return text.to_string().map(Self::Text);
        }
        if let Some(number) = value.as_number() {
            return Ok(Self::Number(number));
        }
        if value.is_undefined() || value.is_null() {
            return Ok(Self::Absent);
        }
        Ok(Self::Bytes(raw::bytes(&value.get::<TypedArray<'_, u8>>()?).to_vec()))
    }

    fn as_arg(&self) -> Arg<'_> {
        match self {
            Self::Text(text) => Arg::Text(text),
            Self::Number(number) => Arg::Number(*number),
            Self::Bytes(bytes) => Arg::Bytes(bytes),
            Self::Absent => Arg::Absent,
        }
    }
}

/// Of a zone of the IANA database at a moment (ms since 1970): minutes east of Greenwich, abbreviation, the zone's
/// proper name. `undefined` for an unknown zone.
fn zone(name: String, ms: f64) -> Option<List<(f64, String, String)>> {
    let zone = TimeZone::get(&name).ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "moments are whole milliseconds within the calendar")]
    let moment = Timestamp::from_millisecond(ms as i64).ok()?;
    let info = zone.to_offset_info(moment);
    let minutes = f64::from(info.offset().seconds()) / 60.0;
    Some(List((minutes, info.abbreviation().to_owned(), zone.iana_name().unwrap_or(&name).to_owned())))
}

/// The machine's own zone, if it has a name.
fn zone_name() -> Option<String> {
    TimeZone::system().iana_name().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_know_their_seasons() {
        let at = |name: &str, ms: f64| {
            zone(name.to_owned(), ms).map(|List((minutes, short, name))| (minutes, short, name))
        };
        let summer = 1_719_792_000_000.0;
        let york = |minutes, short: &str| Some((minutes, short.to_owned(), "America/New_York".to_owned()));
        assert_eq!(at("America/New_York", 0.0), york(-300.0, "EST"));
        assert_eq!(at("america/new_york", summer), york(-240.0, "EDT"));
        assert_eq!(at("Asia/Kolkata", summer).map(|zone| zone.0), Some(330.0));
        assert_eq!(at("Nowhere/Else", 0.0), None);
    }
}
