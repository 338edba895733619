//! Denied unless a row allows it, whoever asks for whatever; and a refusal leaves a trace.

use std::collections::BTreeSet;

use records::key::ProfileId;
use registry::{
    access::{
        action::Action,
        actor::{Actor, Asker, Role},
        permit::{AccessError, Denied},
        purpose::{CaseRule, PurposeId, Purposes},
    },
    registry::AsOf,
    trace::Outcome,
    view_status::StatusError,
};

use crate::support::{JASUR, asker, holder, key, official, operator, purposes, world};

const ACTIONS: [Action; 26] = [
    Action::Ingest,
    Action::Link,
    Action::Find,
    Action::ViewProfile,
    Action::ViewStatus,
    Action::IssueProof,
    Action::ShareCode,
    Action::CheckAnswer,
    Action::ViewQueue,
    Action::TakeItem,
    Action::DecideItem,
    Action::Contest,
    Action::WorkContests,
    Action::DecideContest,
    Action::MergeProfiles,
    Action::PartProfile,
    Action::UndoRuling,
    Action::ReadNotices,
    Action::RelayNotices,
    Action::ViewOwnTrace,
    Action::VerifyTrace,
    Action::Extract,
    Action::ExportLinks,
    Action::ExportQuarantine,
    Action::ManageAccounts,
    Action::BackUp,
];

fn actors() -> [Actor; 5] {
    let (name, office) = ("Орлова".to_owned(), "УВМ".to_owned());
    [
        Actor::Holder {
            profile: ProfileId::from_random_bits(1),
        },
        Actor::Official {
            name: name.clone(),
            office: office.clone(),
        },
        Actor::Verifier {
            organisation: "ООО".to_owned(),
        },
        Actor::Operator { name: name.clone() },
        Actor::Analyst { name, office },
    ]
}

/// The whole matrix: every actor with every purpose and every action.
#[test]
fn only_what_a_row_allows_is_permitted() {
    let purposes = purposes();
    let own = ProfileId::from_random_bits(1);
    for purpose in purposes.iter() {
        for actor in actors() {
            for action in ACTIONS {
                let role = actor.role();
                let asked = asker(actor.clone(), purpose.id.as_str());
                let allowed = purposes.permit(&asked, action, Some(own)).is_ok();
                let listed = purpose.roles.contains(&role) && purpose.actions.contains(&action);
                assert_eq!(allowed, listed, "{role:?} {action:?} for {}", purpose.id);
            }
        }
    }
}

/// What each role can do at most, whatever the purpose: a row that widens this is a decision, not an edit.
#[test]
fn no_row_gives_a_role_more_than_its_office() {
    let most: [(Role, &[Action]); 5] = [
        (
            Role::Holder,
            &[
                Action::ViewProfile,
                Action::ViewStatus,
                Action::IssueProof,
                Action::ShareCode,
                Action::Contest,
                Action::ViewOwnTrace,
            ],
        ),
        (
            Role::Official,
            &[
                Action::Find,
                Action::ViewProfile,
                Action::ViewStatus,
                Action::CheckAnswer,
                Action::ViewQueue,
                Action::TakeItem,
                Action::DecideItem,
                Action::Contest,
                Action::WorkContests,
                Action::DecideContest,
                Action::MergeProfiles,
                Action::PartProfile,
                Action::UndoRuling,
                Action::ReadNotices,
            ],
        ),
        (Role::Verifier, &[Action::CheckAnswer, Action::ReadNotices]),
        (
            Role::Operator,
            &[
                Action::Ingest,
                Action::PrepareStatuses,
                Action::Link,
                Action::Find,
                Action::ViewProfile,
                Action::ViewStatus,
                Action::IssueProof,
                Action::VerifyTrace,
                Action::Extract,
                Action::ExportLinks,
                Action::ExportQuarantine,
                Action::ManageAccounts,
                Action::BackUp,
                Action::RelayNotices,
            ],
        ),
        (Role::Analyst, &[Action::Extract]),
    ];
    for (role, most) in most {
        let most: BTreeSet<Action> = most.iter().copied().collect();
        let given: BTreeSet<Action> = purposes()
            .iter()
            .filter(|purpose| purpose.roles.contains(&role))
            .flat_map(|purpose| purpose.actions.clone())
            .collect();
        assert_eq!(given, most, "{role:?}");
    }
}

#[test]
fn a_holder_reaches_nobody_else() {
    let purposes = purposes();
    let (own, other) = (ProfileId::from_random_bits(1), ProfileId::from_random_bits(2));
    for action in [
        Action::ViewProfile,
        Action::ViewStatus,
        Action::IssueProof,
        Action::ShareCode,
    ] {
        let refused = purposes.permit(&holder(own), action, Some(other)).map(|_| ());
        assert_eq!(refused, Err(Denied::NotOwn), "{action:?}");
        let refused = purposes.permit(&holder(own), action, None).map(|_| ());
        assert_eq!(refused, Err(Denied::NotOwn), "{action:?} about nobody");
    }
}

#[test]
fn a_purpose_may_demand_a_case() {
    let purposes = purposes();
    let demanding = purposes
        .iter()
        .filter(|purpose| purpose.case == CaseRule::Required);
    for purpose in demanding {
        let asked = Asker {
            case: None,
            ..official(purpose.id.as_str())
        };
        let refused = purposes.permit(&asked, Action::Find, None).map(|_| ());
        assert_eq!(refused, Err(Denied::CaseMissing), "{}", purpose.id);
    }
    let unknown = Asker {
        purpose: PurposeId::parse("curiosity").unwrap(),
        ..official("border")
    };
    assert_eq!(
        purposes.permit(&unknown, Action::Find, None).map(|_| ()),
        Err(Denied::NoSuchPurpose)
    );
}

#[test]
fn a_list_with_a_hole_is_refused() {
    let row = |roles: &str, actions: &str, more: &str| {
        format!(
            "[[purpose]]\nid = \"p\"\nlegal_basis = \"law\"\nroles = [{roles}]\nactions = [{actions}]\ntext_key = \"t\"\n{more}"
        )
    };
    for (text, problem) in [
        (
            row("", "\"find\"", ""),
            "purpose p is open to nobody or for nothing",
        ),
        (
            row("\"official\"", "\"view_profile\"", ""),
            "purpose p shows profiles but names no fields",
        ),
        (
            row("\"verifier\"", "\"view_profile\"", "fields = [\"identity\"]"),
            "purpose p shows profiles to a role that never sees one",
        ),
        (
            row("\"official\"", "\"find\"", "shown_after_days = 400"),
            "purpose p keeps looks from the person for more than a year",
        ),
        (
            row("\"official\"", "\"find\"", "") + &row("\"official\"", "\"find\"", ""),
            "purpose p stands twice",
        ),
    ] {
        assert_eq!(Purposes::parse(&text).unwrap_err().to_string(), problem);
    }
    assert!(Purposes::parse(&row("\"king\"", "\"find\"", "")).is_err());
    assert!(Purposes::parse(&row("\"official\"", "\"find\"", "colour = 1")).is_err());
}

#[tokio::test]
async fn a_refusal_is_traced_and_seen_by_the_person() {
    let world = world();
    world.ingest(JASUR.worker("1")).await;
    world.link().await;
    let person = world.profile_of(&key("border", "BX1")).await;
    let as_of = AsOf::now(&world.registry);
    let refused = world
        .registry
        .view_status(&official("identity_review"), person, as_of)
        .await;
    assert!(matches!(
        refused,
        Err(StatusError::Access(AccessError::Denied(Denied::Action)))
    ));
    let looks = world
        .registry
        .who_looked(&holder(person), person, None, 10)
        .await
        .unwrap()
        .looks;
    assert_eq!(looks.len(), 1);
    assert_eq!(
        looks[0].outcome,
        Outcome::Refused {
            reason: Denied::Action.to_string()
        }
    );
    world.registry.verify_trace(&operator("operation")).await.unwrap();
}
