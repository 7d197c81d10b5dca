// SPDX-License-Identifier: LGPL-2.1-or-later
// Looks at a report's page in a browser and prints a verdict a line.
//
//   node report_page.js CHROMIUM PAGE.html STAT.json DIR      DIR gets screenshots
"use strict";
const fs = require("fs"),
    path = require("path"),
    {isDeepStrictEqual} = require("util");
const {Browser} = require("./browser.js");
const [program, page, stat_file, directory] = process.argv.slice(2);

function point(good, name, ...details) {
    console.log(`${good ? "ok" : "not ok"} ${path.basename(page)}: ${name}`);
    if (!good) details.forEach(d => console.log("# " + (typeof d === "string" ? d : JSON.stringify(d))));
}

// The part of `stat --json` that the page has.
function kept(all, has) {
    if (Array.isArray(has) && Array.isArray(all)) {
        // Of many shares the page has the largest, and `other`, which is the last.
        const some = all.length > has.length ? [...all.slice(0, has.length - 1), all[all.length - 1]] : all;
        return some.map((e, i) => kept(e, has[i]));
    }
    if (has && all && typeof has === "object")
        return Object.fromEntries(Object.keys(has).map(key => [key, kept(all[key], has[key])]));
    return all;
}

const drawn = `Object.fromEntries([...document.querySelectorAll("#charts > section")].map(s => [s.id, s.dataset.drawn]))`;
const settle = "new Promise(done => setTimeout(done, 300))";
const choose = (id, value) =>
    `{ const s = document.getElementById("${id}"); s.value = "${value}"; s.dispatchEvent(new Event("change")); }`;
const shown_table = id =>
    `[...document.querySelectorAll("#${id}-table tr")].map(line => [...line.cells].map(cell => cell.textContent))`;

async function steps(b) {
    const stat = JSON.parse(fs.readFileSync(stat_file, "utf8")),
        recordings = stat.recordings || [{...stat}];
    await b.open(page);
    point(await b.value(`document.documentElement.dataset.ready === "yes"`), "is ready");

    const data = await b.value("data");
    point(
        isDeepStrictEqual(
            data.recordings.map((r, i) => kept(recordings[i], r.statistics)),
            data.recordings.map(r => r.statistics),
        ),
        "its data are what stat --json says",
    );
    point(
        isDeepStrictEqual(stat.ranking ? kept(stat.ranking, data.ranking) : [], data.ranking),
        "its verdicts are what stat --json says",
    );

    const spans = (await b.value(`table.csv(charts.find(c => c.id === "timeline").build(view(), "spans").table)`))
        .trim()
        .split("\n")
        .slice(1)
        .map(line => line.split(","));
    const ran = name => spans.filter(line => line[0] === name).reduce((sum, line) => sum + Number(line[4]), 0);
    point(
        recordings[0].spans.every(s => ran(s.name) >= s.count),
        "the CSV of the timeline has every span",
        recordings[0].spans.map(s => [s.name, s.count, ran(s.name)]),
    );

    const states = await b.value(drawn),
        missing = recordings.some(r => r.functions.length) ? [] : ["functions"];
    if (!data.recordings[0].curves) missing.push("curve");
    for (const [id, state] of Object.entries(states))
        point(
            state === (missing.includes(id) ? "none" : "yes"),
            `chart ${id}: ${missing.includes(id) ? "says why it is not there" : "is drawn"}`,
            state,
        );
    point(Object.keys(states).length === 11, "has eleven charts", states);
    const useless = await b.value(
        `[...document.querySelectorAll("#charts > section[data-drawn=none]")].filter(s => [...s.querySelectorAll("button, .chart, table")].some(e => e.offsetParent)).map(s => s.id)`,
    );
    point(useless.length === 0, "a chart that is not there has no buttons", useless);
    // Marks in the colours of the data; axes and words have others.
    const marks =
        await b.value(`Object.fromEntries([...document.querySelectorAll("#charts > section[data-drawn=yes]")].map(s => {
        const layers = [...s.querySelectorAll("canvas")], of_data = [...theme.colours.series, ...theme.colours.heat.slice(1)];
        if (!layers.length) return [s.id, [...s.querySelectorAll("svg [fill], svg [stroke]")].filter(e => of_data.includes(e.getAttribute("fill")) || of_data.includes(e.getAttribute("stroke"))).length];
        const wanted = new Set(of_data.map(c => parseInt(c.slice(1), 16)));
        let found = 0;
        for (const canvas of layers) {
            const pixels = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
            for (let i = 0; i < pixels.length; i += 4) found += pixels[i + 3] === 255 && wanted.has(pixels[i] << 16 | pixels[i + 1] << 8 | pixels[i + 2]);
        }
        return [s.id, found / 10];
    }))`);
    for (const [id, n] of Object.entries(marks)) point(n >= 1, `chart ${id}: has marks for its data`, n);
    const unnamed = await b.value(
        `[...document.querySelectorAll("[role=img]")].filter(e => !e.closest("section").dataset.drawn.startsWith("n") && !(e.getAttribute("aria-label") || "").length).length`,
    );
    point(unnamed === 0, "every chart has a name for those who cannot see it");

    // What the tables show, for each processor: the cells' digits are the numbers of stat --json.
    for (const profile of stat.recordings ? stat.recordings[0].run.profiles : stat.run.profiles) {
        if (data.recordings[0].statistics.models.length > 1) await b.value(choose("profile", profile));
        const rows = (await b.value(shown_table("zones"))).slice(1),
            walks = rows.map(cells => Number(cells[5].replaceAll(",", "")));
        point(
            isDeepStrictEqual(
                walks,
                recordings.flatMap(r => r.zones.map(z => z.walks[profile])),
            ),
            `${profile}: the table of zones shows their walks`,
            rows,
        );
        const memory = (await b.value(shown_table("memory")))
            .slice(1)
            .reduce((sum, cells) => sum + Number(cells[2].replaceAll(",", "")), 0);
        const model = recordings[0].models.find(m => m.profile === profile);
        point(memory === model.walks, `${profile}: the walks over memory and time add up to all`, memory, model.walks);
        const causes = (await b.value(shown_table("causes")))
            .slice(1)
            .filter(cells => cells[0] === data.recordings[0].label)
            .reduce((sum, cells) => sum + Number(cells[2].replaceAll(",", "")), 0);
        point(causes === model.walks, `${profile}: the walks by cause add up to all`, causes, model.walks);
    }
    const profile = data.recordings[0].statistics.models.slice(-1)[0].profile,
        span = recordings[0].spans[0];
    if (span) {
        await b.value(choose("zones-choice", "of " + span.name));
        const rows = (await b.value(shown_table("zones"))).slice(1).filter(cells => cells[0] === data.recordings[0].label);
        point(
            isDeepStrictEqual(
                rows.map(cells => [cells[1], Number(cells[3].replaceAll(",", ""))]),
                Object.entries(span.walks[profile]),
            ),
            "the table of an operation's zones shows its walks",
            rows,
            span.walks[profile],
        );
    }
    const flushes = (
        await b.value(
            `table.csv(new ChartBox(charts.find(c => c.id === "timeline"), view).chart.build(view(), "events").table)`,
        )
    )
        .trim()
        .split("\n")
        .map(line => line.split(","));
    const column = flushes[0].indexOf("CR3 writes"),
        cr3_writes = flushes.slice(1).reduce((sum, line) => sum + Number(line[column]), 0);
    point(
        cr3_writes === recordings[0].observed.cr3_writes,
        "the CSV of the timeline has every CR3 write",
        cr3_writes,
        flushes[0],
    );

    // A recording that begins late: its labels differ, and numbers keep their unit.
    const labels = await b.value(
        `[0, 1, 2, 3].map(n => format.short_between(2.69e9, 2.694e9)(2.69e9 + n * 1e6)).concat(format.short_between(0, 4000)(500))`,
    );
    point(labels.join() === "2.69 G,2.691 G,2.692 G,2.693 G,0.5 k", "labels of time tell times from each other", labels);

    const opens_at = (walks, long_mode) =>
        `charts.find(c => c.id === "levels").choices({profile: "p", recordings: [{statistics: {long_mode: ${long_mode}, models: [{profile: "p", walks: ${walks}}]}}]}).map(c => c[0]).join()`;
    const levels = [await b.value(opens_at(1, "{}")), await b.value(opens_at(0, "{}")), await b.value(opens_at(1, "null"))];
    point(levels.join("; ") === "model,long; long,model; ", "walks by level open where there are some", levels);

    // What the mouse shows is drawn, no element of the page.
    const elements = await b.value(`document.querySelectorAll("main *:not(svg *)").length`);
    for (const id of Object.keys(states).filter(id => states[id] === "yes"))
        for (const [right, down] of [
            [0.3, 0.3],
            [0.5, 0.5],
            [0.97, 0.2],
        ])
            await b.hover(id + "-chart", right, down);
    const texts = `document.querySelectorAll("#zones-chart svg text").length`,
        before = await b.value(texts);
    await b.hover("zones-chart", 0.5, 0.5);
    await b.value(settle);
    const after = await b.value(texts);
    point(after > before, "the mouse shows values", before, after);
    point(elements === (await b.value(`document.querySelectorAll("main *:not(svg *)").length`)), "as drawings");

    // Keys alone: to the first chart, whose values they read; and to its table.
    await b.value(`document.getElementById("memory-chart").focus()`);
    await b.press("ArrowDown");
    point(
        (await b.value(`document.querySelector("#memory .value").textContent`)).includes("walks: "),
        "arrow keys read a chart's values",
    );
    await b.press("+");
    const zoomed = await b.value(
        `(o => o.end - o.start)(echarts.getInstanceByDom(document.getElementById("memory-chart")).getOption().dataZoom[0])`,
    );
    point(zoomed === 50, "+ zooms in", zoomed);
    await b.value(`document.querySelector("#zones button").focus()`);
    await b.press("Enter");
    await b.value(`document.querySelector("#zones button").click()`);
    point(!(await b.value(`document.getElementById("zones-table").hidden`)), "the table opens");

    await b.whole_page(path.join(directory, "light.png"));
    await b.look({dark: true});
    await b.value(settle);
    const paper = await b.value(`[getComputedStyle(document.body).backgroundColor, theme.colours.paper]`);
    point(
        paper[0] === "rgb(20, 24, 29)" && paper[1] === "#14181d",
        "is dark where the reader's system is, charts too",
        paper,
    );
    await b.look({width: 400});
    await b.value(settle);
    const width = await b.value("document.documentElement.scrollWidth");
    point(width <= 400, "fits a narrow window", `${width} pixels`);
    await b.value(`dispatchEvent(new Event("beforeprint"))`);
    point(isDeepStrictEqual(await b.value(drawn), states), "is drawn anew for paper");
    const sections = "#charts > section[data-drawn=yes]",
        cells = `charts.find(c => c.id === "memory").build(view()).option(680).series[0].data.length`,
        shapes = `document.querySelectorAll("#memory svg path, #memory svg rect").length`;
    point(
        (await b.value(`document.querySelectorAll("${sections} canvas").length`)) === 0 &&
            (states.memory !== "yes" || (await b.value(`${shapes} >= ${cells}`))),
        "is whole at once on paper",
    );
    await b.value(`dispatchEvent(new Event("afterprint"))`);
    await b.print(path.join(directory, "page.pdf"));
    point(
        fs.statSync(path.join(directory, "page.pdf")).size > 20000 &&
            fs.statSync(path.join(directory, "light.png")).size > 20000,
        "is printed, and a screenshot is made",
    );

    point(
        (await b.value(
            `[document.evil, document.querySelectorAll("main script, main img, main i, main b, [onclick]").length].join()`,
        )) === ",0",
        "no name of the guest's is markup",
    );
    point(
        !(
            await b.value(
                `charts.map(c => c.build(view(), (c.choices ? c.choices(view()) : [[""]]).slice(-1)[0]?.[0] || "")).filter(c => c.table).map(c => table.csv(c.table)).join("")`,
            )
        ).match(/(^|,)"?[=@+]/m),
        "no name is a formula",
    );
    point(
        b.problems.length === 0 && (await b.value(`document.documentElement.dataset.errors || ""`)) === "",
        "nothing went wrong in the page",
        ...b.problems,
    );
    point(
        b.requests.filter(url => !/^(file|data|blob):/.test(url)).length === 0 &&
            b.requests.filter(url => url.startsWith("file:")).length === 1,
        "asked for nothing but itself",
        b.requests.map(u => u.slice(0, 80)),
    );
}

(async () => {
    const b = new Browser(program);
    try {
        await steps(b);
    } finally {
        await b.close();
    }
})().catch(e => {
    console.error(e.stack);
    process.exit(1);
});
