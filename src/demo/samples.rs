//! Sample clients with names from many languages, and sample people.

use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use secrecy::ExposeSecret as _;

use crate::clock::Millis;
use crate::config::Config;
use crate::domain::client::{Class, Status, fold};
use crate::domain::credits::Amount;
use crate::domain::ids::{AccountId, ClientId, PostingId};
use crate::domain::money::UnitPrice;
use crate::domain::posting::{PostingKind, house_account, transfer};
use crate::domain::role::Role;
use crate::fault::Fault;
use crate::sandbox::{Sandbox, discord, telegram};
use crate::services::House;
use crate::store::Stop;
use crate::store::clients::NewClient;
use crate::store::ledger::{NewPosting, Posted};

/// First names and last names by language: each first name meets each last name of its own language.
const NAMES: &[(&[&str], &[&str])] = &[
    (
        &["Ada", "Grace", "Oliver", "Maisie"],
        &["Lovelace", "O'Brien", "Smith-Jones", "Whitaker", "Ashdown"],
    ),
    (
        &["Adé", "Folá", "Chidi", "Ngozi"],
        &["Adéyẹmí", "Okonkwo", "Balógun", "Eze", "Ọláwálé"],
    ),
    (
        &["José", "María", "Íñigo", "Lucía"],
        &["Núñez", "García Márquez", "Peña", "Ibáñez", "Güell"],
    ),
    (
        &["Zoë", "François", "Hélène", "Loïc"],
        &["Lefèvre", "d’Arc", "Béranger", "Noël", "Çelestin"],
    ),
    (
        &["Jürgen", "Käthe", "Björn", "Anneliese"],
        &["Weiß", "Müller", "Groß", "Schäfer", "Straßer"],
    ),
    (
        &["Łukasz", "Żaneta", "Świętosława", "Grażyna"],
        &["Wójcik", "Kowalska", "Źrebiec", "Dąbrowski", "Łuczak"],
    ),
    (
        &["İpek", "Çağla", "Ömer", "Şule"],
        &["Yıldız", "Öztürk", "Güneş", "Işık", "Çelik"],
    ),
    (
        &["Søren", "Åse", "Þóra", "Ægir"],
        &[
            "Kierkegård",
            "Ødegaard",
            "Þorsteinsson",
            "Lindström",
            "Bjørnson",
        ],
    ),
    (
        &["Đorđe", "Željka", "Ștefan", "Ilinca"],
        &["Đoković", "Čolić", "Țepeș", "Ionescu", "Žižek"],
    ),
    (
        &["Олена", "Дмитро", "Наталія", "Юрій"],
        &["Шевченко", "Коваленко", "Їжакевич", "Ґалаґан", "Мельник"],
    ),
    (
        &["Οδυσσέας", "Ελένη", "Γιώργος", "Φωτεινή"],
        &["Παπαδόπουλος", "Ελύτης", "Νικολάου", "Σεφέρης", "Κώνστας"],
    ),
    (
        &["محمد", "فاطمة", "يوسف", "ليلى"],
        &["الحسن", "بن علي", "المصري", "الخوري", "حداد"],
    ),
    (
        &["נועה", "איתן", "שירה", "דוד"],
        &["כהן", "לוי", "מזרחי", "פרץ", "ביטון"],
    ),
    (
        &["आरव", "प्रिया", "रोहन", "अनन्या"],
        &["शर्मा", "पटेल", "गुप्ता", "अय्यर", "सिंह"],
    ),
    (
        &["さくら", "健太", "美咲", "ハナ"],
        &["佐藤", "鈴木", "高橋", "タナカ", "渡辺"],
    ),
    (
        &["伟", "秀英", "小龙", "丽"],
        &["王", "李", "張", "歐陽", "陈"],
    ),
    (
        &["민준", "서연", "지우", "하윤"],
        &["김", "이", "박", "최", "정"],
    ),
    (
        &["Thị Hương", "Đức", "Nguyệt", "Quốc"],
        &["Nguyễn", "Trần", "Lê", "Phạm", "Đặng"],
    ),
    (
        &["Kealoha", "Māui", "Tāne", "Leilani"],
        &["Kahananui", "Tūhoe", "ʻIolani", "Parata", "Ngāta"],
    ),
    (
        &["Amina", "Kwame", "Zawadi", "Thandeka"],
        &["Mwangi", "Nkrumah", "Osei", "Dlamini", "Traoré"],
    ),
    (
        &["Giulia", "Niccolò", "Vittoria", "Gesù"],
        &["D'Angelo", "Perù", "Esposito", "Bàrberi", "Ricci"],
    ),
    (
        &["João", "Conceição", "Inês", "Simão"],
        &["Gonçalves", "Leão", "Araújo", "Antão", "Brandão"],
    ),
    (
        &["Ágnes", "Győző", "Ödön", "Zsófia"],
        &["Kőszegi", "Szűcs", "Tóth", "Erdős", "Nagy"],
    ),
    (
        &["Aoife", "Siobhán", "Pádraig", "Niamh"],
        &[
            "Ní Bhriain",
            "Ó Súilleabháin",
            "McGrath",
            "Mac Giolla",
            "Byrne",
        ],
    ),
    (
        &["Katarína", "Jiří", "Ľudmila", "Ondřej"],
        &["Dvořák", "Novotný", "Hviezdoslavová", "Šťastný", "Říha"],
    ),
];

/// How many sample clients there are.
const CLIENTS: usize = 500;
/// The first so many are resellers; the last two of them belong to the first.
const RESELLERS: usize = 8;

/// Whether sample people may work with this database: it holds nothing, or what an earlier demo made.
pub async fn may_use(house: &House) -> Result<bool, Stop> {
    let first = username(0, &names().next().unwrap_or_default());
    house
        .store
        .read(|tx| {
            Box::pin(async move {
                Ok(!tx.has_clients().await? || tx.client_by_username(&first).await?.is_some())
            })
        })
        .await
}

/// Makes the sample clients, unless there are clients already.
pub async fn clients(house: &House) -> Result<(), Stop> {
    if house
        .store
        .read(|tx| Box::pin(async move { Ok(tx.has_clients().await?) }))
        .await?
    {
        return Ok(());
    }
    let house = house.clone();
    house
        .clone()
        .store
        .write(move |tx| {
            Box::pin(async move {
                let mut resellers: Vec<ClientId> = Vec::new();
                for (index, name) in names().take(CLIENTS).enumerate() {
                    let new = sample(&house, index, name, &resellers);
                    tx.insert_client(&new).await?;
                    if new.class == Class::Reseller {
                        resellers.push(new.id);
                    }
                    open(&house, tx, index, new.id).await?;
                }
                Ok(())
            })
        })
        .await
}

/// Round robin over the languages, so that the first page shows many of them.
fn names() -> impl Iterator<Item = String> {
    (0..20).flat_map(|round| {
        NAMES.iter().map(move |(firsts, lasts)| {
            let (first, last) = (
                firsts[round % firsts.len()],
                lasts[(round / firsts.len()) % lasts.len()],
            );
            format!("{first} {last}")
        })
    })
}

/// Names that have no letters of ours are called by their number.
fn username(index: usize, name: &str) -> String {
    let plain: String = fold(name)
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    if plain.is_empty() {
        format!("client{index}")
    } else {
        format!("{plain}{index}")
    }
}

fn sample(house: &House, index: usize, name: String, resellers: &[ClientId]) -> NewClient {
    let class = if index < RESELLERS {
        Class::Reseller
    } else {
        Class::User
    };
    let status = match index % 23 {
        _ if index < RESELLERS => Status::Active,
        7 => Status::Pending,
        11 => Status::Suspended,
        _ => Status::Active,
    };
    let reseller = match index {
        6 | 7 => resellers.first().copied(),
        _ if index >= RESELLERS && index.is_multiple_of(3) => {
            resellers.get(index / 3 % RESELLERS).copied()
        }
        _ => None,
    };
    let username = username(index, &name);
    let age = Duration::from_secs(86_400 * u64::try_from(index % 700).unwrap_or_default());
    NewClient {
        id: ClientId(house.ids.next()),
        email: format!("{username}@example.com"),
        // A range that is set aside for fiction, so that no sample is somebody's number.
        phone: format!("+44 7700 900{:03}", index % 1_000),
        username,
        name,
        class,
        status,
        reseller,
        manager: None,
        referral: None,
        price: index.is_multiple_of(5).then_some(UnitPrice(45_000)),
        resale_price: (class == Class::Reseller).then_some(UnitPrice(60_000)),
        created_at: Millis(house.now().0).minus(age),
    }
}

/// What the client brought along.
async fn open(
    house: &House,
    tx: &mut crate::store::Tx,
    index: usize,
    client: ClientId,
) -> Result<(), Stop> {
    let credits = i64::try_from(if index < RESELLERS {
        100_000
    } else {
        index * 37 % 5_000
    })
    .unwrap_or_default();
    let Ok(amount) = Amount::try_from(credits * house.rules.unit.scale()) else {
        return Ok(());
    };
    let id = PostingId(house.ids.next());
    let entries = transfer(
        house_account(house.random.number().cast_signed()),
        AccountId(client.0),
        amount,
    );
    let entries = entries.ok_or_else(|| Fault::internal("a transfer to itself"))?;
    let posting = NewPosting {
        id,
        kind: PostingKind::Opening,
        key: format!("opening:{client}"),
        digest: String::new(),
        client: Some(client),
        request: None,
        reversed: None,
        person: None,
        at: house.now(),
    };
    match tx.post(&posting, &entries).await? {
        Posted::Done => Ok(()),
        Posted::Short(_) => Err(Fault::internal("the house is never short").into()),
    }
}

/// The sample people.
pub struct People {
    /// Admins in Discord.
    pub admins: [discord::Person; 2],
    /// Finance in Discord.
    pub finance: discord::Person,
    /// Support in Discord.
    pub support: discord::Person,
    /// Resellers in Telegram.
    pub resellers: [telegram::Person; 2],
    /// An admin in Telegram.
    pub admin: telegram::Person,
}

impl People {
    /// Lets the people appear on the local messengers.
    pub fn new(sandbox: &Sandbox) -> Self {
        let (discord, telegram) = (&sandbox.discord, &sandbox.telegram);
        Self {
            admins: [
                discord.person_with_roles("Amara", &["Admins"]),
                discord.person_with_roles("Bruno", &["Admins"]),
            ],
            finance: discord.person_with_roles("Farah", &["Finance"]),
            support: discord.person_with_roles("Sam", &["Support"]),
            resellers: [telegram.person("Rita"), telegram.person("Rajesh")],
            admin: telegram.person("Tariq"),
        }
    }

    /// Who there is.
    pub fn introduce(&self) {
        let [first, second] = &self.admins;
        let (finance, support) = (self.finance.name(), self.support.name());
        println!(
            "  in Discord  {} and {} (admins), {finance} (finance), {support} (support)",
            first.name(),
            second.name()
        );
        let [one, other] = &self.resellers;
        println!(
            "  in Telegram {} and {} (resellers), {} (admin)\n",
            one.name(),
            other.name(),
            self.admin.name()
        );
    }

    /// The configuration of the demo, as a file that can be read.
    pub fn configuration(&self, sandbox: &Sandbox, dir: &Path, base: Option<&Config>) -> String {
        let (discord, telegram) = (&sandbox.discord, &sandbox.telegram);
        let url = match base {
            Some(config) => config.database.url.expose_secret().to_owned(),
            None => format!("sqlite://{}", dir.join("bursar.db").display()),
        };
        let mut text = String::new();
        let _ = write!(
            text,
            "[database]\nurl = {url:?}\n\n\
             [discord]\ntoken = {:?}\nguild_id = \"{}\"\napprovals_channel_id = \"{}\"\napi_url = {:?}\n\n\
             [telegram]\ntoken = {:?}\napi_url = {:?}\n\n\
             [roles]\nadmin = [\"discord-role:{}\", \"telegram:{}\"]\nfinance = [\"discord-role:{}\"]\n\
             support = [\"discord-role:{}\"]\n\n\
             [approvals]\ntwo_above = \"50000\"\n\n\
             [email]\nurl = {:?}\nfrom = \"Blue Bird SMS <desk@bluebird.example>\"\n\n\
             [business]\nname = \"Blue Bird SMS\"\n",
            discord.bot_token(),
            discord.guild_id(),
            discord.approvals_channel_id(),
            discord.api_url(),
            telegram.bot_token(),
            telegram.api_url(),
            discord.role("Admins"),
            self.admin.id(),
            discord.role("Finance"),
            discord.role("Support"),
            format!("file:{}", dir.join("mails").display()),
        );
        text
    }

    /// The Telegram people press Start; each reseller comes in by a code that names his client.
    pub async fn link(&self, sandbox: &Sandbox, house: &House) -> anyhow::Result<()> {
        let resellers = house
            .store
            .read(|tx| Box::pin(async move { Ok(tx.resellers(2).await?) }))
            .await
            .map_err(crate::app::stopped)?;
        for (person, client) in self.resellers.iter().zip(resellers) {
            let invited = house
                .invite(Role::Reseller, person.name(), Some(client))
                .await;
            let code = invited.map_err(crate::app::stopped)?;
            person.start(Some(&code)).await;
            person.next_message().await;
        }
        self.admin.start(None).await;
        self.admin.next_message().await;
        sandbox
            .discord
            .registered("credit")
            .await
            .map_err(|error| anyhow::anyhow!("{error:?}"))?;
        Ok(())
    }
}
