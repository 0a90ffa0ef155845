"""The Merkle tree of RFC 6962, 2.1, written from its definitions: an oracle for tests/it/certificate/tree.rs.

Prints, for sizes 0, 100 … 600, a running SHA-256 over every root, inclusion path and consistency proof up to that size.
"""
import functools
import hashlib

sha = lambda data: hashlib.sha256(data).digest()
leaf = lambda i: i.to_bytes(4, "big")


@functools.cache
def root(start, end):
    if start == end:
        return sha(b"")
    if end - start == 1:
        return sha(b"\0" + leaf(start))
    k = split(end - start)
    return sha(b"\1" + root(start, start + k) + root(start + k, end))


def split(n):
    k = 1
    while k * 2 < n:
        k *= 2
    return k


def path(m, start, end):
    if end - start == 1:
        return []
    k = split(end - start)
    if m < k:
        return path(m, start, start + k) + [root(start + k, end)]
    return path(m - k, start + k, end) + [root(start, start + k)]


def subproof(m, start, end, whole):
    if m == end - start:
        return [] if whole else [root(start, end)]
    k = split(end - start)
    if m <= k:
        return subproof(m, start, start + k, whole) + [root(start + k, end)]
    return subproof(m - k, start + k, end, False) + [root(start, start + k)]


running = b""
for size in range(601):
    parts = [root(0, size)]
    for index in range(size):
        parts += path(index, 0, size)
    for old in range(1, size + 1):
        parts += subproof(old, 0, size, True)
    running = sha(running + sha(b"".join(parts)))
    if size % 100 == 0:
        print(size, running.hex())
