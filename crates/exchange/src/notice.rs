//! A notice as its receiver reads it: the same words over the API and from the broker.

use registry::{access::action::FieldGroup, deliver::Notice, port::outbox::News};
use serde::Serialize;
use utoipa::ToSchema;

#[derive(Serialize, ToSchema)]
pub struct NoticeReply {
    number: u64,
    at: String,
    /// The person, by an id that only the caller's sector has; none for a verifier.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    /// `contested`, `corrected`, `upheld`, `merged`, `parted`, `restored`, `answer_withdrawn` or `case_moved`.
    #[schema(example = "corrected")]
    kind: &'static str,
    /// The case in which it happened.
    #[serde(skip_serializing_if = "Option::is_none")]
    case: Option<u64>,
    /// The group of fields that it shows in.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    group: Option<FieldGroup>,
    /// The answer that no longer stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    receipt: Option<String>,
}

impl From<Notice> for NoticeReply {
    fn from(notice: Notice) -> Self {
        let (kind, case, group, receipt) = match notice.news {
            News::Contested { case, group } => ("contested", Some(case), Some(group), None),
            News::Corrected { case, group } => ("corrected", Some(case), Some(group), None),
            News::Upheld { case, group } => ("upheld", Some(case), Some(group), None),
            News::CaseMoved { case } => ("case_moved", Some(case), None, None),
            // Into which profile is told by a search for the notice: the other id is another sector's.
            News::Merged { .. } => ("merged", None, None, None),
            News::Parted { .. } => ("parted", None, None, None),
            News::Restored { .. } => ("restored", None, None, None),
            News::AnswerWithdrawn { receipt } => ("answer_withdrawn", None, None, Some(receipt)),
        };
        Self {
            number: notice.number,
            at: notice.at.to_string(),
            person: notice.person.map(|person| person.to_string()),
            kind,
            case: case.map(|case| case.0),
            group,
            receipt: receipt.map(|receipt| receipt.to_string()),
        }
    }
}
