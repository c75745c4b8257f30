//! Every requirement that is said to be met has a test that carries its id in its name.

use crate::none;
use crate::sources;

/// The requirements met so far, by the ids of the commissioning documents.
const MET: [&str; 41] = [
    "A01", "A04", "A05", "A06", "A10", "A13", "A14", "A16", "A17", "A19", "A21", "B01", "B02", "B03", "B04", "B07",
    "B08", "B10", "B11", "B13", "B14", "B16", "B18", "B20", "C05", "C07", "C08", "C12", "D06", "D07", "D08", "D09",
    "D10", "D11", "E01", "E03", "E04", "E05", "E14", "E15", "U3",
];

/// What users of other chats take for granted, row by row, and the test that shows it.
const TAKEN_FOR_GRANTED: [(&str, &str); 34] = [
    ("public channels: create, browse, join, leave", "d07_e03_channels_are_created_browsed_joined_and_left"),
    ("private channels", "a07_d07_being_added_brings_a_private_channel_to_open_sockets_and_being_removed_cuts_it"),
    ("topic, description, rename, archive", "every_change_of_a_channel_reaches_its_members_and_survives_resume"),
    ("default channels", "newcomers_are_in_the_default_channels_from_their_first_moment"),
    ("read-only channels", "where_only_admins_post_others_read"),
    ("group to channel", "a_group_becomes_a_private_channel_live_with_all_that_was_said"),
    ("sections, star, mute, notification level", "what_i_prefer_reaches_my_other_devices_and_nobody_else"),
    ("direct", "a01_b04_d09_a_direct_conversation_is_opened_once_however_often_it_is_asked_for"),
    ("group", "a01_e03_a_group_reaches_all_its_people_live_and_nobody_else"),
    ("notes to oneself", "a_direct_conversation_with_oneself_is_for_notes"),
    ("marks, lists, quotes, code", "what_a_text_means_comes_live_as_it_is_fetched"),
    ("edit, with history for readers", "an_edit_reaches_everybody_and_its_history_every_reader"),
    ("edit within a time", "the_window_for_edits_is_the_workspaces_own"),
    ("delete, with a shell", "a_deleted_message_leaves_a_shell_without_its_words"),
    ("delete as a moderator", "a_message_is_deleted_by_its_author_or_by_an_owner"),
    ("drafts in step", "what_i_begin_to_write_is_on_my_other_devices_and_nowhere_else"),
    ("threads, also sent to the channel", "answers_stand_in_their_thread_and_in_the_channel_only_if_sent_there"),
    ("followed threads with what is new", "threads_are_followed_by_taking_part_and_what_is_new_is_counted"),
    ("reactions with who", "reactions_tell_who_and_come_live_and_after_a_pause"),
    ("how many a mention speaks to", "how_many_a_mention_speaks_to_is_known_before"),
    ("unread", "unread_counts_what_others_said_after_my_pointer"),
    ("read state between devices", "reading_in_one_window_clears_the_other"),
    (
        "mark unread from a message",
        "a_conversation_is_marked_unread_from_a_message_on_all_devices_and_nobody_else_knows",
    ),
    ("mark all read", "everything_is_marked_read_at_once_but_for_what_was_marked_unread_later"),
    ("delivered and read", "e05_delivered_and_read_are_told_to_the_others_live_and_when_they_ask"),
    ("pins", "pins_are_everybodys_and_go_with_their_message"),
    ("saved for later", "what_i_save_reaches_my_other_devices_and_nobody_else"),
    ("forward", "a_private_original_is_quoted_only_to_who_may_see_it"),
    ("permalink", "a_permalink_leads_to_its_message_and_nobody_where_she_may_not_look"),
    ("slash commands", "a_command_is_heard_as_what_it_does"),
    ("custom status with expiry", "what_somebody_is_up_to_is_seen_live_and_in_the_list_of_people"),
    ("sends once", "the_same_send_is_one_message_however_often_it_comes"),
    ("resume without holes", "coming_back_while_others_talk_leaves_no_hole_and_no_double"),
    ("rates by person", "who_writes_too_much_has_to_wait_and_nobody_else"),
];

#[test]
fn every_row_taken_for_granted_has_its_test() {
    let sources = sources::all();
    let titles: Vec<String> = sources.iter().flat_map(|source| source.text.lines()).filter_map(title).collect();
    let lost = |(row, test): &(&str, &str)| {
        let name = format!("{}(", test.to_uppercase());
        (!titles.iter().any(|title| title.starts_with(&name))).then(|| format!("{row}: {test}"))
    };
    none("no test shows", TAKEN_FOR_GRANTED.iter().filter_map(lost).collect());
}

#[test]
fn every_requirement_met_has_a_test_of_its_name() {
    let sources = sources::all();
    let titles: Vec<String> = sources.iter().flat_map(|source| source.text.lines()).filter_map(title).collect();
    let unproven =
        |id: &&&str| !titles.iter().any(|title| title.split([' ', '_', ':', '\'', '(']).any(|word| word == **id));
    none("no test carries", MET.iter().filter(unproven).map(ToString::to_string).collect());
}

/// The name of a test in Rust (`fn a01_…`) or TypeScript (`test('A01 …`), in upper case.
fn title(line: &str) -> Option<String> {
    let line = line.trim_start();
    let rust = line.strip_prefix("async fn ").or_else(|| line.strip_prefix("fn "));
    let script = || line.strip_prefix("test(").or_else(|| line.strip_prefix("it("));
    rust.or_else(script).map(str::to_uppercase)
}
