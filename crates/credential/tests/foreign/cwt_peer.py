"""A second implementation of the credential, by PyPI `cwt` and `base45`: one JSON request in, one JSON answer out.

Exit 77 with one line on standard output when a package is missing.
"""

import hashlib
import json
import sys

try:
    import base45
    import cbor2
    import cwt
except ImportError as missing:
    print(f"PyPI package {missing.name} is not installed (pip install cwt base45)")
    sys.exit(77)

PREFIX = "SJ1:"


def opened(text, key):
    """Claims of `text` after `cwt` has checked the signature, or an exception."""
    if not text.startswith(PREFIX):
        raise ValueError("not ours")
    payload = cwt.COSE.new().decode(base45.b45decode(text[len(PREFIX):]), key)
    return payload if isinstance(payload, dict) else cbor2.loads(payload)


def verified(request):
    # a JWK has its key id as text, a credential as bytes
    key = cwt.COSEKey.from_jwk(request["key"]).to_dict()
    key = cwt.COSEKey.new({**key, 2: bytes.fromhex(request["key"]["kid"])})
    accepted = []
    for number, twin in enumerate(request["twins"]):
        try:
            opened(twin, key)
            accepted.append(number)
        except Exception:  # any refusal will do
            continue
    return {"claims": plain(opened(request["text"], key)), "twins_accepted": accepted}


def issued(request):
    key = cwt.COSEKey.from_pem(request["pem"], alg="ES256", kid=bytes.fromhex(request["kid"]))
    claims = {
        1: "RU-MVD",
        4: request["expires_at"],
        6: request["issued_at"],
        7: bytes.fromhex("0123456789abcdef"),
        -65537: {0: 2, 1: 1, 2: 20818, 3: ["50", "77"]},
    }
    protected = {1: -7, 4: bytes.fromhex(request["kid"]), 16: 61}
    signed = cwt.COSE.new().encode_and_sign(cbor2.dumps(claims, canonical=True), key, protected=protected)
    return {"text": PREFIX + base45.b45encode(signed).decode()}


def bound(request):
    digest = hashlib.pbkdf2_hmac("sha256", request["document"].encode(), b"sojourn/binding/1", 10_000, 4)
    return {"binding": (int.from_bytes(digest, "big") >> 12).to_bytes(3, "big").hex()}


def plain(value):
    """CBOR as JSON: keys as text, bytes in hexadecimal digits."""
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value.hex() if isinstance(value, bytes) else value


ACTIONS = {"verify": verified, "issue": issued, "bind": bound}
request = json.load(sys.stdin)
print(json.dumps(ACTIONS[request["do"]](request)))
