//! What keeps a message from notifying somebody whom it is for.

use events::{ConversationId, HeldBackBy, NotificationLevel, NotificationReason, Timestamp};

use crate::preference::{LocalTime, State, is_quiet};

/// What holds a notification back, the first that does; nothing when she is to be notified. `local` knows what the
/// clocks of a time zone show; where it knows nothing, no hour is quiet.
#[must_use]
pub fn held_back_by(
    reason: NotificationReason,
    wishes: &State,
    conversation: ConversationId,
    at: Timestamp,
    local: impl Fn(&str, Timestamp) -> Option<LocalTime>,
) -> Option<HeldBackBy> {
    if wishes.muted.contains(&conversation) {
        return Some(HeldBackBy::Muted);
    }
    match wishes.levels.get(&conversation) {
        Some(NotificationLevel::Nothing) => return Some(HeldBackBy::LevelNothing),
        Some(NotificationLevel::Mentions) if !is_for_level_mentions(reason) => return Some(HeldBackBy::LevelMentions),
        Some(NotificationLevel::Mentions | NotificationLevel::All) | None => {}
    }
    if wishes.dnd_until.is_some_and(|until| at < until) {
        return Some(HeldBackBy::DoNotDisturb);
    }
    let quiet = wishes.quiet_hours.as_ref().and_then(|hours| Some(is_quiet(hours, local(&hours.time_zone, at)?)));
    quiet.unwrap_or_default().then_some(HeldBackBy::QuietHours)
}

/// Whether somebody who wants mentions and keywords only wants this.
const fn is_for_level_mentions(reason: NotificationReason) -> bool {
    match reason {
        NotificationReason::Mention
        | NotificationReason::ChannelMention
        | NotificationReason::HereMention
        | NotificationReason::Keyword => true,
        NotificationReason::ThreadReply
        | NotificationReason::DirectMessage
        | NotificationReason::GroupMessage
        | NotificationReason::AllMessages => false,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::conversation::samples::CHANNEL;
    use crate::preference::quiet_samples::{hours, range};
    use events::Weekday;
    use uuid::Uuid;

    const NOON: Timestamp = Timestamp::from_unix_ms(43_200_000);
    const REASONS: [NotificationReason; 8] = [
        NotificationReason::Mention,
        NotificationReason::ChannelMention,
        NotificationReason::HereMention,
        NotificationReason::Keyword,
        NotificationReason::ThreadReply,
        NotificationReason::DirectMessage,
        NotificationReason::GroupMessage,
        NotificationReason::AllMessages,
    ];

    /// Noon of a Thursday, wherever one asks.
    fn thursday_noon(_: &str, _: Timestamp) -> Option<LocalTime> {
        Some(LocalTime { day: Weekday::Thursday, time: "12:00".parse().unwrap() })
    }

    fn held(reason: NotificationReason, wishes: &State) -> Option<HeldBackBy> {
        held_back_by(reason, wishes, CHANNEL, NOON, thursday_noon)
    }

    fn at_level(level: NotificationLevel) -> State {
        State { levels: BTreeMap::from([(CHANNEL, level)]), ..State::default() }
    }

    fn until(ms: i64) -> State {
        State { dnd_until: Some(Timestamp::from_unix_ms(NOON.unix_ms() + ms)), ..State::default() }
    }

    #[test]
    fn d10_who_said_nothing_is_notified() {
        assert!(REASONS.iter().all(|reason| held(*reason, &State::default()).is_none()));
    }

    #[test]
    fn what_is_muted_notifies_of_nothing() {
        let muted = State { muted: BTreeSet::from([CHANNEL]), ..State::default() };
        assert!(REASONS.iter().all(|reason| held(*reason, &muted) == Some(HeldBackBy::Muted)));
        let elsewhere = ConversationId::new(Uuid::from_u128(0xC9));
        assert_eq!(held_back_by(REASONS[0], &muted, elsewhere, NOON, thursday_noon), None);
    }

    #[test]
    fn levels_hold_back_what_they_leave_out() {
        let (all, nothing) = (at_level(NotificationLevel::All), at_level(NotificationLevel::Nothing));
        assert!(REASONS.iter().all(|reason| held(*reason, &all).is_none()));
        assert!(REASONS.iter().all(|reason| held(*reason, &nothing) == Some(HeldBackBy::LevelNothing)));
        let mentions = at_level(NotificationLevel::Mentions);
        let (pass, stay): (Vec<_>, Vec<_>) = REASONS.iter().partition(|reason| held(**reason, &mentions).is_none());
        assert_eq!((pass.as_slice(), stay.as_slice()), (&REASONS[..4], &REASONS[4..]));
        assert_eq!(held(REASONS[5], &mentions), Some(HeldBackBy::LevelMentions));
    }

    #[test]
    fn do_not_disturb_holds_until_its_moment() {
        assert_eq!(held(REASONS[0], &until(1)), Some(HeldBackBy::DoNotDisturb));
        assert_eq!(held(REASONS[0], &until(0)), None, "over in its own moment");
        assert_eq!(held(REASONS[0], &until(-1)), None);
    }

    #[test]
    fn quiet_hours_hold_by_the_clock_of_her_zone() {
        let quiet =
            |from, to| State { quiet_hours: Some(hours(&[range(&[Weekday::Thursday], from, to)])), ..State::default() };
        assert_eq!(held(REASONS[0], &quiet("12:00", "13:00")), Some(HeldBackBy::QuietHours));
        assert_eq!(held(REASONS[0], &quiet("13:00", "14:00")), None);
        let nowhere = held_back_by(REASONS[0], &quiet("12:00", "13:00"), CHANNEL, NOON, |_, _| None);
        assert_eq!(nowhere, None, "a zone without a clock is never quiet");
    }

    #[test]
    fn of_several_the_first_counts() {
        let all = State {
            muted: BTreeSet::from([CHANNEL]),
            dnd_until: Some(Timestamp::from_unix_ms(i64::MAX)),
            quiet_hours: Some(hours(&[range(&[Weekday::Thursday], "00:00", "00:00")])),
            ..at_level(NotificationLevel::Nothing)
        };
        assert_eq!(held(REASONS[0], &all), Some(HeldBackBy::Muted));
        let unmuted = State { muted: BTreeSet::new(), ..all };
        assert_eq!(held(REASONS[0], &unmuted), Some(HeldBackBy::LevelNothing));
        let heard = State { levels: BTreeMap::new(), ..unmuted };
        assert_eq!(held(REASONS[0], &heard), Some(HeldBackBy::DoNotDisturb));
        assert_eq!(held(REASONS[0], &State { dnd_until: None, ..heard }), Some(HeldBackBy::QuietHours));
    }
}
