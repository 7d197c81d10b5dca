// SPDX-License-Identifier: LGPL-2.1-or-later
// What each chart shows, of the data alone: its words, its option for the library, its table. A chart is {id, title,
// choices, of_recording, without_profile(view): whether it can do with none,
// build(view, choice)}, and gives {about, label, option, height, table}, or {empty: why there is none}.
//
// view: {profile, recording, recordings}: what the reader chose, and all recordings that modelled this profile.

const most_bars = 12;

// A group for each recording: values_of(statistics) gives one for each name.
function groups_of(view, values_of) {
    return view.recordings.map(r => ({name: r.label, values: values_of(r.statistics)}));
}
function names_in(view, list) {
    return [...new Set(view.recordings.flatMap(r => list(r.statistics).map(e => e.name)))];
}
function bars(view, about, unit, names, groups, more) {
    const horizontal = more.horizontal,
        rows = names.length * Math.max(1, groups.length);
    const label =
        `${more.title}, on ${view.profile}, in ${unit}. ` +
        (names.length ? `${names.length} groups of bars: ${names.slice(0, most_bars).join(", ")}.` : "");
    return {
        about,
        label,
        height: horizontal ? 90 + rows * (groups.length > 1 ? 12 : 16) + names.length * 7 : 340,
        option: width => interval_bars({label, names, groups, unit, show: format.interval_or_number, ...more}, width),
    };
}
format.interval_or_number = v => (v === null ? "none" : typeof v === "number" ? format.number(v) : format.interval(v));

// Zones of several nodes may share a name: their walks are one bar.
function sum_by_name(places, profile, name) {
    const found = places.filter(p => p.name === name);
    if (!found.length) return null;
    return found.reduce(
        (sum, p) => ({
            low: sum.low + p.walk_cycles[profile].low,
            best: sum.best + p.walk_cycles[profile].best,
            high: sum.high + p.walk_cycles[profile].high,
        }),
        {low: 0, best: 0, high: 0},
    );
}

const charts = [];

function no_walks(view) {
    return view.recordings.every(r => r.statistics.models.find(m => m.profile === view.profile).walks === 0);
}
function no_walks_words(view) {
    return `On ${view.profile} no TLB miss led to a walk in these recordings.`;
}
