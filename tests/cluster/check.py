"""Holds what the service acknowledged against what is kept. Reads the ledger of load.py, the database, the bucket's folder and
the published log; runs none of the service's code.

    check.py LEDGER BASE PSQL DATABASE_URL BUCKET_FOLDER LOG_KEYS

Exit 0: every acknowledged fact is kept, no number twice, the log is one tree that only grew. Needs Python's `cryptography`.
"""
import base64
import collections
import hashlib
import json
import os
import subprocess
import sys
import urllib.request

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

ledger_path, base, psql, database, bucket, log_keys = sys.argv[1:]
facts = collections.defaultdict(list)
with open(ledger_path, encoding="utf-8") as file:
    for line in file:
        fact = json.loads(line)
        facts[fact["fact"]].append(fact)
wrong = []
sha = lambda data: hashlib.sha256(data).digest()


def hold(truth, words):
    if not truth:
        wrong.append(words)


def rows(query):
    out = subprocess.run([psql, "-X", "-At", "-F", "\x1f", "-R", "\x1e", "-d", database, "-c", query],
                         check=True, capture_output=True, text=True).stdout.strip("\n")
    return [tuple(row.split("\x1f")) for row in out.split("\x1e") if row]


def fetch(path):
    with urllib.request.urlopen(base + path, timeout=30) as answer:
        return answer.read()


# The bucket: every object is the bytes its name says.
blobs = set()
for folder, _, names in os.walk(bucket):
    for name in names:
        if len(name) != 64:
            continue
        with open(os.path.join(folder, name), "rb") as file:
            hold(hashlib.file_digest(file, "sha256").hexdigest() == name, f"object {name} holds other bytes")
        blobs.add(name)

# Certificates.
kept = {number: (int(leaf), file, holder, status) for number, leaf, file, holder, status in
        rows("SELECT number, leaf_index, file_sha256, holder_sha256, status FROM certificates")}
for fact in facts["issued"]:
    row = kept.get(fact["number"])
    hold(row, f"certificate {fact['number']} was acknowledged and is lost")
    if row:
        hold(row[0] == fact["leaf_index"], f"certificate {fact['number']} has another leaf")
        hold(fact["file_sha256"] in (None, row[1]), f"certificate {fact['number']} has another file")
        hold(hashlib.sha256(fact["holder_secret"].removeprefix("jzh_").encode()).hexdigest() == row[2], f"{fact['number']}: another holder")
numbers = [fact["number"] for fact in facts["issued"]]
hold(len(numbers) == len(set(numbers)), "a number was handed out twice")
leaves_of = [row[0] for row in kept.values()]
hold(len(leaves_of) == len(set(leaves_of)), "two certificates share a leaf")
for number, (_, file, _, _) in kept.items():
    hold(file in blobs, f"the file of certificate {number} is not in the bucket")
for fact in facts["revoked"]:
    row = kept.get(fact["number"])
    hold(row and row[3] == "revoked", f"the revocation of {fact['number']} was acknowledged and is lost")
# No more certificates than were asked for: one a key, and what the lists gave.
singles = len({fact["key"] for fact in facts["asked"]})
from_lists = int(rows("SELECT COUNT(*) FROM office_batch_rows WHERE number IS NOT NULL")[0][0])
hold(len(kept) <= singles + from_lists, f"{len(kept)} certificates for {singles} requests and {from_lists} rows of lists")
listed = [number for (number,) in rows("SELECT number FROM office_batch_rows WHERE number IS NOT NULL")]
hold(len(listed) == len(set(listed)), "two rows of lists have one certificate")
pending = int(rows("SELECT COUNT(*) FROM certificate_pending")[0][0])
hold(pending == 0, f"{pending} certificates still wait")
# Serials: each is used, or reserved for whoever comes next; none is lost.
(next_serial,) = rows("SELECT COALESCE(SUM(next_serial - 1), 0) FROM certificate_serials")[0]
(reserved,) = rows("SELECT COUNT(*) FROM certificate_reservations")[0]
hold(int(next_serial) == len(kept) + pending + int(reserved), f"serials: {next_serial} begun, {len(kept)} used, {reserved} reserved")

# Dossiers, files, bindings.
dossiers = {row[0] for row in rows("SELECT id FROM dossiers")}
uploads = {(dossier, sha256) for dossier, sha256 in rows("SELECT dossier, sha256 FROM uploads")}
doubles = rows("SELECT dossier, slot, place FROM uploads GROUP BY dossier, slot, place HAVING COUNT(*) > 1")
hold(not doubles, f"two files at one place: {doubles}")
for fact in facts["dossier"]:
    hold(fact["id"] in dossiers, f"dossier {fact['id']} is lost")
for fact in facts["upload"]:
    hold((fact["dossier"], fact["sha256"]) in uploads, f"a file of dossier {fact['dossier']} is lost")
    hold(fact["sha256"] in blobs, f"the bytes of a file of dossier {fact['dossier']} are lost")
bound = collections.defaultdict(dict)
for dossier, path, sha256 in rows("SELECT dossier, path, sha256 FROM bound_files"):
    bound[dossier][path] = sha256
    hold(sha256 in blobs, f"{path} of dossier {dossier} is not in the bucket")
for fact in facts["bound"]:
    hold(bound.get(fact["dossier"]) == fact["files"], f"what was bound of dossier {fact['dossier']} is not what was acknowledged")

# Work: whatever was taken on has come to one good end.
jobs = {row[0]: row[1:] for row in rows("SELECT id, kind, state, attempts, COALESCE(status, 0), (result IS NOT NULL)::int FROM jobs")}
for fact in facts["job"]:
    job = jobs.get(fact["id"])
    hold(job and job[1] == "done" and job[4] == "1", f"{fact['kind']} {fact['id']} was taken on and is {job}")
    if fact["kind"] == "binding":
        hold(fact["dossier"] in bound, f"dossier {fact['dossier']} was bound and is not")
hold(not rows("SELECT batch FROM office_batch_rows WHERE outcome NOT IN ('issued', 'witness')"), "a row of a list was not issued")

# The log: leaves without a gap, hashes from their definition (RFC 6962, 2.1).
leaves = [leaf.encode() for _, leaf in rows("SELECT leaf_index, leaf FROM log_leaves ORDER BY leaf_index")]
indexes = [int(index) for index, in rows("SELECT leaf_index FROM log_leaves ORDER BY leaf_index")]
hold(indexes == list(range(len(leaves))), "the log has a gap")
hashes = [sha(b"\0" + leaf) for leaf in leaves]
tree = {}


def root(start, end):
    if end - start == 1:
        return hashes[start]
    if (start, end) not in tree:
        k = 1
        while k * 2 < end - start:
            k *= 2
        tree[start, end] = sha(b"\1" + root(start, start + k) + root(start + k, end))
    return tree[start, end]


issue_leaves = sum(json.loads(leaf).get("t", json.loads(leaf).get("type")) == "issue" for leaf in leaves)
note = fetch("/checkpoint").decode()
text, _, signatures = note.partition("\n\n")
text += "\n"
origin, size, published = text.split("\n")[:3]
hold(int(size) == len(leaves), f"the published log has {size} leaves, the database {len(leaves)}")
if leaves:
    hold(base64.b64decode(published) == root(0, len(leaves)), "the published root is not that of the leaves")
with open(log_keys, encoding="utf-8") as file:
    lines = [line.strip() for line in file if line.startswith(origin + "+")]
material = base64.b64decode(lines[0].split("+", 2)[2])
signed = [line.split(" ")[2] for line in signatures.split("\n") if line.startswith(f"— {origin} ")]
Ed25519PublicKey.from_public_bytes(material[1:]).verify(base64.b64decode(signed[0])[4:], text.encode())
# Every tree anybody was shown is a beginning of this one.
seen = {(fact["size"], fact["root"]) for fact in facts["checkpoint"]}
for old, old_root in seen:
    hold(old <= len(leaves) and base64.b64decode(old_root) == root(0, old), f"the tree of {old} leaves that was shown is not a beginning of the log")


def number(n):
    parts = [f"{n % 1000:03}"]
    while n >= 1000:
        n //= 1000
        parts.insert(0, f"x{n % 1000:03}")
    return "/".join(parts)


for tile in range((len(leaves) + 255) // 256):
    part = hashes[tile * 256:tile * 256 + 256]
    width = "" if len(part) == 256 else f".p/{len(part)}"
    hold(fetch(f"/tile/0/{number(tile)}{width}") == b"".join(part), f"tile {tile} is not that of the leaves")
    entries = b"".join(len(leaf).to_bytes(2, "big") + leaf for leaf in leaves[tile * 256:tile * 256 + 256])
    hold(fetch(f"/tile/entries/{number(tile)}{width}") == entries, f"bundle {tile} is not that of the leaves")

for fact in facts["surprise"]:
    wrong.append(f"unexpected answer: {fact['what']} {fact['status']} {fact['body'][:300]}")
died = [job for job in jobs.values() if int(job[2]) > 1]
done = {name: len(facts[name]) for name in ("issued", "revoked", "dossier", "upload", "bound", "job", "checkpoint", "gave_up")}
print(json.dumps({"acknowledged": done, "certificates": len(kept), "leaves": len(leaves), "objects": len(blobs),
                  "trees_shown": len(seen), "work_begun_again": len(died),
                  "answers": facts["statuses"][-1]["counts"] if facts["statuses"] else None}, ensure_ascii=False, indent=1))
if not numbers or not facts["job"] or not facts["upload"]:
    wrong.append("the load acknowledged too little to say anything")
for words in wrong[:40]:
    print("WRONG:", words)
print("nothing lost" if not wrong else f"{len(wrong)} wrong")
sys.exit(bool(wrong))
