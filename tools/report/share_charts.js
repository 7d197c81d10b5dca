// SPDX-License-Identifier: LGPL-2.1-or-later
// Charts of one recording's largest shares: functions, tasks and pages that miss; and its miss-ratio curve.

const most_shares = 20;

function shares_chart(id, title, about, none) {
    return {
        id,
        title,
        of_recording: true,
        build(view) {
            const profile = view.profile,
                s = view.recording.statistics,
                all = s.models.find(m => m.profile === profile).walks;
            const name = x => x.name + (x.pid === null || x.pid === undefined ? "" : " " + x.pid);
            const sorted = [...s[id]].sort((a, b) => b.walks[profile] - a.walks[profile]),
                first = sorted.filter(x => x.walks[profile]).slice(0, most_shares),
                of = view.recording.shares[id];
            const largest =
                of > sorted.length
                    ? `; those ${sorted.length} of ${format.number(of)} that walked most, zonescope stat has all`
                    : "";
            if (!first.length) return {empty: none};
            return {
                ...bars(
                    view,
                    about,
                    "cycles",
                    first.map(x => format.shortened(name(x), 40)),
                    [{name: view.recording.label, values: first.map(x => x.walk_cycles[profile])}],
                    {title, horizontal: true},
                ),
                table: {
                    caption: `${title}: ${view.recording.label}, ${profile}${largest}`,
                    rows: sorted,
                    columns: [
                        table.text("name", name),
                        ...(id === "functions"
                            ? [{title: "address", of: x => x.address, show: format.address}]
                            : [table.count("instructions", x => x.instructions)]),
                        table.count("walks", x => x.walks[profile]),
                        table.share("of all walks", x => (all ? x.walks[profile] / all : 0)),
                        table.interval("cycles of walks", x => x.walk_cycles[profile]),
                        table.count("page faults", x => x.page_faults),
                        table.count("CR3 writes", x => x.cr3_writes),
                        table.count("INVLPG", x => x.invlpg),
                    ],
                },
            };
        },
    };
}

charts.push(
    shares_chart(
        "functions",
        "Functions that miss",
        "Cycles of the page walks that a function's instructions made. Functions are named by the guest's symbols; " +
            "FILE:NAME is a program's, and [user] is the code of programs that no symbol names.",
        "The guest's symbols are not known, so that there are no functions: give them with --symbols FILE.",
    ),
);
charts.push(
    shares_chart(
        "tasks",
        "Tasks that miss",
        "Cycles of the page walks that were made while a task ran; of guests that do not tell their tasks, address " +
            "spaces (CR3).",
        "No task made a walk.",
    ),
);

charts.push({
    id: "pages",
    title: "Pages that miss",
    of_recording: true,
    build(view) {
        const profile = view.profile,
            r = view.recording,
            all = r.statistics.models.find(m => m.profile === profile).walks;
        const sorted = [...r.pages].sort((a, b) => b.walks[profile] - a.walks[profile]).filter(p => p.walks[profile]),
            first = sorted.slice(0, most_shares);
        if (!first.length) return {empty: `On ${profile} no page was walked for.`};
        const name = p => format.address(p.linear) + " " + format.shortened(p.symbol || p.region, 28);
        return {
            ...bars(
                view,
                "How often a linear page of 4 KiB was walked for, in all address spaces together. The count is exact. " +
                    "Of the kernel's code it names the function at the page's beginning.",
                "walks",
                first.map(name),
                [{name: r.label, values: first.map(p => p.walks[profile])}],
                {title: "Pages that miss", horizontal: true},
            ),
            table: {
                caption: `Pages that were walked for most: ${r.label}, ${profile}`,
                rows: sorted,
                columns: [
                    {title: "page", of: p => p.linear, show: format.address},
                    table.text("region", p => p.region),
                    table.text("symbol", p => p.symbol),
                    table.count("walks", p => p.walks[profile]),
                    table.share("of all walks", p => (all ? p.walks[profile] / all : 0)),
                ],
            },
        };
    },
});

charts.push({
    id: "curve",
    title: "Misses by size of the TLB",
    of_recording: true,
    without_profile: () => true,
    build(view) {
        const curves = view.recording.curves;
        if (!curves)
            return {empty: "This recording has no references, of which the curve is made: record with --references."};
        const sides = [
            ["data", curves.data],
            ["instruction", curves.instruction],
        ].filter(([, c]) => c.uses);
        const ratio = (c, i) => c.misses[i] / c.uses;
        const label = "Miss ratio of a fully associative TLB by its number of entries, for data and instructions.";
        const rows = curves.data.entries.map((n, i) => ({n, i}));
        return {
            about:
                "The share of lookups that a fully associative TLB of so many entries would miss, if it replaced " +
                "the least recently used; with every flush of the recording, global pages kept. No processor is " +
                "modelled here.",
            label,
            height: 320,
            option: () =>
                theme.option(label, {
                    grid: {left: 70, right: 28, top: 36, bottom: 44},
                    xAxis: theme.axis("entries (logarithmic)", {
                        type: "value",
                        nameGap: 28,
                        min: 0,
                        max: Math.log2(curves.data.entries[curves.data.entries.length - 1]),
                        interval: 1,
                        axisLabel: {color: theme.colours.ink, formatter: v => format.number(2 ** v), hideOverlap: true},
                    }),
                    yAxis: theme.axis("lookups that miss, %", {type: "value", nameGap: 48, min: 0}),
                    tooltip: {
                        ...theme.option("").tooltip,
                        trigger: "axis",
                        formatter: all =>
                            [
                                `${format.number(all[0].value[2])} entries`,
                                ...all.map(p => `${p.seriesName}: ${format.percent(p.value[1], 100)}`),
                            ].join("\n"),
                    },
                    series: sides.map(([name, c], i) => ({
                        type: "line",
                        name,
                        step: "end",
                        symbolSize: 5,
                        symbol: i ? "diamond" : "circle",
                        lineStyle: {type: i ? "dashed" : "solid"},
                        itemStyle: {color: theme.series(i)},
                        data: c.entries.map((n, k) => [Math.log2(n), 100 * ratio(c, k), n]),
                    })),
                }),
            table: {
                caption: `Misses of a fully associative TLB: ${view.recording.label}`,
                rows,
                columns: [
                    table.count("entries", x => x.n),
                    ...sides.flatMap(([name, c]) => [
                        table.count(`${name} misses`, x => c.misses[x.i]),
                        table.share("of lookups", x => ratio(c, x.i)),
                    ]),
                ],
            },
        };
    },
});
