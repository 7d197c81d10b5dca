// SPDX-License-Identifier: LGPL-2.1-or-later
// Page walks by zone and region, of whole recordings and of one operation.

charts.push({
    id: "zones",
    title: "Page walks by zone and region",
    choices: view => [
        ["zones", "by zone of the memory that was walked for"],
        ["regions", "by region of the address space"],
        ...names_in(view, s => s.spans).map(name => ["of " + name, `walks of one ${name}, by zone`]),
    ],
    build(view, choice) {
        if (choice.startsWith("of ")) return operation_by_zone(view, choice.slice(3));
        const profile = view.profile,
            names = names_in(view, s => s[choice]);
        if (no_walks(view)) return {empty: no_walks_words(view)};
        const rows = view.recordings.flatMap(r =>
            r.statistics[choice].map(place => ({
                r,
                place,
                walks: r.statistics.models.find(m => m.profile === profile).walks,
            })),
        );
        return {
            ...bars(
                view,
                "Cycles that page walks took, by where the page lies, in the whole recording. Recordings of different " +
                    "lengths are not comparable here: see the operations.",
                "cycles",
                names,
                groups_of(view, s => names.map(name => sum_by_name(s[choice], profile, name))),
                {title: "Page walks by " + (choice === "zones" ? "zone" : "region")},
            ),
            table: {
                caption: `Page walks by ${choice === "zones" ? "zone" : "region"} on ${profile}`,
                rows,
                columns: [
                    table.text("recording", x => x.r.label),
                    table.text("name", x => x.place.name),
                    ...(choice === "zones"
                        ? [
                              table.count("first frame", x => x.place.start_pfn),
                              table.count("end frame", x => x.place.end_pfn),
                              table.count("present pages", x => x.place.present_pages),
                          ]
                        : [
                              {title: "start", of: x => x.place.start, show: format.address},
                              {title: "end", of: x => x.place.end, show: format.address},
                          ]),
                    table.count("walks", x => x.place.walks[profile]),
                    table.share("of all walks", x => (x.walks ? x.place.walks[profile] / x.walks : 0)),
                    table.interval("cycles", x => x.place.walk_cycles[profile]),
                ],
            },
        };
    },
});

function operation_by_zone(view, operation) {
    const profile = view.profile,
        span = s => s.spans.find(e => e.name === operation),
        with_it = view.recordings.filter(r => span(r.statistics));
    const names = [...new Set(with_it.flatMap(r => Object.keys(span(r.statistics).walks[profile])))];
    const each = (s, zone) => (span(s).walks[profile][zone] || 0) / span(s).count;
    const rows = with_it.flatMap(r => names.map(zone => ({r, zone})));
    return {
        ...bars(
            view,
            `Page walks that one ${operation} makes on average, by zone of the memory that was walked for. Counts are ` +
                `exact; walks that faulted are other's.`,
            "walks of one",
            names,
            with_it.map(r => ({name: r.label, values: names.map(zone => each(r.statistics, zone))})),
            {title: `Walks of ${operation} by zone`},
        ),
        table: {
            caption: `Walks of ${operation} by zone on ${profile}`,
            rows,
            columns: [
                table.text("recording", x => x.r.label),
                table.text("zone", x => x.zone),
                table.count("operations", x => span(x.r.statistics).count),
                table.count("walks", x => span(x.r.statistics).walks[profile][x.zone]),
                table.count("walks of one", x => each(x.r.statistics, x.zone)),
            ],
        },
    };
}
