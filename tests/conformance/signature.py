"""Is this PDF signed once, over all of itself, in the one canonical CMS?  signature.py FILE ISSUER.pem OUT_DIR

An independent reading with pyHanko and asn1crypto; leaves cms.der and tbs.bin in OUT_DIR for OpenSSL. Exit 0 only when all holds.
"""
import pathlib
import sys

from asn1crypto import cms, core, pem, x509
from pyhanko.keys import load_cert_from_pemder
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
ATTRIBUTES = ["1.2.840.113549.1.9.16.2.47", "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"]


def want(holds, words):
    if not holds:
        sys.exit("FAILED: " + words)


def der(tag, *parts):
    body = b"".join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def oid(dotted):
    return core.ObjectIdentifier(dotted).dump()


def canonical(certificate, digest, r, s):
    """The one CMS, written from the values that matter and nothing else."""
    sha256 = der(0x30, oid("2.16.840.1.101.3.4.2.1"))
    attribute = lambda kind, value: der(0x30, oid(kind), der(0x31, value))
    fingerprint = der(0x30, der(0x30, der(0x30, der(0x04, certificate.sha256))))
    attributes = (
        attribute("1.2.840.113549.1.9.3", oid("1.2.840.113549.1.7.1"))
        + attribute("1.2.840.113549.1.9.4", der(0x04, digest))
        + attribute("1.2.840.113549.1.9.16.2.47", fingerprint)
    )
    signature = der(0x30, core.Integer(r).dump(), core.Integer(s).dump())
    signer = der(
        0x30,
        core.Integer(1).dump(),
        der(0x30, certificate.issuer.dump(), core.Integer(certificate.serial_number).dump()),
        sha256,
        der(0xA0, attributes),
        der(0x30, oid("1.2.840.10045.4.3.2")),
        der(0x04, signature),
    )
    data = der(
        0x30,
        core.Integer(1).dump(),
        der(0x31, sha256),
        der(0x30, oid("1.2.840.113549.1.7.1")),
        der(0xA0, certificate.dump()),
        der(0x31, signer),
    )
    return der(0x30, oid("1.2.840.113549.1.7.2"), der(0xA0, data))


path, issuer, out = sys.argv[1:4]
data = pathlib.Path(path).read_bytes()
with open(path, "rb") as file:
    reader = PdfFileReader(file, strict=True)
    want(not reader.encrypted, "the file is encrypted")
    found = reader.embedded_signatures
    want(len(found) == 1, "there is not exactly one signature")
    signature = found[0]
    want(str(signature.sig_object.raw_get("/SubFilter")) == "/ETSI.CAdES.detached", "the kind of signature")
    start, a, b, length = [int(n) for n in signature.byte_range]
    want(start == 0 and 0 < a < b and b + length == len(data), "the range is not the whole file")
    gap = data[a:b]
    want(gap[:1] == b"<" and gap[-1:] == b">" and gap == gap.upper(), "the gap is not capital hex")
    raw = bytes.fromhex(gap[1:-1].decode())
    want(raw == bytes(signature.pkcs7_content), "the gap is not the contents of the signature")
    size = int.from_bytes(raw[2:4], "big") + 4
    want(raw[:2] == b"\x30\x82" and not any(raw[size:]), "something stands behind the CMS")
    signed = cms.ContentInfo.load(raw[:size], strict=True)["content"]
    info, certificates = signed["signer_infos"], signed["certificates"]
    want(len(info) == 1 and len(certificates) == 1 and signed["crls"].native is None, "one signer, one certificate, no CRL")
    info, certificate = info[0], certificates[0].chosen
    want(info["unsigned_attrs"].native is None, "unsigned attributes")
    want(sorted(x["type"].dotted for x in info["signed_attrs"]) == ATTRIBUTES, "signed attributes")
    digest = next(x["values"][0].native for x in info["signed_attrs"] if x["type"].native == "message_digest")
    from asn1crypto.algos import DSASignature

    value = DSASignature.load(info["signature"].native, strict=True)
    r, s = value["r"].native, value["s"].native
    want(0 < r < ORDER and 0 < s <= ORDER // 2, "the signature value is not the low one")
    want(canonical(certificate, digest, r, s) == raw[:size], "the CMS has another encoding than the canonical one")
    context = ValidationContext(trust_roots=[load_cert_from_pemder(issuer)], allow_fetching=False)
    status = validate_pdf_signature(signature, context)
    want(status.intact and status.valid and status.trusted and status.bottom_line, "pyHanko does not accept it")
    want(status.coverage == SignatureCoverageLevel.ENTIRE_FILE, "pyHanko: not the entire file")
    want(status.modification_level in (None, ModificationLevel.NONE), "pyHanko: modified")
    want(status.docmdp_ok is not False, "pyHanko: DocMDP")
(pathlib.Path(out) / "cms.der").write_bytes(raw[:size])
(pathlib.Path(out) / "tbs.bin").write_bytes(data[:a] + data[b:])
