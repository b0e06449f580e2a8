//! Who exists: the applications, and every subject that can sign in.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::config::{Application, Config, Customer, Staff};

/// Which login a subject uses, and so which shape its answers have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    User,
    Customer,
    Application,
}

impl Role {
    /// The member of a login answer that holds the subject.
    pub(super) fn field(self) -> &'static str {
        match self {
            Role::User => "user",
            Role::Customer => "customer",
            Role::Application => "application",
        }
    }
}

/// Somebody, or something, that can sign in.
pub(super) struct Subject {
    pub(super) id: String,
    pub(super) role: Role,
    pub(super) totp: Option<String>,
    /// The subject as the API shows it.
    pub(super) profile: Value,
    logins: Vec<String>,
    secret: String,
}

/// Applications and subjects, known by their positions from here on. Staff come first.
pub(super) struct Directory {
    pub(super) applications: Vec<Application>,
    pub(super) subjects: Vec<Subject>,
}

impl Directory {
    pub(super) fn new(config: &Config) -> Self {
        let staff = config.staff.iter().map(Subject::from_staff);
        let customers = config.customers.iter().map(Subject::from_customer);
        let applications = config.applications.iter().map(Subject::from_application);
        Self {
            subjects: staff.chain(customers).chain(applications).collect(),
            applications: config.applications.clone(),
        }
    }

    /// The application with this public key, compared exactly.
    pub(super) fn application_of_key(&self, key: &str) -> Option<usize> {
        self.applications.iter().position(|application| application.public_key == key)
    }

    pub(super) fn subject_of_login(&self, login: &str) -> Option<usize> {
        self.subjects.iter().position(|subject| subject.logins.iter().any(|known| known == login))
    }

    pub(super) fn subject_of_id(&self, id: &str) -> Option<&Subject> {
        self.subjects.iter().find(|subject| subject.id == id)
    }

    /// The subject whose credentials these are.
    pub(super) fn authenticate(&self, login: &str, secret: &str) -> Option<usize> {
        self.subject_of_login(login).filter(|&subject| self.subjects[subject].secret == secret)
    }

    pub(super) fn profiles(&self, role: Role) -> Vec<&Value> {
        self.subjects.iter().filter(|subject| subject.role == role).map(|subject| &subject.profile).collect()
    }
}

impl Subject {
    fn from_staff(staff: &Staff) -> Self {
        let id = object_id(&staff.email);
        let profile = json!({
            "_id": id,
            "accountId": account_id(),
            "email": staff.email,
            "firstName": staff.first_name,
            "lastName": staff.last_name,
            "display": format!("{} {}", staff.first_name, staff.last_name),
            "role": "agent",
            "roles": { "accounts": "editor" },
            "deleted": false,
        });
        Self {
            id,
            role: Role::User,
            totp: staff.totp.clone(),
            profile,
            logins: vec![staff.email.clone()],
            secret: staff.password.clone(),
        }
    }

    fn from_customer(customer: &Customer) -> Self {
        let id = object_id(&customer.number);
        let created = json!({ "value": "2024-03-01T12:00:00.000Z", "offset": 0 });
        let profile = json!({
            "_id": id,
            "customerNumber": customer.number,
            "accountId": account_id(),
            "agencyId": null,
            "firstName": customer.first_name,
            "lastName": customer.last_name,
            "email": customer.email,
            "phone": "",
            "street": "1 Quay Street",
            "city": "Toronto",
            "countryId": "CA",
            "country": "Canada",
            "province": "ON",
            "zip": "M5J 2N5",
            "activeCustomerAccount": true,
            "cloutCategory": null,
            "clout": 0,
            "deleted": false,
            "optIn": false,
            "createdAt": created,
            "updatedAt": created,
            "mergedFrom": [],
            "mergedTo": null,
            "emailAndPwdLoginConfigured": true,
            "emailAndPwdLoginActive": true,
            "mustResetPassword": false,
            "premium": false,
        });
        Self {
            id,
            role: Role::Customer,
            totp: None,
            profile,
            logins: vec![customer.number.clone(), customer.email.clone()],
            secret: customer.password.clone(),
        }
    }

    fn from_application(application: &Application) -> Self {
        let id = object_id(&application.name);
        let profile = json!({
            "_id": id,
            "accountId": account_id(),
            "name": application.name,
            "publicKey": application.public_key,
            "useRefreshTokens": application.refresh_lifetime.is_some(),
        });
        let keys = format!("{}{}", application.public_key, application.private_key);
        Self {
            id,
            role: Role::Application,
            totp: None,
            profile,
            logins: vec![application.name.clone()],
            secret: hex(&Sha256::digest(keys)),
        }
    }
}

/// The one account all fixtures belong to.
fn account_id() -> String {
    object_id("postproof")
}

/// A stable identifier of the length the API uses: 24 hexadecimal digits.
fn object_id(name: &str) -> String {
    hex(&Sha256::digest(name)[..12])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
