//! People, their accounts on the messengers, and one-time codes.

use super::{Tx, exactly, row, rows, run};
use crate::chat::{Identity, Messenger};
use crate::clock::Millis;
use crate::domain::client::Status;
use crate::domain::ids::{ClientId, PersonId, RequestId};
use crate::domain::role::Role;
use crate::fault::Fault;

/// A person as seen through one identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// The person.
    pub person: PersonId,
    /// The person's name.
    pub name: String,
    /// The role by one-time code.
    pub role: Option<Role>,
    /// A reseller's client.
    pub client: Option<ClientId>,
    /// Where that client stands.
    pub client_status: Option<Status>,
    /// Whether the person was removed.
    pub removed: bool,
    /// When the person came.
    pub since: Millis,
    /// The identity.
    pub identity: Identity,
    /// Language of the messenger there.
    pub locale: String,
    /// The language that the person chose, whatever his messengers say.
    pub language: Option<String>,
    /// Discord roles last observed.
    pub roles: Vec<i64>,
    /// When they were observed.
    pub roles_at: Option<Millis>,
    /// Whether the person cannot be written to there.
    pub unreachable: bool,
}

impl Known {
    /// The language in which the person is spoken to here.
    pub fn spoken(&self) -> &str {
        self.language.as_deref().unwrap_or(&self.locale)
    }
}

#[derive(sqlx::FromRow)]
struct KnownRow {
    person_id: PersonId,
    name: String,
    role: Option<String>,
    client_id: Option<ClientId>,
    client_status: Option<String>,
    removed_at: Option<Millis>,
    created_at: Millis,
    messenger: String,
    user_id: i64,
    locale: String,
    language: Option<String>,
    roles: Option<String>,
    roles_at: Option<Millis>,
    unreachable_at: Option<Millis>,
}

impl KnownRow {
    fn known(self) -> Result<Known, Fault> {
        let messenger = Messenger::from_name(&self.messenger)
            .ok_or_else(|| Fault::internal("unknown messenger"))?;
        Ok(Known {
            person: self.person_id,
            name: self.name,
            role: self.role.as_deref().and_then(Role::from_name),
            client: self.client_id,
            client_status: self.client_status.as_deref().and_then(Status::from_name),
            removed: self.removed_at.is_some(),
            since: self.created_at,
            identity: Identity {
                messenger,
                user: self.user_id,
            },
            locale: self.locale,
            language: self.language,
            roles: self
                .roles
                .as_deref()
                .map(serde_json::from_str)
                .transpose()?
                .unwrap_or_default(),
            roles_at: self.roles_at,
            unreachable: self.unreachable_at.is_some(),
        })
    }
}

macro_rules! known_sql {
    ($where:literal) => {
        concat!(
            "select i.person_id, p.name, p.role, p.client_id, c.status as client_status, p.removed_at, p.created_at, i.messenger,
                i.user_id, i.locale, p.language, i.roles, i.roles_at, i.unreachable_at
             from identity i join person p on p.id = i.person_id left join client c on c.id = p.client_id where ",
            $where,
            " order by i.messenger, i.user_id"
        )
    };
}

mod going;

/// A one-time code to be made.
#[derive(Debug, Clone)]
pub struct NewCode {
    /// SHA-256 of the code, in hexadecimal.
    pub hash: String,
    /// The request for the invitation; one code a request.
    pub request: Option<RequestId>,
    /// An existing person who adds an account; `None`: a new person.
    pub person: Option<PersonId>,
    /// The new person's role.
    pub role: Option<Role>,
    /// The new person's name.
    pub name: String,
    /// A reseller's client.
    pub client: Option<ClientId>,
    /// Who made it; `None` on the host.
    pub by: Option<PersonId>,
    /// When.
    pub at: Millis,
    /// Until when it can be used.
    pub expires: Millis,
}

/// A one-time code that can be used.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct Code {
    /// An existing person who adds an account.
    pub person_id: Option<PersonId>,
    role: Option<String>,
    /// The new person's name.
    pub name: String,
    /// A reseller's client.
    pub client_id: Option<ClientId>,
}

impl Code {
    /// The new person's role.
    pub fn role(&self) -> Option<Role> {
        self.role.as_deref().and_then(Role::from_name)
    }
}

impl Tx {
    /// The person behind an account.
    pub async fn known(&mut self, who: Identity) -> Result<Option<Known>, Fault> {
        let sql = known_sql!("i.messenger = $1 and i.user_id = $2");
        row!(self, KnownRow, sql, who.messenger.name(), who.user)?
            .map(KnownRow::known)
            .transpose()
    }

    /// The person behind an account, through each of his accounts; empty for nobody.
    pub async fn accounts(&mut self, who: Identity) -> Result<Vec<Known>, Fault> {
        let sql = known_sql!(
            "i.person_id = (select person_id from identity where messenger = $1 and user_id = $2)"
        );
        let found = rows!(self, KnownRow, sql, who.messenger.name(), who.user)?;
        found.into_iter().map(KnownRow::known).collect()
    }

    /// A person through each of his accounts.
    pub async fn accounts_of(&mut self, person: PersonId) -> Result<Vec<Known>, Fault> {
        let found = rows!(self, KnownRow, known_sql!("i.person_id = $1"), person)?;
        found.into_iter().map(KnownRow::known).collect()
    }

    /// The people tied to a client, through each of their accounts.
    pub async fn people_of(&mut self, client: ClientId) -> Result<Vec<Known>, Fault> {
        let sql = known_sql!("p.client_id = $1 and p.removed_at is null");
        let found = rows!(self, KnownRow, sql, client)?;
        found.into_iter().map(KnownRow::known).collect()
    }

    /// Everybody who is not removed, through each of their accounts on a messenger.
    pub async fn people_on(&mut self, messenger: Messenger) -> Result<Vec<Known>, Fault> {
        let sql = known_sql!("i.messenger = $1 and p.removed_at is null");
        let found = rows!(self, KnownRow, sql, messenger.name())?;
        found.into_iter().map(KnownRow::known).collect()
    }

    /// Everybody whose word may count in a request, through each of his accounts: who decides by code, and whose Discord
    /// roles were ever observed. Whoever the configuration names is not among them.
    pub async fn people_who_may_decide(&mut self) -> Result<Vec<Known>, Fault> {
        let sql = known_sql!(
            "p.removed_at is null and i.person_id in (
                select id from person where role in ('admin', 'finance')
                union select person_id from identity where roles is not null)"
        );
        let found = rows!(self, KnownRow, sql)?;
        found.into_iter().map(KnownRow::known).collect()
    }

    /// People who may be of the staff, through each of their accounts: by code, and whose Discord roles were ever observed.
    /// Whoever the configuration names is not among them.
    pub async fn staff_accounts(&mut self) -> Result<Vec<Known>, Fault> {
        let sql = known_sql!(
            "p.removed_at is null and i.person_id in (
                select id from person where role in ('admin', 'finance', 'support')
                union select person_id from identity where roles is not null)"
        );
        let found = rows!(self, KnownRow, sql)?;
        found.into_iter().map(KnownRow::known).collect()
    }

    /// Active people who are admins by code, each with the accounts he has.
    pub async fn admins_by_code(&mut self) -> Result<Vec<PersonId>, Fault> {
        // The first condition is the one of the index.
        let sql = "select id from person
            where role in ('admin', 'finance') and role = 'admin' and removed_at is null order by id";
        Ok(rows!(self, (PersonId,), sql)?
            .into_iter()
            .map(|(id,)| id)
            .collect())
    }

    /// The person's name.
    pub async fn person_name(&mut self, person: PersonId) -> Result<Option<String>, Fault> {
        Ok(row!(
            self,
            (String,),
            "select name from person where id = $1",
            person
        )?
        .map(|(name,)| name))
    }

    /// Creates a person.
    pub async fn insert_person(
        &mut self,
        id: PersonId,
        name: &str,
        role: Option<Role>,
        client: Option<ClientId>,
        now: Millis,
    ) -> Result<(), Fault> {
        let sql = "insert into person (id, name, role, client_id, created_at) values ($1, $2, $3, $4, $5)";
        run!(self, sql, id, name, role.map(Role::name), client, now)?;
        Ok(())
    }

    /// Gives a person an account, unless the account belongs to somebody already. Says whether it was given.
    pub async fn insert_identity(
        &mut self,
        person: PersonId,
        who: Identity,
        name: &str,
        locale: &str,
    ) -> Result<bool, Fault> {
        let sql = "insert into identity (messenger, user_id, person_id, name, locale) values ($1, $2, $3, $4, $5)
            on conflict do nothing";
        Ok(run!(
            self,
            sql,
            who.messenger.name(),
            who.user,
            person,
            name,
            locale
        )? == 1)
    }

    /// Moves an account from one person to another.
    pub async fn move_identity(&mut self, who: Identity, to: PersonId) -> Result<(), Fault> {
        let sql = "update identity set person_id = $3 where messenger = $1 and user_id = $2";
        exactly(
            run!(self, sql, who.messenger.name(), who.user, to)?,
            1,
            "moving an account",
        )
    }

    /// Gives a person who was known by configuration or Discord role alone a role of his own.
    pub async fn set_role(
        &mut self,
        person: PersonId,
        role: Role,
        client: Option<ClientId>,
    ) -> Result<(), Fault> {
        let sql = "update person set role = $2, client_id = $3, removed_at = null where id = $1";
        exactly(
            run!(self, sql, person, role.name(), client)?,
            1,
            "giving a role",
        )
    }

    /// Whether anything was ever asked or decided by a person: his past must not move to somebody else.
    pub async fn has_history(&mut self, person: PersonId) -> Result<bool, Fault> {
        let sql = "select 1 as one from request where requester_id = $1
            union all select 1 from vote where person_id = $1 limit 1";
        Ok(row!(self, (i32,), sql, person)?.is_some())
    }

    /// Keeps an account's name, language and Discord roles as an event showed them; and that it can be written to.
    pub async fn observe(
        &mut self,
        who: Identity,
        locale: &str,
        roles: Option<&[i64]>,
        now: Millis,
    ) -> Result<(), Fault> {
        let roles_at = roles.map(|_| now);
        let roles = roles.map(serde_json::to_string).transpose()?;
        run!(
            self,
            "update identity set locale = $3, roles = coalesce($4, roles), roles_at = coalesce($5, roles_at)
             where messenger = $1 and user_id = $2",
            who.messenger.name(),
            who.user,
            locale,
            roles,
            roles_at,
        )?;
        Ok(())
    }

    /// Keeps an account's Discord roles as they were looked up.
    pub async fn keep_roles(
        &mut self,
        who: Identity,
        roles: &[i64],
        now: Millis,
    ) -> Result<(), Fault> {
        let sql =
            "update identity set roles = $3, roles_at = $4 where messenger = $1 and user_id = $2";
        let roles = serde_json::to_string(roles)?;
        exactly(
            run!(self, sql, who.messenger.name(), who.user, roles, now)?,
            1,
            "keeping Discord roles",
        )
    }

    /// Keeps the language that a person chose; `None`: as his messengers say.
    pub async fn set_language(
        &mut self,
        person: PersonId,
        language: Option<&str>,
    ) -> Result<(), Fault> {
        let sql = "update person set language = $2 where id = $1";
        exactly(run!(self, sql, person, language)?, 1, "choosing a language")
    }

    /// Marks whether an account can be written to.
    pub async fn set_reachable(
        &mut self,
        who: Identity,
        unreachable_at: Option<Millis>,
    ) -> Result<bool, Fault> {
        let sql = "update identity set unreachable_at = $3 where messenger = $1 and user_id = $2";
        Ok(run!(self, sql, who.messenger.name(), who.user, unreachable_at)? == 1)
    }

    /// Keeps a one-time code, unless its request has one. Says whether it was kept.
    pub async fn insert_code(&mut self, new: &NewCode) -> Result<bool, Fault> {
        let rows = run!(
            self,
            "insert into code (hash, request_id, person_id, role, name, client_id, created_by, created_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9) on conflict do nothing",
            &new.hash,
            new.request,
            new.person,
            new.role.map(Role::name),
            &new.name,
            new.client,
            new.by,
            new.at,
            new.expires,
        )?;
        Ok(rows == 1)
    }

    /// Lets the code of an invitation be used until `expires`. An invitation whose code nobody was shown has none.
    pub async fn open_code(&mut self, request: RequestId, expires: Millis) -> Result<(), Fault> {
        let sql = "update code set expires_at = $2 where request_id = $1 and used_at is null";
        run!(self, sql, request, expires)?;
        Ok(())
    }

    /// Gives a person another name.
    pub async fn rename_person(&mut self, person: PersonId, name: &str) -> Result<(), Fault> {
        exactly(
            run!(
                self,
                "update person set name = $2 where id = $1",
                person,
                name
            )?,
            1,
            "renaming a person",
        )
    }

    /// A code that is neither used nor too old, used up in the same statement.
    pub async fn use_code(&mut self, hash: &str, now: Millis) -> Result<Option<Code>, Fault> {
        let sql =
            "update code set used_at = $2 where hash = $1 and used_at is null and expires_at > $2
            returning person_id, role, name, client_id";
        Ok(row!(self, Code, sql, hash, now)?)
    }

    /// Notes who used a code.
    pub async fn code_used_by(&mut self, hash: &str, person: PersonId) -> Result<(), Fault> {
        exactly(
            run!(
                self,
                "update code set used_by = $2 where hash = $1",
                hash,
                person
            )?,
            1,
            "using a code",
        )
    }
}
