//! Strict CBOR: one value, in the one encoding that RFC 8949 section 4.2.1 allows for it.
//!
//! Invariant: bytes that are accepted are exactly the bytes that we would have written. This refuses trailing
//! bytes, keys that stand twice or out of order, open lengths and long forms of short numbers.

use ciborium::Value;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CborError {
    #[error("is not CBOR")]
    Form,
    #[error("is not in the deterministic encoding")]
    NotDeterministic,
}

pub(crate) fn decode(bytes: &[u8]) -> Result<Value, CborError> {
    let mut rest = bytes;
    let value: Value = ciborium::from_reader(&mut rest).map_err(|_| CborError::Form)?;
    if rest.is_empty() && keys_ascend(&value)? && encode(&value)? == bytes {
        Ok(value)
    } else {
        Err(CborError::NotDeterministic)
    }
}

pub(crate) fn encode(value: &Value) -> Result<Vec<u8>, CborError> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes).map_err(|_| CborError::Form)?;
    Ok(bytes)
}

/// Depth is bounded by the decoder's own limit of 256.
fn keys_ascend(value: &Value) -> Result<bool, CborError> {
    match value {
        Value::Array(items) => all(items.iter().map(keys_ascend)),
        Value::Tag(_, inner) => keys_ascend(inner),
        Value::Map(entries) => {
            let keys = entries
                .iter()
                .map(|(key, _)| encode(key))
                .collect::<Result<Vec<_>, _>>()?;
            let ascend = keys.windows(2).all(|pair| pair[0] < pair[1]);
            Ok(ascend
                && all(entries
                    .iter()
                    .flat_map(|(key, value)| [key, value])
                    .map(keys_ascend))?)
        }
        _ => Ok(true),
    }
}

fn all(mut found: impl Iterator<Item = Result<bool, CborError>>) -> Result<bool, CborError> {
    found.try_fold(true, |so_far, next| next.map(|next| so_far && next))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_shortest_form_is_accepted() {
        assert!(decode(&[0xa2, 0x01, 0x02, 0x04, 0x05]).is_ok());
        for (bytes, why) in [
            (&[0xa2, 0x01, 0x02, 0x01, 0x05][..], "key twice"),
            (&[0xa2, 0x04, 0x02, 0x01, 0x05], "keys out of order"),
            (&[0xa1, 0x01, 0x18, 0x02], "long form of a short number"),
            (&[0xbf, 0x01, 0x02, 0xff], "open length"),
            (&[0xa1, 0x01, 0x02, 0x00], "trailing byte"),
            (&[0x81, 0xa2, 0x01, 0x02, 0x01, 0x05], "key twice, deeper"),
            (
                &[0xfb, 0x3f, 0xf0, 0, 0, 0, 0, 0, 0],
                "long form of a short fraction",
            ),
        ] {
            assert_eq!(decode(bytes), Err(CborError::NotDeterministic), "{why}");
        }
        assert_eq!(decode(&[0xa1, 0x01]), Err(CborError::Form));
        assert_eq!(decode(&[0x81; 1000]), Err(CborError::Form), "nested too deep");
    }
}
