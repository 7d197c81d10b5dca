// SPDX-License-Identifier: LGPL-2.1-or-later
// Grouped bars, each with a line from the lowest to the highest value that its figures allow.

// {label, names, groups, unit, horizontal, log, base, most}: `names` are the categories; a group is {name, values}, of
// which each is an interval, a
// number or null. A horizontal axis may end at `most`. Returns the chart's option.
function interval_bars(chart, width) {
    const known = chart.groups.filter(g => g.values.some(v => v !== null));
    const gaps = {barGap: "10%", barCategoryGap: "28%"};
    const best = v => (v === null ? null : typeof v === "number" ? v : v.best);
    const line = (params, api) => {
        const [category, low, high] = [api.value(0), api.value(1), api.value(2)];
        const n = params.seriesIndex - known.length,
            bar = api.barLayout({count: known.length, ...gaps})[n];
        const half = Math.min(bar.width / 2, 6) - 1,
            goes_on = chart.most !== undefined && high > chart.most;
        const at = value => (chart.horizontal ? api.coord([value, category]) : api.coord([category, value]));
        const from = at(low),
            to = at(goes_on ? chart.most : high),
            shift = bar.offsetCenter;
        const segment = (x1, y1, x2, y2) => ({
            type: "line",
            shape: {x1, y1, x2, y2},
            style: {stroke: theme.colours.ink, lineWidth: 1.25},
        });
        // A line that leaves the picture has an arrow's head.
        const end = (x, y) =>
            goes_on ? [segment(x - 6, y - half, x, y), segment(x - 6, y + half, x, y)] : [segment(x, y - half, x, y + half)];
        if (chart.horizontal) {
            const y = from[1] + shift;
            return {
                type: "group",
                children: [segment(from[0], y, to[0], y), segment(from[0], y - half, from[0], y + half), ...end(to[0], y)],
            };
        }
        const x = from[0] + shift;
        return {
            type: "group",
            children: [
                segment(x, from[1], x, to[1]),
                segment(x - half, from[1], x + half, from[1]),
                segment(x - half, to[1], x + half, to[1]),
            ],
        };
    };
    const bars = known.map((g, i) => ({
        type: "bar",
        name: g.name,
        data: g.values.map(best).map(v => (v === 0 ? {value: 0, itemStyle: {opacity: 0}} : v)),
        itemStyle: {color: theme.series(i)},
        barMinHeight: 1,
        ...gaps,
        markLine:
            chart.base === undefined || i
                ? undefined
                : {
                      silent: true,
                      symbol: "none",
                      label: {show: false},
                      lineStyle: {color: theme.colours.ink, type: "dashed"},
                      data: [chart.horizontal ? {xAxis: chart.base} : {yAxis: chart.base}],
                  },
    }));
    const lines = known.map(g => ({
        type: "custom",
        name: g.name,
        renderItem: line,
        silent: true,
        z: 5,
        clip: true,
        encode: chart.horizontal ? {x: [1, 2], y: 0} : {x: 0, y: [1, 2]},
        tooltip: {show: false},
        data: g.values
            .map((v, i) =>
                v === null || typeof v === "number" || v.low === v.high || v.high === null ? null : [i, v.low, v.high],
            )
            .filter(Boolean),
    }));
    const value_axis = theme.axis(chart.unit + (chart.log ? " (logarithmic)" : ""), {
        type: chart.log ? "log" : "value",
        nameGap: chart.horizontal ? 28 : 52,
        min: chart.log ? undefined : 0,
        max: chart.most,
        axisLabel: {color: theme.colours.ink, formatter: format.short, hideOverlap: true},
    });
    const name_axis = theme.axis("", {
        type: "category",
        data: chart.names,
        inverse: chart.horizontal,
        splitLine: {show: false},
        triggerEvent: false,
        axisLabel: {
            color: theme.colours.ink,
            interval: 0,
            width: chart.horizontal
                ? Math.min(230, width * 0.4, 7 * Math.max(...chart.names.map(n => n.length)) + 4)
                : (width - 98) / chart.names.length - 4,
            overflow: chart.horizontal ? "truncate" : "break",
            lineHeight: 14,
        },
    });
    return theme.option(chart.label, {
        aria: {enabled: true, label: {description: chart.label}, decal: {show: theme.patterns(known.length)}},
        legend: {...theme.option("").legend, data: known.map(g => g.name), show: known.length > 1},
        grid: {
            left: chart.horizontal ? 16 : 70,
            right: 28,
            top: known.length > 1 ? 36 : 12,
            bottom: chart.horizontal ? 44 : 50,
            containLabel: chart.horizontal,
        },
        tooltip: {
            ...theme.option("").tooltip,
            trigger: "axis",
            axisPointer: {type: "shadow"},
            formatter: all => {
                const i = all[0].dataIndex;
                return [
                    chart.names[i],
                    ...known.map(g => `${known.length > 1 ? g.name + ": " : ""}${chart.show(g.values[i])}`),
                ].join("\n");
            },
        },
        xAxis: chart.horizontal ? value_axis : name_axis,
        yAxis: chart.horizontal ? name_axis : value_axis,
        series: [...bars, ...lines],
    });
}
