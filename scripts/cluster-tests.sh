#!/usr/bin/env bash
# Runs the HTTP tests again on a real PostgreSQL and a real S3-compatible server, both started here and ended here.
# Exit 77 where one of them is missing: scripts/install-peers.sh brings both on Debian. Arguments go to the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/cluster-services.sh
cluster_needs || exit 77
trap cluster_end EXIT
cluster_begin
export JUANZONG_TEST_DATABASE_URL=$database_url JUANZONG_TEST_BLOB_URL=s3://juanzong
echo "PostgreSQL $("$cluster_bin/postgres" --version | grep -oE '[0-9.]+' | head -1) and $(basename "$s3_server"): the HTTP tests again"
# Few at once: every test has a database of its own, with its own connections.
${CARGO:-cargo} test --release --test it http:: -- --test-threads="${THREADS:-4}" "$@"
