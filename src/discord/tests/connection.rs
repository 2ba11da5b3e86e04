//! The connection: found late, broken, resumed, refused, closed; and events that come twice or out of order.

use super::*;
use crate::sandbox::faults::{Fault as Trouble, Rule};

#[tokio::test]
async fn what_is_replayed_or_comes_twice_is_done_once() {
    let bench = Bench::start(|_| Part::at_once(client_card())).await;
    let ada = bench.local.person("Ada");
    bench.local.fault(Rule {
        fault: Trouble::DuplicateDelivery,
        matching: "INTERACTION_CREATE".to_owned(),
        times: 1,
    });
    ada.command("help", &[])
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    bench.local.disconnect(local::Break::Resumable);
    ada.command("help", &[])
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    bench.local.disconnect(local::Break::Reconnect);
    ada.command("help", &[])
        .await
        .unwrap()
        .reply()
        .await
        .unwrap();
    assert_eq!(bench.desk.events().len(), 3);
    assert_eq!(bench.first_answers(), [4, 4, 4]);
    assert_eq!(bench.local.identified(), 1);
}

#[tokio::test]
async fn a_burst_of_one_person_is_done_in_order() {
    let bench = Bench::start(|_| Part::at_once(client_card())).await;
    let ada = bench.local.person("Ada");
    let mut ids = Vec::new();
    for _ in 0..20 {
        let asked = ada.command("help", &[]).await.unwrap();
        ids.push(format!("discord:{}", asked.id()));
    }
    let all = async {
        while bench.desk.events().len() < 20 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(5), all)
        .await
        .unwrap();
    let done: Vec<String> = bench
        .desk
        .events()
        .into_iter()
        .map(|event| event.id)
        .collect();
    assert_eq!(done, ids);
}

#[tokio::test]
async fn discord_may_be_away_at_the_start() {
    let local = local::Discord::start(local::Setup::default())
        .await
        .unwrap();
    for matching in ["GET /gateway/bot", "/commands"] {
        local.fault(Rule {
            fault: Trouble::ServerError { status: 503 },
            matching: matching.to_owned(),
            times: 1,
        });
    }
    let bench = Bench::start_in(local, |_| Part::at_once(client_card()));
    bench.local.registered("help").await.unwrap();
    bench.local.ready().await.unwrap();
    let asked = bench
        .local
        .person("Ada")
        .command("help", &[])
        .await
        .unwrap();
    assert!(asked.reply().await.unwrap().text().starts_with("Ada Ltd"));
}

#[tokio::test]
async fn a_shutdown_ends_it_cleanly_connected_or_not() {
    let bench =
        Bench::start(|_| Part::slowly(Opening::Defer(Visibility::Private), client_card())).await;
    let asked = bench
        .local
        .person("Ada")
        .command("help", &[])
        .await
        .unwrap();
    asked.outcome().await.unwrap();
    bench.stop.cancel();
    bench.running.await.unwrap().unwrap();
    // What was begun is finished by whoever owns the lanes.
    bench.lanes.finish().await;
    assert!(asked.reply().await.unwrap().text().starts_with("Ada Ltd"));

    let nowhere = Api::new(Settings {
        api_url: Some("http://127.0.0.1:9".to_owned()),
        ..settings(&bench.local)
    });
    let lanes = Lanes::new(1);
    let adapter = Discord::new(nowhere.unwrap(), bench.desk.clone(), lanes, Clock::system());
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let stop = stop.clone();
        async move { adapter.run(stop).await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!running.is_finished());
    stop.cancel();
    running.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_refused_token_ends_it_with_a_reason() {
    let local = local::Discord::start(local::Setup::default())
        .await
        .unwrap();
    let api = Api::new(Settings {
        token: "MTIzNDU2Nzg5MDEyMzQ1Njc4.GAAAAA.wrong".to_owned().into(),
        ..settings(&local)
    });
    let api = api.unwrap();
    let desk = Arc::new(Scripted {
        script: Box::new(|_| Part::at_once(client_card())),
        events: Mutex::default(),
    });
    let adapter = Discord::new(api.clone(), desk, Lanes::new(1), Clock::system());
    let fault = adapter.run(CancellationToken::new()).await.unwrap_err();
    assert!(
        fault.cause().contains("refuses the bot's token"),
        "{}",
        fault.cause()
    );
    let fault = api.check().await.unwrap_err();
    assert!(
        fault.cause().starts_with("the token: "),
        "{}",
        fault.cause()
    );
}

#[tokio::test]
async fn the_check_names_what_it_found_and_what_is_wrong() {
    let local = local::Discord::start(local::Setup::default())
        .await
        .unwrap();
    let found = api(&local).check().await.unwrap();
    assert!(found.ends_with(", approvals in #approvals"), "{found}");
    let elsewhere = local.add_guild("Elsewhere");
    let channel = local.channel_in(elsewhere, "general");
    let check = async |change: &dyn Fn(&mut Settings)| {
        let mut settings = settings(&local);
        change(&mut settings);
        Api::new(settings)
            .unwrap()
            .check()
            .await
            .unwrap_err()
            .cause()
    };
    let cause = check(&|settings| settings.approvals_channel = Some(channel.cast_signed())).await;
    assert!(cause.contains("in another guild"), "{cause}");
    let cause = check(&|settings| settings.approvals_channel = Some(5)).await;
    assert!(cause.contains("approvals_channel_id"), "{cause}");
    let cause = check(&|settings| settings.guild = 5).await;
    assert!(cause.contains("guild_id"), "{cause}");
}
