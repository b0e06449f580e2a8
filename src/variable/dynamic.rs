//! Postman's dynamic variables (`{{$guid}}` …): fresh values over an injected random source and clock.

use rand::rngs::StdRng;
use rand::{Rng, RngExt, SeedableRng};
use time::format_description::BorrowedFormatItem;
use time::macros::format_description;
use time::{OffsetDateTime, UtcDateTime};

/// Milliseconds since the Unix epoch.
type Clock = Box<dyn Fn() -> i64 + Send>;

/// Makes up a value for a name of [`INVENTED`].
type Invent = fn(&str) -> Option<String>;

/// Makes the values of dynamic variables.
pub struct Dynamic {
    rng: Box<dyn Rng + Send>,
    clock: Clock,
    invent: Invent,
}

/// How the values of one dynamic variable are made; `None` where that takes word lists.
type Known = Option<Generate>;

type Generate = fn(&mut Dynamic) -> String;

impl Dynamic {
    /// Values from this random source and this clock.
    pub fn new(rng: impl Rng + Send + 'static, clock: impl Fn() -> i64 + Send + 'static) -> Self {
        Self { rng: Box::new(rng), clock: Box::new(clock), invent: |_| None }
    }

    /// The same, with a source for what takes word lists (names, addresses, phrases …).
    pub fn with_words(self, invent: fn(&str) -> Option<String>) -> Self {
        Self { invent, ..self }
    }

    /// Unpredictable values and the system's clock.
    pub fn from_entropy() -> Self {
        Self::new(rand::make_rng::<StdRng>(), system_clock)
    }

    /// The same values for the same seed (within one version), and the system's clock.
    pub fn seeded(seed: u64) -> Self {
        Self::new(StdRng::seed_from_u64(seed), system_clock)
    }

    /// A fresh value for `$name`; `None` for other names, and where word lists are missing.
    pub fn generate(&mut self, name: &str) -> Option<String> {
        match lookup(name)? {
            Some(generate) => Some(generate(self)),
            None => (self.invent)(name),
        }
    }

    fn now(&self) -> i64 {
        (self.clock)()
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.rng.random_range(0..from.len())]
    }

    fn text(&mut self, alphabet: &[u8], length: usize) -> String {
        (0..length).map(|_| char::from(self.pick(alphabet))).collect()
    }

    /// `d` becomes a digit, `n` one above 1, everything else stays.
    fn digits(&mut self, shape: &str) -> String {
        let digit = |c| match c {
            'd' => char::from(self.pick(DIGITS)),
            'n' => char::from(self.pick(&DIGITS[2..])),
            other => other,
        };
        shape.chars().map(digit).collect()
    }
}

impl std::fmt::Debug for Dynamic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Dynamic").finish_non_exhaustive()
    }
}

/// Whether Postman documents a dynamic variable of that name.
pub fn is_dynamic_name(name: &str) -> bool {
    lookup(name).is_some()
}

/// Every documented name.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    GENERATED.iter().map(|(name, _)| *name).chain(INVENTED.split_ascii_whitespace())
}

fn lookup(name: &str) -> Option<Known> {
    if !name.starts_with('$') {
        return None;
    }
    if let Some((_, generate)) = GENERATED.iter().find(|(known, _)| *known == name) {
        return Some(Some(*generate));
    }
    INVENTED.split_ascii_whitespace().any(|known| known == name).then_some(None)
}

fn system_clock() -> i64 {
    (OffsetDateTime::now_utc().unix_timestamp_nanos() / 1_000_000) as i64
}

const DIGITS: &[u8] = b"0123456789";
const PHONE: &str = "ndd-ndd-dddd";
const HEX: &[u8] = b"0123456789abcdef";
const LOWER: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
const WORD: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
const MONTHS: &[&str] = &[
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const WEEKDAYS: &[&str] = &["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const ISO: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

fn uuid(dynamic: &mut Dynamic) -> String {
    let mut bytes = [0; 16];
    dynamic.rng.fill_bytes(&mut bytes);
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

fn iso_timestamp(dynamic: &mut Dynamic) -> String {
    let nanos = i128::from(dynamic.now()) * 1_000_000;
    UtcDateTime::from_unix_timestamp_nanos(nanos).ok().and_then(|at| at.format(ISO).ok()).unwrap_or_default()
}

fn join<const N: usize>(separator: &str, mut part: impl FnMut() -> String) -> String {
    std::array::from_fn::<String, N, _>(|_| part()).join(separator)
}

/// The names whose values follow from their shape alone (shapes: faker 5.5.3, which Postman uses).
const GENERATED: &[(&str, Generate)] = &[
    ("$guid", uuid),
    ("$randomUUID", uuid),
    ("$timestamp", |d| d.now().div_euclid(1000).to_string()),
    ("$isoTimestamp", iso_timestamp),
    ("$randomInt", |d| d.rng.random_range(0..=1000).to_string()),
    ("$randomBoolean", |d| d.rng.random::<bool>().to_string()),
    ("$randomAlphaNumeric", |d| d.text(LOWER, 1)),
    ("$randomHexColor", |d| format!("#{}", d.text(HEX, 6))),
    ("$randomIP", |d| join::<4>(".", || d.rng.random::<u8>().to_string())),
    ("$randomIPV6", |d| join::<8>(":", || d.text(HEX, 4))),
    ("$randomMACAddress", |d| join::<6>(":", || d.text(HEX, 2))),
    ("$randomPassword", |d| d.text(WORD, 15)),
    ("$randomSemver", |d| d.digits("d.d.d")),
    ("$randomPhoneNumber", |d| d.digits(PHONE)),
    ("$randomPhoneNumberExt", |d| format!("{}-{}", d.rng.random_range(1..=99), d.digits(PHONE))),
    ("$randomBankAccount", |d| d.digits("dddddddd")),
    ("$randomCreditCardMask", |d| d.digits("dddd")),
    ("$randomPrice", |d| format!("{:.2}", f64::from(d.rng.random_range(0..=100_000_u32)) / 100.0)),
    ("$randomLatitude", |d| format!("{:.4}", f64::from(d.rng.random_range(-900_000..=900_000)) / 1e4)),
    ("$randomLongitude", |d| format!("{:.4}", f64::from(d.rng.random_range(-1_800_000..=1_800_000)) / 1e4)),
    ("$randomMonth", |d| d.pick(MONTHS).to_owned()),
    ("$randomWeekday", |d| d.pick(WEEKDAYS).to_owned()),
    ("$randomProtocol", |d| d.pick(&["http", "https"]).to_owned()),
];

/// The names whose values come from faker's word lists.
const INVENTED: &str = "$randomLocale $randomWords $randomFilePath $randomDirectoryPath $randomCity \
    $randomStreetName $randomStreetAddress $randomCountry $randomCountryCode $randomColor $randomDepartment \
    $randomProductName $randomProductAdjective $randomProductMaterial $randomProduct $randomCompanyName \
    $randomCompanySuffix $randomCatchPhrase $randomBs $randomCatchPhraseAdjective $randomCatchPhraseDescriptor \
    $randomCatchPhraseNoun $randomBsAdjective $randomBsBuzz $randomBsNoun $randomDatabaseColumn \
    $randomDatabaseType $randomDatabaseCollation $randomDatabaseEngine $randomDatePast $randomDateFuture \
    $randomDateRecent $randomBankAccountName $randomTransactionType $randomCurrencyCode $randomCurrencyName \
    $randomCurrencySymbol $randomBitcoin $randomBankAccountIban $randomBankAccountBic $randomAbbreviation \
    $randomAdjective $randomNoun $randomVerb $randomIngverb $randomPhrase $randomAvatarImage $randomImageUrl \
    $randomAbstractImage $randomAnimalsImage $randomBusinessImage $randomCatsImage $randomCityImage \
    $randomFoodImage $randomNightlifeImage $randomFashionImage $randomPeopleImage $randomNatureImage \
    $randomSportsImage $randomTransportImage $randomImageDataUri $randomEmail $randomExampleEmail \
    $randomUserName $randomUrl $randomDomainName $randomDomainSuffix $randomDomainWord $randomUserAgent \
    $randomLoremWord $randomLoremWords $randomLoremSentence $randomLoremSlug $randomLoremSentences \
    $randomLoremParagraph $randomLoremParagraphs $randomLoremText $randomLoremLines $randomFirstName \
    $randomLastName $randomFullName $randomJobTitle $randomNamePrefix $randomNameSuffix $randomJobDescriptor \
    $randomJobArea $randomJobType $randomWord $randomFileName $randomCommonFileName $randomMimeType \
    $randomCommonFileType $randomCommonFileExt $randomFileType $randomFileExt";

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn fixed() -> Dynamic {
        Dynamic::new(StdRng::seed_from_u64(7), || 1_772_532_123_045)
    }

    #[test]
    fn the_table_holds_postmans_118_names_once_each() {
        let all: Vec<&str> = names().collect();
        assert_eq!(all.len(), 118);
        assert_eq!(all.iter().collect::<HashSet<_>>().len(), 118);
        assert!(all.iter().all(|name| is_dynamic_name(name)));
        assert!(!is_dynamic_name("$nope") && !is_dynamic_name("guid"));
    }

    #[test]
    fn time_comes_from_the_clock() {
        assert_eq!(fixed().generate("$timestamp").as_deref(), Some("1772532123"));
        assert_eq!(fixed().generate("$isoTimestamp").as_deref(), Some("2026-03-03T10:02:03.045Z"));
    }

    #[test]
    fn a_seed_fixes_the_values_and_each_occurrence_is_fresh() {
        let (mut one, mut two) = (Dynamic::seeded(5), Dynamic::seeded(5));
        let first = one.generate("$guid");
        assert_eq!(first, two.generate("$guid"));
        assert_ne!(first, one.generate("$guid"));
    }

    /// `9` stands for a digit, `h` for a hex digit, `a` for a lower-case letter or digit, `*` for what `\w` matches.
    fn shaped(value: &str, shape: &str) -> bool {
        value.len() == shape.len()
            && value.chars().zip(shape.chars()).all(|(c, s)| match s {
                '9' => c.is_ascii_digit(),
                'h' => c.is_ascii_digit() || ('a'..='f').contains(&c),
                'a' => c.is_ascii_digit() || c.is_ascii_lowercase(),
                '*' => c.is_ascii_alphanumeric() || c == '_',
                other => c == other,
            })
    }

    #[test]
    fn values_have_the_documented_shape() {
        let shapes = [
            ("$guid", "hhhhhhhh-hhhh-4hhh-hhhh-hhhhhhhhhhhh"),
            ("$randomUUID", "hhhhhhhh-hhhh-4hhh-hhhh-hhhhhhhhhhhh"),
            ("$randomAlphaNumeric", "a"),
            ("$randomHexColor", "#hhhhhh"),
            ("$randomIPV6", "hhhh:hhhh:hhhh:hhhh:hhhh:hhhh:hhhh:hhhh"),
            ("$randomMACAddress", "hh:hh:hh:hh:hh:hh"),
            ("$randomPassword", "***************"),
            ("$randomSemver", "9.9.9"),
            ("$randomPhoneNumber", "999-999-9999"),
        ];
        let mut dynamic = fixed();
        for _ in 0..50 {
            for (name, shape) in shapes {
                let value = dynamic.generate(name).unwrap();
                assert!(shaped(&value, shape), "{name}: {value}");
            }
            let number: u32 = dynamic.generate("$randomInt").unwrap().parse().unwrap();
            assert!(number <= 1000);
            dynamic.generate("$randomIP").unwrap().parse::<std::net::Ipv4Addr>().unwrap();
            dynamic.generate("$randomBoolean").unwrap().parse::<bool>().unwrap();
        }
    }

    #[test]
    fn word_lists_come_from_outside() {
        assert_eq!(fixed().generate("$randomCity"), None);
        let mut dynamic = fixed().with_words(|name| Some(format!("a {name}")));
        assert_eq!(dynamic.generate("$randomCity").as_deref(), Some("a $randomCity"));
        assert_eq!(dynamic.generate("$nope"), None);
    }
}
