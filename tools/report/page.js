// SPDX-License-Identifier: LGPL-2.1-or-later
// Starts the page: reads the data, makes the choices and the charts, and says when all is drawn.

const data = JSON.parse(document.getElementById("data").textContent);
const chosen = {profile: "", recording: 0};

// Profiles in the order of the recordings, each once.
const profiles = [...new Set(data.recordings.flatMap(r => r.statistics.models.map(m => m.profile)))];

function view() {
    const modelled = r => r.statistics.models.some(m => m.profile === chosen.profile),
        recordings = profiles.length ? data.recordings.filter(modelled) : data.recordings;
    const wanted = data.recordings[chosen.recording];
    return {profile: chosen.profile, recordings, recording: recordings.includes(wanted) ? wanted : recordings[0]};
}

function add_choice(place, label, id, options, change) {
    if (options.length < 2) return;
    const select = element(
        "select",
        {id, onchange: () => change(select.value)},
        ...options.map(([value, text]) => element("option", {value}, text)),
    );
    place.append(element("div", {}, element("label", {htmlFor: id}, label + " "), select));
}

function start() {
    theme.read();
    document.getElementById("made-by").textContent = "zonescope " + data.zonescope;
    const place = document.getElementById("charts"),
        choices = document.getElementById("choices");
    choices.onsubmit = e => e.preventDefault();
    if (!profiles.length)
        place.append(
            element(
                "p",
                {className: "warns"},
                "No processor was modelled in these recordings, so that most charts are not there: record with --profile.",
            ),
        );
    chosen.profile = profiles[0] || "";
    const shown = charts.filter(c => profiles.length || (c.without_profile && c.without_profile(view())));
    const boxes = shown.map(chart => new ChartBox(chart, view)),
        show = () => boxes.forEach(b => b.show()),
        draw = () => (theme.read(), boxes.forEach(b => b.draw()));
    add_choice(
        choices,
        "Processor:",
        "profile",
        profiles.map(p => [p, p]),
        value => ((chosen.profile = value), show()),
    );
    add_choice(
        choices,
        "Recording, where a chart shows one:",
        "recording",
        data.recordings.map((r, i) => [i, r.label]),
        value => ((chosen.recording = Number(value)), show()),
    );
    place.append(...boxes.map(b => b.place));
    show();
    addEventListener("resize", () => boxes.forEach(b => b.resize()));
    for (const query of ["(prefers-color-scheme: dark)", "(prefers-contrast: more)"])
        matchMedia(query).addEventListener("change", draw);
    addEventListener("beforeprint", () => ((theme.printing = true), draw()));
    addEventListener("afterprint", () => ((theme.printing = false), draw()));
    document.documentElement.dataset.ready = "yes";
}

start();
