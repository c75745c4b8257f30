//! Specifications of every slash command and of every refusal.

use events::{ConversationId, Timestamp, UserId};
use uuid::Uuid;

use super::{Clock, Place, Refusal, Slash};
use crate::conversation::ChannelName;
use crate::message::Emoji;

const BO: &str = "<@018f0000-0000-7000-8000-000000000001>";
const HERE: &str = "<#018f0000-0000-7000-8000-000000000003>";

/// Two hours ahead of UTC; it is 14:00 there.
const CLOCK: Clock = Clock { now: Timestamp::from_unix_ms(12 * 3_600_000), ahead_minutes: 120 };

fn read(text: &str) -> Result<Slash, Refusal> {
    Slash::read(text, false, CLOCK)
}

fn bo() -> UserId {
    UserId::new(Uuid::from_u128(0x018f_0000_0000_7000_8000_0000_0000_0001))
}

fn here() -> Place {
    Place::Mentioned(ConversationId::new(Uuid::from_u128(0x018f_0000_0000_7000_8000_0000_0000_0003)))
}

fn minutes(count: i64) -> Timestamp {
    Timestamp::from_unix_ms(CLOCK.now.unix_ms() + count * 60_000)
}

#[track_caller]
fn asks(text: &str, slash: Slash) {
    assert_eq!(read(text), Ok(slash), "{text}");
}

#[track_caller]
fn misused(text: &str) {
    assert!(matches!(read(text), Err(Refusal::Usage { .. })), "{text}: {:?}", read(text));
}

#[test]
fn what_begins_with_two_slashes_a_blank_or_no_slash_is_said_as_it_is() {
    asks("//away", Slash::Say("/away".into()));
    asks(" /away", Slash::Say("/away".into()));
    asks("\n/away now", Slash::Say("/away now".into()));
    asks("hello /away", Slash::Say("hello /away".into()));
    asks("", Slash::Say(String::new()));
}

#[test]
fn an_unknown_command_is_named() {
    for (text, name) in [("/foo", "foo"), ("/FOO bar", "foo"), ("/", ""), ("/ away", ""), ("/awayx", "awayx")] {
        assert_eq!(read(text), Err(Refusal::Unknown { name: name.into() }), "{text}");
    }
    assert_eq!(read("/foo").unwrap_err().to_string(), "No such command: `/foo`");
    let Err(Refusal::Unknown { name }) = read(&format!("/{}", "é".repeat(500))) else { panic!("known") };
    assert_eq!(name.chars().count(), 40);
}

#[test]
fn commands_that_take_nothing_take_nothing() {
    for (names, slash) in [
        (&["away"] as &[&str], Slash::Away),
        (&["active"], Slash::Active),
        (&["leave", "close", "part"], Slash::Leave),
        (&["mute"], Slash::ToggleMute),
        (&["archive"], Slash::Archive),
        (&["who"], Slash::ListMembers),
        (&["star"], Slash::ToggleStar),
        (&["shortcuts"], Slash::ShowShortcuts),
        (&["collapse"], Slash::Collapse),
        (&["expand"], Slash::Expand),
    ] {
        for name in names {
            asks(&format!("/{name}"), slash.clone());
            asks(&format!("/{} \n", name.to_uppercase()), slash.clone());
            misused(&format!("/{name} now"));
        }
    }
}

#[test]
fn a_status_is_an_emoji_a_text_or_both() {
    let palm = Emoji::parse("🌴").ok();
    asks("/status", Slash::AskForStatus);
    asks("/status clear", Slash::ClearStatus);
    asks("/status 🌴 on holiday", Slash::SetStatus { emoji: palm.clone(), text: "on holiday".into() });
    asks("/status 🌴", Slash::SetStatus { emoji: palm, text: String::new() });
    asks("/status at lunch", Slash::SetStatus { emoji: None, text: "at lunch".into() });
    asks("/status clear skies", Slash::SetStatus { emoji: None, text: "clear skies".into() });
    asks("/status :palm_tree: Away", Slash::SetStatus { emoji: Emoji::parse("🌴").ok(), text: "Away".into() });
    asks("/status :+1:", Slash::SetStatus { emoji: Emoji::parse("👍").ok(), text: String::new() });
    asks("/status :: hm", Slash::SetStatus { emoji: None, text: ":: hm".into() });
    misused("/status :no_such_tree: on holiday");
}

#[test]
fn do_not_disturb_takes_a_while_a_moment_or_off() {
    asks("/dnd", Slash::AskForDnd);
    asks("/dnd off", Slash::ClearDnd);
    asks("/dnd 30 minutes", Slash::SetDnd(minutes(30)));
    asks("/dnd 2h", Slash::SetDnd(minutes(120)));
    asks("/dnd until 15:30", Slash::SetDnd(minutes(90)));
    for text in ["/dnd 30", "/dnd soon", "/dnd 0 minutes", "/dnd -5 minutes", "/dnd 400 days", "/dnd until 25:00"] {
        misused(text);
    }
}

#[test]
fn people_and_places_are_mentioned_and_channels_named() {
    let named = |name: &str| Place::Named(ChannelName::parse(name).unwrap());
    asks(&format!("/invite {BO}"), Slash::Invite { user: bo(), channel: None });
    asks(&format!("/invite {BO} {HERE}"), Slash::Invite { user: bo(), channel: Some(here()) });
    asks(&format!("/invite {BO} #lunch"), Slash::Invite { user: bo(), channel: Some(named("lunch")) });
    for name in ["remove", "kick"] {
        asks(&format!("/{name} {BO}"), Slash::Remove(bo()));
    }
    for name in ["join", "open"] {
        asks(&format!("/{name} {HERE}"), Slash::Join(here()));
        asks(&format!("/{name} #lunch"), Slash::Join(named("lunch")));
    }
    for name in ["dm", "msg"] {
        asks(&format!("/{name} {BO}"), Slash::Direct { user: bo(), text: None });
        asks(&format!("/{name} {BO} see\n you "), Slash::Direct { user: bo(), text: Some("see\n you".into()) });
    }
    for text in [
        "/invite",
        "/invite bo",
        "/invite <@bo>",
        "/invite #lunch",
        "/remove",
        "/remove @bo",
        "/kick <@x>",
        "/join",
        "/join lunch",
        "/join #Not A Name",
        "/join <#x>",
        "/join <#018f",
        "/dm",
        "/dm bo hello",
        "/msg @bo",
    ] {
        misused(text);
    }
    misused(&format!("/invite {BO} lunch"));
    misused(&format!("/remove {BO} {BO}"));
    misused(&format!("/join {HERE} {HERE}"));
}

#[test]
fn texts_are_taken_whole() {
    asks("/topic", Slash::ShowTopic);
    asks("/topic  what is  for lunch ", Slash::SetTopic("what is  for lunch".into()));
    asks("/rename lunch", Slash::Rename("lunch".into()));
    asks("/search from: bo", Slash::Search("from: bo".into()));
    asks("/me waves", Slash::Say("_waves_".into()));
    asks("/shrug", Slash::Say("¯\\_(ツ)_/¯".into()));
    asks("/shrug who knows", Slash::Say("who knows ¯\\_(ツ)_/¯".into()));
    for text in ["/rename", "/search", "/me", "/me  "] {
        misused(text);
    }
}

#[test]
fn a_reminder_says_of_what_and_when() {
    for (when, at) in [
        ("in 20 minutes", 20),
        ("in 1 hour", 60),
        ("in 3d", 3 * 24 * 60),
        ("in 2 weeks", 14 * 24 * 60),
        ("at 15:30", 90),
        // It is 14:00 there: that is tomorrow.
        ("at 14:00", 24 * 60),
        ("9:05", 19 * 60 + 5),
        ("tomorrow", 19 * 60),
        ("tomorrow at 9:00", 19 * 60),
        ("tomorrow at 0:30", 10 * 60 + 30),
        ("at 1970-01-01T12:30:00Z", 30),
        ("1970-01-01T14:30:00+02:00", 30),
    ] {
        asks(
            &format!("/remind me \"buy \"soup\"\" {when}"),
            Slash::Remind { note: "buy \"soup\"".into(), at: minutes(at) },
        );
    }
    for text in [
        "/remind",
        "/remind me",
        "/remind me soup in 20 minutes",
        "/remind me \"soup\"",
        "/remind me \"\" in 20 minutes",
        "/remind me \"soup\" in 20 parsecs",
        "/remind me \"soup\" in 99999999999999999999 minutes",
        "/remind me \"soup\" in 9999999999999 weeks",
        "/remind me \"soup\" at 24:00",
        "/remind me \"soup\" at 1:5",
        "/remind me \"soup\" at +9:00",
        "/remind me \"soup\" tomorrow morning",
        "/remind me \"soup\" 1970-01-01T11:59:59Z",
        "/remind me \"soup\" 1972-01-01T00:00:00Z",
        "/remind bo \"soup\" in 20 minutes",
        "/remind me \"soup in 20 minutes",
    ] {
        misused(text);
    }
}

#[test]
fn the_day_is_that_of_whoever_types() {
    let behind = Clock { now: Timestamp::from_unix_ms(3_600_000), ahead_minutes: -120 };
    // It is 23:00 on the day before there.
    let asked = Slash::read("/remind me \"x\" tomorrow at 1:00", false, behind);
    assert_eq!(asked, Ok(Slash::Remind { note: "x".into(), at: Timestamp::from_unix_ms(3 * 3_600_000) }));
}

#[test]
fn few_commands_work_in_threads() {
    let read = |text: &str| Slash::read(text, true, CLOCK);
    for text in ["/status", "/away", "/dnd off", "/me waves", "/shrug", "//leave", " /leave", "hello"] {
        assert!(read(text).is_ok(), "{text}");
    }
    for name in ["leave", "topic", "kick", "remind", "search", "active"] {
        assert_eq!(read(&format!("/{name} x")), Err(Refusal::NotInThreads { name: name.into() }), "{name}");
    }
    assert_eq!(read("/foo"), Err(Refusal::Unknown { name: "foo".into() }));
}
