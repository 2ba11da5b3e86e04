//! Moving in on the host: the command line's words, a kill in the middle, and what stands after the second run.

use std::fmt::Write as _;
use std::time::Duration;

use crate::meddle::pairs;
use crate::stage::{Stage, line};
use crate::support::programs;

/// Clients of the file that is cut off: 100,000 in CI, else a tenth; `BURSAR_TEST_IMPORT` sets another number.
fn count() -> usize {
    let usual = if programs::is_ci() { 100_000 } else { 10_000 };
    let asked = std::env::var("BURSAR_TEST_IMPORT").ok();
    asked.map_or(usual, |count| count.parse().unwrap())
}

/// How long one command may take on so many clients, unoptimised and beside other tests; the audit among them.
fn patience() -> Duration {
    Duration::from_mins(2) + Duration::from_millis(10) * u32::try_from(count()).unwrap()
}

/// Resellers behind their clients, names that spreadsheets and messengers would trip over.
fn file(count: usize) -> String {
    let names = [
        "=cmd|' /C calc'!A0",
        "@everyone",
        "<b>Bo</b>",
        "\u{202e}Nosmada",
        "Łukasz Żółć",
        "O'Brien-Smith",
    ];
    let mut text = "username;name;email;class;reseller;balance\n".to_owned();
    for number in 0..count {
        let (class, reseller) = match number % 100 {
            99 => ("RESELLER", String::new()),
            _ => ("USER", format!("u{}", number / 100 * 100 + 99)),
        };
        let reseller = if number / 100 * 100 + 99 < count {
            reseller
        } else {
            String::new()
        };
        let name = names[number % names.len()];
        writeln!(
            text,
            "u{number};{name};u{number}@a.example;{class};{reseller};{}",
            number % 7
        )
        .unwrap();
    }
    text
}

crate::on_both! {
    async fn a_kill_in_the_middle_and_a_second_run_end_in_the_files_state(db) {
        let stage = Stage::new(&db.url).await;
        let count = count();
        let path = stage.config().with_file_name("clients.csv");
        std::fs::write(&path, file(count)).unwrap();
        let arguments = ["import", path.to_str().unwrap()];
        let run = async |arguments: &[&str]| stage.start(arguments, &[]).ended_within(patience()).await.well();

        let first = stage.start(&arguments, &[]);
        let begun = "select done, steps from import_job where done > 1000";
        let done = tokio::time::timeout(patience(), async {
            loop {
                if let [(done, _)] = pairs(db, begun).await[..] {
                    break done;
                }
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        });
        let done = done.await.unwrap();
        let killed = first.kill().await;
        assert!(!killed.stdout.contains("new:"), "{killed}");
        let cut = pairs(db, "select count(*), cast(0 as bigint) from client").await[0].0;
        assert!(cut >= done && cut < i64::try_from(count).unwrap(), "{cut} clients after {done} steps");
        run(&["audit"]).await;

        let second = run(&arguments).await;
        let last = second.stderr.lines().rfind(|line| line.starts_with("moving in: ")).unwrap();
        assert!(last.ends_with(" steps") && second.stderr.contains("looking through: "), "{second}");
        assert!(line(&second.stdout, "went on after step ").parse::<i64>().unwrap() >= done, "{second}");
        assert_eq!(line(&second.stdout, "new: "), count.to_string());
        assert_eq!(line(&second.stdout, "bad: "), "0");

        let third = run(&arguments).await;
        assert_eq!(line(&third.stdout, "left as they are: "), count.to_string());
        assert!(third.stdout.ends_with("nothing was left to do\n"), "{third}");
        let update = [&arguments[..], &["--existing", "update"]].concat();
        let third = run(&update).await;
        assert_eq!(line(&third.stdout, "unchanged: "), count.to_string());

        let rows = pairs(db, "select count(*), cast(sum(balance) as bigint) from client c join account a on a.client_id = c.id").await;
        let count = i64::try_from(count).unwrap();
        let brought: i64 = (0..count).map(|number| number % 7).sum();
        assert_eq!(rows, [(count, brought)]);
        let told = pairs(db, "select count(*), count(distinct subject) from audit_log where action = 'client.imported'").await;
        assert_eq!(told, [(count, count)]);
        run(&["audit"]).await;
    }
}

crate::on_both! {
    async fn a_file_sent_in_chat_goes_on_after_a_kill_and_its_message_tells_the_end(db) {
        let stage = Stage::new(&db.url).await;
        let bot = stage.running().await;
        let count = 3_000;
        let bytes = file(count);
        let files = [("file", "clients.csv", bytes.as_bytes())];
        let amara = &stage.admins[0];
        let asked = amara.command_with_files("import clients", &[], &files).await.unwrap();
        let preview = asked.reply().await.unwrap();
        amara.press(&preview, "Import").await.unwrap().reply().await.unwrap();
        let stands = async |wanted| {
            let waits = async {
                while pairs(db, wanted).await.is_empty() {
                    tokio::time::sleep(Duration::from_millis(5)).await;
                }
            };
            tokio::time::timeout(patience(), waits).await.expect(wanted);
        };
        stands("select done, steps from import_run where done > 100").await;
        bot.kill().await;
        let clients = "select count(*), cast(sum(balance) as bigint) from client c join account a on a.client_id = c.id";
        let cut = pairs(db, clients).await[0].0;
        let count = i64::try_from(count).unwrap();
        assert!(cut > 0 && cut < count, "{cut} clients");
        stage.bursar(&["audit"]).await.well();

        let bot = stage.running().await;
        stands("select done, steps from import_run where finished_at is not null").await;
        preview.becomes(|message| message.text().contains("All rows are moved in.")).await.unwrap();
        let brought: i64 = (0..count).map(|number| number % 7).sum();
        assert_eq!(pairs(db, clients).await, [(count, brought)]);
        let told = "select count(*), count(distinct subject) from audit_log where action = 'client.imported'";
        assert_eq!(pairs(db, told).await, [(count, count)]);
        bot.stop().await.well();
        stage.bursar(&["audit"]).await.well();
    }
}

crate::on_both! {
    async fn wrong_rows_are_reported_and_keep_everything_out_unless_told_otherwise(db) {
        let stage = Stage::new(&db.url).await;
        let path = stage.config().with_file_name("clients.csv");
        let report = stage.config().with_file_name("clients.report.csv");
        std::fs::write(&path, "Login,Full name,Credits,secret\nada,Ada,5,x\nbo,Bo,=1+1,x\nada,Again,,x\n").unwrap();
        let import = |more: &'static [&'static str]| {
            let path = path.to_str().unwrap().to_owned();
            let stage = &stage;
            async move {
                let arguments = [&["import", &path], more].concat();
                stage.bursar(&arguments).await
            }
        };
        let dry = import(&["--dry-run"]).await.with(1);
        let words = dry.stdout.replace(report.to_str().unwrap(), "clients.report.csv");
        insta::allow_duplicates! {
            insta::assert_snapshot!(words, @r#"
            understood: "Login" is username, "Full name" is name, "Credits" is balance
            left aside: "secret"
            rows: 3
            new: 1
            updated: 0
            unchanged: 0
            left as they are: 0
            bad: 2
            opening balances: 1, 5 credits
            report: clients.report.csv
            "#);
            insta::assert_snapshot!(std::fs::read_to_string(&report).unwrap().replace('\r', ""), @"
            line,column,value,problem
            3,balance,'=1+1,\"This is not an amount. Write plain digits, for example 1200.5.\"
            4,username,ada,This stands on line 2 already.
            ");
        }
        let refused = import(&[]).await.with(1);
        assert!(refused.stdout.contains("nothing was moved in"), "{refused}");
        assert_eq!(pairs(db, "select count(*), cast(0 as bigint) from client").await, [(0, 0)]);
        let moved = import(&["--skip-bad"]).await.well();
        assert_eq!((line(&moved.stdout, "new: "), line(&moved.stdout, "bad: ")), ("1", "2"));

        std::fs::write(&path, b"username,name\nada,Andr\xe9\n").unwrap();
        let refused = import(&[]).await.with(1);
        assert!(refused.stderr.contains("Line 2 has a character that is not UTF-8"), "{refused}");
    }
}

crate::on_both! {
    async fn what_is_handed_out_is_csv(db) {
        crate::stage::clients(db).await;
        let stage = Stage::new(&db.url).await;
        let clients = stage.bursar(&["export", "clients"]).await.well().stdout;
        assert_eq!(clients.lines().count(), 5, "{clients}");
        let out = stage.config().with_file_name("out.csv");
        let path = out.to_str().unwrap();
        for (what, lines) in [("clients", 5), ("invoices", 1), ("audit", 1)] {
            stage.bursar(&["export", what, "--out", path]).await.well();
            let text = std::fs::read_to_string(&out).unwrap();
            assert_eq!(text.lines().count(), lines, "{what}: {text}");
        }
        let statement = ["export", "statement", "--client", "ada", "--from", "2025-06-15", "--to", "2025-06-15"];
        let statement = stage.bursar(&statement).await.well().stdout;
        assert_eq!(statement, "at,kind,amount,balance,invoice,note\n2025-06-15T15:06:40Z,opening,40,40,,\n");
        let other = ["export", "statement", "--client", "ada", "--from", "2025-06-16"];
        assert_eq!(stage.bursar(&other).await.well().stdout.lines().count(), 1);
        for (arguments, word) in [
            (&["export", "statement"][..], "--client"),
            (&["export", "statement", "--client", "nobody"], "nobody"),
            (&["export", "audit", "--from", "yesterday"], "yesterday"),
        ] {
            let refused = stage.bursar(arguments).await.with(1);
            assert!(refused.stderr.contains(word), "{refused}");
        }
    }
}
