#!/usr/bin/env bash
# What we depend on: bans, licences and sources (cargo-deny), and a bill of materials (cargo-sbom). Wants both (scripts/install-peers.sh).
# scripts/supply-chain.sh [FILE for the bill, SPDX JSON]
set -euo pipefail
cd "$(dirname "$0")/.."
PATH=$HOME/.cache/juanzong-peers/cargo/bin:$PATH
for need in cargo-deny cargo-sbom; do
  command -v "$need" >/dev/null || { echo "SKIPPED: $need is not there (scripts/install-peers.sh)" >&2; exit 77; }
done
cargo deny --locked check bans licenses sources
bill=${1:-$(mktemp)}
cargo sbom >"$bill"
# The bill names every crate that Cargo would build for us, and its licence.
python3 - "$bill" <<'PY'
import json, subprocess, sys
bill = json.load(open(sys.argv[1]))
named = {(package["name"], package["versionInfo"]) for package in bill["packages"]}
tree = subprocess.run(["cargo", "tree", "--locked", "--edges", "normal", "--prefix", "none", "--format", "{p}"], check=True, capture_output=True, text=True).stdout
built = {(line.split()[0], line.split()[1].removeprefix("v")) for line in tree.splitlines() if line.strip()}
missing = sorted(built - named)
without = [package["name"] for package in bill["packages"] if not package.get("licenseDeclared") and not package.get("licenseConcluded")]
print(f"bill of materials: {len(named)} packages, {len(built)} are built; missing {missing[:5]}; without a licence {without[:5]}")
sys.exit(bool(missing))
PY
