//! Finding: by any number, by name and birth date, explained and bounded.

use jiff::civil::date;
use records::{country::Country, partial_date::PartialDate};
use registry::{
    find::{Because, BirthFit, FOUND_MAX, FindError, Likeness, Query},
    search_key::SearchKind,
};

use crate::support::{JASUR, MALIKA, Person, World, holder, key, official, world};

async fn filled() -> World {
    let world = world();
    world
        .ingest([JASUR.worker("1"), MALIKA.worker("2")].concat())
        .await;
    world.link().await;
    world
}

fn name(name: &str, born: &str) -> Query {
    Query::Name {
        name: name.to_owned(),
        born: PartialDate::parse_iso(born).unwrap(),
    }
}

#[tokio::test]
async fn by_document_of_any_state() {
    let world = filled().await;
    let person = world.profile_of(&key("border", "BX1")).await;
    let document = |issuer: &[u8; 3]| Query::Document {
        number: JASUR.number(),
        issuer: Some(Country::constant(issuer)),
    };
    let found = world.find(&official("border"), &document(b"UZB")).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].profile.id, person);
    assert_eq!(found[0].because, [Because::Number { records: 4 }]);
    let found = world.find(&official("border"), &document(b"TJK")).await.unwrap();
    assert_eq!(found[0].because, [Because::NumberOfOtherIssuer { records: 4 }]);
    let card = Query::Number {
        kind: SearchKind::MigrationCard,
        number: "0111-1234567".to_owned(),
    };
    assert_eq!(world.find(&official("border"), &card).await.unwrap().len(), 1);
}

#[tokio::test]
async fn by_name_in_any_script_and_order() {
    let world = filled().await;
    let person = world.profile_of(&key("border", "BX1")).await;
    for (query, likeness, fits) in [
        (
            name("KARIMOV JASUR", "1985-03-09"),
            Likeness::Same,
            BirthFit::Same,
        ),
        (name("Жасур Каримов", "1985-03"), Likeness::Same, BirthFit::MayBe),
        (
            name("Каримов Джасур", "1985-03-09"),
            Likeness::Close,
            BirthFit::Same,
        ),
        (
            name("karimov jasur", "1986-03-09"),
            Likeness::Same,
            BirthFit::Slip,
        ),
        (name("karimov", "1985-03-09"), Likeness::Same, BirthFit::Same),
    ] {
        let found = world.find(&official("border"), &query).await.unwrap();
        assert_eq!(found.len(), 1, "{likeness:?}");
        assert_eq!(found[0].profile.id, person);
        let Because::Name { likeness: seen } = found[0].because[0] else {
            panic!("found by name")
        };
        assert!(seen <= likeness, "{seen:?}");
        assert_eq!(found[0].because[1], Because::BirthDate { fits });
    }
    let nobody = world
        .find(&official("border"), &name("Петров Иван", "1985-03-09"))
        .await
        .unwrap();
    assert!(nobody.is_empty());
}

#[tokio::test]
async fn what_is_found_is_narrowed_and_traced() {
    let world = filled().await;
    let person = world.profile_of(&key("border", "BX1")).await;
    let query = name("KARIMOV JASUR", "1985-03-09");
    let found = world.find(&official("labour_inspection"), &query).await.unwrap();
    assert!(found[0].profile.identity.latin.is_some());
    assert!(
        found[0].profile.identity.documents.is_empty(),
        "no documents for this purpose"
    );
    let looks = world
        .registry
        .who_looked(&holder(person), person, None, 10)
        .await
        .unwrap()
        .looks;
    assert_eq!(looks.len(), 1, "the search is seen by whom it found");
}

#[tokio::test]
async fn too_many_are_none() {
    let world = world();
    for n in 0..=FOUND_MAX {
        // one name, born in all months of one year: as many persons
        let born: &'static str =
            Box::leak(format!("1985-{:02}-{:02}", n % 12 + 1, n * 7 % 27 + 1).into_boxed_str());
        let document: &'static str = Box::leak(format!("F{n:02}A{:05}", n * 4_391).into_boxed_str());
        let stranger = Person {
            born,
            document,
            ..JASUR
        };
        world
            .ingest(vec![stranger.entered(&format!("BX{n:02}"), date(2025, 4, 20))])
            .await;
    }
    let report = world.link().await;
    assert_eq!(report.profiles, u64::from(FOUND_MAX) + 1);
    let found = world
        .find(&official("border"), &name("KARIMOV JASUR", "1985"))
        .await;
    assert!(
        matches!(found, Err(FindError::TooMany { .. })),
        "a search is for one person"
    );
    let empty = world.find(&official("border"), &name(" - ", "1985-03-09")).await;
    assert!(matches!(empty, Err(FindError::Empty)));
}
