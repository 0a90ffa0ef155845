"""Walks certificate numbers over a running service: walk.py PROGRAM HOW_MANY

The service is started here with its sample office, whose register has certificates. A stranger then asks for HOW_MANY numbers in a
row, typed as if they were codes and as files, with a limit and without. Exit 0 only when no answer tells a number that exists from
one that does not, and when the limit ends the walk.
"""
import json
import pathlib
import re
import socket
import subprocess
import sys
import tempfile

ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# What differs in every answer and belongs to no certificate: ids, instants, and the length and digest of bodies that hold them.
OF_THE_REQUEST = re.compile(
    r'(x-request-id|date|retry-after|content-digest|content-length|connection): [^\r]*\r\n|"request_id":"[^"]*"|"status_as_of":"[^"]*"|\d+ ?(seconds?|s\b|秒)'.encode(), re.I)


def numbers(template, how_many):
    """JZ{year}000000{level}{method}{serial:5}{check}, serials in a row for one level and method."""
    for serial in range(how_many):
        text = template % (serial % 100000)
        product = 36  # ISO 7064, hybrid system MOD 37,36
        for sign in text:
            product = (product + ALPHANUMERIC.index(sign)) % 36 or 36
            product = product * 2 % 37
        yield text + ALPHANUMERIC[(37 - product) % 36]


def answer(reader):
    """One answer: its status, and everything that is not of the request. Nothing when the connection was closed."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = reader.readline()
        if not line:
            return None
        head += line
    body = reader.read(int(re.search(rb"content-length: (\d+)", head, re.I)[1]))
    # Headers come in any order.
    plain = b"".join(sorted(OF_THE_REQUEST.sub(b"", head).splitlines(keepends=True)))
    return int(head[9:12]), plain + OF_THE_REQUEST.sub(b"", body)


def ask(port, requests):
    """Sends requests in bundles; gives who was answered how. Whoever is refused unread may be hung up on, and calls again."""
    kinds, done = {}, 0
    while done < len(requests):
        before = done
        with socket.create_connection(("127.0.0.1", port)) as connection:
            reader = connection.makefile("rb")
            try:
                while done < len(requests):
                    bundle = requests[done : done + 16]
                    connection.sendall(b"".join(raw for _, raw in bundle))
                    for name, _ in bundle:
                        said = answer(reader)
                        if said is None:
                            raise ConnectionResetError
                        kinds.setdefault(said, []).append(name)
                        done += 1
            except (ConnectionResetError, BrokenPipeError):
                pass
        if done == before:
            sys.exit("FAILED: the service answers nothing")
    return kinds


def post(number):
    body = json.dumps({"code": number}).encode()
    return (number, b"POST /v1/verifications HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n%s" % (len(body), body))


def get(number):
    return (number, b"GET /v1/certificates/%s.pdf HTTP/1.1\r\nhost: localhost\r\n\r\n" % number.encode())


def served(program, folder, per_minute):
    command = [program, "--lang", "en", "serve", "--sample", "--listen", "127.0.0.1:0", "--data", str(folder / "data"), "--verifications-per-minute", str(per_minute)]
    log = open(folder / "log", "wb")
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log)
    said = b""
    for line in server.stdout:
        said += line
        found = re.search(rb"http://127\.0\.0\.1:(\d+)", said)
        if found:
            return server, int(found[1])
    sys.exit("FAILED: the service did not start")


def known_numbers(folder):
    import sqlite3
    database = sqlite3.connect(f"file:{folder}/data/juanzong.sqlite?mode=ro", uri=True)
    return sorted(row[0] for row in database.execute("SELECT number FROM certificates"))


def main():
    program, how_many = sys.argv[1], int(sys.argv[2])
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        # A limit of 0 is none: what the answers are when nothing stops the walk.
        server, port = served(program, folder, 0)
        try:
            # The sample hands its own certificate to everybody who tries it.
            shown = re.search(r"JUANZONG_CERTIFICATE=(\S+)", (folder / "data/sample.env").read_text())[1]
            known = [number for number in known_numbers(folder) if number != shown]
            if len(known) < 3:
                sys.exit(f"FAILED: the sample office has {len(known)} certificates")
            template = known[0][:-6] + "%05d"
            walked = [number for number in numbers(template, how_many) if number != shown]
            met = len(set(walked) & set(known))
            if met == 0:
                sys.exit(f"FAILED: the walk past {template} met none of {known}")
            for what, request in (("typed as a code", post), ("as a file", get)):
                kinds = ask(port, [request(number) for number in known + walked])
                if len(kinds) != 1:
                    sys.exit(f"FAILED: {what}: {len(kinds)} answers, as {[(v[:2], k) for k, v in list(kinds.items())[:2]]}")
                ((status, _), asked), = kinds.items()
                print(f"{len(asked)} numbers {what}, {met + len(known)} of them real: one answer, {status}")
        finally:
            server.terminate()
            server.wait()
        server, port = served(program, folder, 60)
        try:
            kinds = ask(port, [post(number) for number in known + walked])
            by_status = {}
            for (status, _), asked in kinds.items():
                by_status.setdefault(status, []).append(len(asked))
            answered = sum(sum(counts) for status, counts in by_status.items() if status != 429)
            if any(len(counts) != 1 for counts in by_status.values()) or 429 not in by_status or answered > 600:
                sys.exit(f"FAILED: the limit: {by_status} {[plain for (status, plain) in kinds if status == 429][:2]}")
            print(f"with the limit: {answered} answered, {by_status[429][0]} told to come back later")
        finally:
            server.terminate()
            server.wait()


main()
