//! Receipts, withdrawals and share codes.

use async_trait::async_trait;
use credential::CredentialId;
use jiff::Timestamp;
use records::key::{ProfileId, RecordKey};
use registry::port::{
    StoreError, check_page,
    proofs::{LIVE_CODES_MAX, Proofs, Receipt, ShareCode, Withdrawal},
};

use super::{
    batch::insert,
    failure::{failed, failed_for},
    transaction::SqliteTransaction,
};
use crate::{
    column::{at_most, from_json, from_time, read},
    proof::{CODE, CodeRow, RECEIPT, ReceiptRow, WithdrawalRow, from_door, records_of},
};

#[async_trait]
impl Proofs for SqliteTransaction {
    async fn keep_receipt(&mut self, receipt: &Receipt) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO receipt (id, profile, matter, door, on_day, known_at, given_at, edition, inputs, answer) \
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
        .execute(self.connection())
        .await
        .map_err(failed_for(RECEIPT))?;
        let records: Vec<&RecordKey> = records_of(receipt).into_iter().collect();
        let head = "INSERT INTO receipt_input (source, record_id, receipt) ";
        insert(self.connection(), head, 3, &records, |mut values, record| {
            values
                .push_bind(record.source.to_string())
                .push_bind(record.id.to_string())
                .push_bind(receipt.id.as_bytes().to_vec());
        })
        .await
    }

    async fn find_receipt(&mut self, id: CredentialId) -> Result<Option<Receipt>, StoreError> {
        let row: Option<ReceiptRow> = sqlx::query_as(
            "SELECT id, profile, matter, door, on_day, known_at, given_at, edition, inputs, answer \
             FROM receipt WHERE id = ?",
        )
        .bind(id.as_bytes().as_slice())
        .fetch_optional(self.connection())
        .await
        .map_err(failed)?;
        row.map(Receipt::try_from).transpose()
    }

    async fn receipts_about(&mut self, profile: ProfileId, limit: u32) -> Result<Vec<Receipt>, StoreError> {
        check_page(limit)?;
        let rows: Vec<ReceiptRow> = sqlx::query_as(
            "SELECT id, profile, matter, door, on_day, known_at, given_at, edition, inputs, answer \
             FROM receipt WHERE profile = ? ORDER BY given_at DESC, id LIMIT ?",
        )
        .bind(profile.as_bytes().as_slice())
        .bind(limit)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        read(rows)
    }

    async fn receipts_resting_on(
        &mut self,
        records: &[RecordKey],
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<Receipt>, StoreError> {
        check_page(limit)?;
        let wanted: Vec<[&str; 2]> = records
            .iter()
            .map(|key| [key.source.as_str(), key.id.as_str()])
            .collect();
        let rows: Vec<ReceiptRow> = sqlx::query_as(
            "SELECT id, profile, matter, door, on_day, known_at, given_at, edition, inputs, answer FROM receipt \
             WHERE given_at >= ?2 AND id IN (SELECT input.receipt FROM json_each(?1) AS wanted \
                 CROSS JOIN receipt_input AS input \
                 ON input.source = wanted.value ->> 0 AND input.record_id = wanted.value ->> 1) \
             ORDER BY given_at DESC, id LIMIT ?3",
        )
        .bind(from_json(&wanted, RECEIPT)?)
        .bind(from_time(since))
        .bind(i64::from(limit) + 1)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        read(at_most(rows, "receipts that rest on records", limit)?)
    }

    async fn withdraw_proof(&mut self, withdrawal: &Withdrawal) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT OR IGNORE INTO withdrawal (credential, withdrawn_at, expires_at) VALUES (?, ?, ?)",
        )
        .bind(withdrawal.credential.as_bytes().as_slice())
        .bind(from_time(withdrawal.at))
        .bind(from_time(withdrawal.expires_at))
        .execute(self.connection())
        .await
        .map_err(failed)?;
        Ok(())
    }

    async fn find_withdrawal(&mut self, credential: CredentialId) -> Result<Option<Withdrawal>, StoreError> {
        let row: Option<WithdrawalRow> = sqlx::query_as(
            "SELECT credential, withdrawn_at, expires_at FROM withdrawal WHERE credential = ?",
        )
        .bind(credential.as_bytes().as_slice())
        .fetch_optional(self.connection())
        .await
        .map_err(failed)?;
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
        let rows: Vec<WithdrawalRow> = sqlx::query_as(
            "SELECT credential, withdrawn_at, expires_at FROM withdrawal \
             WHERE expires_at > ? AND credential > ? ORDER BY credential LIMIT ?",
        )
        .bind(from_time(now))
        .bind(after)
        .bind(limit)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        read(rows)
    }

    async fn add_share_code(&mut self, code: &ShareCode) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO share_code (code_hash, profile, matter, made_at, expires_at, withdrawn_at) \
             VALUES (?, ?, ?, ?, ?, ?)",
        )
        .bind(code.code_hash.as_slice())
        .bind(code.profile.as_bytes().as_slice())
        .bind(code.matter.name())
        .bind(from_time(code.made_at))
        .bind(from_time(code.expires_at))
        .bind(code.withdrawn_at.map(from_time))
        .execute(self.connection())
        .await
        .map_err(failed_for(CODE))?;
        Ok(())
    }

    async fn find_share_code(&mut self, code_hash: [u8; 32]) -> Result<Option<ShareCode>, StoreError> {
        let row: Option<CodeRow> = sqlx::query_as(
            "SELECT code_hash, profile, matter, made_at, expires_at, withdrawn_at \
             FROM share_code WHERE code_hash = ?",
        )
        .bind(code_hash.as_slice())
        .fetch_optional(self.connection())
        .await
        .map_err(failed)?;
        row.map(ShareCode::try_from).transpose()
    }

    async fn live_share_codes(
        &mut self,
        profile: ProfileId,
        now: Timestamp,
    ) -> Result<Vec<ShareCode>, StoreError> {
        let rows: Vec<CodeRow> = sqlx::query_as(
            "SELECT code_hash, profile, matter, made_at, expires_at, withdrawn_at FROM share_code \
             WHERE profile = ?1 AND made_at <= ?2 AND expires_at > ?2 \
             AND (withdrawn_at IS NULL OR withdrawn_at > ?2) \
             ORDER BY made_at DESC, code_hash LIMIT ?3",
        )
        .bind(profile.as_bytes().as_slice())
        .bind(from_time(now))
        .bind(i64::from(LIVE_CODES_MAX) + 1)
        .fetch_all(self.connection())
        .await
        .map_err(failed)?;
        read(at_most(rows, "share codes in force", LIVE_CODES_MAX)?)
    }

    async fn withdraw_share_code(
        &mut self,
        profile: ProfileId,
        code_hash: [u8; 32],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let withdrawn = sqlx::query(
            "UPDATE share_code SET withdrawn_at = coalesce(withdrawn_at, ?) WHERE code_hash = ? AND profile = ?",
        )
        .bind(from_time(at))
        .bind(code_hash.as_slice())
        .bind(profile.as_bytes().as_slice())
        .execute(self.connection())
        .await
        .map_err(failed)?;
        if withdrawn.rows_affected() == 0 {
            Err(StoreError::Missing { what: CODE })
        } else {
            Ok(())
        }
    }
}
