// SPDX-License-Identifier: LGPL-2.1-or-later
// Charts of one recording over time: walks by place in memory, and spans with flushes. Time is in ticks.

const ticks = value => format.short(value) + " ticks";
function bin_words(width, what) {
    return `A bin of time is ${format.number(width)} tick${width === 1 ? "" : "s"} wide${what}.`;
}

charts.push({
    id: "memory", title: "Physical memory over time: walks", of_recording: true, of_time: true,
    build(view) {
        const r = view.recording, heat = r.heat, counts = heat.walks[view.profile], columns = counts[0].length;
        const used = heat.rows.map((row, i) => ({...row, i, counts: counts[i], walks: counts[i].reduce((a, b) => a + b, 0)})).filter(row => row.zone !== "other" || row.walks);
        const most = Math.max(0, ...used.flatMap(row => row.counts));
        if (!most) return {empty: `On ${view.profile} there are no walks in this recording.`};
        const piece = row => row.start_pfn === null ? "devices, ROM, faults" : `${format.mebibytes(row.start_pfn)}\u2013${format.mebibytes(row.end_pfn)}`;
        const begins = used.map((row, i) => !i || used[i - 1].zone !== row.zone), begin = c => heat.first + c * heat.width;
        const in_zone = used.map((row, i) => i - begins.lastIndexOf(true, i));
        const label = `Heat map of physical memory by zone and time on ${view.profile}: ${used.length} rows of memory, ${columns} bins of time, at most ${format.number(most)} walks in one.`;
        const cells = used.flatMap((row, y) => row.counts.flatMap((n, x) => n ? [[x, y, n]] : []));
        // The scale is logarithmic: each colour begins at the same multiple of the one before.
        const colours = theme.colours.heat.slice(1), factor = [2, 4, 8, 16, 64, 256].find(f => f ** colours.length > most) || 1024;
        const steps = colours.map((color, n) => ({gte: factor ** n, lt: n + 1 < colours.length ? factor ** (n + 1) : Infinity, color, label: format.short(factor ** n) + "+"})).filter(step => step.gte <= most);
        const slices = Math.min(8, columns), slice = (row, k) => row.counts.slice(Math.floor(k * columns / slices), Math.floor((k + 1) * columns / slices)).reduce((a, b) => a + b, 0);
        return {
            about: `Page walks by where the memory lies that was walked for, and when. Each zone is cut into equal pieces; pieces of different zones differ in size. A colour stands for the number of walks above it, and more. ${bin_words(heat.width, "")}`,
            label, height: 130 + 9 * used.length,
            option: width => theme.option(label, {
                aria: {enabled: true, label: {description: label}},
                legend: undefined,
                grid: {left: Math.min(150, width * .36), right: 28, top: 40, bottom: 74},
                xAxis: theme.axis("time, ticks", {type: "category", nameGap: 26, data: Array.from({length: columns}, (_, c) => begin(c)), splitLine: {show: false}, axisLabel: {color: theme.colours.ink, formatter: v => format.short(Number(v)), hideOverlap: true}}),
                yAxis: theme.axis("", {type: "category", data: used.map(row => row.zone), splitLine: {show: true, interval: i => begins[i], lineStyle: {color: theme.colours.faint}}, axisTick: {show: false},
                                       axisLabel: {color: theme.colours.ink, fontSize: width < 500 ? 9 : 11, interval: i => in_zone[i] === 0 || in_zone[i] % 8 === 0 && used.length - i > 1 && !(begins[i + 1] || begins[i + 2]),
                                                   formatter: (zone, i) => zone === "other" ? "other" : `${zone} ${format.mebibytes(used[i].start_pfn)}`}}),
                visualMap: {type: "piecewise", pieces: steps, dimension: 2, orient: "horizontal", top: 0, left: "center", textStyle: {color: theme.colours.ink}, itemWidth: 14, itemGap: 8, outOfRange: {color: theme.colours.field}},
                dataZoom: zooms(),
                tooltip: {...theme.option("").tooltip, formatter: p => `${used[p.value[1]].zone}, ${piece(used[p.value[1]])}\nfrom tick ${format.number(begin(p.value[0]))}\n${format.number(p.value[2])} walks`},
                series: [{type: "heatmap", name: "walks", data: cells, progressive: 0, emphasis: {itemStyle: {borderColor: theme.colours.ink, borderWidth: 1}}}],
            }),
            table: {
                caption: `Walks by place in memory: ${r.label}, ${view.profile}; the recording in ${slices} parts; pieces without walks are left out`, rows: used.filter(row => row.walks),
                columns: [table.text("zone", row => row.zone), table.text("memory", piece), table.count("walks", row => row.walks),
                          ...Array.from({length: slices}, (_, k) => table.count("from " + ticks(begin(Math.floor(k * columns / slices))), row => slice(row, k)))],
            },
        };
    },
});

// A slider below, and the wheel with Ctrl; keys: chart_box.js.
function zooms() {
    return [{type: "slider", show: !theme.printing, xAxisIndex: "all", bottom: 6, height: 22, filterMode: "none", textStyle: {color: theme.colours.faint}, labelFormatter: () => "", borderColor: theme.colours.line},
            {type: "inside", xAxisIndex: "all", filterMode: "none", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false}];
}

charts.push({
    id: "timeline", title: "Timeline: spans and flushes", of_recording: true, of_time: true,
    choices: view => view.recording.timeline.spans.length ? [["events", "with a table of flushes and page faults"], ["spans", "with a table of spans"]] : [],
    build(view, choice) {
        const r = view.recording, t = r.timeline, several = r.statistics.run.cpus > 1 || t.spans.some(l => l.cpu);
        const kinds = {cr3_writes: "CR3 writes", invlpg: "INVLPG", other_flushes: "other flushes", page_faults: "page faults"};
        const shown = Object.keys(kinds).filter(k => t.events[k].some(n => n));
        const lanes = t.spans.filter(l => l.blocks.length).map(l => ({...l, name: l.span + (several ? ` (CPU ${l.cpu})` : "")})).sort((a, b) => a.blocks[0][0] - b.blocks[0][0]);
        if (!lanes.length && !shown.length) return {empty: "There were no spans, flushes or page faults in this recording."};
        const blocks = lanes.flatMap((l, lane) => l.blocks.map(([begin, end, spans]) => [lane, begin, end, spans]));
        const label = `Timeline of ${lanes.length} kinds of spans, and of ${shown.map(k => kinds[k]).join(", ") || "no flushes"} below, over ${ticks(t.last - t.first)}.`;
        const grain = t.grain ? ` Spans of a kind that are nearer to each other than ${format.number(t.grain)} ticks are drawn as one block, which says how many it is.` : "";
        const left_out = t.spans_left_out ? ` ${format.number(t.spans_left_out)} spans of further kinds are left out.` : "";
        const lane_height = 15, top = 36, spans_height = lane_height * lanes.length, bottom_grid = top + spans_height + 40;
        const events = t.events, bins = Math.max(0, ...shown.map(k => events[k].length));
        const rows = Array.from({length: bins}, (_, b) => ({begin: t.first + b * t.width, b})).filter(row => shown.some(k => events[k][row.b]));
        const in_bin = all => [`bin from tick ${format.number(all[0].value[0])}`, ...all.map(p => `${p.seriesName}: ${format.number(p.value[1])}`)].join("\n");
        return {
            about: `${lanes.length ? "What the guest did when: each row is an operation that it measured. Below, how" : "How"} many flushes and page faults there were in each bin. ${bin_words(t.width, "")}${grain}${left_out} Zoom with the slider, with Ctrl and the wheel, or with the keys + and \u2212.`,
            label, height: bottom_grid + 140 + 70,
            option: width => theme.option(label, {
                aria: {enabled: true, label: {description: label}},
                axisPointer: {link: [{xAxisIndex: "all"}]},
                legend: {...theme.option("").legend, data: shown.map(k => kinds[k])},
                grid: [{left: Math.min(170, width * .36), right: 28, top, height: spans_height}, {left: Math.min(170, width * .36), right: 28, top: bottom_grid, height: 140, tooltip: {trigger: "axis", formatter: in_bin}}],
                xAxis: [0, 1].map(gridIndex => theme.axis(gridIndex ? "time, ticks" : "", {
                    type: "value", gridIndex, min: t.first, max: t.last, nameGap: 26, axisLabel: {show: gridIndex === 1, color: theme.colours.ink, formatter: format.short, hideOverlap: true}})),
                yAxis: [theme.axis("", {type: "category", gridIndex: 0, inverse: true, data: lanes.map(l => l.name), axisTick: {show: false}, axisLabel: {color: theme.colours.ink, fontSize: 11, interval: 0, width: Math.min(170, width * .36) - 14, overflow: "truncate"}}),
                        theme.axis("in a bin", {type: "value", gridIndex: 1, nameGap: 44, axisLabel: {color: theme.colours.ink, formatter: format.short}})],
                dataZoom: zooms(),
                tooltip: {...theme.option("").tooltip, trigger: "item", formatter: p => Array.isArray(p) ? in_bin(p)
                    : `${lanes[p.value[0]].name}${p.value[3] > 1 ? `, ${format.number(p.value[3])} times` : ""}\nticks ${format.number(p.value[1])} to ${format.number(p.value[2])}`},
                series: [
                    {type: "custom", name: "spans", xAxisIndex: 0, yAxisIndex: 0, clip: true, encode: {x: [1, 2], y: 0}, data: blocks, renderItem: span_block, progressive: 0},
                    ...shown.map((k, i) => ({type: "line", name: kinds[k], xAxisIndex: 1, yAxisIndex: 1, step: "end", symbol: "none", lineStyle: {width: 1}, areaStyle: {opacity: .25}, itemStyle: {color: theme.series(i)},
                                             data: [...events[k].map((n, b) => [t.first + b * t.width, n]), [Math.min(t.last, t.first + events[k].length * t.width), 0]]})),
                ],
            }),
            table: choice === "spans" ? {
                caption: `When spans ran: ${r.label}`, rows: blocks,
                columns: [table.text("span", b => lanes[b[0]].span), table.count("CPU", b => lanes[b[0]].cpu), table.count("from tick", b => b[1]), table.count("to tick", b => b[2]), table.count("spans", b => b[3])],
            } : {
                caption: `Flushes and page faults in bins of time: ${r.label}; bins with none are left out`, rows,
                columns: [table.count("from tick", row => row.begin), table.count("to tick", row => row.begin + t.width), ...shown.map(k => table.count(kinds[k], row => events[k][row.b]))],
            },
        };
    },
});

// A block of spans, at least a pixel wide.
function span_block(params, api) {
    const lane = api.value(0), from = api.coord([api.value(1), lane]), to = api.coord([api.value(2), lane]), height = 9, frame = params.coordSys;
    const left = Math.max(from[0], frame.x), right = Math.min(Math.max(to[0], from[0] + 1), frame.x + frame.width);
    if (right < left) return null;
    return {type: "rect", shape: {x: left, y: from[1] - height / 2, width: Math.max(1, right - left), height}, style: {fill: theme.series(lane)}};
}
