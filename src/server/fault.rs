//! What is known of a fault, and which faults a server has. The faults themselves are the table in `rows`.
//!
//! The code that misbehaves asks `faults.has(FaultName::…)` in one place.

use std::{fmt, str::FromStr};

/// What is known of one fault.
#[derive(Clone, Copy, Debug)]
pub struct Fault {
    /// The value to put in [`Config::faults`](super::Config::faults).
    pub id: FaultName,
    /// The name on the command line, kebab-case.
    pub name: &'static str,
    /// One line: what the server does wrong.
    pub title: &'static str,
    /// Where this is met in the field, and which clause it breaks.
    pub seen: &'static str,
}

/// A name that is no fault's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown fault `{name}`")]
pub struct UnknownFault {
    /// The name as given.
    pub name: String,
}

macro_rules! faults {
    ($($id:ident $name:literal $title:literal $seen:literal;)*) => {
        /// The identity of a fault; parsed from, and displayed as, its kebab-case name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum FaultName {
            $(#[doc = $title] $id,)*
        }

        pub(super) static FAULTS: &[Fault] =
            &[$(Fault { id: FaultName::$id, name: $name, title: $title, seen: $seen },)*];
    };
}

mod rows;

use rows::FAULTS;
pub use rows::FaultName;

/// All faults, in the order in which they are listed to people.
pub fn faults() -> &'static [Fault] {
    FAULTS
}

impl FaultName {
    /// The fault's row.
    pub fn fault(self) -> &'static Fault {
        // The macro writes variants and rows in one order.
        &FAULTS[self as usize]
    }
}

impl fmt::Display for FaultName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.fault().name)
    }
}

impl FromStr for FaultName {
    type Err = UnknownFault;

    fn from_str(name: &str) -> Result<Self, UnknownFault> {
        let known = FAULTS.iter().find(|fault| fault.name == name);
        known.map(|fault| fault.id).ok_or_else(|| UnknownFault { name: name.to_owned() })
    }
}

/// The faults that one server has.
#[derive(Clone, Debug, Default)]
pub(super) struct Faults(Vec<FaultName>);

impl Faults {
    pub(super) fn new(names: Vec<FaultName>) -> Self {
        Self(names)
    }

    pub(super) fn has(&self, name: FaultName) -> bool {
        self.0.contains(&name)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = FaultName> {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_kebab_case_and_parse_back() {
        for (position, fault) in faults().iter().enumerate() {
            assert_eq!(fault.id as usize, position);
            assert_eq!(fault.name.parse(), Ok(fault.id));
            assert_eq!(fault.id.to_string(), fault.name);
            assert!(fault.name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'));
            assert_eq!(faults().iter().filter(|other| other.name == fault.name).count(), 1);
        }
    }

    #[test]
    fn an_unknown_name_is_named_in_the_error() {
        let error = "replay_accepted".parse::<FaultName>().unwrap_err();
        assert_eq!(error.to_string(), "unknown fault `replay_accepted`");
    }
}
