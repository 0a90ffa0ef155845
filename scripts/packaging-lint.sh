#!/usr/bin/env bash
# What can be said of packaging/ where no container engine runs: nginx and systemd read their files, the compose file and the Dockerfile are
# held against each other and against the program. With `deb` the package is built and looked into.
# JUANZONG_BIN names a program that is built already.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
bin=$(realpath "${JUANZONG_BIN:-${CARGO_TARGET_DIR:-target}/release/juanzong}")
command -v nginx >/dev/null || { echo "SKIPPED: nginx is not there (scripts/install-peers.sh)" >&2; exit 77; }

echo '--- nginx reads packaging/nginx.conf'
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/key.pem" -out "$work/cert.pem" -subj /CN=zhicheng.example -days 2 2>/dev/null
mkdir "$work/logs"
sed -e "s,/etc/ssl/zhicheng.example.pem,$work/cert.pem," -e "s,/etc/ssl/private/zhicheng.example.key,$work/key.pem," \
    -e "s,/var/log/nginx,$work/logs," packaging/nginx.conf >"$work/site.conf"
printf 'pid %s/pid;\nevents {}\nhttp {\ninclude %s/site.conf;\n}\n' "$work" "$work" >"$work/nginx.conf"
nginx -t -q -e "$work/logs/error" -c "$work/nginx.conf"
# Names of containers are none here.
sed -e 's/node[123]:8080/127.0.0.1:8080/' -e "s,/dev/stdout,$work/logs/access," packaging/compose/nginx.conf >"$work/compose-nginx.conf"
printf 'pid %s/pid;\n' "$work" | cat - "$work/compose-nginx.conf" >"$work/nginx2.conf"
nginx -t -q -e "$work/logs/error" -c "$work/nginx2.conf"

echo '--- systemd reads packaging/juanzong.service'
sed -e "s,/usr/bin/juanzong,$bin," -e 's/^User=.*/User=root/; s/^Group=.*/Group=root/' packaging/juanzong.service >"$work/juanzong.service"
SYSTEMD_LOG_LEVEL=warning systemd-analyze verify --man=no "$work/juanzong.service" 2>&1 | { grep -v 'Failed to \(prepare\|connect\)' || true; } | tee "$work/systemd"
[ ! -s "$work/systemd" ]
score=$(systemd-analyze security --offline=true "$work/juanzong.service" 2>/dev/null | tail -1 | grep -oE '[0-9]+\.[0-9]+' | head -1 || true)
echo "exposure by systemd's own reckoning: ${score:-not measured} of 10"

echo '--- compose, Dockerfile and program say the same'
python3 - "$bin" <<'PY'
import re, subprocess, sys
import yaml
program = sys.argv[1]
wrong = []
compose = yaml.safe_load(open("packaging/compose/compose.yaml", encoding="utf-8"))
services, networks, volumes = compose["services"], compose["networks"], compose["volumes"]
for name, service in services.items():
    wants = service.get("depends_on", {})
    for other, how in wants.items():
        if other not in services:
            wrong.append(f"{name} waits for {other}, which is not there")
        # Health is asked of an image of ours by its own HEALTHCHECK, of others by one given here.
        elif how["condition"] == "service_healthy" and "healthcheck" not in services[other] and "build" not in services[other]:
            wrong.append(f"{name} waits for the health of {other}, which nobody asks")
    for network in service["networks"]:
        if network not in networks:
            wrong.append(f"{name}: no network {network}")
    for volume in service.get("volumes", []):
        source = volume.split(":")[0]
        if not source.startswith(".") and source not in volumes:
            wrong.append(f"{name}: no volume {source}")
    if "build" not in service and not re.search(r":\S+$", service["image"]) and name != "s3":
        wrong.append(f"{name}: {service['image']} has no version")
nodes = [service for name, service in services.items() if name.startswith("node")]
if len(nodes) != 3:
    wrong.append(f"{len(nodes)} nodes")
proxy = services["nginx"]["networks"]["office"]["ipv4_address"]
for node in nodes:
    command = node["command"]
    if command[command.index("--trusted-proxy") + 1] != proxy:
        wrong.append("the nodes believe another proxy")
upstreams = re.findall(r"server (\w+):8080", open("packaging/compose/nginx.conf", encoding="utf-8").read())
if sorted(upstreams) != sorted(name for name in services if name.startswith("node")):
    wrong.append(f"the proxy knows {upstreams}")
docker = open("packaging/Dockerfile", encoding="utf-8").read()
if re.search(r"^USER root|:latest|^ADD ", docker, re.M) or not re.search(r"^USER juanzong", docker, re.M):
    wrong.append("the image runs as root, or takes what nobody named")
# Every command and option that the files give our program is one it knows; so are the variables.
asked = [command for command in (service.get("command") for name, service in services.items() if "build" in service)]
asked += [eval(words) for words in re.findall(r"^CMD (\[.*\])", docker, re.M)]
asked += [eval(words)[1:] for words in re.findall(r"^HEALTHCHECK .* CMD (\[.*\])", docker, re.M)]
unit = open("packaging/juanzong.service", encoding="utf-8").read()
asked += [re.sub(r"\$\{?\w+\}?", "x", line).split()[1:] for line in re.findall(r"^ExecStart=(.*)", unit, re.M)]
environment = open("packaging/juanzong.env", encoding="utf-8").read()
asked += [["serve", *re.search(r"^JUANZONG_OPTIONS=(.*)", environment, re.M)[1].split()]]
for words in asked:
    names = [word for word in words if not word.startswith("-")][:2 if words[0] in ("keys", "token", "jobs") else 1]
    told = subprocess.run([program, *names, "--help"], capture_output=True, text=True)
    if told.returncode:
        wrong.append(f"no subcommand {names}")
    for option in (word for word in words if word.startswith("--")):
        if option not in told.stdout:
            wrong.append(f"{' '.join(names)} has no option {option}")
if '"ready"' not in re.search(r"^HEALTHCHECK.*", docker, re.M)[0]:
    wrong.append("the health check asks nothing")
for words in wrong:
    print("WRONG:", words)
print(f"{len(services)} services, {len(asked)} commands" if not wrong else f"{len(wrong)} wrong")
sys.exit(bool(wrong))
PY
if [ "${1:-}" = deb ]; then
  echo '--- the Debian package'
  PATH=$HOME/.cache/juanzong-peers/cargo/bin:$PATH
  cargo deb --no-build --output "$work/juanzong.deb" >/dev/null
  # Into a file first: a reader that has seen enough and goes ends the writer, and with pipefail the script.
  dpkg-deb --contents "$work/juanzong.deb" >"$work/contents"
  awk '$6 !~ /\/$/ {print $1, $2, $6}' "$work/contents"
  for file in usr/bin/juanzong usr/lib/systemd/system/juanzong.service etc/juanzong/juanzong.env; do
    grep -q "./$file$" "$work/contents" || { echo "the package lacks $file" >&2; exit 1; }
  done
  dpkg-deb --field "$work/juanzong.deb" Package Version Architecture Depends
fi
