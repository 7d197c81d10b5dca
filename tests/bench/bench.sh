#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# The benchmark of `make bench`: prints each figure, the figure to reach, and the machine. It judges nothing and fails only if
# something cannot run. Environment: ZONESCOPE, BUILD_DIR, PLAIN_BOCHS, MAKE_TRACE, BABELTRACE2; RUNS (default 3).
set -u
: "${ZONESCOPE:?}" "${BUILD_DIR:?}" "${PLAIN_BOCHS:?}" "${MAKE_TRACE:?}" "${BABELTRACE2:=babeltrace2}" "${RUNS:=3}"
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT
export LC_ALL=C
TIMEFORMAT='%R %U %S'

fail() { echo "zonescope: bench: $1" >&2; exit 1; }
figure() { printf '  %-58s %10s   %s\n' "$1" "$2" "$3"; }
calculate() { awk "BEGIN { printf \"$1\", $2 }"; }
median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

# timed COMMAND...: elapsed, user and system seconds. Bochs exits with 1 even after a good end.
timed() { { time "$@" >"$scratch/out" 2>&1 </dev/null; } 2>&1 | tail -n 1; }
cpu_seconds() { timed "$@" | awk '{ print $2 + $3 }'; }

# bochsrc FILE: for the 3:1 kernel at 1 GiB with all workloads, as `record` writes it; a recording if OUTPUT is given.
bochsrc() {
    sed -e "s|^ata0-master:.*|ata0-master: type=cdrom, path=\"$scratch/boot.iso\", status=inserted|" \
        -e "s|^log:.*|log: \"$scratch/bochs.log\"|" -e '/^zonescope:/d' "$scratch/first/.zonescope/bochsrc"
    if test -n "${1-}"; then echo "zonescope: output=\"$1\", profile=p6, split=3:1, paging=classic"; fi
}

echo "zonescope benchmark, $(date -u +%F)"
echo "  $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $(nproc) CPUs, $(uname -sr), $(${CXX:-g++} --version | head -n 1)"
echo "  load at the start: $(cut -d' ' -f1-3 /proc/loadavg) (the figures mean little on a busy machine); median of $RUNS runs"
echo

echo 'Recording (3:1, classic, 1 GiB, all workloads)'
"$ZONESCOPE" record -o "$scratch/first" >"$scratch/record" 2>&1 || fail "recording failed: $(tail -n 1 "$scratch/record")"
mkdir "$scratch/cd" && cp "$BUILD_DIR/guest-kernel/kernel-3-1-classic.elf" "$scratch/cd/kernel.elf" && cp "$BUILD_DIR/boot/core.img" "$scratch/cd/"
printf 'multiboot (cd)/kernel.elf workload=all\nboot\n' >"$scratch/cd/boot.cfg"
xorriso -as mkisofs -quiet -o "$scratch/boot.iso" -b core.img -no-emul-boot -boot-load-size 4 -boot-info-table "$scratch/cd" 2>/dev/null ||
    fail 'xorriso failed; install the package xorriso'
bochsrc >"$scratch/plain.rc"
bochsrc "$scratch/trace" >"$scratch/record.rc"
for ((run = 0; run < RUNS; run++)); do
    cpu_seconds "$PLAIN_BOCHS" -q -f "$scratch/plain.rc" >>"$scratch/plain"
    cpu_seconds "$BUILD_DIR/bochs/bochs" -q -f "$scratch/record.rc" >>"$scratch/recorded"
done
plain=$(median <"$scratch/plain")
recorded=$(median <"$scratch/recorded")
figure 'plain Bochs, all optimisations, CPU time' "$(calculate %.2f "$plain") s" ''
figure 'recording, CPU time' "$(calculate %.2f "$recorded") s" ''
figure 'recording against plain Bochs' "$(calculate %.2f "$recorded/$plain")" 'to reach: 1.5 or less'

# Wall time until the kernel's first line on the console, which it prints before anything else.
for ((run = 0; run < RUNS; run++)); do
    begin=${EPOCHREALTIME}
    while IFS= read -r line; do
        case $line in *'zonescope guest'*) calculate '%.2f\n' "$EPOCHREALTIME-$begin" >>"$scratch/boot"; break ;; esac
    done < <(exec "$BUILD_DIR/bochs/bochs" -q -f "$scratch/record.rc" 2>/dev/null </dev/null)
    wait
done
figure 'boot to the first kernel output, wall time' "$(median <"$scratch/boot") s" 'to reach: under 2 s'

elapsed=$(timed "$ZONESCOPE" sweep --splits all -o "$scratch/sweep" | cut -d' ' -f1)
figure 'all four splits recorded and printed, wall time' "$elapsed s" 'to reach: under 30 s'

# --- size and reading

events=$("$BABELTRACE2" "$scratch/first" 2>/dev/null | wc -l)
bytes=$(stat -c %s "$scratch/first/cpu0")
figure "trace size, $events events" "$(calculate %.2f "$bytes/$events") B" 'to reach: at most 12 an event'

echo
echo 'Reading (a made trace of 5,000,000 events)'
"$MAKE_TRACE" big 5000000 "$scratch/big" >/dev/null || fail 'make_trace failed; is the disk full?'
for ((run = 0; run < RUNS; run++)); do
    timed "$ZONESCOPE" stat "$scratch/big" | cut -d' ' -f1 >>"$scratch/stat"
    timed "$BABELTRACE2" -o dummy "$scratch/big" | cut -d' ' -f1 >>"$scratch/babeltrace"
done
stat=$(median <"$scratch/stat")
babeltrace=$(median <"$scratch/babeltrace")
figure 'babeltrace2 -o dummy' "$babeltrace s" ''
figure 'zonescope stat' "$stat s" ''
figure 'as fast as babeltrace2, times' "$(calculate %.1f "$babeltrace/$stat")" 'to reach: 20 or more'

# peak DIR: the most memory that `stat` had resident beside the mapped trace, in KiB.
peak() {
    "$ZONESCOPE" stat "$1" >/dev/null 2>&1 &
    local most=0 now
    while now=$(awk '/^RssAnon:/ { print $2 }' /proc/$!/status 2>/dev/null) && test -n "$now"; do
        if test "$now" -gt $most; then most=$now; fi
    done
    wait
    echo $most
}
"$MAKE_TRACE" big 1000000 "$scratch/small" >/dev/null
figure 'memory of stat, 1,000,000 events' "$(peak "$scratch/small") KiB" ''
figure 'memory of stat, 5,000,000 events' "$(peak "$scratch/big") KiB" 'to reach: the same'
