// SPDX-License-Identifier: LGPL-2.1-or-later
// Why walks were made, which flushes were useless, and where walks found their entries.

charts.push({
    id: "causes",
    title: "What flushes cost: walks by cause",
    choices: () => [
        ["flushes", "flushes only"],
        ["all", "all causes"],
    ],
    build(view, choice) {
        const profile = view.profile,
            model = s => s.models.find(m => m.profile === profile),
            no_flush = ["first_touch", "evicted", "fault"];
        const causes = Object.keys(model(view.recordings[0].statistics).causes).filter(
            c => (choice === "all" || !no_flush.includes(c)) && view.recordings.some(r => model(r.statistics).causes[c]),
        );
        if (!causes.length) return {empty: `On ${profile} no walk was made because of a flush.`};
        const cost = (s, c) => {
            const m = model(s),
                part = m.walks ? m.causes[c] / m.walks : 0;
            return {low: m.walk_cycles.low * part, best: m.walk_cycles.best * part, high: m.walk_cycles.high * part};
        };
        const rows = view.recordings
            .flatMap(r => Object.keys(model(r.statistics).causes).map(c => ({r, c, m: model(r.statistics)})))
            .filter(x => x.m.causes[x.c]);
        return {
            ...bars(
                view,
                "Cycles of the walks that refill what a flush had dropped, by what flushed it: the number of walks, " +
                    "which is exact, times the mean cost of a walk in the recording. First touches, evictions and faults " +
                    "are no flush's fault.",
                "cycles",
                causes.map(format.cause),
                groups_of(view, s => causes.map(c => cost(s, c))),
                {title: "Walks by cause"},
            ),
            table: {
                caption: `Walks by cause on ${profile}; cycles at the recording's mean of a walk`,
                rows,
                columns: [
                    table.text("recording", x => x.r.label),
                    table.text("cause", x => format.cause(x.c)),
                    table.count("walks", x => x.m.causes[x.c]),
                    table.share("of all walks", x => x.m.causes[x.c] / x.m.walks),
                    table.interval("cycles", x => cost(x.r.statistics, x.c)),
                ],
            },
        };
    },
});

charts.push({
    id: "useless",
    title: "Flushes that were good for nothing",
    build(view) {
        const profile = view.profile,
            kinds = {
                not_cached: "page was not in the TLB",
                same_value: "same CR3 again",
                nothing_dropped: "nothing to drop",
                nothing_refilled: "what it dropped, nobody used again",
            };
        const useless = s => (s.useless_flushes || {})[profile] || {},
            names = Object.keys(kinds).filter(k => view.recordings.some(r => (useless(r.statistics)[k] || {}).count));
        if (!names.length)
            return {empty: `On ${profile} every flush dropped something that was used again, or there was none.`};
        const rows = view.recordings
            .flatMap(r => Object.keys(kinds).map(k => ({r, k, f: useless(r.statistics)[k]})))
            .filter(x => x.f);
        return {
            ...bars(
                view,
                "Cycles of flush instructions that changed nothing for the program, by why: what could be saved " +
                    "without them.",
                "cycles",
                names.map(k => kinds[k]),
                groups_of(view, s => names.map(k => useless(s)[k].cycles)),
                {title: "Useless flushes"},
            ),
            table: {
                caption: `Useless flushes on ${profile}`,
                rows,
                columns: [
                    table.text("recording", x => x.r.label),
                    table.text("why", x => kinds[x.k]),
                    table.count("flushes", x => x.f.count),
                    table.interval("cycles", x => x.f.cycles),
                ],
            },
        };
    },
});

charts.push({
    id: "levels",
    title: "Walks by level: where they found their entries",
    without_profile: view => view.recordings.some(r => r.statistics.long_mode),
    // First what there is something of.
    choices(view) {
        const model = ["model", "of the modelled processor"],
            long = ["long", "in 64-bit paging, Bochs' own walks"];
        if (!view.recordings.some(r => r.statistics.long_mode)) return [];
        return !view.profile ? [long] : no_walks(view) ? [long, model] : [model, long];
    },
    build(view, choice) {
        if (choice === "long") return long_walks(view);
        if (no_walks(view)) return {empty: no_walks_words(view)};
        const profile = view.profile,
            places = {
                pde_cache: "PDE cache of the MMU",
                l1: "first-level cache",
                l2: "second-level cache",
                memory: "memory",
            };
        const levels = view.recordings.flatMap(r =>
            ["directory", "table"].map(level => ({
                r,
                level,
                found: r.statistics.models.find(m => m.profile === profile).walk_levels[level],
            })),
        );
        const name = x =>
            (view.recordings.length > 1 ? x.r.label + ", " : "") + (x.level === "table" ? "page table" : "directory");
        const kinds = Object.keys(places).filter(p => levels.some(x => x.found[p]));
        const label = `Entries that walks needed on ${profile}, by level of the page tables and by where they were found.`;
        const rows = levels.flatMap(x =>
            Object.keys(places)
                .filter(p => x.found[p] !== undefined)
                .map(p => ({...x, p, all: Object.values(x.found).reduce((a, b) => a + b, 0)})),
        );
        return {
            about:
                "A walk needs an entry of the page directory and, for a page of 4 KiB, one of a page table. Where " +
                "the entry's line lies decides what it costs; the places are those of the best estimate.",
            label,
            height: 90 + 30 * levels.length,
            option: () =>
                theme.option(label, {
                    grid: {left: 16, right: 28, top: 36, bottom: 44, containLabel: true},
                    xAxis: theme.axis("entries needed", {
                        type: "value",
                        nameGap: 28,
                        axisLabel: {color: theme.colours.ink, formatter: format.short},
                    }),
                    yAxis: theme.axis("", {type: "category", inverse: true, data: levels.map(name)}),
                    tooltip: {
                        ...theme.option("").tooltip,
                        trigger: "axis",
                        axisPointer: {type: "shadow"},
                        formatter: all =>
                            [
                                name(levels[all[0].dataIndex]),
                                ...all.map(b => `${b.seriesName}: ${format.number(b.value)}`),
                            ].join("\n"),
                    },
                    series: kinds.map((p, i) => ({
                        type: "bar",
                        stack: "entries",
                        name: places[p],
                        data: levels.map(x => x.found[p] || 0),
                        itemStyle: {color: theme.series(i)},
                    })),
                }),
            table: {
                caption: `Entries that walks needed on ${profile}`,
                rows,
                columns: [
                    table.text("recording", x => x.r.label),
                    table.text("level", x => (x.level === "table" ? "page table" : "directory")),
                    table.text("found in", x => places[x.p]),
                    table.count("entries", x => x.found[x.p]),
                    table.share("of the level", x => (x.all ? x.found[x.p] / x.all : 0)),
                ],
            },
        };
    },
});

// Of recordings in which the guest used it; no processor is modelled there.
function long_walks(view) {
    const used = view.recordings.filter(r => r.statistics.long_mode),
        long = r => r.statistics.long_mode;
    const levels = Object.keys(long(used[0]).reads).filter(level => used.some(r => long(r).reads[level]));
    if (!levels.length) return {empty: "Bochs made no walk in 64-bit paging."};
    return {
        ...bars(
            view,
            "Entries that Bochs' own walks read in 64-bit paging, by level. Bochs' TLB is a cache of the emulator: no " +
                "processor's walks are these.",
            "entries read",
            levels.map(l => l.toUpperCase()),
            used.map(r => ({name: r.label, values: levels.map(l => long(r).reads[l])})),
            {title: "Walks in 64-bit paging by level"},
        ),
        table: {
            caption: "Bochs' walks in 64-bit paging",
            rows: used.flatMap(r => levels.map(l => ({r, l}))),
            columns: [
                table.text("recording", x => x.r.label),
                table.text("level", x => x.l.toUpperCase()),
                table.count("entries read", x => long(x.r).reads[x.l]),
                table.count("of which A or D was set", x => long(x.r).written[x.l]),
            ],
        },
    };
}
