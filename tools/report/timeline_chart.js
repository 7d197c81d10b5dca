// SPDX-License-Identifier: LGPL-2.1-or-later
// Spans, flushes and page faults over time.

charts.push({
    id: "timeline",
    title: "Timeline: spans and flushes",
    of_recording: true,
    of_time: true,
    without_profile: () => true,
    choices: view =>
        view.recording.timeline.spans.length
            ? [
                  ["events", "with a table of flushes and page faults"],
                  ["spans", "with a table of spans"],
              ]
            : [],
    build(view, choice) {
        const r = view.recording,
            t = r.timeline,
            several = r.statistics.run.cpus > 1 || t.spans.some(l => l.cpu);
        const kinds = {
            cr3_writes: "CR3 writes",
            invlpg: "INVLPG",
            other_flushes: "other flushes",
            page_faults: "page faults",
        };
        const shown = Object.keys(kinds).filter(k => t.events[k].some(n => n));
        const lanes = t.spans
            .filter(l => l.blocks.length)
            .map(l => ({...l, name: l.span + (several ? ` (CPU ${l.cpu})` : "")}))
            .sort((a, b) => a.blocks[0][0] - b.blocks[0][0]);
        if (!lanes.length && !shown.length) return {empty: "There were no spans, flushes or page faults in this recording."};
        const blocks = lanes.flatMap((l, lane) => l.blocks.map(([begin, end, spans]) => [lane, begin, end, spans]));
        const label =
            `Timeline of ${lanes.length} kinds of spans, and of ` +
            `${shown.map(k => kinds[k]).join(", ") || "no flushes"} below, over ${ticks(t.last - t.first)}.`;
        const grain = t.grain
            ? ` Spans of a kind that are nearer to each other than ${format.number(t.grain)} ticks are drawn as one ` +
              `block, which says how many it is.`
            : "";
        const left_out = t.spans_left_out ? ` ${format.number(t.spans_left_out)} spans of further kinds are left out.` : "";
        const lane_height = 15,
            top = 36,
            spans_height = lane_height * lanes.length,
            bottom_grid = top + spans_height + 40;
        const events = t.events,
            bins = Math.max(0, ...shown.map(k => events[k].length));
        const rows = Array.from({length: bins}, (_, b) => ({begin: t.first + b * t.width, b})).filter(row =>
            shown.some(k => events[k][row.b]),
        );
        const of_block = ([lane, begin, end, spans]) =>
            `${lanes[lane].name}${spans > 1 ? `, ${format.number(spans)} times` : ""}\n` +
            `ticks ${format.number(begin)} to ${format.number(end)}`;
        const in_bin = all =>
            [
                `bin from tick ${format.number(all[0].value[0])}`,
                ...all.map(p => `${p.seriesName}: ${format.number(p.value[1])}`),
            ].join("\n");
        return {
            about:
                (lanes.length ? "What the guest did when: each row is an operation that it measured. Below, how" : "How") +
                ` many flushes and page faults there were in each bin. ${bin_words(t.width, "")}${grain}${left_out}` +
                " Zoom with the slider, with Ctrl and the wheel, or with the keys + and \u2212.",
            label,
            height: bottom_grid + 140 + 70,
            option: width =>
                theme.option(label, {
                    aria: {enabled: true, label: {description: label}},
                    axisPointer: {link: [{xAxisIndex: "all"}]},
                    legend: {...theme.option("").legend, data: shown.map(k => kinds[k])},
                    grid: [
                        {left: Math.min(170, width * 0.36), right: 28, top, height: spans_height},
                        {
                            left: Math.min(170, width * 0.36),
                            right: 28,
                            top: bottom_grid,
                            height: 140,
                            tooltip: {trigger: "axis", formatter: in_bin},
                        },
                    ],
                    xAxis: [0, 1].map(gridIndex =>
                        theme.axis(gridIndex ? "time, ticks" : "", {
                            type: "value",
                            gridIndex,
                            min: t.first,
                            max: t.last,
                            nameGap: 26,
                            axisLabel: {
                                show: gridIndex === 1,
                                color: theme.colours.ink,
                                formatter: format.short_between(t.first, t.last),
                                hideOverlap: true,
                            },
                        }),
                    ),
                    yAxis: [
                        theme.axis("", {
                            type: "category",
                            gridIndex: 0,
                            inverse: true,
                            data: lanes.map(l => l.name),
                            axisTick: {show: false},
                            axisLabel: {
                                color: theme.colours.ink,
                                fontSize: 11,
                                interval: 0,
                                width: Math.min(170, width * 0.36) - 14,
                                overflow: "truncate",
                            },
                        }),
                        theme.axis("in a bin", {
                            type: "value",
                            gridIndex: 1,
                            nameGap: 44,
                            axisLabel: {color: theme.colours.ink, formatter: format.short},
                        }),
                    ],
                    dataZoom: zooms(),
                    tooltip: {
                        ...theme.option("").tooltip,
                        trigger: "item",
                        formatter: p =>
                            Array.isArray(p)
                                ? in_bin(p)
                                : of_block(p.value),
                    },
                    series: [
                        {
                            type: "custom",
                            name: "spans",
                            xAxisIndex: 0,
                            yAxisIndex: 0,
                            clip: true,
                            encode: {x: [1, 2], y: 0},
                            data: blocks,
                            renderItem: span_block,
                            progressive: 0,
                        },
                        ...shown.map((k, i) => ({
                            type: "line",
                            name: kinds[k],
                            xAxisIndex: 1,
                            yAxisIndex: 1,
                            step: "end",
                            symbol: "none",
                            lineStyle: {width: 1},
                            areaStyle: {opacity: 0.25},
                            itemStyle: {color: theme.series(i)},
                            data: [
                                ...events[k].map((n, b) => [t.first + b * t.width, n]),
                                [Math.min(t.last, t.first + events[k].length * t.width), 0],
                            ],
                        })),
                    ],
                }),
            table:
                choice === "spans"
                    ? {
                          caption: `When spans ran: ${r.label}`,
                          rows: blocks,
                          columns: [
                              table.text("span", b => lanes[b[0]].span),
                              table.count("CPU", b => lanes[b[0]].cpu),
                              table.count("from tick", b => b[1]),
                              table.count("to tick", b => b[2]),
                              table.count("spans", b => b[3]),
                          ],
                      }
                    : {
                          caption: `Flushes and page faults in bins of time: ${r.label}; bins with none are left out`,
                          rows,
                          columns: [
                              table.count("from tick", row => row.begin),
                              table.count("to tick", row => row.begin + t.width),
                              ...shown.map(k => table.count(kinds[k], row => events[k][row.b])),
                          ],
                      },
        };
    },
});

// A block of spans, at least a pixel wide.
function span_block(params, api) {
    const lane = api.value(0),
        from = api.coord([api.value(1), lane]),
        to = api.coord([api.value(2), lane]),
        height = 9,
        frame = params.coordSys;
    const left = Math.max(from[0], frame.x),
        right = Math.min(Math.max(to[0], from[0] + 1), frame.x + frame.width);
    if (right < left) return null;
    return {
        type: "rect",
        shape: {x: left, y: from[1] - height / 2, width: Math.max(1, right - left), height},
        style: {fill: theme.series(lane)},
    };
}
