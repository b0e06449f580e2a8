//! What a reference server is built from: applications, subjects, faults, the clock.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::{Duration, SystemTime},
};

use super::{fault::FaultName, fixtures};

/// Where the server reads the time; tests put their own in place to pass time without waiting.
pub type Clock = Arc<dyn Fn() -> SystemTime + Send + Sync>;

/// What to serve, and with which faults. The default is the fixtures, on a free loopback port, without faults.
#[derive(Clone)]
pub struct Config {
    /// Where to listen; port 0 takes a free one.
    pub address: SocketAddr,
    /// What the server shall do wrong; several may be on at once.
    pub faults: Vec<FaultName>,
    /// The applications, each with its API key.
    pub applications: Vec<Application>,
    /// Who may sign in at `POST /accounts/users`.
    pub staff: Vec<Staff>,
    /// Who may sign in at `POST /accounts/customers`.
    pub customers: Vec<Customer>,
    /// The time; the system's by default.
    pub clock: Clock,
}

/// An application: an API key, a signing key and the lifetimes of its tokens.
#[derive(Clone)]
pub struct Application {
    /// The name: the `audience` of its logins and tokens, and its own login name.
    pub name: String,
    /// The API key that clients send as `x-api-key`.
    pub public_key: String,
    /// The key that signs its access tokens; never sent.
    pub private_key: String,
    /// How long a `shortToken` lives, cut to whole seconds.
    pub access_lifetime: Duration,
    /// How long a refresh token lives; `None` where refresh tokens are disabled.
    pub refresh_lifetime: Option<Duration>,
}

/// A member of the staff.
#[derive(Clone)]
pub struct Staff {
    /// The login name.
    pub email: String,
    /// The password.
    pub password: String,
    /// The `totpToken` that the login must carry as well; `None` without two-factor authentication.
    pub totp: Option<String>,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
}

/// A customer.
#[derive(Clone)]
pub struct Customer {
    /// The customer number, one of the two login names.
    pub number: String,
    /// The e-mail address, the other login name.
    pub email: String,
    /// The password.
    pub password: String,
    /// Given name.
    pub first_name: String,
    /// Family name.
    pub last_name: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            faults: Vec::new(),
            applications: fixtures::applications(),
            staff: fixtures::staff(),
            customers: fixtures::customers(),
            clock: Arc::new(SystemTime::now),
        }
    }
}
