#!/usr/bin/env python3
"""Checks a file of Parley's a second time, by other code in another language: an exported record, evidence of a fork, of a
device or a relay that contradicts itself, or one entry opened alone.

    python3 verify-record.py delegation.parley fork.evidence entry-14.proof

It needs Python 3.8 or newer and nothing else: Ed25519 and ML-DSA-65 are here too, written from RFC 8032 and FIPS 204.
It follows docs/protocol/record.md and shares no line with the TypeScript verifier. It is slow (about 30 entries a
second); `--no-signatures` checks everything else and says so. Exit code: 0 whole, 5 refused, 2 wrong use.

--json prints one line for each file: {"file", "ok", "reason", "at", "size", "root", ...}.
"""

import base64
import hashlib
import json
import re
import struct
import sys


class Refused(Exception):
    """The first thing that is wrong, with the number of entries that were good before it."""

    def __init__(self, reason, at=0, detail=""):
        super().__init__(detail or reason)
        self.reason, self.at, self.detail = reason, at, detail


class Malformed(Exception):
    """Bytes that are not the one canonical encoding of what they should be."""


# ---- Canonical bytes: the subset of CBOR of record.md section 2 ----------------------------------------------------

class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, count):
        if self.at + count > len(self.data):
            raise Malformed("truncated")
        self.at += count
        return self.data[self.at - count:self.at]

    def head(self, major):
        first = self.take(1)[0]
        if first >> 5 != major:
            raise Malformed("unexpected type")
        low = first & 31
        if low < 24:
            return low
        if low > 27:
            raise Malformed("not canonical")
        width = 1 << (low - 24)
        value = int.from_bytes(self.take(width), "big")
        if value < {1: 24, 2: 1 << 8, 4: 1 << 16, 8: 1 << 32}[width] or value > 2**53 - 1:
            raise Malformed("not canonical")
        return value


def uint(most=2**53 - 1, least=0):
    def read(r):
        value = r.head(0)
        if not least <= value <= most:
            raise Malformed("out of range")
        return value
    return read


def octets(most, least=0):
    def read(r):
        length = r.head(2)
        if not least <= length <= most:
            raise Malformed("wrong length")
        return r.take(length)
    return read


def exactly(length):
    return octets(length, length)


def text(most):
    def read(r):
        length = r.head(3)
        if length > most:
            raise Malformed("too large")
        try:
            return r.take(length).decode("utf-8", "strict")
        except UnicodeDecodeError:
            raise Malformed("not UTF-8") from None
    return read


def word(*words):
    def read(r):
        value = text(max(map(len, words)))(r)
        if value not in words:
            raise Malformed("unknown word")
        return value
    return read


def nullable(inner):
    def read(r):
        if r.data[r.at:r.at + 1] == b"\xf6":
            r.at += 1
            return None
        return inner(r)
    return read


def many(item, most):
    def read(r):
        count = r.head(4)
        if count > most:
            raise Malformed("too many")
        return [item(r) for _ in range(count)]
    return read


def fields(**shape):
    ordered = sorted(shape, key=lambda name: (len(name), name))

    def read(r):
        if r.head(5) != len(ordered):
            raise Malformed("other fields")
        value = {}
        for name in ordered:
            if text(23)(r) != name:
                raise Malformed("other fields")
            value[name] = shape[name](r)
        return value
    return read


def variant(shapes):
    def read(r):
        if r.head(4) != 2:
            raise Malformed("unexpected type")
        kind = word(*shapes)(r)
        return dict(shapes[kind](r), kind=kind)
    return read


def decode(shape, data):
    reader = Reader(data)
    value = shape(reader)
    if reader.at != len(data):
        raise Malformed("trailing bytes")
    return value


def head(major, value):
    if value < 24:
        return bytes([major << 5 | value])
    for low, width in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 1 << 8 * width:
            return bytes([major << 5 | low]) + value.to_bytes(width, "big")
    raise AssertionError(value)


def encode_signed_entry(signed):
    """A map of two byte strings: header, then signature (shorter key first)."""
    out = head(5, 2)
    for name in ("header", "signature"):
        out += head(3, len(name)) + name.encode() + head(2, len(signed[name])) + signed[name]
    return out


HYBRID_PUBLIC, HYBRID_SIGNATURE = 32 + 1952, 64 + 3309
digest = exactly(32)

CERTIFICATE = fields(party=text(120), authority=exactly(HYBRID_PUBLIC), member=text(120), label=text(60),
                     role=word("officer", "member"),
                     signer=exactly(HYBRID_PUBLIC), mls=digest, seal=exactly(1216), issuedMs=uint())
SIGNED_CERTIFICATE = fields(body=octets(6000), signature=exactly(HYBRID_SIGNATURE))
HEADER = fields(version=uint(1, 1), room=digest, author=digest, authorSeq=uint(), authorPrev=digest,
                seen=fields(size=uint(), root=digest), kind=text(32), timeMs=uint(),
                zone=nullable(uint(1560)), body=digest)
ENTRY = fields(signed=fields(header=octets(512), signature=exactly(HYBRID_SIGNATURE)),
               opened=nullable(fields(salt=digest, body=octets(131072))))
ITEM = variant({
    "header": fields(format=uint(1, 1), room=digest, exportedBy=nullable(digest), size=uint(1000000), root=digest),
    "entry": ENTRY,
    "checkpoint": fields(note=octets(512 * 1024)),
    "receipt": fields(receipt=octets(512)),
    "end": fields(digest=digest, signature=nullable(exactly(HYBRID_SIGNATURE))),
})
RECEIPT_CLAIM = dict(relay=digest, log=digest, seq=uint(), head=digest, timeMs=uint())
RECEIPT = fields(**RECEIPT_CLAIM, place=uint(31), path=many(digest, 5), signature=exactly(64))
CERTIFIED = fields(certificate=SIGNED_CERTIFICATE)
EARLIER = fields(room=digest, size=uint(), root=digest, evidence=nullable(digest))
TEXT = fields(text=text(65536))
PROOF = many(digest, 106)
NOTE_OF_ONE = 8192
SIGNED_ENTRY = fields(header=octets(512), signature=exactly(HYBRID_SIGNATURE))
STATEMENT = variant({"entry": SIGNED_ENTRY, "checkpoint": fields(note=octets(NOTE_OF_ONE))})
EVIDENCE = variant({
    "fork": fields(earlier=STATEMENT, later=STATEMENT, root=digest, proof=PROOF,
                   certificates=many(SIGNED_CERTIFICATE, 2)),
    "double-entry": fields(first=SIGNED_ENTRY, second=SIGNED_ENTRY, certificates=many(SIGNED_CERTIFICATE, 2)),
    "relay-receipts": fields(first=octets(512), second=octets(512)),
})
ENTRY_PROOF = fields(entry=ENTRY, index=uint(), proof=PROOF, checkpoint=octets(512 * 1024),
                     certificates=many(SIGNED_CERTIFICATE, 65))
FOUNDING = ("found", "room-founded", "room-restarted")
# The bodies that decide something. Whatever else an entry says is hashed and not read.
STRUCTURAL = {
    "found": fields(channel=digest, name=text(200), relay=text(300), certificate=SIGNED_CERTIFICATE),
    "room-founded": fields(channel=digest, room=word("caucus", "bilateral"), parties=many(digest, 8), name=text(200),
                           relay=text(300), earlier=nullable(EARLIER), certificate=SIGNED_CERTIFICATE),
    "room-restarted": fields(channel=digest, name=text(200), relay=text(300), earlier=EARLIER,
                             certificate=SIGNED_CERTIFICATE),
    "restart-accepted": fields(earlier=EARLIER),
    "party-admitted": CERTIFIED,
    "device-admitted": CERTIFIED,
    "device-removed": fields(device=digest, reason=text(500)),
    "admission-proposed": CERTIFIED,
    "member-renamed": fields(member=text(120), to=text(120)),
    "member-suspended": fields(member=text(120), reason=text(500)),
    "member-resumed": fields(member=text(120), reason=text(500)),
    "party-policy": fields(officersForAdmission=uint(2, 1), officersForAuthority=uint(16, 2)),
    "authority-changed": fields(authority=exactly(HYBRID_PUBLIC), proof=exactly(HYBRID_SIGNATURE),
                                signature=nullable(exactly(HYBRID_SIGNATURE)), reason=text(500)),
    "verified": fields(about=digest, how=word("voice", "in-person", "writing"), words=many(uint(2047), 12),
                       offer=nullable(digest)),
    "mismatch": fields(about=digest, how=word("voice", "in-person", "writing"), offer=nullable(digest)),
}


# ---- Ed25519 (RFC 8032) --------------------------------------------------------------------------------------------

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def x_of(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def point(encoded):
    value = int.from_bytes(encoded, "little")
    y = value & (1 << 255) - 1
    x = x_of(y, value >> 255)
    return None if x is None else (x, y, 1, x * y % P)


def add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(scalar, base):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, base)
        base, scalar = add(base, base), scalar >> 1
    return result


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (x_of(BASE_Y, 0), BASE_Y, 1, x_of(BASE_Y, 0) * BASE_Y % P)


def ed25519_holds(public, message, signature):
    a, r = point(public), signature[:32]
    s = int.from_bytes(signature[32:], "little")
    if a is None or s >= L:
        return False
    x, y, z, _ = times(8, a)
    if x % P == 0 and (y - z) % P == 0:
        return False  # a key of small order, which fits any message
    k = int.from_bytes(hashlib.sha512(r + public + message).digest(), "little") % L
    minus_a = (P - a[0], a[1], 1, P - a[3])
    x, y, z, _ = add(times(s, BASE), times(k, minus_a))
    inverse = pow(z, P - 2, P)
    x, y = x * inverse % P, y * inverse % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == r


# ---- ML-DSA-65 verification (FIPS 204) -----------------------------------------------------------------------------

Q, DROP, K, LL, TAU, OMEGA = 8380417, 13, 6, 5, 49, 55
GAMMA1, GAMMA2 = 1 << 19, (Q - 1) // 32
BETA, C_BYTES = TAU * 4, 48


def bit_reversed(i):
    return int(format(i, "08b")[::-1], 2)


ZETAS = [pow(1753, bit_reversed(i), Q) for i in range(256)]


def ntt(poly):
    w, m, length = list(poly), 0, 128
    while length:
        for start in range(0, 256, 2 * length):
            m += 1
            zeta = ZETAS[m]
            for j in range(start, start + length):
                t = zeta * w[j + length] % Q
                w[j + length], w[j] = (w[j] - t) % Q, (w[j] + t) % Q
        length //= 2
    return w


def inverse_ntt(poly):
    w, m, length = list(poly), 256, 1
    while length < 256:
        for start in range(0, 256, 2 * length):
            m -= 1
            zeta = -ZETAS[m]
            for j in range(start, start + length):
                t = w[j]
                w[j], w[j + length] = (t + w[j + length]) % Q, zeta * (t - w[j + length]) % Q
        length *= 2
    return [x * 8347681 % Q for x in w]


def unpacked(data, bits, count):
    value, mask = int.from_bytes(data, "little"), (1 << bits) - 1
    return [value >> bits * i & mask for i in range(count)]


def uniform_poly(seed):
    size = 1024
    while True:
        stream, found = hashlib.shake_128(seed).digest(size), []
        for i in range(0, size - 2, 3):
            value = stream[i] | stream[i + 1] << 8 | (stream[i + 2] & 127) << 16
            if value < Q:
                found.append(value)
                if len(found) == 256:
                    return found
        size *= 2


def challenge_poly(seed):
    size = 1024
    stream = hashlib.shake_256(seed).digest(size)
    signs, at, c = int.from_bytes(stream[:8], "little"), 8, [0] * 256
    for i in range(256 - TAU, 256):
        while stream[at] > i:
            at += 1
        j = stream[at]
        at += 1
        c[i], c[j] = c[j], Q - 1 if signs >> i + TAU - 256 & 1 else 1
    return c


def unpacked_hint(data):
    hint, index = [], 0
    for i in range(K):
        end = data[OMEGA + i]
        places = data[index:end]
        if end < index or end > OMEGA or any(a >= b for a, b in zip(places, places[1:])):
            return None
        hint.append(set(places))
        index = end
    return None if any(data[index:OMEGA]) else hint


def use_hint(hinted, r):
    low = r % (2 * GAMMA2)
    if low > GAMMA2:
        low -= 2 * GAMMA2
    high = 0 if r - low == Q - 1 else (r - low) // (2 * GAMMA2)
    low = low - 1 if r - low == Q - 1 else low
    if not hinted:
        return high
    return (high + 1) % 16 if low > 0 else (high - 1) % 16


EXPANDED = {}


def expanded_key(public):
    if public not in EXPANDED:
        rho = public[:32]
        matrix = [[uniform_poly(rho + bytes([s, r])) for s in range(LL)] for r in range(K)]
        t1 = [ntt([x << DROP for x in unpacked(public[32 + 320 * i:352 + 320 * i], 10, 256)]) for i in range(K)]
        EXPANDED[public] = matrix, t1, hashlib.shake_256(public).digest(64)
    return EXPANDED[public]


def ml_dsa_65_holds(public, message, signature):
    c_tilde, hint = signature[:C_BYTES], unpacked_hint(signature[C_BYTES + 640 * LL:])
    z = [[GAMMA1 - x for x in unpacked(signature[C_BYTES + 640 * i:C_BYTES + 640 * (i + 1)], 20, 256)]
         for i in range(LL)]
    if hint is None or any(abs(x) >= GAMMA1 - BETA for poly in z for x in poly):
        return False
    matrix, t1, tr = expanded_key(public)
    mu = hashlib.shake_256(tr + b"\0\0" + message).digest(64)
    c, z = ntt(challenge_poly(c_tilde)), [ntt(poly) for poly in z]
    packed = b""
    for row, t, hinted in zip(matrix, t1, hint):
        sums = [-a * b for a, b in zip(c, t)]
        for a_poly, z_poly in zip(row, z):
            sums = [s + a * b for s, a, b in zip(sums, a_poly, z_poly)]
        w = inverse_ntt([s % Q for s in sums])
        w1 = [use_hint(i in hinted, x) for i, x in enumerate(w)]
        packed += bytes(w1[i] | w1[i + 1] << 4 for i in range(0, 256, 2))
    return hashlib.shake_256(mu + packed).digest(C_BYTES) == c_tilde


# ---- The record ----------------------------------------------------------------------------------------------------

CHECK_SIGNATURES = True
KNOWN_SIGNATURES = {}


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def hybrid_holds(public, purpose, message, signature):
    """Both schemes over the labelled message. What was checked once in this run is not checked again."""
    if not CHECK_SIGNATURES:
        return True
    message = b"parley/v1/" + purpose + b"\0" + message
    key = sha256(public, sha256(message), signature)
    if key not in KNOWN_SIGNATURES:
        KNOWN_SIGNATURES[key] = (ed25519_holds(public[:32], message, signature[:64])
                                 and ml_dsa_65_holds(public[32:], message, signature[64:]))
    return KNOWN_SIGNATURES[key]


class Tree:
    def __init__(self):
        self.peaks, self.size = [], 0

    def append(self, leaf):
        height = 0
        while self.size >> height & 1:
            leaf = sha256(b"\1", self.peaks.pop(), leaf)
            height += 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self):
        if not self.peaks:
            return sha256()
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = sha256(b"\1", peak, root)
        return root


def certified(signed, at=0):
    """The certificate with the device's id and its authority's fingerprint, once the authority's signature holds."""
    try:
        certificate = decode(CERTIFICATE, signed["body"])
    except Malformed as error:
        raise Refused("malformed-certificate", at, str(error)) from None
    if not hybrid_holds(certificate["authority"], b"device-certificate", signed["body"], signed["signature"]):
        raise Refused("wrong-authority", at)
    return dict(certificate, id=sha256(signed["body"]), fingerprint=sha256(b"parley/v1/key\0", certificate["authority"]))


class Room:
    """What record.md section 5 keeps of a room, and its rules."""

    def __init__(self, room):
        self.room, self.tree, self.roots = room, Tree(), [sha256()]
        self.devices, self.parties = {}, {}
        self.kinds, self.withheld = {}, 0
        self.kind, self.named, self.earlier = "plenary", [], None

    def no(self, reason, detail=""):
        raise Refused(reason, self.tree.size, detail)

    def newcomer(self, signed):
        device = dict(certified(signed, self.tree.size), entries=0, last=bytes(32), removed=None, suspended=None,
                      acknowledged=0)
        if device["id"] in self.devices:
            self.no("device-known")
        if any(d["signer"] == device["signer"] or d["mls"] == device["mls"] for d in self.devices.values()):
            self.no("key-reused")
        if sum(d["removed"] is None for d in self.devices.values()) >= 128 or len(self.devices) >= 1000:
            self.no("too-many-devices")
        return device

    def trusted(self):
        """Parties that a line of verifications reaches from the founder."""
        reached = {f for f, p in self.parties.items() if p["at"] == 0}
        while True:
            more = {f for f, p in self.parties.items()
                    if any(by in reached and how != "mismatch" for by, how in p["said"].items())}
            if more <= reached:
                return {f for f in reached if not self.awaits_verification(f)}
            reached |= more

    def awaits_verification(self, fingerprint):
        """A party that changed its authority, until another party verifies it again."""
        party = self.parties[fingerprint]
        return bool(party["formerly"]) and len(self.parties) > 1 and all(h == "mismatch" for h in party["said"].values())

    def devices_of(self, fingerprint):
        return [d for d in self.devices.values() if d["removed"] is None and d["fingerprint"] == fingerprint]

    def had_by_a_party(self, fingerprint):
        return any(fingerprint == f or fingerprint in p["formerly"] for f, p in self.parties.items())

    def governs(self, device):
        return self.kind != "plenary" or is_officer(device)

    def governed(self, author):
        if not self.governs(author):
            self.no("not-an-officer")
        return self.parties[author["fingerprint"]]

    def officers_for(self, party, voices, on):
        """Names of the officers whose devices said this."""
        spoke = [self.devices[by] for what, by in voices if what == on]
        return {d["member"] for d in spoke if is_officer(d) and self.parties[d["fingerprint"]] is party}

    def may_admit(self, author, device):
        party = self.governed(author)
        if party["policy"][0] == 2 and not self.officers_for(party, party["proposals"], device["id"]) - {author["member"]}:
            self.no("second-officer-needed")

    def open(self, kind, header, entry):
        opened = entry["opened"]
        if opened is None:
            if kind in STRUCTURAL:
                self.no("body-withheld")
            return None
        if sha256(opened["salt"], opened["body"]) != header["body"]:
            self.no("wrong-body")
        if kind not in STRUCTURAL:
            return {}
        try:
            return decode(STRUCTURAL[kind], opened["body"])
        except Malformed as error:
            self.no("malformed-body", str(error))

    def judge(self, entry):
        index, signed = self.tree.size, entry["signed"]
        try:
            header = read_header(signed)
        except Malformed as error:
            self.no("malformed-entry", str(error))
        kind = header["kind"]
        if header["room"] != self.room:
            self.no("wrong-room")
        if not self.devices:
            if kind not in FOUNDING:
                self.no("not-founded")
            founding = self.open(kind, header, entry)
            author = self.newcomer(founding["certificate"])
            if author["id"] != header["author"]:
                self.no("not-own-certificate")
            self.terms(kind, founding, author["fingerprint"])
            if self.kind == "plenary" and author["role"] != "officer":
                self.no("not-an-officer")
        else:
            author = self.devices.get(header["author"]) or self.no("unknown-device")
            if author["removed"] is not None:
                self.no("removed-device")
            if author["suspended"] is not None:
                self.no("suspended-device")
        if not hybrid_holds(author["signer"], b"entry", signed["header"], signed["signature"]):
            self.no("bad-signature")
        seen = header["seen"]
        if seen["size"] != index:
            self.no("stale-seen" if seen["size"] < index else "seen-ahead")
        if seen["root"] != self.roots[index]:
            self.no("false-seen")
        if header["authorSeq"] != author["entries"] or header["authorPrev"] != author["last"]:
            self.no("broken-author-chain")
        body = self.open(kind, header, entry)
        self.effect(kind, body, author, index)
        leaf = sha256(b"\0", encode_signed_entry(signed))
        self.tree.append(leaf)
        self.roots.append(self.tree.root())
        author.update(entries=author["entries"] + 1, last=leaf, acknowledged=index)
        self.kinds[kind] = self.kinds.get(kind, 0) + 1
        self.withheld += body is None

    def terms(self, kind, founding, party):
        if kind == "found":
            return
        self.earlier = founding["earlier"]
        if self.earlier is not None and (self.earlier["size"] == 0 or self.earlier["room"] == self.room):
            self.no("wrong-restart")
        if kind == "room-founded":
            self.kind, self.named = founding["room"], founding["parties"]
            fits = len(self.named) == 1 if self.kind == "caucus" else len(self.named) >= 2
            if not fits or sorted(set(self.named)) != self.named or party not in self.named:
                self.no("wrong-parties")

    def owes_acceptance(self, author):
        party = self.parties[author["fingerprint"]]
        own = [d for d in self.devices.values() if d["fingerprint"] == author["fingerprint"]]
        return self.earlier is not None and party["at"] > 0 and all(d["entries"] == 0 for d in own)

    def admit(self, device):
        self.devices[device["id"]] = device

    def new_party(self, device, index):
        self.parties[device["fingerprint"]] = {
            "name": device["party"], "at": index, "said": {}, "authority": device["authority"], "formerly": [],
            "policy": (1, 2), "loosening": None, "proposals": [], "claims": []}

    def effect(self, kind, body, author, index):
        if index > 0 and kind != "restart-accepted" and self.owes_acceptance(author):
            self.no("restart-not-accepted")
        if kind == "restart-accepted":
            if self.earlier is None or body["earlier"] != self.earlier:
                self.no("wrong-restart")
        elif kind in FOUNDING:
            if index > 0:
                self.no("founded-twice")
            self.admit(author)
            self.new_party(author, 0)
        elif kind == "party-admitted":
            device = self.newcomer(body["certificate"])
            self.may_admit(author, device)
            if self.kind == "plenary" and device["role"] != "officer":
                self.no("not-an-officer")
            if self.named and device["fingerprint"] not in self.named:
                self.no("party-not-named")
            if self.kind == "plenary" and author["fingerprint"] not in self.trusted():
                self.no("party-not-verified")
            known = self.parties.get(device["fingerprint"])
            if known is None:
                if len(self.parties) >= 8:
                    self.no("too-many-parties")
                if self.had_by_a_party(device["fingerprint"]):
                    self.no("party-known")
                self.new_party(device, index)
            elif self.devices_of(device["fingerprint"]):
                self.no("party-known")
            elif known["name"] != device["party"]:
                self.no("party-name-changed")
            self.admit(device)
        elif kind == "device-admitted":
            device = self.newcomer(body["certificate"])
            if device["fingerprint"] != author["fingerprint"]:
                self.no("other-party")
            if device["party"] != author["party"]:
                self.no("party-name-changed")
            self.may_admit(author, device)
            fellows = self.devices_of(author["fingerprint"])
            if any(d["member"] == device["member"] and d["suspended"] is not None for d in fellows):
                self.no("suspended-member")
            self.admit(device)
        elif kind == "admission-proposed":
            party = self.governed(author)
            add_voice(party["proposals"], (self.newcomer(body["certificate"])["id"], author["id"]))
        elif kind in ("member-renamed", "member-suspended", "member-resumed"):
            self.member(kind, body, author, index)
        elif kind == "party-policy":
            self.policy(body, author)
        elif kind == "authority-changed":
            self.authority(body, author)
        elif kind == "device-removed":
            device = self.devices.get(body["device"]) or self.no("unknown-device")
            if device["removed"] is not None:
                self.no("removed-device")
            if device["fingerprint"] != author["fingerprint"]:
                self.no("other-party")
            if not self.governs(author) and device["member"] != author["member"]:
                self.no("not-an-officer")
            left = [d for d in self.devices_of(author["fingerprint"]) if d is not device]
            if self.kind == "plenary" and is_officer(device) and left and not any(is_officer(d) for d in left):
                self.no("last-officer")
            device["removed"] = index
        elif kind in ("verified", "mismatch"):
            party = self.parties.get(body["about"]) or self.no("unknown-party")
            if body["about"] == author["fingerprint"]:
                self.no("own-party")
            party["said"][author["fingerprint"]] = body["how"] if kind == "verified" else "mismatch"


    def member(self, kind, body, author, index):
        self.governed(author)
        fellows = self.devices_of(author["fingerprint"])
        devices = [d for d in fellows if d["member"] == body["member"]]
        if not devices:
            self.no("unknown-member")
        if kind == "member-renamed":
            if any(d["member"] == body["to"] for d in fellows):
                self.no("member-known")
            for device in devices:
                device["member"] = body["to"]
        elif kind == "member-suspended":
            if body["member"] == author["member"]:
                self.no("own-member")
            if all(d["suspended"] is not None for d in devices):
                self.no("suspended-member")
            for device in devices:
                device["suspended"] = index
        else:
            if all(d["suspended"] is None for d in devices):
                self.no("not-suspended")
            for device in devices:
                device["suspended"] = None

    def policy(self, body, author):
        party = self.governed(author)
        wanted, now = (body["officersForAdmission"], body["officersForAuthority"]), party["policy"]
        officers = {d["member"] for d in self.devices_of(author["fingerprint"]) if is_officer(d)}
        if wanted[0] > now[0] and len(officers) < wanted[0]:
            self.no("too-few-officers")
        asked = party["loosening"]
        first = self.devices[asked[1]] if asked is not None and asked[0] == wanted else None
        agreed = first is not None and is_officer(first) and first["member"] != author["member"]
        if agreed or (wanted[0] >= now[0] and wanted[1] >= now[1]):
            party.update(policy=wanted, loosening=None)
        else:
            party["loosening"] = (wanted, author["id"])

    def authority(self, body, author):
        party, old, new = self.governed(author), author["fingerprint"], body["authority"]
        to = sha256(b"parley/v1/key\0", new)
        if self.had_by_a_party(to):
            self.no("party-known")
        if len(party["formerly"]) >= 16:
            self.no("too-many-parties")
        said = self.room + old + new
        if not hybrid_holds(new, b"authority-change", said, body["proof"]):
            self.no("bad-authority-proof")
        if body["signature"] is None:
            add_voice(party["claims"], (to, author["id"]))
            if len(self.officers_for(party, party["claims"], to)) < party["policy"][1]:
                return
        elif not hybrid_holds(party["authority"], b"authority-change", said, body["signature"]):
            self.no("bad-authority-proof")
        party.update(authority=new, formerly=party["formerly"] + [old], proposals=[], claims=[], said={})
        self.parties = {to if f == old else f: p for f, p in self.parties.items()}
        for other in self.parties.values():
            other["said"] = {to if by == old else by: how for by, how in other["said"].items()}
        for device in self.devices.values():
            if device["fingerprint"] == old:
                device["fingerprint"] = to
        self.named = [to if f == old else f for f in self.named]


def read_header(signed):
    header = decode(HEADER, signed["header"])
    if not re.match(r"[a-z][a-z0-9-]*\Z", header["kind"]):
        raise Malformed("not a kind")
    return header


def is_officer(device):
    return device["removed"] is None and device["suspended"] is None and device["role"] == "officer"


def add_voice(voices, voice):
    """The latest 16 words of officers' devices, each once."""
    if voice in voices:
        voices.remove(voice)
    voices.append(voice)
    del voices[:-16]


def base64_exactly(digits):
    if not re.match(r"[A-Za-z0-9+/]*={0,2}\Z", digits) or len(digits) % 4:
        raise Malformed("not base64")
    data = base64.b64decode(digits)
    if base64.b64encode(data).decode() != digits:
        raise Malformed("not canonical base64")
    return data


def read_note(note):
    try:
        lines = note.decode("utf-8", "strict").split("\n")
    except UnicodeDecodeError:
        raise Malformed("not UTF-8") from None
    if len(lines) < 5 or lines[3] or lines[-1] or len(lines) > 5 + 64:
        raise Malformed("not a note")
    origin = re.match(r"parley/room/([0-9a-f]{64})\Z", lines[0])
    if not origin or not re.match(r"(0|[1-9][0-9]{0,15})\Z", lines[1]) or int(lines[1]) > 2**53 - 1:
        raise Malformed("not a checkpoint")
    root = base64_exactly(lines[2])
    if len(root) != 32:
        raise Malformed("not a root")
    cosignatures = []
    for line in lines[4:-1]:
        match = re.match("\u2014 (parley/device/([0-9a-f]{64})) ([^ ]+)\\Z", line)
        payload = base64_exactly(match.group(3)) if match else b""
        if len(payload) != 12 + HYBRID_SIGNATURE or int.from_bytes(payload[4:12], "big") > 2**53 - 1:
            raise Malformed("not a cosignature")
        cosignatures.append((match.group(1), bytes.fromhex(match.group(2)), payload))
    body = "".join(line + "\n" for line in lines[:3]).encode()
    return bytes.fromhex(origin.group(1)), int(lines[1]), root, body, cosignatures


def cosignature_holds(signer, name, body, payload):
    scheme = b"\xffparley/v1/ed25519+ml-dsa-65"
    if sha256(name.encode(), b"\n", scheme, signer)[:4] != payload[:4]:
        return False
    time = int.from_bytes(payload[4:12], "big")
    message = b"parley cosignature v1\ntime %d\n" % time + body
    return hybrid_holds(signer, b"checkpoint", message, payload[12:])


def check_checkpoint(room, note):
    try:
        of_room, size, root, body, cosignatures = read_note(note)
    except Malformed as error:
        room.no("malformed-checkpoint", str(error))
    if of_room != room.room:
        room.no("wrong-room")
    for name, device_id, payload in cosignatures:
        device = room.devices.get(device_id) or room.no("bad-cosignature")
        if not cosignature_holds(device["signer"], name, body, payload):
            room.no("bad-cosignature")
        device["acknowledged"] = max(device["acknowledged"], size)
    if not cosignatures:
        room.no("bad-cosignature")
    if size >= len(room.roots):
        room.no("truncated")
    if room.roots[size] != root:
        room.no("contradicting-checkpoint")


def receipt_counts(data):
    try:
        return receipt_holds(decode(RECEIPT, data))
    except Malformed:
        return False


def receipt_holds(receipt):
    if not CHECK_SIGNATURES:
        return True
    # The claim alone, in canonical order; from its leaf the path leads to what the relay signed.
    claim = head(5, 5)
    for name in ("log", "seq", "head", "relay", "timeMs"):
        value = receipt[name]
        claim += head(3, len(name)) + name.encode()
        claim += head(0, value) if isinstance(value, int) else head(2, len(value)) + value
    place = receipt["place"]
    if place >> len(receipt["path"]):
        return False
    node = hashlib.sha256(b"\0parley/v1/receipt\0" + claim).digest()
    for sibling in receipt["path"]:
        node = hashlib.sha256(b"\1" + (sibling + node if place & 1 else node + sibling)).digest()
        place >>= 1
    return ed25519_holds(receipt["relay"], b"parley/v1/receipts\0" + node, receipt["signature"])


MAGIC = b"parley record v1    \n"
ORDER = ["header", "entry", "checkpoint", "receipt", "end"]
MOST = {"checkpoint": 2000, "receipt": 10000}


def entries_end(room, header):
    if room.tree.size < header["size"]:
        room.no("truncated")
    if room.roots[-1] != header["root"]:
        room.no("wrong-root")
    if header["exportedBy"] is not None and header["exportedBy"] not in room.devices:
        room.no("unknown-exporter")


def check_end(room, header, item, found):
    if found != item["digest"]:
        room.no("damaged-file")
    if (header["exportedBy"] is None) != (item["signature"] is None):
        room.no("bad-file-signature")
    if item["signature"] is not None:
        signer = room.devices[header["exportedBy"]]["signer"]
        if not hybrid_holds(signer, b"record-file", item["digest"], item["signature"]):
            room.no("bad-file-signature")


def verify_record(file):
    hashed, room, header, stage, ended = hashlib.sha256(MAGIC), None, None, 0, False
    counts = {"checkpoint": 0, "receipt": 0}
    unreadable = 0
    while True:
        at = room.tree.size if room else 0
        length = file.read(4)
        if not length:
            if ended:
                break
            raise Refused("truncated", at)
        size = struct.unpack(">I", length)[0] if len(length) == 4 else 0
        if size > 2 * 1024 * 1024:
            raise Refused("too-large", at)
        data = file.read(size)
        if len(length) < 4 or len(data) < size:
            raise Refused("truncated", at)
        if ended:
            raise Refused("trailing-bytes", at)
        try:
            item = decode(ITEM, data)
        except Malformed as error:
            raise Refused("malformed-frame", at, str(error)) from None
        kind = item["kind"]
        if room is None:
            if kind != "header":
                raise Refused("out-of-place", at)
            room, header = Room(item["room"]), item
        else:
            if kind == "header" or ORDER.index(kind) < stage:
                room.no("out-of-place")
            if ORDER.index(kind) > 1 >= stage:
                entries_end(room, header)
            stage = ORDER.index(kind)
            if kind in counts:
                if counts[kind] >= MOST[kind]:
                    room.no("too-many-items")
                counts[kind] += 1
            if kind == "entry":
                if room.tree.size == header["size"]:
                    room.no("too-many-entries")
                room.judge(item)
            elif kind == "checkpoint":
                check_checkpoint(room, item["note"])
            elif kind == "receipt":
                unreadable += not receipt_counts(item["receipt"])
            else:
                check_end(room, header, item, hashed.digest())
                ended = True
        hashed.update(length + data)
    return {
        "room": room.room.hex(), "kind": room.kind, "size": room.tree.size, "root": room.roots[-1].hex(),
        "withheld": room.withheld, "kinds": room.kinds, "checkpoints": counts["checkpoint"],
        "receipts": counts["receipt"] - unreadable, "receiptsUnreadable": unreadable,
        "exportedBy": header["exportedBy"].hex() if header["exportedBy"] else None,
        "parties": [{"fingerprint": f.hex(), "name": p["name"],
                     "devices": [{"id": d["id"].hex(), "member": d["member"], "label": d["label"],
                                  "entries": d["entries"], "acknowledged": d["acknowledged"], "removed": d["removed"]}
                                 for d in room.devices.values() if d["fingerprint"] == f]}
                    for f, p in room.parties.items()],
    }


# ---- Evidence, and one entry alone: sections 8 and 9 of record.md ----------------------------------------------------

def only_frame(file, most, shape):
    data = file.read(most + 1)
    if len(MAGIC) + len(data) > most:
        raise Refused("too-large")
    size = int.from_bytes(data[:4], "big")
    if len(data) < 4 or len(data) - 4 < size:
        raise Refused("truncated")
    if len(data) - 4 > size:
        raise Refused("trailing-bytes")
    try:
        return decode(shape, data[4:])
    except Malformed as error:
        raise Refused("malformed-frame", 0, str(error)) from None


def leads_to(leaf, index, size, root, proof):
    """RFC 9162 section 2.1.3.2: `proof` leads from the leaf at `index` to the root of `size` leaves."""
    if index >= size:
        return False
    place, last, node = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            node = sha256(b"\1", sibling, node)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            node = sha256(b"\1", node, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and node == root


def grows_to(size, root, later_size, later_root, proof):
    """RFC 9162 section 2.1.4.2: the tree of `size` leaves with `root` is the beginning of the later one."""
    if size == 0 or size > later_size:
        return False
    if size == later_size:
        return not proof and root == later_root
    place, last = size - 1, later_size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    path = list(proof) if place else [root] + list(proof)
    if not path:
        return False
    older = newer = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            older, newer = sha256(b"\1", sibling, older), sha256(b"\1", sibling, newer)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            newer = sha256(b"\1", newer, sibling)
        place, last = place >> 1, last >> 1
    return last == 0 and older == root and newer == later_root


def header_of(signed):
    try:
        return read_header(signed)
    except Malformed as error:
        raise Refused("malformed-entry", 0, str(error)) from None


def note_of(note):
    try:
        return read_note(note)
    except Malformed as error:
        raise Refused("malformed-checkpoint", 0, str(error)) from None


class Said:
    """A signed word about the first `size` entries of a room, and the way to check who said it."""

    def __init__(self, statement):
        if statement["kind"] == "entry":
            header = header_of(statement)
            self.room, self.device, self.header = header["room"], header["author"], statement["header"]
            self.size, self.root = header["seen"]["size"], header["seen"]["root"]
            self.holds = lambda signer: hybrid_holds(signer, b"entry", statement["header"], statement["signature"])
            return
        self.room, self.size, self.root, body, cosignatures = note_of(statement["note"])
        if len(cosignatures) != 1:
            raise Refused("malformed-checkpoint")
        (name, self.device, payload), = cosignatures
        self.holds = lambda signer: cosignature_holds(signer, name, body, payload)


def signers_of(said, certificates):
    known = {device["id"]: device for device in map(certified, certificates)}
    for one in said:
        if one.device not in known:
            raise Refused("unknown-signer")
        if not one.holds(known[one.device]["signer"]):
            raise Refused("bad-signature")
    return [known[one.device] for one in said]


def proven(device):
    return {"party": device["party"], "fingerprint": device["fingerprint"].hex(), "member": device["member"],
            "label": device["label"], "device": device["id"].hex()}


def check_fork(fork):
    earlier, later = Said(fork["earlier"]), Said(fork["later"])
    if earlier.room != later.room:
        raise Refused("different-rooms")
    if earlier.size > later.size:
        raise Refused("wrong-order")
    signers = signers_of((earlier, later), fork["certificates"])
    if not grows_to(earlier.size, fork["root"], later.size, later.root, fork["proof"]):
        raise Refused("wrong-proof")
    if fork["root"] == earlier.root:
        raise Refused("no-contradiction")
    return {"room": earlier.room.hex(), "signers": [proven(one) for one in signers],
            "says": "two histories of one room: the roots over its first %d entries differ" % earlier.size}


def check_double_entry(pair):
    first, second = (Said(dict(pair[name], kind="entry")) for name in ("first", "second"))
    if first.room != second.room:
        raise Refused("different-rooms")
    if first.device != second.device:
        raise Refused("different-authors")
    signers = signers_of((first, second), pair["certificates"])
    if first.size != second.size or first.header == second.header:
        raise Refused("no-contradiction")
    return {"room": first.room.hex(), "signers": [proven(one) for one in signers],
            "says": "two different entries of one device for one place, after the first %d" % first.size}


def check_receipts(pair):
    receipts = []
    for name in ("first", "second"):
        try:
            receipts.append(decode(RECEIPT, pair[name]))
        except Malformed as error:
            raise Refused("malformed-receipt", 0, str(error)) from None
        if not receipt_holds(receipts[-1]):
            raise Refused("bad-signature")
    one, two = receipts
    if one["relay"] != two["relay"]:
        raise Refused("different-relays")
    if one["log"] != two["log"]:
        raise Refused("different-rooms")
    if one["seq"] != two["seq"] or one["head"] == two["head"]:
        raise Refused("no-contradiction")
    return {"room": one["log"].hex(), "relay": one["relay"].hex(), "signers": [],
            "says": "one relay signed two heads of one log at %d envelopes" % one["seq"]}


def verify_evidence(file):
    evidence = only_frame(file, 64 * 1024, EVIDENCE)
    check = {"fork": check_fork, "double-entry": check_double_entry, "relay-receipts": check_receipts}
    return dict(check[evidence["kind"]](evidence), kind=evidence["kind"])


def verify_entry_proof(file):
    shown_entry = only_frame(file, 2 * 1024 * 1024, ENTRY_PROOF)
    entry, signed = shown_entry["entry"], shown_entry["entry"]["signed"]
    known = {device["id"]: device for device in map(certified, shown_entry["certificates"])}
    header = header_of(signed)
    author = known.get(header["author"])
    if author is None:
        raise Refused("unknown-device")
    if not hybrid_holds(author["signer"], b"entry", signed["header"], signed["signature"]):
        raise Refused("bad-signature")
    opened = entry["opened"]
    if opened is None:
        raise Refused("body-withheld")
    if sha256(opened["salt"], opened["body"]) != header["body"]:
        raise Refused("wrong-body")
    if header["kind"] in STRUCTURAL:
        try:
            decode(STRUCTURAL[header["kind"]], opened["body"])
        except Malformed as error:
            raise Refused("malformed-body", 0, str(error)) from None
    room, size, root, body, cosignatures = note_of(shown_entry["checkpoint"])
    if room != header["room"]:
        raise Refused("wrong-room")
    for name, device_id, payload in cosignatures:
        if device_id not in known:
            raise Refused("unknown-device")
        if not cosignature_holds(known[device_id]["signer"], name, body, payload):
            raise Refused("bad-cosignature")
    if not cosignatures:
        raise Refused("bad-cosignature")
    leaf, index = sha256(b"\0", encode_signed_entry(signed)), shown_entry["index"]
    if header["seen"]["size"] != index or not leads_to(leaf, index, size, root, shown_entry["proof"]):
        raise Refused("wrong-proof")
    others = {known[device]["fingerprint"] for _, device, _ in cosignatures} - {author["fingerprint"]}
    try:
        words = decode(TEXT, opened["body"])["text"] if header["kind"] == "text" else None
    except Malformed:
        words = None
    return {"kind": "entry-proof", "text": words, "room": room.hex(), "index": index, "size": size, "root": root.hex(),
            "entry": header["kind"], "signers": [proven(author)], "acknowledgedByOther": bool(others),
            "says": "entry %d of %d is of the kind %s; %s signed that the record holds it" % (
                index, size, header["kind"], "another party" if others else "nobody but its author's own party")}


FILES = {MAGIC: verify_record, b"parley evidence v1  \n": verify_evidence,
         b"parley one entry v1 \n": verify_entry_proof}


def verify(file):
    """Reads an open binary file and gives what it says, or raises Refused."""
    check = FILES.get(file.read(len(MAGIC)))
    if check is None:
        raise Refused("not-a-parley-file")
    return check(file)


def shown(foreign):
    """A stranger's name without anything that could move the cursor or turn the line around."""
    return "".join(c if c.isprintable() else "\ufffd" for c in foreign)


def main(arguments):
    global CHECK_SIGNATURES
    options = {a for a in arguments if a.startswith("--")}
    files = [a for a in arguments if not a.startswith("--")]
    if not files or options - {"--json", "--no-signatures"}:
        print(__doc__, file=sys.stderr)
        return 2
    CHECK_SIGNATURES = "--no-signatures" not in options
    refused = False
    for name in files:
        try:
            with open(name, "rb") as file:
                answer = dict(verify(file), file=name, ok=True, signatures=CHECK_SIGNATURES)
        except OSError as error:
            print("%s: %s" % (name, error.strerror), file=sys.stderr)
            return 2
        except Refused as error:
            refused = True
            answer = {"file": name, "ok": False, "reason": error.reason, "at": error.at}
        if "--json" in options:
            print(json.dumps(answer))
            continue
        if not answer["ok"]:
            after = ", after %d good entries" % answer["at"] if answer["at"] else ""
            print("REFUSED: %s%s" % (answer["reason"], after))
            continue
        if "says" in answer:
            print("Proven in room %s: %s." % (answer["room"], answer["says"]))
            for d in answer["signers"]:
                print("  signed by %s (%s) of %s, authority %s" % (
                    shown(d["member"]), shown(d["label"]), shown(d["party"]), d["fingerprint"]))
            if answer.get("text") is not None:
                print("  says: %s" % shown(answer["text"]))
            if "relay" in answer:
                print("  signed by the relay with the key %s" % answer["relay"])
        else:
            print("Whole: %d entries, %d withheld, root %s" % (answer["size"], answer["withheld"], answer["root"]))
        if not CHECK_SIGNATURES:
            print("Signatures were not checked: anybody could have written this file.")
        for party in answer.get("parties", []):
            print("%s, authority %s" % (shown(party["name"]), party["fingerprint"]))
            for d in party["devices"]:
                print("  %s (%s): %d entries, has seen the first %d" % (
                    shown(d["member"]), shown(d["label"]), d["entries"], d["acknowledged"]))
    return 5 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
