//! To which contracts a check applies.

use crate::conformance::check::Applies;
use crate::contract::{Carrier, Contract, ErrorCase, Fate, NewRefresh, Reuse, ShapeRule};

/// It applies to every contract.
pub(super) fn always(_: &Contract) -> Applies {
    Applies::Yes
}

/// It needs a row in the contract's error table.
pub(super) fn row(contract: &Contract, case: ErrorCase) -> Applies {
    match contract.row(case) {
        Some(_) => Applies::Yes,
        None => Applies::No(format!("the contract's error table has no row `{}`", case.name())),
    }
}

/// It needs redeems to name their application, and a row.
pub(super) fn client_row(contract: &Contract, case: ErrorCase) -> Applies {
    match contract.names_applications() {
        true => row(contract, case),
        false => Applies::No("redeems name no application".to_owned()),
    }
}

/// It needs used tokens to be refused, at least in the end.
pub(super) fn reuse_refused_in_the_end(contract: &Contract) -> Applies {
    match contract.rotation.reuse {
        Reuse::Allowed => Applies::No("the contract allows tokens to be used again".to_owned()),
        _ => Applies::Yes,
    }
}

/// It needs used tokens to be refused at once.
pub(super) fn reuse_refused_at_once(contract: &Contract) -> Applies {
    match contract.rotation.reuse {
        Reuse::Grace(seconds) | Reuse::Idempotent(seconds) => {
            Applies::No(format!("the contract lets a used token live on for {seconds} s"))
        }
        Reuse::Refused | Reuse::Allowed => reuse_refused_in_the_end(contract),
    }
}

/// It needs a time in which a used token lives on.
pub(super) fn reuse_has_time(contract: &Contract) -> Applies {
    match contract.rotation.reuse {
        Reuse::Grace(_) | Reuse::Idempotent(_) => Applies::Yes,
        Reuse::Refused => Applies::No("the contract gives a used token no time to live on".to_owned()),
        Reuse::Allowed => reuse_refused_in_the_end(contract),
    }
}

/// It needs the contract to say what refresh token a redeem brings.
pub(super) fn rotation(contract: &Contract) -> Applies {
    match contract.rotation.new_refresh {
        NewRefresh::Optional => {
            Applies::No("the contract leaves open whether a redeem brings a refresh token".to_owned())
        }
        _ => Applies::Yes,
    }
}

/// It needs a login whose shape counts.
pub(super) fn shape(contract: &Contract) -> Applies {
    match contract.login.iter().any(|login| login.shape == ShapeRule::Checked) {
        true => Applies::Yes,
        false => Applies::No("no login of the contract has `shape = \"checked\"`".to_owned()),
    }
}

/// The first that does not apply, or is only observed.
pub(super) fn both(first: Applies, second: Applies) -> Applies {
    if first == Applies::Yes { second } else { first }
}

/// It is judged where the contract says what becomes of a token, and recorded elsewhere.
pub(super) fn fate(fate: Fate) -> Applies {
    if fate == Fate::Unspecified { Applies::Observed } else { Applies::Yes }
}

/// It needs redeems to name their application.
pub(super) fn clients(contract: &Contract) -> Applies {
    match contract.names_applications() {
        true => Applies::Yes,
        false => Applies::No("redeems name no application".to_owned()),
    }
}

/// It needs the token in a body.
pub(super) fn token_in_body(contract: &Contract) -> Applies {
    let in_body = |carrier: &&Carrier| matches!(carrier, Carrier::Json(_) | Carrier::Form(_));
    match contract.refresh_carriers().iter().any(in_body) {
        true => Applies::Yes,
        false => Applies::No("no redeem has its token in a body".to_owned()),
    }
}

/// It needs the token to be elsewhere than in the URL.
pub(super) fn token_not_in_url(contract: &Contract) -> Applies {
    match contract.refresh_carriers().iter().any(|carrier| matches!(carrier, Carrier::Query(_))) {
        false => Applies::Yes,
        true => Applies::No("the contract has the token in the URL".to_owned()),
    }
}

/// It needs the contract to say what error bodies have.
pub(super) fn envelope(contract: &Contract) -> Applies {
    match contract.errors.envelope.is_empty() {
        false => Applies::Yes,
        true => Applies::No("the contract's [errors] has no `envelope`".to_owned()),
    }
}

/// It needs unknown, used and expired tokens to be refused alike by the contract itself.
pub(super) fn alike(contract: &Contract) -> Applies {
    let cases = [ErrorCase::Garbage, ErrorCase::Used, ErrorCase::Expired];
    let mut rows = cases.iter().filter_map(|case| contract.row(*case));
    let Some(first) = rows.next() else { return Applies::Yes };
    match rows.all(|row| row.status == first.status && row.code == first.code) {
        true => Applies::Yes,
        false => Applies::No("the contract itself tells unknown, used and expired tokens apart".to_owned()),
    }
}

/// It needs used tokens to be refused in the end; judged where the contract says what a replay does to the newest.
pub(super) fn after_replay(contract: &Contract) -> Applies {
    both(reuse_refused_in_the_end(contract), fate(contract.rotation.after_replay.successor))
}

/// It needs used tokens to be refused in the end; judged where the contract says what becomes of a winner.
pub(super) fn after_race(contract: &Contract) -> Applies {
    match contract.rotation.reuse {
        Reuse::Grace(_) | Reuse::Idempotent(_) => Applies::Yes,
        Reuse::Refused | Reuse::Allowed => after_replay(contract),
    }
}

/// It is judged where the contract lets a used token live on.
pub(super) fn lost_answer(contract: &Contract) -> Applies {
    match contract.rotation.reuse {
        Reuse::Refused => fate(contract.rotation.lost_answer),
        _ => Applies::Yes,
    }
}

/// It needs applications with secrets, and a row.
pub(super) fn secret_row(contract: &Contract, case: ErrorCase) -> Applies {
    match contract.client.iter().any(|client| client.secret.is_some()) {
        true => client_row(contract, case),
        false => Applies::No("no application has a secret".to_owned()),
    }
}
