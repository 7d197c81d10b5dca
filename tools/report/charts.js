// SPDX-License-Identifier: LGPL-2.1-or-later
// What each chart shows, of the data alone: its words, its option for the library, its table. A chart is {id, title, choices, of_recording,
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
    const horizontal = more.horizontal, rows = names.length * Math.max(1, groups.length);
    const label = `${more.title}, on ${view.profile}, in ${unit}. ` + (names.length ? `${names.length} groups of bars: ${names.slice(0, most_bars).join(", ")}.` : "");
    return {
        about, label, height: horizontal ? 90 + rows * (groups.length > 1 ? 12 : 16) + names.length * 7 : 340,
        option: width => interval_bars({label, names, groups, unit, show: format.interval_or_number, ...more}, width),
    };
}
format.interval_or_number = v => v === null ? "none" : typeof v === "number" ? format.number(v) : format.interval(v);

// Zones of several nodes may share a name: their walks are one bar.
function sum_by_name(places, profile, name) {
    const found = places.filter(p => p.name === name);
    if (!found.length) return null;
    return found.reduce((sum, p) => ({low: sum.low + p.walk_cycles[profile].low, best: sum.best + p.walk_cycles[profile].best, high: sum.high + p.walk_cycles[profile].high}),
                        {low: 0, best: 0, high: 0});
}

const charts = [];

charts.push({
    id: "operations", title: "Operations: cycles of one, by recording",
    choices(view) {
        const many = names_in(view, s => s.spans).length > most_bars, several = view.recordings.length > 1;
        const all = several ? [["ratio", "relative to the cheapest, those that differ most"], ["ratios", "relative to the cheapest, all"]] : [];
        return [...all, ["cycles", many ? "cycles, the dearest" : "cycles"], ...(many ? [["all", "cycles, all"]] : [])];
    },
    build(view, choice) {
        const names = names_in(view, s => s.spans);
        if (!names.length) return {empty: "The guest measured no operations of its own (spans), so there is nothing to compare by operation."};
        const relative = choice.startsWith("ratio"), profile = view.profile;
        const each = (s, name) => {
            const span = s.spans.find(e => e.name === name);
            return span && span.cycles[profile] ? format.divided(span.cycles[profile], span.count) : null;
        };
        const ratios = new Map();
        for (const r of data.ranking)
            if (r.profile === profile && names.includes(r.operation)) ratios.set(r.operation, new Map(r.standings.filter(s => s.ratio).map(s => [s.recording, s])));
        const dearest = name => Math.max(0, ...view.recordings.map(r => (relative ? ((ratios.get(name) || new Map()).get(r.label) || {}).ratio : each(r.statistics, name) || {}) || {}).map(v => v.best || 0));
        const sorted = names.filter(name => dearest(name) > 0).sort((a, b) => dearest(b) - dearest(a));
        const shown = choice === "ratio" || choice === "cycles" ? sorted.slice(0, most_bars) : sorted;
        const value = (r, name) => {
            if (!relative) return each(r.statistics, name);
            const standing = (ratios.get(name) || new Map()).get(r.label);
            return standing ? standing.ratio : null;
        };
        // The ranges of some quotients are so wide that no other could be read.
        const most = relative ? Math.ceil(1.6 * Math.max(1, ...shown.map(dearest))) : undefined;
        const rows = names.flatMap(name => view.recordings.map(r => ({name, r, span: r.statistics.spans.find(e => e.name === name), standing: (ratios.get(name) || new Map()).get(r.label)}))).filter(x => x.span);
        const about = relative
            ? "What one operation costs as a multiple of the recording where it is cheapest. The line is the range that the figures allow for this quotient, in which common prices cancel: where it touches 1, there is no difference that the model can tell. Arrows go on: the table has their ends."
            : "Cycles of one operation: the bar is the best estimate, the line the range that the processor's figures allow. The axis is logarithmic: equal distances are equal factors.";
        return {
            ...bars(view, about, relative ? "times the cheapest" : "cycles", shown, view.recordings.map(r => ({name: r.label, values: shown.map(name => value(r, name))})),
                    {title: "Operations", horizontal: true, log: !relative, base: relative ? 1 : undefined, most}),
            table: {
                caption: `Operations on ${profile}; cycles of one, best (low\u2013high)`, rows,
                columns: [table.text("operation", x => x.name), table.text("recording", x => x.r.label), table.count("count", x => x.span.count),
                          table.count("instructions, median", x => x.span.instructions.median),
                          table.interval("cycles of one", x => each(x.r.statistics, x.name)),
                          ...(data.ranking.length ? [table.interval("times the cheapest", x => x.standing ? x.standing.ratio : null), table.text("verdict", x => x.standing ? verdicts[x.standing.verdict] : "")] : []),
                          table.count("CR3 writes", x => x.span.cr3_writes), table.count("INVLPG", x => x.span.invlpg), table.count("page faults", x => x.span.page_faults)],
            },
        };
    },
});
const verdicts = {fastest: "cheapest", same: "the same", slower: "certainly dearer", faster: "certainly cheaper", "cannot tell": "no difference that the model can tell"};

charts.push({
    id: "zones", title: "Page walks by zone and region",
    choices: view => [["zones", "by zone of the memory that was walked for"], ["regions", "by region of the address space"],
                      ...names_in(view, s => s.spans).map(name => ["of " + name, `walks of one ${name}, by zone`])],
    build(view, choice) {
        if (choice.startsWith("of ")) return operation_by_zone(view, choice.slice(3));
        const profile = view.profile, names = names_in(view, s => s[choice]);
        if (no_walks(view)) return {empty: no_walks_words(view)};
        const rows = view.recordings.flatMap(r => r.statistics[choice].map(place => ({r, place, walks: r.statistics.models.find(m => m.profile === profile).walks})));
        return {
            ...bars(view, "Cycles that page walks took, by where the page lies, in the whole recording. Recordings of different lengths are not comparable here: see the operations.", "cycles",
                    names, groups_of(view, s => names.map(name => sum_by_name(s[choice], profile, name))), {title: "Page walks by " + (choice === "zones" ? "zone" : "region")}),
            table: {
                caption: `Page walks by ${choice === "zones" ? "zone" : "region"} on ${profile}`, rows,
                columns: [table.text("recording", x => x.r.label), table.text("name", x => x.place.name),
                          ...(choice === "zones" ? [table.count("first frame", x => x.place.start_pfn), table.count("end frame", x => x.place.end_pfn), table.count("present pages", x => x.place.present_pages)]
                                                 : [{title: "start", of: x => x.place.start, show: format.address}, {title: "end", of: x => x.place.end, show: format.address}]),
                          table.count("walks", x => x.place.walks[profile]), table.share("of all walks", x => x.walks ? x.place.walks[profile] / x.walks : 0),
                          table.interval("cycles", x => x.place.walk_cycles[profile])],
            },
        };
    },
});

function no_walks(view) {
    return view.recordings.every(r => r.statistics.models.find(m => m.profile === view.profile).walks === 0);
}
function no_walks_words(view) {
    return `On ${view.profile} no TLB miss led to a walk in these recordings.`;
}

function operation_by_zone(view, operation) {
    const profile = view.profile, span = s => s.spans.find(e => e.name === operation), with_it = view.recordings.filter(r => span(r.statistics));
    const names = [...new Set(with_it.flatMap(r => Object.keys(span(r.statistics).walks[profile])))];
    const each = (s, zone) => (span(s).walks[profile][zone] || 0) / span(s).count;
    const rows = with_it.flatMap(r => names.map(zone => ({r, zone})));
    return {
        ...bars(view, `Page walks that one ${operation} makes on average, by zone of the memory that was walked for. Counts are exact; walks that faulted are other's.`, "walks of one", names,
                with_it.map(r => ({name: r.label, values: names.map(zone => each(r.statistics, zone))})), {title: `Walks of ${operation} by zone`}),
        table: {
            caption: `Walks of ${operation} by zone on ${profile}`, rows,
            columns: [table.text("recording", x => x.r.label), table.text("zone", x => x.zone), table.count("operations", x => span(x.r.statistics).count),
                      table.count("walks", x => span(x.r.statistics).walks[profile][x.zone]), table.count("walks of one", x => each(x.r.statistics, x.zone))],
        },
    };
}

charts.push({
    id: "causes", title: "What flushes cost: walks by cause",
    choices: () => [["flushes", "flushes only"], ["all", "all causes"]],
    build(view, choice) {
        const profile = view.profile, model = s => s.models.find(m => m.profile === profile), no_flush = ["first_touch", "evicted", "fault"];
        const causes = Object.keys(model(view.recordings[0].statistics).causes)
            .filter(c => (choice === "all" || !no_flush.includes(c)) && view.recordings.some(r => model(r.statistics).causes[c]));
        if (!causes.length) return {empty: `On ${profile} no walk was made because of a flush.`};
        const cost = (s, c) => {
            const m = model(s), part = m.walks ? m.causes[c] / m.walks : 0;
            return {low: m.walk_cycles.low * part, best: m.walk_cycles.best * part, high: m.walk_cycles.high * part};
        };
        const rows = view.recordings.flatMap(r => Object.keys(model(r.statistics).causes).map(c => ({r, c, m: model(r.statistics)}))).filter(x => x.m.causes[x.c]);
        return {
            ...bars(view, "Cycles of the walks that refill what a flush had dropped, by what flushed it: the number of walks, which is exact, times the mean cost of a walk in the recording. First touches, evictions and faults are no flush's fault.",
                    "cycles", causes.map(format.cause), groups_of(view, s => causes.map(c => cost(s, c))), {title: "Walks by cause"}),
            table: {
                caption: `Walks by cause on ${profile}; cycles at the recording's mean of a walk`, rows,
                columns: [table.text("recording", x => x.r.label), table.text("cause", x => format.cause(x.c)), table.count("walks", x => x.m.causes[x.c]),
                          table.share("of all walks", x => x.m.causes[x.c] / x.m.walks), table.interval("cycles", x => cost(x.r.statistics, x.c))],
            },
        };
    },
});

charts.push({
    id: "useless", title: "Flushes that were good for nothing",
    build(view) {
        const profile = view.profile, kinds = {not_cached: "page was not in the TLB", same_value: "same CR3 again", nothing_dropped: "nothing to drop", nothing_refilled: "what it dropped, nobody used again"};
        const useless = s => (s.useless_flushes || {})[profile] || {}, names = Object.keys(kinds).filter(k => view.recordings.some(r => (useless(r.statistics)[k] || {}).count));
        if (!names.length) return {empty: `On ${profile} every flush dropped something that was used again, or there was none.`};
        const rows = view.recordings.flatMap(r => Object.keys(kinds).map(k => ({r, k, f: useless(r.statistics)[k]}))).filter(x => x.f);
        return {
            ...bars(view, "Cycles of flush instructions that changed nothing for the program, by why: what could be saved without them.", "cycles", names.map(k => kinds[k]),
                    groups_of(view, s => names.map(k => useless(s)[k].cycles)), {title: "Useless flushes"}),
            table: {
                caption: `Useless flushes on ${profile}`, rows,
                columns: [table.text("recording", x => x.r.label), table.text("why", x => kinds[x.k]), table.count("flushes", x => x.f.count), table.interval("cycles", x => x.f.cycles)],
            },
        };
    },
});

charts.push({
    id: "levels", title: "Walks by level: where they found their entries",
    choices: view => view.recordings.some(r => r.statistics.long_mode) ? [["model", "of the modelled processor"], ["long", "in 64-bit paging, Bochs' own walks"]] : [],
    build(view, choice) {
        if (choice === "long") return long_walks(view);
        if (no_walks(view)) return {empty: no_walks_words(view)};
        const profile = view.profile, places = {pde_cache: "PDE cache of the MMU", l1: "first-level cache", l2: "second-level cache", memory: "memory"};
        const levels = view.recordings.flatMap(r => ["directory", "table"].map(level => ({r, level, found: r.statistics.models.find(m => m.profile === profile).walk_levels[level]})));
        const name = x => (view.recordings.length > 1 ? x.r.label + ", " : "") + (x.level === "table" ? "page table" : "directory");
        const kinds = Object.keys(places).filter(p => levels.some(x => x.found[p]));
        const label = `Entries that walks needed on ${profile}, by level of the page tables and by where they were found.`;
        const rows = levels.flatMap(x => Object.keys(places).filter(p => x.found[p] !== undefined).map(p => ({...x, p, all: Object.values(x.found).reduce((a, b) => a + b, 0)})));
        return {
            about: "A walk needs an entry of the page directory and, for a page of 4 KiB, one of a page table. Where the entry's line lies decides what it costs; the places are those of the best estimate.",
            label, height: 90 + 30 * levels.length,
            option: () => theme.option(label, {
                grid: {left: 16, right: 28, top: 36, bottom: 44, containLabel: true},
                xAxis: theme.axis("entries needed", {type: "value", nameGap: 28, axisLabel: {color: theme.colours.ink, formatter: format.short}}),
                yAxis: theme.axis("", {type: "category", inverse: true, data: levels.map(name)}),
                tooltip: {...theme.option("").tooltip, trigger: "axis", axisPointer: {type: "shadow"},
                          formatter: all => [name(levels[all[0].dataIndex]), ...all.map(b => `${b.seriesName}: ${format.number(b.value)}`)].join("\n")},
                series: kinds.map((p, i) => ({type: "bar", stack: "entries", name: places[p], data: levels.map(x => x.found[p] || 0), itemStyle: {color: theme.series(i)}})),
            }),
            table: {
                caption: `Entries that walks needed on ${profile}`, rows,
                columns: [table.text("recording", x => x.r.label), table.text("level", x => x.level === "table" ? "page table" : "directory"), table.text("found in", x => places[x.p]),
                          table.count("entries", x => x.found[x.p]), table.share("of the level", x => x.all ? x.found[x.p] / x.all : 0)],
            },
        };
    },
});

// Of recordings in which the guest used it; no processor is modelled there.
function long_walks(view) {
    const used = view.recordings.filter(r => r.statistics.long_mode), long = r => r.statistics.long_mode;
    const levels = Object.keys(long(used[0]).reads).filter(level => used.some(r => long(r).reads[level]));
    if (!levels.length) return {empty: "Bochs made no walk in 64-bit paging."};
    return {
        ...bars(view, "Entries that Bochs' own walks read in 64-bit paging, by level. Bochs' TLB is a cache of the emulator: no processor's walks are these.", "entries read", levels.map(l => l.toUpperCase()),
                used.map(r => ({name: r.label, values: levels.map(l => long(r).reads[l])})), {title: "Walks in 64-bit paging by level"}),
        table: {
            caption: "Bochs' walks in 64-bit paging", rows: used.flatMap(r => levels.map(l => ({r, l}))),
            columns: [table.text("recording", x => x.r.label), table.text("level", x => x.l.toUpperCase()), table.count("entries read", x => long(x.r).reads[x.l]), table.count("of which A or D was set", x => long(x.r).written[x.l])],
        },
    };
}
