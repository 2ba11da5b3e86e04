//! Which column of a file is what: header names in the spellings that old platforms use.

use serde::{Deserialize, Serialize};

use crate::domain::client::named;

named!(
    /// What a column can hold.
    Field {
        /// What the client was called on the old platform.
        OldId = "old_id",
        /// The username.
        Username = "username",
        /// The full name.
        Name = "name",
        /// The first name.
        FirstName = "first_name",
        /// The last name.
        LastName = "last_name",
        /// The email address.
        Email = "email",
        /// The phone number.
        Phone = "phone",
        /// What it may do.
        Class = "class",
        /// Where it stands.
        Status = "status",
        /// Who owns it, by username or old id.
        Reseller = "reseller",
        /// Who looks after it, by name.
        Manager = "manager",
        /// Who brought it, by username or old id.
        Referral = "referral",
        /// Its own price of a credit.
        Price = "price",
        /// What it brings along.
        Balance = "balance",
        /// When it signed up.
        Created = "created",
    }
);

impl Field {
    /// Header names without case, spaces and marks; the first that a file has is the one that counts.
    fn spellings(self) -> &'static [&'static str] {
        match self {
            Self::OldId => &[
                "oldid",
                "legacyid",
                "externalid",
                "clientid",
                "customerid",
                "userid",
                "accountid",
                "memberid",
                "id",
            ],
            Self::Username => &[
                "username",
                "login",
                "loginname",
                "userlogin",
                "accountname",
                "account",
                "user",
            ],
            Self::Name => &[
                "name",
                "fullname",
                "clientname",
                "customername",
                "displayname",
                "company",
                "companyname",
            ],
            Self::FirstName => &["firstname", "givenname", "forename"],
            Self::LastName => &["lastname", "surname", "familyname"],
            Self::Email => &["email", "emailaddress", "mail", "useremail"],
            Self::Phone => &[
                "phone",
                "phonenumber",
                "mobile",
                "mobilenumber",
                "mobileno",
                "phoneno",
                "telephone",
                "tel",
                "msisdn",
                "gsm",
                "cell",
                "cellphone",
            ],
            Self::Class => &[
                "class",
                "type",
                "usertype",
                "accounttype",
                "clienttype",
                "userclass",
            ],
            Self::Status => &["status", "state", "accountstatus", "userstatus"],
            Self::Reseller => &[
                "reseller",
                "resellerusername",
                "resellerid",
                "parent",
                "parentid",
                "owner",
                "ownerid",
            ],
            Self::Manager => &["manager", "managername", "accountmanager", "salesperson"],
            Self::Referral => &[
                "referral",
                "referralusername",
                "referralid",
                "referredby",
                "referrer",
                "refby",
            ],
            Self::Price => &[
                "price",
                "unitprice",
                "pricepercredit",
                "smsprice",
                "rate",
                "pricepersms",
            ],
            Self::Balance => &[
                "balance",
                "credits",
                "credit",
                "smsbalance",
                "creditbalance",
                "smscredits",
                "units",
            ],
            Self::Created => &[
                "created",
                "createdat",
                "createdon",
                "datecreated",
                "creationdate",
                "registered",
                "registeredat",
                "registrationdate",
                "signup",
                "signupdate",
                "joined",
                "dateadded",
            ],
        }
    }
}

/// What a file's header was understood as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns {
    headers: Vec<String>,
    places: Vec<(Field, usize)>,
}

impl Columns {
    /// Matches a header; `Err` is a field that two columns of the same name claim.
    pub(super) fn of(headers: Vec<String>) -> Result<Self, Field> {
        let plain: Vec<String> = headers.iter().map(|header| plain(header)).collect();
        let mut places: Vec<(Field, usize)> = Vec::new();
        for &field in Field::ALL {
            for spelling in field.spellings() {
                let mut found = plain
                    .iter()
                    .enumerate()
                    .filter(|(_, header)| header == spelling);
                if let Some((place, _)) = found.next() {
                    if found.next().is_some() {
                        return Err(field);
                    }
                    places.push((field, place));
                    break;
                }
            }
        }
        Ok(Self { headers, places })
    }

    /// Where a field stands.
    pub(super) fn place(&self, field: Field) -> Option<usize> {
        let found = self.places.iter().find(|(each, _)| *each == field);
        found.map(|(_, place)| *place)
    }

    /// Whether the file says anything about a field.
    pub fn has(&self, field: Field) -> bool {
        self.place(field).is_some()
    }

    /// How many columns there are.
    pub(super) fn count(&self) -> usize {
        self.headers.len()
    }

    /// Headers and what they were understood as, in the order of the fields.
    pub fn understood(&self) -> impl Iterator<Item = (&str, Field)> {
        self.places
            .iter()
            .map(|(field, place)| (self.headers[*place].as_str(), *field))
    }

    /// Headers of columns that are left aside.
    pub fn aside(&self) -> impl Iterator<Item = &str> {
        let taken = |place: usize| self.places.iter().any(|(_, taken)| *taken == place);
        let headers = self.headers.iter().enumerate();
        headers
            .filter(move |(place, _)| !taken(*place))
            .map(|(_, header)| header.as_str())
    }
}

/// A header without case, spaces and marks.
fn plain(header: &str) -> String {
    let letters = header.chars().filter(|char| char.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(headers: &str) -> Columns {
        Columns::of(headers.split(',').map(str::to_owned).collect()).unwrap()
    }

    #[test]
    fn usual_spellings_are_understood() {
        let check = |headers: &str, expected: &str| {
            let columns = columns(headers);
            let understood: Vec<_> = columns
                .understood()
                .map(|(header, field)| format!("{header}={}", field.name()))
                .collect();
            assert_eq!(understood.join(" "), expected, "{headers:?}");
        };
        check(
            "ID,User Name,Full name,E-mail,Mobile No.,Type,STATUS",
            "ID=old_id User Name=username Full name=name E-mail=email Mobile No.=phone Type=class STATUS=status",
        );
        check(
            "login,first_name,Last-Name,Parent ID,Account Manager,referred_by,SMS price,Credits,Date created",
            "login=username first_name=first_name Last-Name=last_name Parent ID=reseller Account Manager=manager \
             referred_by=referral SMS price=price Credits=balance Date created=created",
        );
    }

    #[test]
    fn the_more_telling_of_two_columns_counts() {
        let columns = columns("id,old id,username,password");
        assert_eq!(columns.place(Field::OldId), Some(1));
        assert_eq!(columns.aside().collect::<Vec<_>>(), ["id", "password"]);
    }

    #[test]
    fn two_columns_of_one_name_are_no_answer() {
        let headers = ["username", "Email", "e-mail"].map(str::to_owned);
        assert_eq!(Columns::of(headers.to_vec()), Err(Field::Email));
    }

    #[test]
    fn no_two_fields_share_a_spelling() {
        let mut all: Vec<_> = Field::ALL
            .iter()
            .flat_map(|field| field.spellings())
            .collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
        assert!(all.iter().all(|spelling| plain(spelling) == ***spelling));
    }
}
