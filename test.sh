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
    name=$(basename "$target")
    mkdir -p "build-fuzz/corpus/$name"
    echo "fuzzing ${name%_fuzz} for $2 s"
    "$target" -max_total_time="$2" -print_final_stats=0 -verbosity=0 "build-fuzz/corpus/$name" "tests/fuzz/corpus/$name"
  done
  exit 0
elif [ $# -gt 0 ]; then
  echo "test.sh: unknown argument: $*" >&2
  usage >&2
  exit 2
fi

phase() { printf '\n[%s] %s\n' "$1" "$2"; }

phase 1/4 "packages"
.ci/install run test
if [ ! -d tests/browser/node_modules/playwright-core ]; then
  (cd tests/browser && npm ci --no-audit --no-fund --loglevel=error)
fi

# clang asks for its memory in huge pages: a page fault is dear on a virtual machine, and it takes a third off.
export GLIBC_TUNABLES=glibc.malloc.hugetlb=1
phase 2/4 "building debug: what the tests labelled once need"
cmake --preset debug >/dev/null
cmake --build build-debug --target once --parallel $jobs

phase 3/4 "building with AddressSanitizer and UndefinedBehaviorSanitizer"
cmake --preset asan >/dev/null
cmake --build build-asan --parallel $jobs
unset GLIBC_TUNABLES

# The browsers' tests, in two chains, take longest and wait most of the time: the sanitized tests fill the gaps, and give
# way.
# What the tests write and sync goes into memory where there is room: none of them asks what the disk itself keeps, and a
# busy one makes each wait.
if [ -z "${TMPDIR:-}" ] && [ "$(df --output=avail --block-size=1M /dev/shm 2>/dev/null | tail -1)" -ge 4096 ] 2>/dev/null; then
  TMPDIR=$(mktemp -d /dev/shm/defenbao-test.XXXXXX)
  export TMPDIR
  scratch=$TMPDIR
fi
clean() { [ -z "${scratch:-}" ] || rm -rf "$scratch"; }
# AddressSanitizer keeps what was freed, to find its late uses; 256 MB of it, its default, cost an eighth of the time.
export ASAN_OPTIONS=quarantine_size_mb=16
failed=0
phase 4/4 "tests of both builds; the sanitized ones' output follows at the end"
nice -n 10 ctest --test-dir build-asan --parallel $jobs --output-on-failure --no-tests=error >build-asan/ctest.log 2>&1 &
sanitized=$!
trap 'kill $sanitized 2>/dev/null || true; clean' EXIT
ctest --test-dir build-debug --parallel 3 --output-on-failure --no-tests=error -L once || failed=1
echo "the sanitized tests go on"
wait $sanitized || failed=1
clean
trap - EXIT
cat build-asan/ctest.log

# A program of many tests says how many passed and failed; any other entry of ctest's log is one test.
echo
cat build-{debug,asan}/Testing/Temporary/LastTest.log | awk '
  function add() { if (good) passed += p ? p : 1; else if (started) { passed += p; failed += f ? f : 1 } }
  / Testing: / { add(); p = f = good = 0; started = 1 }
  /^\[  PASSED  \] [0-9]+ test/ { p = $4 }
  /^\[  FAILED  \] [0-9]+ test/ { f = $4 }
  /^Test Pass/ { good = 1 }
  END { add(); printf "%d passed, %d failed\n", passed, failed }'
exit $failed
