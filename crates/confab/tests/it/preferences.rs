//! What somebody prefers: in step between her devices, and nobody else's business.

use std::time::Duration;

use serde_json::json;

use crate::rig::Person;

#[tokio::test]
async fn what_i_prefer_reaches_my_other_devices_and_nobody_else() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let channel = ann.channel().await;
    bob.join(&channel).await;
    let (mut hers, mut his, away) =
        (ann.again().await.socket().await, bob.socket().await, ann.again().await.socket().await);
    let cursor = away.cursor;
    away.cut();
    let path = |what: &str| format!("/v1/conversations/{channel}/{what}");
    ann.put(&path("star"), json!({})).await.expect(200);
    ann.put(&path("mute"), json!({})).await.expect(200);
    ann.put(&path("notification-level"), json!({ "level": "mentions" })).await.expect(200);
    let sections = json!([{ "name": "Work", "conversations": [channel] }]);
    let last = ann.request(reqwest::Method::PATCH, "/v1/preferences").json(&json!({ "sections": sections }));
    let last = crate::rig::send(last).await.expect(200)["position"].clone();

    assert_eq!(hers.event("conversation_starred").await["starred"], true);
    assert_eq!(hers.event("conversation_muted").await["muted"], true);
    let level = hers.event("notification_level_set").await;
    assert_eq!((&level["conversation"], &level["level"]), (&json!(channel), &json!("mentions")));
    assert_eq!(hers.event("sidebar_changed").await["sections"], sections);
    let missed = ann.socket_from(cursor).await.rest(Duration::from_millis(300)).await;
    let expected = ["conversation_starred", "conversation_muted", "notification_level_set", "sidebar_changed"];
    // Others register meanwhile, and everybody is told of them.
    let kinds = missed.iter().map(|frame| frame["event"]["type"].as_str().unwrap_or_default());
    assert_eq!(kinds.filter(|kind| expected.contains(kind)).collect::<Vec<_>>(), expected);
    let heard = his.rest(Duration::from_millis(300)).await;
    assert!(heard.iter().all(|frame| !expected.contains(&frame["event"]["type"].as_str().unwrap_or_default())));

    let mine = ann.get_at("/v1/preferences", &last).await.expect(200);
    let preference = json!({ "conversation": channel, "starred": true, "muted": true, "level": "mentions" });
    let expected =
        json!({ "conversations": [preference], "sections": sections, "keywords": [], "read_receipts": true });
    assert_eq!(mine, expected);
    let of_bob = bob.get_at("/v1/preferences", &last).await.expect(200);
    assert_eq!(of_bob, json!({ "conversations": [], "sections": [], "keywords": [], "read_receipts": true }));

    let unmuted = ann.delete(&path("mute")).await.expect(200)["position"].clone();
    assert_eq!(hers.event("conversation_muted").await["muted"], false);
    assert_eq!(ann.get_at("/v1/preferences", &unmuted).await.expect(200)["conversations"][0]["muted"], false);
}

#[tokio::test]
async fn d10_when_i_want_quiet_and_my_keywords_reach_my_other_devices_and_nobody_else() {
    let (ann, bob) = (Person::register("Ann").await, Person::register("Bob").await);
    let (mut hers, mut his, away) =
        (ann.again().await.socket().await, bob.socket().await, ann.again().await.socket().await);
    let cursor = away.cursor;
    away.cut();
    let quiet = json!({ "time_zone": "Europe/Berlin",
        "ranges": [{ "days": ["monday", "friday"], "from": "22:00", "to": "07:30" }] });
    let until = "2099-01-01T12:00:00.000Z";
    ann.put("/v1/users/me/dnd", json!({ "until": until })).await.expect(200);
    let body = json!({ "keywords": ["release", "on call"], "quiet_hours": quiet });
    let last = ann.patch("/v1/preferences", body).await.expect(200)["position"].clone();

    assert_eq!(hers.event("dnd_changed").await["until"], until);
    assert_eq!(hers.event("keywords_changed").await["keywords"], json!(["release", "on call"]));
    assert_eq!(hers.event("quiet_hours_changed").await["quiet_hours"], quiet);
    let expected = ["dnd_changed", "keywords_changed", "quiet_hours_changed"];
    let kind = |frame: &serde_json::Value| frame["event"]["type"].as_str().unwrap_or_default().to_owned();
    let missed = ann.socket_from(cursor).await.rest(Duration::from_millis(300)).await;
    let missed: Vec<String> = missed.iter().map(kind).filter(|kind| expected.contains(&kind.as_str())).collect();
    assert_eq!(missed, expected);
    let heard = his.rest(Duration::from_millis(300)).await;
    assert!(heard.iter().all(|frame| !expected.contains(&kind(frame).as_str())), "{heard:?}");

    let mine = ann.get_at("/v1/preferences", &last).await.expect(200);
    let words = json!(["release", "on call"]);
    assert_eq!((&mine["dnd_until"], &mine["keywords"], &mine["quiet_hours"]), (&json!(until), &words, &quiet));
    let of_bob = bob.get_at("/v1/preferences", &last).await.expect(200);
    assert_eq!(of_bob, json!({ "conversations": [], "sections": [], "keywords": [], "read_receipts": true }));

    ann.delete("/v1/users/me/dnd").await.expect(200);
    assert_eq!(hers.event("dnd_changed").await.get("until"), None);
    let none = json!({ "keywords": [], "quiet_hours": { "time_zone": "UTC", "ranges": [] } });
    let last = ann.patch("/v1/preferences", none).await.expect(200)["position"].clone();
    let mine = ann.get_at("/v1/preferences", &last).await.expect(200);
    assert_eq!(mine, json!({ "conversations": [], "sections": [], "keywords": [], "read_receipts": true }));
}
