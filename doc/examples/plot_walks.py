#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Plot a recording's page walks over time, by what made them necessary.

    zonescope record --workload ctx-2p-0k,null-syscall -o trace
    doc/examples/plot_walks.py trace walks.png

It reads the trace with babeltrace2's Python module, bt2: nothing of zonescope's is needed, and any other tool that reads the
Common Trace Format can do the same. Each cell that begins with `# %%` can be run alone in an editor that knows notebooks.
On Debian: apt-get install python3-bt2 python3-matplotlib
"""

# %% What to read
import collections
import json
import pathlib
import sys

import bt2
import matplotlib

matplotlib.use("Agg")  # a file, no window
import matplotlib.pyplot as plt

trace = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "trace")
picture = sys.argv[2] if len(sys.argv) > 2 else "walks.png"
POINTS = 200  # along the time axis

# %% What is not an event: which profiles were modelled, and how long a tick is
run = json.loads((trace / ".zonescope" / "run.json").read_text())
profile = run["profiles"][0]
ticks_a_millisecond = (run.get("ips") or 100_000_000) / 1000


# %% The events: a walk of the first profile is a `model_walk`, which is every profile's, or a `profile_walk` with its bit
def walks(directory):
    """The time in ticks and the cause of each walk of the first profile."""
    for message in bt2.TraceCollectionMessageIterator(str(directory)):
        if type(message) is not bt2._EventMessageConst:
            continue
        event = message.event
        if event.name == "profile_walk" and not int(event["profiles"]) & 1:
            continue
        if event.name in ("model_walk", "profile_walk"):
            yield message.default_clock_snapshot.value, event["cause"].labels[0]


found = list(walks(trace))
if not found:
    sys.exit(f"{trace}: has no walks; was it recorded with a profile?")

# %% Counts in equal parts of the time
first, last = found[0][0], max(time for time, _ in found)
width = max(1, (last - first) // POINTS + 1)
counts = collections.defaultdict(lambda: [0] * POINTS)
for time, cause in found:
    counts[cause][(time - first) // width] += 1
largest = sorted(counts, key=lambda cause: -sum(counts[cause]))

# %% The plot
milliseconds = [(first + i * width) / ticks_a_millisecond for i in range(POINTS)]
figure, axes = plt.subplots(figsize=(9, 4.5), layout="constrained")
axes.stackplot(milliseconds, [counts[cause] for cause in largest], labels=[f"{cause}: {sum(counts[cause]):,}" for cause in largest])
axes.set(
    title=f"Page walks by cause, {profile}, {run['split'] or trace.name} {run['paging']}",
    xlabel="time since power-on, emulated ms",
    ylabel=f"walks in {width / ticks_a_millisecond:.3g} ms",
)
axes.legend(loc="upper right", fontsize="small")
figure.savefig(picture, dpi=120)

# %% And as text
for cause in largest:
    print(f"{sum(counts[cause]):>10} {cause}")
print(f"{len(found):>10} walks, {picture}")
