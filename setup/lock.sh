#!/usr/bin/env bash
# Pins every requirements*.in, with hashes, for Python 3.11 and 3.12 on Linux and macOS. Needs uv.
# Keeps what is pinned already; `setup/lock.sh --upgrade` takes the newest of everything.
set -euo pipefail
cd "$(dirname "$0")"

for name in requirements-build requirements requirements-dev; do
  echo "pinning $name.in"
  uv pip compile --quiet --universal --fork-strategy fewest --python-version 3.11 \
    --generate-hashes --no-emit-index-url --no-emit-find-links --allow-unsafe \
    --override overrides.txt --custom-compile-command "make lock" \
    "$@" "$name.in" -o "$name.txt"
done
