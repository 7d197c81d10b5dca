// SPDX-License-Identifier: LGPL-2.1-or-later
// The colours of style.css for the charts: what is in force now, light, dark or printed.

const theme = {
    read() {
        const style = getComputedStyle(document.documentElement);
        const one = name => style.getPropertyValue(name).trim();
        const list = name => one(name).split(/\s+/);
        theme.colours = {
            paper: one("--paper"),
            ink: one("--ink"),
            faint: one("--faint"),
            line: one("--line"),
            field: one("--field"),
            series: list("--series"),
            heat: list("--heat"),
        };
    },
    series(n) {
        return theme.colours.series[n % theme.colours.series.length];
    },
    axis(name, more) {
        const c = theme.colours;
        return {
            name,
            nameLocation: "middle",
            nameTextStyle: {color: c.faint},
            axisLabel: {color: c.ink},
            axisLine: {lineStyle: {color: c.line}},
            axisTick: {lineStyle: {color: c.line}},
            splitLine: {lineStyle: {color: c.line, opacity: 0.6}},
            ...more,
        };
    },
    // What all charts have in common. Text in tooltips is drawn, not made into HTML: names come from the guest.
    option(label, more) {
        const c = theme.colours;
        return {
            animation: false,
            backgroundColor: c.paper,
            color: c.series,
            textStyle: {color: c.ink, fontFamily: "system-ui, sans-serif"},
            aria: {enabled: true, label: {description: label}, decal: {show: theme.patterns()}},
            legend: {
                type: "scroll",
                top: 0,
                textStyle: {color: c.ink},
                pageTextStyle: {color: c.ink},
                pageIconColor: c.ink,
                pageIconInactiveColor: c.line,
            },
            tooltip: {
                renderMode: "richText",
                confine: true,
                backgroundColor: c.field,
                borderColor: c.line,
                textStyle: {color: c.ink, fontSize: 13},
            },
            ...more,
        };
    },
    // Where colour may not do: on paper, for those who ask for contrast, and when there are not enough of them.
    patterns(series) {
        return series > theme.colours.series.length || theme.printing || matchMedia("(prefers-contrast: more)").matches;
    },
    printing: false,
};
