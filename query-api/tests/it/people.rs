//! `users`, `users/me`, `users/{user}`.

use std::num::NonZeroU32;

use axum::body::Body;
use axum::http::Request;
use events::{ProfileEvent, StreamName, UserId};
use serde_json::json;
use uuid::Uuid;

use crate::api::Api;
use crate::world::World;

#[tokio::test(flavor = "multi_thread")]
async fn a01_everybody_is_listed_page_by_page_without_anything_private() {
    let api = Api::new().await;
    let mut people = Vec::new();
    for name in ["Ann", "Bob", "Cyd", "Dee", "Eve"] {
        people.push(json!(api.world.person(name).await));
    }
    let ann = serde_json::from_value(people[0].clone()).unwrap();
    let first = api.get(ann, "/v1/users?limit=2").await;
    assert_eq!(first.each("id"), people[..2]);
    assert_eq!(first.items()[0]["presence"], "active");
    let second = api.get(ann, &format!("/v1/users?limit=2&after={}", first.body["after"].as_str().unwrap())).await;
    let third = api.get(ann, &format!("/v1/users?limit=2&after={}", second.body["after"].as_str().unwrap())).await;
    assert_eq!((second.each("id"), third.each("id")), (people[2..4].to_vec(), people[4..].to_vec()));
    assert!(third.body.get("after").is_none(), "there is no page after the last one");
    assert!(!first.body.to_string().contains("x.org"), "an address was shown to everybody");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_sees_her_own_address_and_nobody_elses() {
    let api = Api::new().await;
    let (ann, bob) = (api.world.person("Ann").await, api.world.person("Bob").await);
    let me = api.get(ann, "/v1/users/me").await;
    assert_eq!((me.status, &me.body["name"], &me.body["email"]), (200, &json!("Ann"), &json!("ann@x.org")));
    let other = api.get(ann, &format!("/v1/users/{bob}")).await;
    assert_eq!((other.status, &other.body["name"], other.body.get("email")), (200, &json!("Bob"), None));
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_questions_get_their_own_answers() {
    let api = Api::new().await;
    let ann = api.world.person("Ann").await;
    for (path, problem) in [
        ("/v1/users/00000000-0000-0000-0000-000000000000", (404, "not_found")),
        ("/v1/users/..%2f..%2fetc", (404, "not_found")),
        ("/v1/users/%7B%22$ne%22:1%7D", (404, "not_found")),
        ("/v1/users?limit=0", (400, "invalid_query")),
        ("/v1/users?limit=101", (400, "invalid_query")),
        ("/v1/users?limit=x", (400, "invalid_query")),
        ("/v1/users?after=x", (400, "invalid_query")),
        ("/v1/users?role=owner", (400, "invalid_query")),
        ("/v1/users?after[$ne]=1", (400, "invalid_query")),
        ("/v1/users?q[$regex]=.", (400, "invalid_query")),
        ("/v1/users?ids[$in]=1", (400, "invalid_query")),
        ("/v1/users?ids[]=1", (400, "invalid_query")),
        ("/v1/users?ids=", (400, "invalid_query")),
        ("/v1/users?ids=x", (400, "invalid_query")),
        ("/v1/users?ids=%7B%22$ne%22:1%7D", (400, "invalid_query")),
        ("/v1/users?q=a&q=b", (400, "invalid_query")),
    ] {
        assert_eq!(api.get(ann, path).await.problem(), problem, "{path}");
    }
    let nobody = Request::get("/v1/users").body(Body::empty()).unwrap();
    assert_eq!(api.ask(nobody).await.problem(), (401, "unauthenticated"));
}

#[tokio::test(flavor = "multi_thread")]
async fn b02_people_are_asked_for_by_their_ids_each_once_and_whoever_is_unknown_is_left_out() {
    let api = Api::new().await;
    let (ann, bob, cyd) = (api.world.person("Ann").await, api.world.person("Bob").await, api.world.person("Cyd").await);
    let nobody = UserId::new(Uuid::now_v7());
    let found = api.get(ann, &format!("/v1/users?ids={cyd},{nobody},{bob},{cyd}")).await;
    assert_eq!(found.each("id"), [json!(bob), json!(cyd)]);
    assert_eq!((found.body.get("after"), found.body.get("before")), (None, None), "what is asked for is no page");
    assert!(!found.body.to_string().contains("x.org"), "an address was shown to everybody");
    assert!(api.get(ann, &format!("/v1/users?ids={nobody}")).await.items().is_empty());
    for other in ["limit=2", "q=b", &format!("after={ann}")] {
        let both = api.get(ann, &format!("/v1/users?ids={bob}&{other}")).await;
        assert_eq!(both.problem(), (400, "invalid_query"), "{other}");
    }
    let many = |count: usize| vec![bob.to_string(); count].join(",");
    assert_eq!(api.get(ann, &format!("/v1/users?ids={}", many(100))).await.each("id"), [json!(bob)]);
    for wrong in [many(101), format!("{bob},"), format!("{bob},x"), format!("{bob} {cyd}"), "x".repeat(10_240)] {
        let answer = api.get(ann, &format!("/v1/users?ids={}", wrong.replace(' ', "%20"))).await;
        assert_eq!(answer.problem(), (400, "invalid_query"), "{}", wrong.chars().take(90).collect::<String>());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn b02_people_are_found_by_part_of_a_name_page_by_page() {
    let api = Api::new().await;
    let ann = api.world.person("Ann Lindqvist").await;
    for name in ["Bo Lindgren", "Åsa Öberg", "Cy (Lin)", "D.J. *", "O'Neil \\d"] {
        api.world.person(name).await;
    }
    let names = async |query: &str| {
        let answer = api.get(ann, &format!("/v1/users?{query}")).await;
        (answer.each("name"), answer.body["after"].as_str().map(str::to_owned))
    };
    let all = names("q=").await.0;
    assert_eq!(all.len(), 6, "nothing typed is everybody");
    assert_eq!(names("q=LIN").await.0, [json!("Ann Lindqvist"), json!("Bo Lindgren"), json!("Cy (Lin)")]);
    assert_eq!(names("q=%20lindG%20").await.0, [json!("Bo Lindgren")]);
    assert_eq!(names("q=%C3%A5SA%20%C3%B6").await.0, [json!("Åsa Öberg")], "åSA ö");
    let (first, after) = names("q=lin&limit=2").await;
    assert_eq!(first, [json!("Ann Lindqvist"), json!("Bo Lindgren")]);
    assert_eq!(names(&format!("q=lin&limit=2&after={}", after.unwrap())).await, (vec![json!("Cy (Lin)")], None));
    let ten_kilobytes = format!("q={}", "a".repeat(10_240));
    let escapes = "q=%5CQlin%5CE";
    for nobody in [
        "q=.*",
        "q=%5B",
        "q=l%7Cz",
        "q=%00",
        "q=lin%00",
        "q=$ne",
        "q=%7B%22$ne%22:1%7D",
        "q=n%0Al",
        escapes,
        &ten_kilobytes,
    ] {
        assert!(names(nobody).await.0.is_empty(), "what somebody types is no pattern: {nobody:.40}");
    }
    assert_eq!(names("q=(LIN)").await.0, [json!("Cy (Lin)")]);
    assert_eq!(names("q=.J.%20*").await.0, [json!("D.J. *")]);
    assert_eq!(names("q='neil%20%5Cd").await.0, [json!("O'Neil \\d")]);
    assert!(names("q=x.org").await.0.is_empty(), "nobody is found by what she keeps to herself");
}

#[tokio::test(flavor = "multi_thread")]
async fn b02_what_others_call_somebody_is_a_name_of_hers() {
    let api = Api::new().await;
    let ann = api.world.person("Ann").await;
    let (name, display_name) = ("Ann".to_owned(), Some("Nanny".to_owned()));
    let changed = ProfileEvent::ProfileChanged { name, display_name, title: None, pronouns: None, time_zone: None };
    api.world.append(StreamName::profile(ann), changed).await;
    assert_eq!(api.get(ann, "/v1/users?q=nANN").await.each("id"), [json!(ann)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_reads_too_much_has_to_wait_and_nobody_else() {
    let api = Api::paced(World::new().await, NonZeroU32::new(2).unwrap()).await;
    let (ann, bob) = (api.world.person("Ann").await, api.world.person("Bob").await);
    for _ in 0..2 {
        assert_eq!(api.get(ann, "/v1/users/me").await.status, 200);
    }
    let refused = api.get(ann, "/v1/users/me").await;
    assert_eq!(refused.problem(), (429, "too_many_requests"));
    assert!(refused.retry_after.is_some());
    assert_eq!(api.get(bob, "/v1/users/me").await.status, 200);
}
