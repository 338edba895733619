//! Receipts, withdrawals and share codes. What is a profile's is found by its own key through a table that leads there.

use async_trait::async_trait;
use credential::CredentialId;
use jiff::Timestamp;
use records::key::{ProfileId, RecordKey};
use registry::port::{
    StoreError, check_page,
    proofs::{LIVE_CODES_MAX, Proofs, Receipt, ShareCode, Withdrawal},
};

use super::{record_log::key_columns, transaction::PostgresTransaction, turn::Turn};
use crate::{
    column::{at_most, from_json, from_time, read},
    proof::{CODE, CodeRow, RECEIPT, ReceiptRow, WithdrawalRow, from_door, records_of},
};

#[async_trait]
impl Proofs for PostgresTransaction {
    async fn keep_receipt(&mut self, receipt: &Receipt) -> Result<(), StoreError> {
        let records = records_of(receipt);
        let (sources, ids) = key_columns(records.iter().copied());
        let keep = sqlx::query(
            "WITH fresh AS ( \
                 INSERT INTO receipt_by_id (id, profile) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id, profile), \
             rests AS ( \
                 INSERT INTO receipt_input (source, record_id, receipt, profile) \
                 SELECT source, record_id, id, profile \
                 FROM fresh CROSS JOIN unnest($11::text[], $12::text[]) AS input (source, record_id)) \
             INSERT INTO receipt (id, profile, matter, door, on_day, known_at, given_at, edition, inputs, answer) \
             SELECT id, profile, $3, $4, $5, $6, $7, $8, $9, $10 FROM fresh",
        )
        .bind(receipt.id.as_bytes().as_slice())
        .bind(receipt.profile.as_bytes().as_slice())
        .bind(receipt.matter.name())
        .bind(from_door(receipt.door))
        .bind(receipt.on.to_string())
        .bind(from_time(receipt.known_at))
        .bind(from_time(receipt.given_at))
        .bind(receipt.edition.as_str())
        .bind(from_json(&receipt.inputs, RECEIPT)?)
        .bind(from_json(&receipt.answer, RECEIPT)?)
        .bind(sources)
        .bind(ids);
        self.insert_new(keep, RECEIPT).await
    }

    async fn find_receipt(&mut self, id: CredentialId) -> Result<Option<Receipt>, StoreError> {
        let find = sqlx::query_as(
            "SELECT receipt.id, receipt.profile, matter, door, on_day, known_at, given_at, edition, inputs, answer \
             FROM receipt_by_id JOIN receipt ON receipt.profile = receipt_by_id.profile AND receipt.id = receipt_by_id.id \
             WHERE receipt_by_id.id = $1",
        )
        .bind(id.as_bytes().as_slice());
        let row: Option<ReceiptRow> = self.optional(find).await?;
        row.map(Receipt::try_from).transpose()
    }

    async fn receipts_about(&mut self, profile: ProfileId, limit: u32) -> Result<Vec<Receipt>, StoreError> {
        check_page(limit)?;
        let about = sqlx::query_as(
            "SELECT id, profile, matter, door, on_day, known_at, given_at, edition, inputs, answer \
             FROM receipt WHERE profile = $1 ORDER BY given_at DESC, id LIMIT $2",
        )
        .bind(profile.as_bytes().as_slice())
        .bind(i64::from(limit));
        let rows: Vec<ReceiptRow> = self.all(about).await?;
        read(rows)
    }

    async fn receipts_resting_on(
        &mut self,
        records: &[RecordKey],
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<Receipt>, StoreError> {
        check_page(limit)?;
        let (sources, ids) = key_columns(records.iter());
        // OFFSET keeps the lookup of each record a lookup: nobody knows beforehand how long the lists are
        let resting = sqlx::query_as(
            "SELECT id, receipt.profile, matter, door, on_day, known_at, given_at, edition, inputs, answer \
             FROM (SELECT DISTINCT input.profile, input.receipt \
                 FROM unnest($1::text[], $2::text[]) AS wanted (source, record_id) \
                 CROSS JOIN LATERAL (SELECT profile, receipt FROM receipt_input \
                     WHERE source = wanted.source AND record_id = wanted.record_id OFFSET 0) AS input) AS known \
             JOIN receipt ON receipt.profile = known.profile AND receipt.id = known.receipt \
             WHERE given_at >= $3 ORDER BY given_at DESC, id LIMIT $4",
        )
        .bind(sources)
        .bind(ids)
        .bind(from_time(since))
        .bind(i64::from(limit) + 1);
        let rows: Vec<ReceiptRow> = self.all(resting).await?;
        read(at_most(rows, "receipts that rest on records", limit)?)
    }

    async fn withdraw_proof(&mut self, withdrawal: &Withdrawal) -> Result<(), StoreError> {
        let withdraw = sqlx::query(
            "INSERT INTO withdrawal (credential, withdrawn_at, expires_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        )
        .bind(withdrawal.credential.as_bytes().as_slice())
        .bind(from_time(withdrawal.at))
        .bind(from_time(withdrawal.expires_at));
        self.run(withdraw).await.map(|_| ())
    }

    async fn find_withdrawal(&mut self, credential: CredentialId) -> Result<Option<Withdrawal>, StoreError> {
        let find = sqlx::query_as(
            "SELECT credential, withdrawn_at, expires_at FROM withdrawal WHERE credential = $1",
        )
        .bind(credential.as_bytes().as_slice());
        let row: Option<WithdrawalRow> = self.optional(find).await?;
        row.map(Withdrawal::try_from).transpose()
    }

    async fn withdrawals(
        &mut self,
        now: Timestamp,
        after: Option<CredentialId>,
        limit: u32,
    ) -> Result<Vec<Withdrawal>, StoreError> {
        check_page(limit)?;
        let after = after.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
        let page = sqlx::query_as(
            "SELECT credential, withdrawn_at, expires_at FROM withdrawal \
             WHERE expires_at > $1 AND credential > $2 ORDER BY credential LIMIT $3",
        )
        .bind(from_time(now))
        .bind(after)
        .bind(i64::from(limit));
        let rows: Vec<WithdrawalRow> = self.all(page).await?;
        read(rows)
    }

    async fn add_share_code(&mut self, code: &ShareCode) -> Result<(), StoreError> {
        let add = sqlx::query(
            "WITH fresh AS ( \
                 INSERT INTO share_code_by_hash (code_hash, profile) VALUES ($1, $2) ON CONFLICT DO NOTHING \
                 RETURNING code_hash, profile) \
             INSERT INTO share_code (code_hash, profile, matter, made_at, expires_at, withdrawn_at) \
             SELECT code_hash, profile, $3, $4, $5, $6 FROM fresh",
        )
        .bind(code.code_hash.as_slice())
        .bind(code.profile.as_bytes().as_slice())
        .bind(code.matter.name())
        .bind(from_time(code.made_at))
        .bind(from_time(code.expires_at))
        .bind(code.withdrawn_at.map(from_time));
        self.insert_new(add, CODE).await
    }

    async fn find_share_code(&mut self, code_hash: [u8; 32]) -> Result<Option<ShareCode>, StoreError> {
        let find = sqlx::query_as(
            "SELECT share_code.code_hash, share_code.profile, matter, made_at, expires_at, withdrawn_at \
             FROM share_code_by_hash AS known JOIN share_code \
                 ON share_code.profile = known.profile AND share_code.code_hash = known.code_hash \
             WHERE known.code_hash = $1",
        )
        .bind(code_hash.as_slice());
        let row: Option<CodeRow> = self.optional(find).await?;
        row.map(ShareCode::try_from).transpose()
    }

    async fn live_share_codes(
        &mut self,
        profile: ProfileId,
        now: Timestamp,
    ) -> Result<Vec<ShareCode>, StoreError> {
        if self.may_write() {
            // whoever adds a code looks first how many there are
            self.take(Turn::Codes(profile)).await?;
        }
        let live = sqlx::query_as(
            "SELECT code_hash, profile, matter, made_at, expires_at, withdrawn_at FROM share_code \
             WHERE profile = $1 AND made_at <= $2 AND expires_at > $2 \
             AND (withdrawn_at IS NULL OR withdrawn_at > $2) \
             ORDER BY made_at DESC, code_hash LIMIT $3",
        )
        .bind(profile.as_bytes().as_slice())
        .bind(from_time(now))
        .bind(i64::from(LIVE_CODES_MAX) + 1);
        let rows: Vec<CodeRow> = self.all(live).await?;
        read(at_most(rows, "share codes in force", LIVE_CODES_MAX)?)
    }

    async fn withdraw_share_code(
        &mut self,
        profile: ProfileId,
        code_hash: [u8; 32],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let withdraw = sqlx::query(
            "UPDATE share_code SET withdrawn_at = coalesce(withdrawn_at, $1) WHERE code_hash = $2 AND profile = $3",
        )
        .bind(from_time(at))
        .bind(code_hash.as_slice())
        .bind(profile.as_bytes().as_slice());
        match self.run(withdraw).await? {
            0 => Err(StoreError::Missing { what: CODE }),
            _ => Ok(()),
        }
    }
}
