"""A full disk, a folder that cannot be written, and a clock set back a day: clear answers, nothing lost, numbers that only grow.

    faults.py JUANZONG FIXTURES

Runs in a mount namespace of its own (scripts/fault-tests.sh), where it may mount small file systems. Only Python's own library.
"""
import glob
import http.client
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse

program, fixtures = sys.argv[1:]
NOTICE = "lianyungang-gongxin-kaohe-2024"
GRANT = {"name": "宋示例", "series": "工程技术", "specialty": "机械设计", "title": "工程师", "level": "中级", "method": "评审",
         "committee": "示例市评委会", "obtained_on": "2024-08-20"}
paper = (pathlib.Path(fixtures) / "02-学历备案表.pdf")
if not paper.exists():
    paper = max(pathlib.Path(fixtures).glob("*.pdf"), key=lambda path: path.stat().st_size)
paper = paper.read_bytes()


def run(*words, prefix=()):
    return subprocess.run([*prefix, program, *words], check=True, capture_output=True, text=True).stdout.strip()


def shifted(by):
    """What starts a program whose clock is wrong, and is that program then: `faketime` itself stays between and takes its signals."""
    library = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")[0]
    return ("env", f"LD_PRELOAD={library}", f"FAKETIME={by}")


class Served:
    all = []

    def __init__(self, data, prefix=()):
        environment = dict(os.environ, JUANZONG_LOG="error", JUANZONG_TESSERACT="off")
        self.log = open(f"{data}.log", "a+")
        self.process = subprocess.Popen([*prefix, program, "serve", "--data", data, "--listen", "127.0.0.1:0", "--uploads-per-minute", "0"],
                                        stdout=subprocess.PIPE, stderr=self.log, env=environment, text=True)
        Served.all.append(self.process)
        line = self.process.stdout.readline().strip()
        assert line.startswith("http://"), f"it did not start: {line} {open(f'{data}.log').read()[-500:]}"
        self.address = urllib.parse.urlsplit(line).netloc

    def ask(self, method, path, body=None, **headers):
        connection = http.client.HTTPConnection(self.address, timeout=60)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        kind = answer.getheader("content-type") or ""
        return answer.status, json.loads(data) if "json" in kind else data, answer

    def issue(self, token):
        return self.ask("POST", "/v1/certificates", json.dumps(GRANT), Content_Type="application/json", Authorization=f"Bearer {token}")

    def stop(self):
        self.process.terminate()
        code = self.process.wait(60)
        assert code == 0, f"it ended with {code}"


def office(data, prefix=()):
    run("keys", "init", "--data", data, "--office", "示例市职称办", "--base-url", "https://a.example", "--log-origin", "a.example/log", prefix=prefix)
    return run("token", "create", "--data", data, "--scope", "issue", "bind", "admin")


def serial(number):
    return int(number[-8:-1])


def holds(truth, words):
    print(("ok    " if truth else "WRONG ") + words, flush=True)
    if not truth:
        for log in pathlib.Path(root).glob("*.log"):
            print(log.read_text()[-1500:])
        sys.exit(1)


def full_disk(root):
    data = f"{root}/full"
    os.mkdir(data)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "none", data], check=True)
    token = office(data)
    served = Served(data)
    status, first, _ = served.issue(token)
    holds(status == 201, "a certificate is issued while there is room")
    body = json.dumps({"notice": NOTICE, "applicant": {"name": "沈知远"}})
    status, dossier, _ = served.ask("POST", "/v1/dossiers", body, Content_Type="application/json", Authorization=f"Bearer {token}")
    secret = dossier["secret"]
    files = f"/v1/dossiers/{dossier['id']}/slots/papers/files"
    kept, refused = [], None
    for n in range(200):
        # Other bytes each time behind the end of the file, or they would be kept once.
        content = paper + b"%% " + os.urandom(120_000).hex().encode()
        status, answer, head = served.ask("POST", files, content, Content_Type="application/pdf", Authorization=f"Bearer {secret}")
        if status == 201:
            kept.append(answer["sha256"])
        else:
            refused = status, answer, head
            break
    status, answer, head = refused
    holds(kept and status == 507 and answer["code"] == "storage_full", f"after {len(kept)} files the disk is full: {status} {answer['code']}")
    # The last room goes too, so that nothing at all can be written.
    filler = open(f"{data}/filler", "wb", buffering=0)
    try:
        while True:
            filler.write(bytes(4096))
    except OSError:
        pass
    status, answer, head = served.ask("GET", "/readyz")
    parts = [error["part"] for error in answer.get("errors", [])]
    holds(status == 503 and "disk" in parts and head.getheader("retry-after"), f"/readyz says which part: {status} {parts}")
    status, answer, _ = served.issue(token)
    holds(status in (503, 507), f"a certificate is refused, not half issued: {status} {answer['code']}")
    status, answer, _ = served.ask("POST", "/v1/verifications", json.dumps({"code": first["code"]}), Content_Type="application/json")
    holds(status == 200 and answer["answer"] == "authentic", "what was issued is verified on a full disk")
    filler.close(); os.unlink(f"{data}/filler")
    subprocess.run(["mount", "-o", "remount,size=64m", data], check=True)
    status, second, _ = served.issue(token)
    holds(status == 201 and serial(second["number"]) == serial(first["number"]) + 1, f"with room again: {first['number']} is followed by {second.get('number', second)}")
    status, shown, _ = served.ask("GET", f"/v1/dossiers/{dossier['id']}", Authorization=f"Bearer {secret}")
    there = [file["sha256"] for slot in shown["slots"] for file in slot["files"]]
    holds(there == kept, f"all {len(kept)} files that were acknowledged are there")
    status, answer, _ = served.ask("POST", files, paper, Content_Type="application/pdf", Authorization=f"Bearer {secret}")
    holds(status == 201, "and files are taken again")
    served.stop()
    run("purge", "--data", data)
    holds(subprocess.run([program, "fsck", "--data", data]).returncode == 0, "fsck finds it sound")


def read_only(root):
    data = f"{root}/readonly"
    os.mkdir(data)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64m", "none", data], check=True)
    token = office(data)
    served = Served(data)
    status, first, _ = served.issue(token)
    # A file system with files open for writing is not made read-only; a service that starts on one that is must say so.
    served.stop()
    subprocess.run(["mount", "-o", "remount,ro", data], check=True)
    served = Served(data)
    status, answer, head = served.ask("GET", "/readyz")
    parts = [error["part"] for error in answer.get("errors", [])]
    holds(status == 503 and "disk" in parts and head.getheader("retry-after"), f"/readyz says which part: {status} {parts}")
    status, answer, head = served.issue(token)
    holds(status == 503 and answer["code"] == "not_ready" and head.getheader("retry-after"), f"nothing is issued: {status} {answer['code']}")
    status, answer, _ = served.ask("POST", "/v1/verifications", json.dumps({"code": first["code"]}), Content_Type="application/json")
    holds(status == 200 and answer["answer"] == "authentic", "what was issued is verified")
    served.stop()
    subprocess.run(["mount", "-o", "remount,rw", data], check=True)
    served = Served(data)
    status, second, _ = served.issue(token)
    holds(status == 201 and serial(second["number"]) == serial(first["number"]) + 1, "written again, the numbers go on")
    served.stop()
    holds(subprocess.run([program, "fsck", "--data", data]).returncode == 0, "fsck finds it sound")


def clock_back(root):
    data = f"{root}/clock"
    # The office's keys are older than the clock: a signer that is not valid yet hands out nothing, by design.
    token = office(data, shifted("-3d"))
    served = Served(data)
    status, first, _ = served.issue(token)
    served.stop()
    served = Served(data, shifted("-1d"))
    numbers = [serial(first["number"])]
    for _ in range(3):
        status, made, _ = served.issue(token)
        holds(status == 201, f"a day back, issued ({status}): {made.get('number', made)}")
        numbers.append(serial(made["number"]))
        status, answer, _ = served.ask("POST", "/v1/verifications", json.dumps({"code": made["code"]}), Content_Type="application/json")
        holds(status == 200 and answer["answer"] == "authentic", "and verified")
    body = paper
    status, job, _ = served.ask("POST", "/v1/validations", body, Content_Type="application/pdf", Authorization=f"Bearer {token}", Prefer="respond-async")
    for _ in range(100):
        status, job, _ = served.ask("GET", f"/v1/jobs/{job['id']}", Authorization=f"Bearer {token}")
        if job["state"] == "done":
            break
        time.sleep(0.2)
    holds(job["state"] == "done", "long work is done")
    served.stop()
    served = Served(data)
    status, made, _ = served.issue(token)
    numbers.append(serial(made["number"]))
    holds(numbers == list(range(numbers[0], numbers[0] + 5)), f"numbers only grew: {numbers}")
    served.stop()
    holds(subprocess.run([program, "fsck", "--data", data]).returncode == 0, "fsck finds it sound")


root = tempfile.mkdtemp()
try:
    for fault in (full_disk, read_only, clock_back):
        print(f"--- {fault.__name__}", flush=True)
        fault(root)
finally:
    for process in Served.all:
        process.kill()
    for name in ("full", "readonly"):
        subprocess.run(["umount", "-l", f"{root}/{name}"], capture_output=True)
    shutil.rmtree(root, ignore_errors=True)
