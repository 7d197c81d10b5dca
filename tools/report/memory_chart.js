// SPDX-License-Identifier: LGPL-2.1-or-later
// A heat map of physical memory by zone and time.

charts.push({
    id: "memory",
    title: "Physical memory over time: walks",
    of_recording: true,
    of_time: true,
    build(view) {
        const r = view.recording,
            heat = r.heat,
            counts = heat.walks[view.profile],
            columns = counts[0].length;
        const used = heat.rows
            .map((row, i) => ({...row, i, counts: counts[i], walks: counts[i].reduce((a, b) => a + b, 0)}))
            .filter(row => row.zone !== "other" || row.walks);
        const most = Math.max(0, ...used.flatMap(row => row.counts));
        if (!most) return {empty: `On ${view.profile} there are no walks in this recording.`};
        const piece = row =>
            row.start_pfn === null
                ? "devices, ROM, faults"
                : `${format.mebibytes(row.start_pfn)}\u2013${format.mebibytes(row.end_pfn)}`;
        const begins = used.map((row, i) => !i || used[i - 1].zone !== row.zone),
            begin = c => heat.first + c * heat.width,
            short = format.short_between(begin(0), begin(columns));
        const in_zone = used.map((row, i) => i - begins.lastIndexOf(true, i));
        const label =
            `Heat map of physical memory by zone and time on ${view.profile}: ${used.length} rows of memory, ` +
            `${columns} bins of time, at most ${format.number(most)} walks in one.`;
        const cells = used.flatMap((row, y) => row.counts.flatMap((n, x) => (n ? [[x, y, n]] : [])));
        // The scale is logarithmic: each colour begins at the same multiple of the one before.
        const colours = theme.colours.heat.slice(1),
            factor = [2, 4, 8, 16, 64, 256].find(f => f ** colours.length > most) || 1024;
        const steps = colours
            .map((color, n) => ({
                gte: factor ** n,
                lt: n + 1 < colours.length ? factor ** (n + 1) : Infinity,
                color,
                label: format.short(factor ** n) + "+",
            }))
            .filter(step => step.gte <= most);
        const slices = Math.min(8, columns),
            slice = (row, k) =>
                row.counts
                    .slice(Math.floor((k * columns) / slices), Math.floor(((k + 1) * columns) / slices))
                    .reduce((a, b) => a + b, 0);
        return {
            about:
                `Page walks by where the memory lies that was walked for, and when. Each zone is cut into equal ` +
                `pieces; pieces of different zones differ in size. A colour stands for the number of walks above it, ` +
                `and more. ${bin_words(heat.width, "")}`,
            label,
            height: 130 + 9 * used.length,
            option: width =>
                theme.option(label, {
                    aria: {enabled: true, label: {description: label}},
                    legend: undefined,
                    grid: {left: Math.min(150, width * 0.36), right: 28, top: 40, bottom: 74},
                    xAxis: theme.axis("time, ticks", {
                        type: "category",
                        nameGap: 26,
                        data: Array.from({length: columns}, (_, c) => begin(c)),
                        splitLine: {show: false},
                        axisLabel: {color: theme.colours.ink, formatter: v => short(Number(v)), hideOverlap: true},
                    }),
                    yAxis: theme.axis("", {
                        type: "category",
                        data: used.map(row => row.zone),
                        splitLine: {show: true, interval: i => begins[i], lineStyle: {color: theme.colours.faint}},
                        axisTick: {show: false},
                        axisLabel: {
                            color: theme.colours.ink,
                            fontSize: width < 500 ? 9 : 11,
                            interval: i =>
                                in_zone[i] === 0 ||
                                (in_zone[i] % 8 === 0 && used.length - i > 1 && !(begins[i + 1] || begins[i + 2])),
                            formatter: (zone, i) =>
                                zone === "other" ? "other" : `${zone} ${format.mebibytes(used[i].start_pfn)}`,
                        },
                    }),
                    visualMap: {
                        type: "piecewise",
                        pieces: steps,
                        dimension: 2,
                        orient: "horizontal",
                        top: 0,
                        left: "center",
                        textStyle: {color: theme.colours.ink},
                        itemWidth: 14,
                        itemGap: 8,
                        outOfRange: {color: theme.colours.field},
                    },
                    dataZoom: zooms(),
                    tooltip: {
                        ...theme.option("").tooltip,
                        formatter: p =>
                            `${used[p.value[1]].zone}, ${piece(used[p.value[1]])}\nfrom tick ` +
                            `${format.number(begin(p.value[0]))}\n${format.number(p.value[2])} walks`,
                    },
                    series: [
                        {
                            type: "heatmap",
                            name: "walks",
                            data: cells,
                            progressive: 0,
                            emphasis: {itemStyle: {borderColor: theme.colours.ink, borderWidth: 1}},
                        },
                    ],
                }),
            table: {
                caption:
                    `Walks by place in memory: ${r.label}, ${view.profile}; the recording in ${slices} parts; ` +
                    `pieces without walks are left out`,
                rows: used.filter(row => row.walks),
                columns: [
                    table.text("zone", row => row.zone),
                    table.text("memory", piece),
                    table.count("walks", row => row.walks),
                    ...Array.from({length: slices}, (_, k) =>
                        table.count(`from ${short(begin(Math.floor((k * columns) / slices)))} ticks`, row => slice(row, k)),
                    ),
                ],
            },
        };
    },
});
