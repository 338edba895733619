//! Records that harm: a ban, a deportation, a refusal. A wrong link of one is the worst that can happen.
//!
//! Such a record never takes part in forming a person. It joins one afterwards, and by itself only if a document or a
//! national number agrees, nothing contradicts, and nobody else comes into question; else an official decides.

use crate::{
    book::{Book, Id},
    clusters::Clustering,
    compare::{Comparison, compare, contradictions},
    evidence::{Field, Level},
    model::Model,
    number::NumberKind,
    party::Party,
    settings::Settings,
};

/// What becomes of one record that harms.
pub(crate) struct Placed {
    pub group: Id,
    /// The cluster that it joins.
    pub joins: Option<(Id, Comparison)>,
    /// Clusters that it may belong to, heaviest first, each with what speaks against it.
    pub waits: Vec<(Id, Comparison, Vec<Field>)>,
}

/// Decides about the harming group `group`, of which `neighbours` are the clusters that share a key with it.
pub(crate) fn place(
    group: Id,
    neighbours: &[Id],
    clustering: &Clustering<'_>,
    model: &Model,
    book: &Book,
    settings: &Settings,
) -> Placed {
    let party = clustering.party(group);
    let mut likely: Vec<(Id, Comparison)> = neighbours
        .iter()
        .filter(|root| !clustering.is_forbidden(group, **root))
        .map(|&root| (root, compare(party, clustering.party(root), model, book)))
        .filter(|(_, comparison)| comparison.weight >= settings.review || carries(comparison))
        .collect();
    likely
        .sort_by_key(|(root, comparison)| (std::cmp::Reverse(comparison.raw), clustering.party(*root).least));

    let judged: Vec<(Id, Comparison, Vec<Field>)> = likely
        .into_iter()
        .map(|(root, comparison)| {
            let against = against(party, clustering.party(root), &comparison);
            (root, comparison, against)
        })
        .collect();
    let certain = |(_, comparison, against): &&(Id, Comparison, Vec<Field>)| {
        carries(comparison) && comparison.weight >= settings.automatic && against.is_empty()
    };
    let mut fitting = judged.iter().filter(certain);
    let joins = match (fitting.next(), fitting.next()) {
        (Some((root, comparison, _)), None) => Some((*root, comparison.clone())),
        _ => None,
    };
    let waits = if joins.is_some() { Vec::new() } else { judged };
    Placed { group, joins, waits }
}

/// Whether a document or a national number agrees in full.
fn carries(comparison: &Comparison) -> bool {
    let fields = [NumberKind::Document, NumberKind::Inn, NumberKind::Snils].map(NumberKind::field);
    comparison
        .evidence
        .iter()
        .any(|step| fields.contains(&step.field) && step.level == Level::Equal)
}

/// Fields that contradict. For a record that harms, a part that is merely another one is enough.
fn against(one: &Party, other: &Party, comparison: &Comparison) -> Vec<Field> {
    let mut fields = contradictions(one, other, comparison);
    let personal = [
        Field::Surname,
        Field::GivenName,
        Field::Patronymic,
        Field::BirthDate,
        Field::Sex,
        Field::Citizenship,
    ];
    fields.extend(
        comparison
            .evidence
            .iter()
            .filter(|step| step.level == Level::Different && personal.contains(&step.field))
            .map(|step| step.field),
    );
    fields.sort();
    fields.dedup();
    fields
}
