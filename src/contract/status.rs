//! Status codes as contracts write them.

use std::fmt;

/// One status code, or a class of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatusPattern {
    /// `401`.
    Code(u16),
    /// `"4xx"`: the hundreds.
    Class(u16),
}

impl StatusPattern {
    /// Reads it as contracts write it.
    ///
    /// # Errors
    /// What it would have to be.
    pub fn parse(text: &str) -> Result<Self, String> {
        let class =
            text.strip_suffix("xx").filter(|digit| digit.len() == 1).and_then(|digit| digit.parse().ok());
        let code = text.parse().ok();
        match (class, code) {
            (Some(class @ 1..=5), _) => Ok(Self::Class(class)),
            (_, Some(code @ 100..=599)) => Ok(Self::Code(code)),
            _ => {
                Err(format!("`{text}` is no status: expected a code such as 401, or a class such as \"4xx\""))
            }
        }
    }

    /// Whether a status is it.
    pub fn matches(self, status: u16) -> bool {
        match self {
            Self::Code(code) => code == status,
            Self::Class(class) => status / 100 == class,
        }
    }
}

impl fmt::Display for StatusPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(f, "{code}"),
            Self::Class(class) => write!(f, "{class}xx"),
        }
    }
}

/// `400, 401 or 422`.
pub(super) fn either<T: fmt::Display>(items: &[T]) -> String {
    match items {
        [] => String::new(),
        [one] => one.to_string(),
        [first @ .., last] => {
            let first: Vec<String> = first.iter().map(ToString::to_string).collect();
            format!("{} or {last}", first.join(", "))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_is_a_code_or_a_class() {
        assert_eq!(StatusPattern::parse("401"), Ok(StatusPattern::Code(401)));
        let class = StatusPattern::parse("4xx").unwrap();
        assert!(class.matches(400) && class.matches(422) && !class.matches(500));
        for wrong in ["", "xx", "40x", "9xx", "42", "700", "4XX"] {
            assert!(StatusPattern::parse(wrong).is_err(), "{wrong}");
        }
        assert_eq!(either(&[400, 401, 422]), "400, 401 or 422");
    }
}
