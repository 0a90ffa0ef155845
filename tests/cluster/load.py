"""Mixed load on the nodes behind the proxy: validate, file and bind dossiers, issue, revoke, verify, and work fetched later.

    load.py BASE SECONDS LEDGER VALIDATE_TOKEN ISSUE_TOKEN FIXTURES

Writes one JSON line for every fact the service acknowledged, and one for everything it should not have said. A request that
meets a dead node is sent again with the same Idempotency-Key, as docs/http.md tells callers to. Only Python's own library.
"""
import collections
import http.client
import json
import os
import random
import sys
import threading
import time
import tomllib
import urllib.parse
import uuid

base, seconds, ledger_path, bind_token, issue_token, fixtures = sys.argv[1:]
address = urllib.parse.urlsplit(base).netloc
until = time.monotonic() + float(seconds)
ledger = open(ledger_path, "a", encoding="utf-8")
lock = threading.Lock()
issued, revoked = [], set()
statuses = collections.Counter()
NOTICE = "lianyungang-gongxin-kaohe-2024"


class GaveUp(Exception):
    """The outcome is not known: no answer, or the same request still counts as under way."""


def write(**fact):
    with lock:
        ledger.write(json.dumps(fact, ensure_ascii=False) + "\n")
        ledger.flush()


def ask(method, path, body=None, headers=(), patience=100, retry=True):
    """One request, again until it is answered by something else than a dead or busy node."""
    end = time.monotonic() + patience
    while True:
        status, answer_headers, data = 0, {}, b""
        connection = http.client.HTTPConnection(address, timeout=30)
        try:
            connection.request(method, path, body=body, headers=dict(headers))
            response = connection.getresponse()
            data = response.read()
            status, answer_headers = response.status, {k.lower(): v for k, v in response.getheaders()}
        except (OSError, http.client.HTTPException):
            status = 0
        finally:
            connection.close()
        with lock:
            statuses[f"{method} {status or 'cut off'}"] += 1
        under_way = status == 409 and b"idempotency_in_progress" in data
        if status and status < 500 and status != 429 and not under_way:
            return status, answer_headers, data
        if not retry or time.monotonic() > end:
            raise GaveUp(f"{method} {path}: {status}")
        time.sleep(min(float(answer_headers.get("retry-after", 1)), 2) * random.uniform(0.3, 1))


def bearer(token, **more):
    return {"Authorization": f"Bearer {token}", **{k.replace("_", "-"): v for k, v in more.items()}}


def key():
    return str(uuid.uuid4())


def surprise(what, status, data):
    write(fact="surprise", what=what, status=status, body=data[:400].decode("utf-8", "replace"))


def issue():
    wanted = {"name": random.choice("赵钱孙李周吴郑王") + "示例", "series": "工程技术", "specialty": "机械设计", "title": "工程师",
              "level": "中级", "method": "评审", "committee": "示例市评委会", "obtained_on": "2024-08-20"}
    the_key = key()
    write(fact="asked", op="issue", key=the_key)
    headers = bearer(issue_token, Content_Type="application/json", Idempotency_Key=the_key)
    status, _, data = ask("POST", "/v1/certificates", json.dumps(wanted), headers)
    if status not in (201, 202):
        return surprise("issue", status, data)
    made = json.loads(data)
    write(fact="issued", key=the_key, **{k: made.get(k) for k in ("number", "code", "file_sha256", "leaf_index", "holder_secret")})
    if made.get("code"):
        with lock:
            issued.append((made["number"], made["code"]))


def issue_list():
    rows = "\n".join(f"{random.choice('冯陈褚卫')}示例,工程技术,{uuid.uuid4().hex[:8]},工程师,中级,评审,示例市评委会,2024-08-20" for _ in range(3))
    table = "姓名,系列,专业,资格名称,级别,取得方式,评审委员会,取得时间\n" + rows
    headers = bearer(issue_token, Content_Type="text/csv", Idempotency_Key=key(), Prefer="respond-async")
    status, _, data = ask("POST", "/v1/certificates/batch", table.encode(), headers)
    if status != 202:
        return surprise("issue_list", status, data)
    write(fact="job", id=json.loads(data)["id"], kind="batch", token="issue")


def revoke():
    with lock:
        left = [number for number, _ in issued if number not in revoked]
    if len(left) < 3:
        return
    number = random.choice(left)
    headers = bearer(issue_token, Content_Type="application/json", Idempotency_Key=key())
    path = f"/v1/certificates/{urllib.parse.quote(number)}/revocation"
    status, _, data = ask("POST", path, '{"reason": "error", "effect": "ab_initio"}', headers)
    # 409: an earlier try went through and its answer was lost with its node.
    if status not in (200, 201, 204, 409):
        return surprise("revoke", status, data)
    write(fact="revoked", number=number)
    with lock:
        revoked.add(number)


def verify():
    with lock:
        if not issued:
            return
        number, code = random.choice(issued)
        before = number in revoked
    status, _, data = ask("POST", "/v1/verifications", json.dumps({"code": code}), {"Content-Type": "application/json"})
    answer = json.loads(data).get("answer") if status == 200 else None
    allowed = {"revoked"} if before else {"authentic", "revoked"}
    if answer not in allowed:
        surprise(f"verify, revoked before: {before}", status, data)


def pdf(name):
    with open(os.path.join(fixtures, name), "rb") as file:
        return file.read()


def validate():
    headers = bearer(bind_token, Content_Type="application/pdf")
    later = random.random() < 0.5
    if later:
        headers |= {"Prefer": "respond-async", "Idempotency-Key": key()}
    slot, name = random.choice(papers)
    status, _, data = ask("POST", f"/v1/validations?on=2024-08-20&notice={NOTICE}&slot={slot}", pdf(name), headers)
    if later and status == 202:
        write(fact="job", id=json.loads(data)["id"], kind="validation", token="bind")
    elif status != 200 or json.loads(data)["verdict"] == "refused":
        surprise(f"validate {name}", status, data)


def dossier():
    body = json.dumps({"notice": NOTICE, "applicant": applicant, "judged_on": "2024-08-20"})
    headers = bearer(bind_token, Content_Type="application/json", Idempotency_Key=key())
    status, _, data = ask("POST", "/v1/dossiers", body, headers)
    if status != 201:
        return surprise("dossier", status, data)
    made = json.loads(data)
    write(fact="dossier", id=made["id"])
    secret = made["secret"]
    for slot, name in papers:
        content = pdf(name)
        disposition = f"attachment; filename*=UTF-8''{urllib.parse.quote(name)}"
        headers = bearer(secret, Content_Type="application/pdf", Content_Disposition=disposition, Idempotency_Key=key())
        status, _, data = ask("POST", f"/v1/dossiers/{made['id']}/slots/{slot}/files", content, headers)
        if status != 201:
            return surprise(f"upload {name}", status, data)
        write(fact="upload", dossier=made["id"], sha256=json.loads(data)["sha256"])
    later = random.random() < 0.5
    headers = bearer(secret, Idempotency_Key=key(), **({"Prefer": "respond-async"} if later else {}))
    status, _, data = ask("POST", f"/v1/dossiers/{made['id']}/binding", b"", headers)
    if later and status == 202:
        write(fact="job", id=json.loads(data)["id"], kind="binding", token="admin", dossier=made["id"])
    elif status == 201:
        write(fact="bound", dossier=made["id"], files={file["path"]: file["sha256"] for file in json.loads(data)["files"]})
    else:
        surprise("bind", status, data)


def watch_log():
    while time.monotonic() < until:
        try:
            status, _, data = ask("GET", "/checkpoint", patience=5)
            if status == 200:
                lines = data.decode().split("\n")
                write(fact="checkpoint", size=int(lines[1]), root=lines[2])
        except GaveUp:
            pass
        time.sleep(0.5)


def work(choices):
    while time.monotonic() < until:
        what = random.choice(choices)
        try:
            what()
        except GaveUp as why:
            write(fact="gave_up", why=str(why), op=what.__name__)
        except Exception as why:  # what nobody thought of is a finding, not an end of the load
            write(fact="surprise", what=what.__name__, status=0, body=repr(why))


with open(os.path.join(fixtures, "dossier.toml"), "rb") as file:
    sample = tomllib.load(file)
applicant = json.loads(json.dumps(sample["applicant"], default=str))
papers = [(item["slot"], item["file"]) for item in sample["item"]]
hands = [[issue, revoke, verify, verify], [issue, issue_list, revoke, verify], [validate, validate, issue], [dossier]]
threads = [threading.Thread(target=work, args=(choices,)) for choices in hands] + [threading.Thread(target=watch_log)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
write(fact="statuses", counts=dict(sorted(statuses.items())))
