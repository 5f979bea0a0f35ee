#!/usr/bin/env bash
# ./test.sh: installs what is missing, builds debug and sanitized, runs every test, prints the count.
# ./test.sh --fuzz SECONDS: instead, runs every fuzz target that long.
set -euo pipefail
cd "$(dirname "$0")"

usage() { sed -n '2,3s/^# //p' "$0"; }
jobs=2

if [ "${1:-}" = "--help" ] || [ "${1:-}" = "-h" ]; then
  usage
  exit 0
elif [ "${1:-}" = "--fuzz" ] && [ $# -eq 2 ] && [[ $2 =~ ^[1-9][0-9]*$ ]]; then
  .ci/install run fuzz
  cmake --preset fuzz >/dev/null
  cmake --build build-fuzz --parallel $jobs
  for target in build-fuzz/tests/fuzz/*_fuzz; do
    name=$(basename "$target" _fuzz)
    mkdir -p "build-fuzz/corpus/$name"
    echo "fuzzing $name for $2 s"
    "$target" -max_total_time="$2" -print_final_stats=0 -verbosity=0 "build-fuzz/corpus/$name" "tests/fuzz/corpus/$name"
  done
  exit 0
elif [ $# -gt 0 ]; then
  echo "test.sh: unknown argument: $*" >&2
  usage >&2
  exit 2
fi

phase() { printf '\n[%s] %s\n' "$1" "$2"; }

phase 1/5 "packages"
.ci/install run test
if [ ! -d tests/browser/node_modules/playwright-core ]; then
  (cd tests/browser && npm ci --no-audit --no-fund --loglevel=error)
fi

phase 2/5 "building debug"
cmake --preset debug >/dev/null
cmake --build build-debug --parallel $jobs

phase 3/5 "building with AddressSanitizer and UndefinedBehaviorSanitizer"
cmake --preset asan >/dev/null
cmake --build build-asan --parallel $jobs

failed=0
count() { # count FILE: passed and failed of a ctest run
  sed -nE 's/^[0-9]+% tests passed, ([0-9]+) tests? failed out of ([0-9]+)$/\1 \2/p' "$1" | tail -1
}
phase 4/5 "tests, debug"
ctest --test-dir build-debug --parallel $jobs --output-on-failure --no-tests=error | tee build-debug/ctest.log || failed=1
phase 5/5 "tests, sanitized"
ctest --test-dir build-asan --parallel $jobs --output-on-failure --no-tests=error -LE once | tee build-asan/ctest.log || failed=1

read -r debug_failed debug_all <<<"$(count build-debug/ctest.log)"
read -r asan_failed asan_all <<<"$(count build-asan/ctest.log)"
echo
echo "$((debug_all - debug_failed + asan_all - asan_failed)) passed, $((debug_failed + asan_failed)) failed"
exit $failed
