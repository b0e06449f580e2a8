//! The applications and people of the default server. The shipped environments are written from these values.

use std::time::Duration;

use super::config::{Application, Customer, Staff};

/// The access token lifetime the contract documents for applications without refresh tokens.
const TWO_DAYS: u64 = 172_800;

/// One application of each sort: as documented, without refresh tokens, with short-lived ones, and a stranger.
pub(super) fn applications() -> Vec<Application> {
    let application =
        |name: &str, public: &str, private: &str, access: u64, refresh: Option<u64>| Application {
            name: name.to_owned(),
            public_key: public.to_owned(),
            private_key: private.to_owned(),
            access_lifetime: Duration::from_secs(access),
            refresh_lifetime: refresh.map(Duration::from_secs),
        };
    vec![
        application("postproof-web", "pk_web_5f0c7d2b9e41", "sk_web_c1a97be04d6f4f83", 900, Some(86_400)),
        application(
            "postproof-legacy",
            "pk_legacy_83b1e6a07c5d",
            "sk_legacy_2f6d0b9ac47e4e11",
            TWO_DAYS,
            None,
        ),
        application("postproof-brief", "pk_brief_e29a4c6f180b", "sk_brief_77ce1f3d90ab4c25", 900, Some(1)),
        application(
            "postproof-other",
            "pk_other_b7d350f8a62c",
            "sk_other_5ab8e2c96d134f70",
            900,
            Some(86_400),
        ),
    ]
}

/// Ana signs in plainly, Mia with a second factor, Dan is the one to disable.
pub(super) fn staff() -> Vec<Staff> {
    let staff = |first: &str, last: &str, password: &str, totp: Option<&str>| Staff {
        email: format!("{}@postproof.example", first.to_lowercase()),
        password: password.to_owned(),
        totp: totp.map(str::to_owned),
        first_name: first.to_owned(),
        last_name: last.to_owned(),
    };
    vec![
        staff("Ana", "Keller", "Corr3ct-horse", None),
        staff("Mia", "Osei", "Battery-st4ple", Some("424242")),
        staff("Dan", "Ferro", "Tr0ubador-three", None),
    ]
}

/// Carla, who signs in by number or by e-mail address.
pub(super) fn customers() -> Vec<Customer> {
    vec![Customer {
        number: "C-1001".to_owned(),
        email: "carla@postproof.example".to_owned(),
        password: "Orange-k1te".to_owned(),
        first_name: "Carla".to_owned(),
        last_name: "Moreno".to_owned(),
    }]
}
