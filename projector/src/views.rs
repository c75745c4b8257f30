//! The views that are kept, one line each.

use read_model::{
    Activity, ActivityReads, Conversations, Drafts, Follows, Inboxes, Memberships, Messages, Notifications,
    Preferences, Saved, Users,
};
use service_kit::Readiness;
use tokio::task::JoinSet;

use crate::runner::{self, Source};

pub(crate) fn start(source: &Source, readiness: &Readiness, parts: &mut JoinSet<()>) {
    parts.spawn(runner::run::<Users>(source, readiness, include_str!("../schema/users_v1.json")));
    parts.spawn(runner::run::<Conversations>(source, readiness, include_str!("../schema/conversations_v1.json")));
    parts.spawn(runner::run::<Memberships>(source, readiness, include_str!("../schema/memberships_v1.json")));
    parts.spawn(runner::run::<Follows>(source, readiness, include_str!("../schema/follows_v1.json")));
    parts.spawn(runner::run::<Inboxes>(source, readiness, include_str!("../schema/inboxes_v1.json")));
    parts.spawn(runner::run::<Messages>(source, readiness, include_str!("../schema/messages_v2.json")));
    parts.spawn(runner::run::<Preferences>(source, readiness, include_str!("../schema/preferences_v3.json")));
    parts.spawn(runner::run::<Drafts>(source, readiness, include_str!("../schema/drafts_v1.json")));
    parts.spawn(runner::run::<Saved>(source, readiness, include_str!("../schema/saved_v1.json")));
    parts.spawn(runner::run::<Notifications>(source, readiness, include_str!("../schema/notifications_v1.json")));
    parts.spawn(runner::run::<Activity>(source, readiness, include_str!("../schema/activity_v1.json")));
    parts.spawn(runner::run::<ActivityReads>(source, readiness, include_str!("../schema/activity_reads_v1.json")));
}
