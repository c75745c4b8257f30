//! Somebody gets an account under the identifiers that were claimed for her.

use events::{AccountEvent, Role};

use super::{Account, Email, Phone, Refusal, State};
use crate::Command;

/// Register an account. May be repeated while a registration is resumed.
#[derive(Debug, Clone)]
pub struct RegisterAccount {
    /// Her e-mail address, claimed for her before.
    pub email: Option<Email>,
    /// Her phone number, claimed for her before.
    pub phone: Option<Phone>,
    /// The role she starts with.
    pub role: Role,
}

impl Command for RegisterAccount {
    type On = Account;

    fn decide(&self, state: &State) -> Result<Vec<AccountEvent>, Refusal> {
        let email = self.email.as_ref().map(|email| email.as_str().to_owned());
        let phone = self.phone.as_ref().map(|phone| phone.as_str().to_owned());
        if email.is_none() && phone.is_none() {
            return Err(Refusal::NoIdentifier);
        }
        match state {
            State::Missing => Ok(vec![AccountEvent::AccountRegistered { email, phone, role: self.role }]),
            State::Registered { email: had_email, phone: had_phone, .. } => {
                if *had_email == email && *had_phone == phone { Ok(vec![]) } else { Err(Refusal::AlreadyRegistered) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{ANN, given};

    fn ann() -> RegisterAccount {
        RegisterAccount { email: Email::parse("ann@example.org").ok(), phone: None, role: Role::Member }
    }

    fn registered() -> AccountEvent {
        AccountEvent::AccountRegistered { email: Some("ann@example.org".into()), phone: None, role: Role::Member }
    }

    #[test]
    fn b01_somebody_registers_with_an_email_address() {
        given::<Account>(&ANN, []).when(&ann()).then([registered()]);
    }

    #[test]
    fn e01_somebody_registers_with_a_phone_number() {
        let by_phone = RegisterAccount { email: None, phone: Phone::parse("+31612345678").ok(), role: Role::Owner };
        let phone = Some("+31612345678".into());
        given::<Account>(&ANN, []).when(&by_phone).then([AccountEvent::AccountRegistered {
            email: None,
            phone,
            role: Role::Owner,
        }]);
    }

    #[test]
    fn a_resumed_registration_changes_nothing() {
        given::<Account>(&ANN, [registered()]).when(&ann()).nothing();
    }

    #[test]
    fn an_account_is_not_taken_over_by_other_identifiers() {
        let other = RegisterAccount { email: Email::parse("bob@example.org").ok(), ..ann() };
        given::<Account>(&ANN, [registered()]).when(&other).refused(Refusal::AlreadyRegistered);
    }

    #[test]
    fn nobody_registers_without_any_identifier() {
        let nobody = RegisterAccount { email: None, ..ann() };
        given::<Account>(&ANN, []).when(&nobody).refused(Refusal::NoIdentifier);
    }
}
