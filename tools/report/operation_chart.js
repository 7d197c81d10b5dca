// SPDX-License-Identifier: LGPL-2.1-or-later
// What an operation costs in each recording.

charts.push({
    id: "operations",
    title: "Operations: cycles of one, by recording",
    choices(view) {
        const many = names_in(view, s => s.spans).length > most_bars,
            several = view.recordings.length > 1;
        const all = several
            ? [
                  ["ratio", "relative to the cheapest, those that differ most"],
                  ["ratios", "relative to the cheapest, all"],
              ]
            : [];
        return [...all, ["cycles", many ? "cycles, the dearest" : "cycles"], ...(many ? [["all", "cycles, all"]] : [])];
    },
    build(view, choice) {
        const names = names_in(view, s => s.spans);
        if (!names.length)
            return {
                empty: "The guest measured no operations of its own (spans), so there is nothing to compare by operation.",
            };
        const relative = choice.startsWith("ratio"),
            profile = view.profile;
        const each = (s, name) => {
            const span = s.spans.find(e => e.name === name);
            return span && span.cycles[profile] ? format.divided(span.cycles[profile], span.count) : null;
        };
        const rankings = new Map(data.ranking.filter(r => r.profile === profile).map(r => [r.operation, r.standings]));
        const standing = (r, name) => (rankings.get(name) || []).find(s => s.recording === r.label && s.ratio);
        const value = (r, name) => (relative ? standing(r, name)?.ratio : each(r.statistics, name)) ?? null;
        const dearest = name => Math.max(0, ...view.recordings.map(r => value(r, name)?.best ?? 0));
        const sorted = names.filter(name => dearest(name) > 0).sort((a, b) => dearest(b) - dearest(a));
        const shown = choice === "ratio" || choice === "cycles" ? sorted.slice(0, most_bars) : sorted;
        // The ranges of some quotients are so wide that no other could be read.
        const most = relative ? Math.ceil(1.6 * Math.max(1, ...shown.map(dearest))) : undefined;
        const rows = names
            .flatMap(name =>
                view.recordings.map(r => ({
                    name,
                    r,
                    span: r.statistics.spans.find(e => e.name === name),
                    standing: standing(r, name),
                })),
            )
            .filter(x => x.span);
        const about = relative
            ? "What one operation costs as a multiple of the recording where it is cheapest. The line is the range " +
              "that the figures " +
              "allow for this quotient, in which common prices cancel: where it touches 1, there is no difference that " +
              "the model " +
              "can tell. Arrows go on: the table has their ends."
            : "Cycles of one operation: the bar is the best estimate, the line the range that the processor's figures " +
              "allow. The " +
              "axis is logarithmic: equal distances are equal factors.";
        return {
            ...bars(
                view,
                about,
                relative ? "times the cheapest" : "cycles",
                shown,
                view.recordings.map(r => ({name: r.label, values: shown.map(name => value(r, name))})),
                {title: "Operations", horizontal: true, log: !relative, base: relative ? 1 : undefined, most},
            ),
            table: {
                caption: `Operations on ${profile}; cycles of one, best (low\u2013high)`,
                rows,
                columns: [
                    table.text("operation", x => x.name),
                    table.text("recording", x => x.r.label),
                    table.count("count", x => x.span.count),
                    table.count("instructions, median", x => x.span.instructions.median),
                    table.interval("cycles of one", x => each(x.r.statistics, x.name)),
                    ...(data.ranking.length
                        ? [
                              table.interval("times the cheapest", x => (x.standing ? x.standing.ratio : null)),
                              table.text("verdict", x => (x.standing ? verdicts[x.standing.verdict] : "")),
                          ]
                        : []),
                    table.count("CR3 writes", x => x.span.cr3_writes),
                    table.count("INVLPG", x => x.span.invlpg),
                    table.count("page faults", x => x.span.page_faults),
                ],
            },
        };
    },
});
const verdicts = {
    fastest: "cheapest",
    same: "the same",
    slower: "certainly dearer",
    faster: "certainly cheaper",
    "cannot tell": "no difference that the model can tell",
};
