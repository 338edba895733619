//! Receipts and share codes, in memory.

use std::{
    cmp::Reverse,
    ops::Bound::{Excluded, Unbounded},
    sync::Arc,
};

use async_trait::async_trait;
use credential::CredentialId;
use jiff::Timestamp;
use records::key::{ProfileId, RecordKey};

use super::{MemoryTransaction, at_most};
use crate::port::{
    StoreError, check_page,
    proofs::{LIVE_CODES_MAX, Proofs, Receipt, ShareCode, Withdrawal},
};

#[async_trait]
impl Proofs for MemoryTransaction {
    async fn keep_receipt(&mut self, receipt: &Receipt) -> Result<(), StoreError> {
        self.may_write()?;
        if self.tables.receipts.contains_key(&receipt.id) {
            return Err(StoreError::Duplicate { what: "receipt" });
        }
        Arc::make_mut(&mut self.tables.receipts).insert(receipt.id, receipt.clone());
        Ok(())
    }

    async fn find_receipt(&mut self, id: CredentialId) -> Result<Option<Receipt>, StoreError> {
        Ok(self.tables.receipts.get(&id).cloned())
    }

    async fn receipts_about(&mut self, profile: ProfileId, limit: u32) -> Result<Vec<Receipt>, StoreError> {
        check_page(limit)?;
        let receipts = self
            .tables
            .receipts
            .values()
            .filter(|receipt| receipt.profile == profile);
        let mut receipts: Vec<Receipt> = receipts.cloned().collect();
        receipts.sort_by_key(|receipt| (Reverse(receipt.given_at), receipt.id));
        receipts.truncate(limit as usize);
        Ok(receipts)
    }

    async fn receipts_resting_on(
        &mut self,
        records: &[RecordKey],
        since: Timestamp,
        limit: u32,
    ) -> Result<Vec<Receipt>, StoreError> {
        check_page(limit)?;
        let resting = self.tables.receipts.values().filter(|receipt| {
            receipt.given_at >= since && receipt.inputs.iter().any(|input| records.contains(&input.record))
        });
        let mut receipts: Vec<Receipt> = resting.cloned().collect();
        receipts.sort_by_key(|receipt| (Reverse(receipt.given_at), receipt.id));
        at_most(receipts, "receipts that rest on records", limit)
    }

    async fn withdraw_proof(&mut self, withdrawal: &Withdrawal) -> Result<(), StoreError> {
        self.may_write()?;
        Arc::make_mut(&mut self.tables.withdrawals)
            .entry(withdrawal.credential)
            .or_insert_with(|| withdrawal.clone());
        Ok(())
    }

    async fn find_withdrawal(&mut self, credential: CredentialId) -> Result<Option<Withdrawal>, StoreError> {
        Ok(self.tables.withdrawals.get(&credential).cloned())
    }

    async fn withdrawals(
        &mut self,
        now: Timestamp,
        after: Option<CredentialId>,
        limit: u32,
    ) -> Result<Vec<Withdrawal>, StoreError> {
        check_page(limit)?;
        let start = after.map_or(Unbounded, Excluded);
        let later = self.tables.withdrawals.range((start, Unbounded));
        let living = later.filter(|(_, withdrawal)| withdrawal.expires_at > now);
        Ok(living
            .take(limit as usize)
            .map(|(_, withdrawal)| withdrawal.clone())
            .collect())
    }

    async fn add_share_code(&mut self, code: &ShareCode) -> Result<(), StoreError> {
        self.may_write()?;
        if self.tables.codes.contains_key(&code.code_hash) {
            return Err(StoreError::Duplicate { what: "share code" });
        }
        Arc::make_mut(&mut self.tables.codes).insert(code.code_hash, code.clone());
        Ok(())
    }

    async fn find_share_code(&mut self, code_hash: [u8; 32]) -> Result<Option<ShareCode>, StoreError> {
        Ok(self.tables.codes.get(&code_hash).cloned())
    }

    async fn live_share_codes(
        &mut self,
        profile: ProfileId,
        now: Timestamp,
    ) -> Result<Vec<ShareCode>, StoreError> {
        let codes = self
            .tables
            .codes
            .values()
            .filter(|code| code.profile == profile && code.in_force(now));
        let mut codes: Vec<ShareCode> = codes.cloned().collect();
        codes.sort_by_key(|code| (Reverse(code.made_at), code.code_hash));
        at_most(codes, "share codes in force", LIVE_CODES_MAX)
    }

    async fn withdraw_share_code(
        &mut self,
        profile: ProfileId,
        code_hash: [u8; 32],
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.may_write()?;
        let code = Arc::make_mut(&mut self.tables.codes).get_mut(&code_hash);
        let code = code
            .filter(|code| code.profile == profile)
            .ok_or(StoreError::Missing { what: "share code" })?;
        code.withdrawn_at = code.withdrawn_at.or(Some(at));
        Ok(())
    }
}
