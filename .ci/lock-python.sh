#!/usr/bin/env bash
# Writes python/*.lock anew from python/pyproject.toml: one file for what every worker needs, one an extra with only what it adds,
# so that any set of them can be installed together. Valid for every supported Python and platform, hashes included, no address in them.
# Needs uv. Existing versions are kept unless --upgrade is given.
set -euo pipefail
cd "$(dirname "$0")/../python"
compile() { uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url "$@"; }
compile "$@" pyproject.toml --output-file requirements.lock
base=$(sed -n 's/^\([a-z0-9._-]*\)==.*/--no-emit-package \1/p' requirements.lock)
for extra in local dev; do
  # shellcheck disable=SC2086
  compile "$@" --extra "$extra" --constraint requirements.lock $base pyproject.toml --output-file "requirements-$extra.lock"
done
