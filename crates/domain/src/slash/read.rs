//! The commands that there are, and how each reads what follows its name.

use events::{ConversationId, UserId};

use super::{Clock, Place, Slash, when};
use crate::conversation::ChannelName;
use crate::message::Emoji;

/// A command that there is.
pub(super) struct Known {
    names: &'static [&'static str],
    /// How it is used.
    pub(super) usage: &'static str,
    /// Whether it works in threads.
    pub(super) in_threads: bool,
    /// What is asked for, by what follows its name; nothing if it makes no sense.
    pub(super) read: fn(&str, Clock) -> Option<Slash>,
}

const fn known(names: &'static [&'static str], usage: &'static str, read: fn(&str, Clock) -> Option<Slash>) -> Known {
    Known { names, usage, in_threads: false, read }
}

const fn everywhere(
    names: &'static [&'static str],
    usage: &'static str,
    read: fn(&str, Clock) -> Option<Slash>,
) -> Known {
    Known { names, usage, in_threads: true, read }
}

const KNOWN: &[Known] = &[
    everywhere(&["away"], "/away", |rest, _| alone(rest, Slash::Away)),
    known(&["active"], "/active", |rest, _| alone(rest, Slash::Active)),
    everywhere(&["status"], "/status [:emoji:] [text] | clear", |rest, _| status(rest)),
    everywhere(&["dnd"], "/dnd [30 minutes | until 15:30 | until tomorrow at 9:00 | off]", dnd),
    known(&["topic"], "/topic [text]", |rest, _| Some(some(rest).map_or(Slash::ShowTopic, Slash::SetTopic))),
    known(&["invite"], "/invite @user [#channel]", |rest, _| invite(rest)),
    known(&["remove", "kick"], "/remove @user", |rest, _| user(rest).map(Slash::Remove)),
    known(&["join", "open"], "/join #channel", |rest, _| place(rest).map(Slash::Join)),
    known(&["leave", "close", "part"], "/leave", |rest, _| alone(rest, Slash::Leave)),
    known(&["dm", "msg"], "/dm @user [text]", |rest, _| direct(rest)),
    known(&["mute"], "/mute", |rest, _| alone(rest, Slash::ToggleMute)),
    known(&["rename"], "/rename name", |rest, _| some(rest).map(Slash::Rename)),
    known(&["archive"], "/archive", |rest, _| alone(rest, Slash::Archive)),
    known(&["who"], "/who", |rest, _| alone(rest, Slash::ListMembers)),
    known(&["star"], "/star", |rest, _| alone(rest, Slash::ToggleStar)),
    known(&["search"], "/search text", |rest, _| some(rest).map(Slash::Search)),
    known(&["shortcuts"], "/shortcuts", |rest, _| alone(rest, Slash::ShowShortcuts)),
    everywhere(&["me"], "/me text", |rest, _| some(rest).map(|text| Slash::Say(format!("_{text}_")))),
    everywhere(&["shrug"], "/shrug [text]", |rest, _| Some(shrug(rest))),
    known(&["collapse"], "/collapse", |rest, _| alone(rest, Slash::Collapse)),
    known(&["expand"], "/expand", |rest, _| alone(rest, Slash::Expand)),
    known(&["remind"], "/remind me \"text\" in 20 minutes | at 15:30 | tomorrow at 9:00", remind),
];

/// The command of this name.
pub(super) fn known_as(name: &str) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.names.contains(&name))
}

fn alone(rest: &str, slash: Slash) -> Option<Slash> {
    rest.is_empty().then_some(slash)
}

fn some(rest: &str) -> Option<String> {
    (!rest.is_empty()).then(|| rest.to_owned())
}

fn first_word(rest: &str) -> (&str, &str) {
    let (word, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
    (word, rest.trim())
}

/// `<@user>`
fn user(word: &str) -> Option<UserId> {
    word.strip_prefix("<@")?.strip_suffix('>')?.parse().ok()
}

/// `<#conversation>` or `#name`
fn place(word: &str) -> Option<Place> {
    if let Some(mentioned) = word.strip_prefix("<#") {
        let id: ConversationId = mentioned.strip_suffix('>')?.parse().ok()?;
        return Some(Place::Mentioned(id));
    }
    ChannelName::parse(word.strip_prefix('#')?).ok().map(Place::Named)
}

fn invite(rest: &str) -> Option<Slash> {
    let (word, rest) = first_word(rest);
    let channel = if rest.is_empty() { None } else { Some(place(rest)?) };
    Some(Slash::Invite { user: user(word)?, channel })
}

fn direct(rest: &str) -> Option<Slash> {
    let (word, rest) = first_word(rest);
    Some(Slash::Direct { user: user(word)?, text: some(rest) })
}

/// A first word that is an emoji, or the name of one between colons, is the status's emoji; a name that none bears is
/// neither that nor a text.
fn status(rest: &str) -> Option<Slash> {
    match rest {
        "" => return Some(Slash::AskForStatus),
        "clear" => return Some(Slash::ClearStatus),
        _ => {}
    }
    let (word, after) = first_word(rest);
    if let Some(name) = word.strip_prefix(':').and_then(|word| word.strip_suffix(':')).filter(|name| !name.is_empty()) {
        return Some(Slash::SetStatus { emoji: Some(Emoji::named(name)?), text: after.to_owned() });
    }
    Some(match Emoji::parse(word) {
        Ok(emoji) => Slash::SetStatus { emoji: Some(emoji), text: after.to_owned() },
        Err(_) => Slash::SetStatus { emoji: None, text: rest.to_owned() },
    })
}

fn dnd(rest: &str, clock: Clock) -> Option<Slash> {
    match rest {
        "" => Some(Slash::AskForDnd),
        "off" => Some(Slash::ClearDnd),
        _ => {
            let until = rest.strip_prefix("until ").and_then(|moment| when::moment(moment, clock));
            until.or_else(|| when::after(rest, clock)).map(Slash::SetDnd)
        }
    }
}

fn shrug(rest: &str) -> Slash {
    Slash::Say(format!("{rest} ¯\\_(ツ)_/¯").trim_start().to_owned())
}

/// `me "text" when`
fn remind(rest: &str, clock: Clock) -> Option<Slash> {
    let (note, when) = rest.strip_prefix("me ")?.trim_start().strip_prefix('"')?.rsplit_once('"')?;
    let at = when::moment(when, clock)?;
    some(note.trim()).map(|note| Slash::Remind { note, at })
}
