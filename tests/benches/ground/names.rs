//! Clients that nobody has: names of many languages, common ones more often than rare ones, the same for the same seed.

use bursar::clock::Random;

/// A language's share of the clients, first names, beginnings and ends of last names, what stands between the two names.
/// Common ones go first.
struct Language {
    share: u64,
    firsts: &'static str,
    lasts: &'static str,
    ends: &'static str,
    between: &'static str,
}

const LANGUAGES: &[Language] = &[
    Language {
        share: 22,
        firsts: "John Mary James Sarah David Emma Michael Grace Peter Alice Robert Lucy Thomas Helen Oliver Ada Simon Ruth \
            Hugh Ivy Owen Una Zadie Quentin Xavier Yvonne Kit Wilfred",
        lasts: "Smith Jones Brown Taylor Clark Wright Walker White Hall Green Wood Baker Hill Moore King Ash Black Ever Fair \
            Good Hart Kings Lang Mont Nor Os Pem Quin Rad Shel Thorn Under Ver Whit York Zel O'Bri O'Ha",
        ends: " son man ton ley well ford worth field ham wood by croft dale stone",
        between: " ",
    },
    Language {
        share: 14,
        firsts: "Mohammed Ahmed Fatima Ali Aisha Omar Khadija Yusuf Zainab Ibrahim Hassan Maryam Bilal Noor Tariq Salma \
            Rashid Huda Imran Layla Jamal Widad Qasim",
        lasts: "Khan Hussain Ali Ahmed Malik Sheikh Iqbal Mah Rah Sid Qur Ans Bukh Chau Dur Far Ghaz Haid Jam Kaz Mirz Naqv",
        ends: " i iqi mani wi zai shah ullah uddin eshi",
        between: " ",
    },
    Language {
        share: 10,
        firsts: "Chidi Adé Ngozi Folá Emeka Amina Kwame Abena Thabo Wanjiru Olúṣọlá Ifeoma Kofi Esi Sipho Zanele Juma Uche",
        lasts: "Okonkwo Adéyẹmí Balógun Eze Mensah Owusu Dlamini Nko Mwang Kama Ade Oba Oni Aki Bam Chuk Fash Ogun Oyé Tem",
        ends: " wale yinka si i u tunde la kunle dara mike wu",
        between: " ",
    },
    Language {
        share: 10,
        firsts: "José María Juan Lucía Carlos Íñigo Ana Luis Sofía Diego Elena Miguel Ángela Rubén Ximena Raúl Beatriz Óscar",
        lasts: "García Martín Rodríg Fernánd Gonzál López Sánch Pér Gómez Núñ Peñ Ibáñ Güell Álvar Ortiz Vázqu Zapat Ur Quir",
        ends: "  ez o a eta oz ado illa",
        between: " ",
    },
    Language {
        share: 9,
        firsts: "Jürgen Anna Björn Käthe Stefan Ursula Götz Anneliese Lukas Elke Heinz Ingrid Jörg Petra Wolfgang Zoë Uwe",
        lasts: "Müller Schmidt Weiß Groß Schäfer Straß Fisch Web Bau Hof Kell Lind Neu Ross Stein Tann Vog Wag Zim Böh Öst Über",
        ends: " er mann bach berg hofer inger ler stein dorf",
        between: " ",
    },
    Language {
        share: 8,
        firsts: "伟 芳 娜 秀英 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 涛 明 超 秀兰 霞 平 刚 桂英 文 华 建国 小红 子涵 雨桐 浩然 \
            梓萱 一诺 欣怡 宇轩 思远 晓东 海燕 春梅 国强 玉兰 志明 家豪 美玲 天佑 若曦 沐宸 安琪 凯 琳 峰",
        lasts: "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧 程 曹 袁 邓 许 傅 沈 曾 \
            彭 吕 苏 卢 蒋 蔡 贾 丁 魏 薛 叶 阎 余 潘 杜 戴 夏 钟 汪 田 任 姜 范 方 石 姚 谭 廖 邹 熊 金 陆 郝 孔 白 崔 康 毛 邱 秦",
        ends: "",
        between: "",
    },
    Language {
        share: 6,
        firsts: "민준 서연 지훈 서윤 도윤 지우 예준 하은 시우 민서 하준 지민 주원 수아 현우 유진 건우 채원 우진 다은",
        lasts: "김 이 박 최 정 강 조 윤 장 임 한 오 서 신 권 황 안 송 전 홍 유 고 문 양 손 배 백 허 남 심 노 하 곽 성 차 주 우 구",
        ends: "",
        between: "",
    },
    Language {
        share: 6,
        firsts: "Олена Дмитро Наталія Юрій Іван Ольга Сергій Анна Михайло Тетяна Андрій Ірина Віктор Євгенія Ярослав Жанна",
        lasts: "Шевч Ковал Бондар Мельник Ткач Кравч Олійн Поліщ Лис Мороз Їжак Ґалаґ Зайц Чорн Щерб Яким Ющ Хом Цимб Федор",
        ends: " енко ук ський ко ович ець ів",
        between: " ",
    },
    Language {
        share: 5,
        firsts: "محمد فاطمة يوسف ليلى أحمد مريم علي زينب حسن نور خالد سارة إبراهيم هدى عمر ريم طارق سلمى",
        lasts: "الحسن المصري الخوري حداد العلي النجار السيد القاسم الشامي بغدادي دمشقي رشيد صالح عثمان غانم فارس كريم",
        ends: " ي ين",
        between: " ",
    },
    Language {
        share: 5,
        firsts: "Łukasz Anna Żaneta Piotr Świętosława Jan Grażyna Đorđe Željka Ștefan Jiří Şule Ömer Çağla İpek Søren Åse Þóra",
        lasts: "Nowak Wójc Kowal Dąbrow Łucz Źreb Žiž Čol Țep Öztür Yıldız Çel Güneş Işık Kierkegå Ødega Bjørn Lindstr Håk",
        ends: " ski ik ak ć ić k in sson rd öm",
        between: " ",
    },
    Language {
        share: 3,
        firsts: "Οδυσσέας Ελένη Γιώργος Φωτεινή Νίκος Μαρία Κώστας Άννα Δημήτρης Ιωάννα Σπύρος Ζωή Βασίλης Χρύσα",
        lasts: "Παπα Νικολά Γεωργί Δημητρί Αντωνί Βασιλεί Κωνσταντίν Ελύτ Σεφέρ Ξενάκ Θεοδώρ Μιχαήλ Ροδίτ Τσάτσ Φωκ Ψαρ",
        ends: " δόπουλος ου ης άκης ίδης",
        between: " ",
    },
    Language {
        share: 2,
        firsts: "Hotel Café Blue Star Royal Metro Nova Grand Quick Urban Velvet Zen Alpine Delta Express",
        lasts: "Bird Sun Tele Net Media Trans Cargo Pharma Auto Agro Eco Tech Info Opti Uni",
        ends: " GmbH Ltd shop SMS & Sons",
        between: " ",
    },
];

const DOMAINS: [&str; 12] = [
    "mail.example",
    "post.example",
    "inbox.example",
    "web.example",
    "office.example",
    "fast.example",
    "acme.example",
    "bolt.example",
    "uni.example",
    "north.example",
    "one.example",
    "zeta.example",
];

const COUNTRIES: [&str; 14] = [
    "+1", "+44", "+234", "+49", "+34", "+86", "+82", "+380", "+20", "+48", "+30", "+91", "+92",
    "+254",
];

/// What a client is found by.
#[derive(Debug, Clone)]
pub struct Client {
    /// The full name.
    pub name: String,
    /// Unique.
    pub username: String,
    /// Email; some have none.
    pub email: String,
    /// Phone; some have none.
    pub phone: String,
}

/// Draws from a seed.
#[derive(Debug, Clone)]
pub struct Names {
    random: Random,
}

impl Names {
    /// The same clients for the same seed.
    pub fn new(seed: u64) -> Self {
        Self {
            random: Random::seeded(seed),
        }
    }

    /// A number below `end`.
    pub fn below(&self, end: usize) -> usize {
        usize::try_from(self.random.number() % end.max(1) as u64).unwrap_or_default()
    }

    /// One of these.
    pub fn one<'a, T>(&self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// One of these, the first ones more often: half of what is drawn comes from the first quarter.
    fn common<'a>(&self, of: &[&'a str]) -> &'a str {
        let place = self.below(of.len() * of.len());
        of[place * place / (of.len() * of.len() * of.len()).max(1)]
    }

    /// The client of that number.
    pub fn client(&self, number: usize) -> Client {
        let all: u64 = LANGUAGES.iter().map(|language| language.share).sum();
        let mut ticket = self.random.number() % all;
        let mut language = &LANGUAGES[0];
        for candidate in LANGUAGES {
            language = candidate;
            if ticket < candidate.share {
                break;
            }
            ticket -= candidate.share;
        }
        let firsts: Vec<&str> = language.firsts.split_whitespace().collect();
        let lasts: Vec<&str> = language.lasts.split_whitespace().collect();
        let ends: Vec<&str> = language.ends.split(' ').collect();
        let first = self.common(&firsts);
        let last = format!("{}{}", self.common(&lasts), self.one(&ends));
        let between = language.between;
        let name = if between.is_empty() {
            format!("{last}{first}")
        } else if self.below(8) == 0 {
            format!("{first}{between}{}{between}{last}", self.common(&firsts))
        } else {
            format!("{first}{between}{last}")
        };
        let username = self.username(first, &last, number);
        let email = match self.below(10) {
            0 => String::new(),
            1 | 2 => format!("info{number}@{}", self.one(&DOMAINS)),
            _ => format!("{username}@{}", self.one(&DOMAINS)),
        };
        let phone = match self.below(10) {
            0 => String::new(),
            _ => format!(
                "{} {}",
                self.one(&COUNTRIES),
                100_000_000 + self.below(899_999_999)
            ),
        };
        Client {
            name,
            username,
            email,
            phone,
        }
    }

    /// From the name where that is plain letters, else invented; the number makes it unique.
    fn username(&self, first: &str, last: &str, number: usize) -> String {
        let plain = |text: &str| -> String {
            let folded = bursar::domain::client::fold(text);
            folded.chars().filter(char::is_ascii_alphabetic).collect()
        };
        let (first, last) = (plain(first), plain(last));
        if first.is_empty() || last.is_empty() || self.below(4) == 0 {
            let syllables = [
                "xi", "mei", "lu", "ka", "to", "ri", "wo", "sha", "ne", "qua", "zu", "do", "py",
                "gre", "hu", "ja",
            ];
            return format!("{}{}{number}", self.one(&syllables), self.one(&syllables));
        }
        match self.below(3) {
            0 => format!("{first}.{last}{number}"),
            1 => format!("{first}{number}"),
            _ => format!("{}{last}{number}", &first[..1]),
        }
    }
}
