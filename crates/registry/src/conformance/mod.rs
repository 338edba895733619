//! The suite that every store passes. A backend runs it from a test:
//!
//! ```ignore
//! registry::conformance_tests!(my_store::fresh);
//! ```
//!
//! where `fresh` is an async function that gives an empty `Arc<dyn Store>`, or none where the backend cannot run; each
//! check gets one of its own.
//! Invariant: a check tells what a port promises, not how a backend keeps it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "the suite is a test: a step that fails must stop it"
)]

pub mod accounts;
pub mod concurrency;
pub mod contests;
pub mod fixtures;
mod happenings;
pub mod laws;
pub mod links;
pub mod lists;
pub mod outbox;
pub mod people;
pub mod prepared;
pub mod proofs;
pub mod queue;
pub mod record_log;
pub mod rulings;
pub mod search;
pub mod trace;
pub mod transactions;
pub mod world;

/// Makes one test of each check, on a store of its own that `$fresh` gives.
#[macro_export]
macro_rules! conformance_tests {
    ($fresh:path) => {
        $crate::conformance_tests! { $fresh;
            record_log: new_then_unchanged, a_higher_version_supersedes, an_earlier_version_is_history,
                a_version_with_other_words_is_refused, one_batch_may_hold_several_versions,
                ids_of_two_sources_never_collide, what_went_in_comes_out, a_batch_is_bounded,
                reads_see_what_was_known, pages_follow_each_other, a_page_is_bounded;
            search: profiles_are_found_by_their_numbers, old_numbers_still_find, profiles_are_found_as_known,
                a_record_that_moves_finds_both, too_many_is_an_error;
            links: a_record_gets_a_profile, moving_ends_the_old_link, the_same_link_again_changes_nothing,
                links_need_a_record, reads_see_the_links_of_their_time, records_of_a_profile_as_known,
                profiles_page_by_id, links_go_with_their_author, a_merged_profile_has_one_heir,
                a_split_profile_has_several_heirs, a_link_never_begins_before_the_last;
            queue: raising_again_keeps_numbers, what_is_not_asked_again_is_withdrawn,
                what_is_decided_stays_decided, harmful_items_come_first, states_are_kept,
                the_latest_decision_holds, a_missing_item_is_said_to_be_missing;
            contests: a_case_is_kept_word_for_word, steps_are_kept_in_order, open_cases_come_by_their_day,
                cases_are_found_by_person_and_office, steps_are_bounded;
            rulings: a_ruling_is_kept_word_for_word, a_ruling_is_taken_back_once, rulings_are_read_as_known;
            outbox: events_are_numbered_without_gaps, events_are_kept_word_for_word,
                readers_page_by_receiver_and_profile, a_consumer_stands_where_it_was_put,
                a_consumer_moves_on_from_where_it_was_seen,
                an_event_is_consumed_once, no_event_is_overtaken;
            lists: a_line_is_set_aside_once, lines_page_in_order, lines_are_listed_as_known, counts_of_devices_keep_their_history,
                counts_of_devices_are_bounded;
            trace: entries_chain, a_gap_is_refused, entries_about_a_person_newest_first, pages_are_bounded;
            accounts: a_login_is_taken_once, sessions_open_and_end, sessions_are_bounded,
                closing_an_account_ends_its_sessions, ended_sessions_are_swept, failures_are_counted;
            proofs: receipts_are_kept_word_for_word, a_receipt_is_kept_once, codes_live_and_end,
                a_code_is_withdrawn_by_its_profile_only, receipts_are_found_by_their_records,
                a_proof_is_withdrawn_once;
            transactions: nothing_is_seen_before_the_commit, dropping_leaves_no_mark, all_ports_commit_together,
                a_reader_may_not_write, a_reader_sees_one_state, known_time_never_runs_back,
                what_was_promised_is_kept, the_extent_counts;
            laws: past_answers_never_change, what_is_taken_back_leaves_no_mark;
            prepared: what_is_ready_is_never_stale, looks_at_once_are_traced_each,
                what_is_ready_is_told_for_its_day_and_basis;
            concurrency: writers_take_turns, the_chain_survives_many_writers,
                an_answer_as_of_a_time_never_changes, one_official_takes_an_item,
                bounds_hold_when_many_come_at_once;
        }
    };
    ($fresh:path; $($module:ident: $($check:ident),+;)+) => {
        $(mod $module {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $check() {
                let store: Option<std::sync::Arc<dyn $crate::port::Store>> = $fresh().await.into();
                if let Some(store) = store {
                    $crate::conformance::$module::$check(store).await;
                }
            })+
        })+
    };
}
