// SPDX-License-Identifier: LGPL-2.1-or-later
// What charts over time have in common. Time is in ticks.

const ticks = value => format.short(value) + " ticks";
function bin_words(width, what) {
    return `A bin of time is ${format.number(width)} tick${width === 1 ? "" : "s"} wide${what}.`;
}

// A slider below, and the wheel with Ctrl; keys: chart_box.js.
function zooms() {
    return [
        {
            type: "slider",
            show: !theme.printing,
            xAxisIndex: "all",
            bottom: 6,
            height: 22,
            filterMode: "none",
            textStyle: {color: theme.colours.faint},
            labelFormatter: () => "",
            borderColor: theme.colours.line,
        },
        {type: "inside", xAxisIndex: "all", filterMode: "none", zoomOnMouseWheel: "ctrl", moveOnMouseWheel: false},
    ];
}
