// SPDX-License-Identifier: LGPL-2.1-or-later
// A chart's place in the page: heading, words, the drawing, keys, its table and its CSV.

function element(name, properties, ...children) {
    const e = document.createElement(name);
    for (const [key, value] of Object.entries(properties || {})) key in e ? (e[key] = value) : e.setAttribute(key, value);
    e.append(...children);
    return e;
}

class ChartBox {
    constructor(chart, view) {
        ((this.chart = chart), (this.view = view), (this.instance = null));
        const id = chart.id;
        this.heading = element("h2", {id: id + "-title"}, chart.title);
        this.about = element("p", {className: "about", id: id + "-about"});
        this.choice = element("select", {id: id + "-choice", onchange: () => this.show()});
        this.toggle = element("button", {type: "button", onclick: () => this.show_table(this.table.hidden)}, "Table");
        this.toggle.setAttribute("aria-controls", id + "-table");
        this.csv = element(
            "button",
            {type: "button", onclick: () => table.download(`zonescope-${id}.csv`, this.built.table)},
            "CSV",
        );
        this.csv.setAttribute("aria-label", `Download the table of: ${chart.title}`);
        this.buttons = element(
            "div",
            {className: "buttons"},
            element("label", {htmlFor: id + "-choice"}, "Show: "),
            this.choice,
            this.toggle,
            this.csv,
        );
        this.drawing = element("div", {
            className: "chart",
            id: id + "-chart",
            tabIndex: 0,
            onkeydown: e => this.key(e),
            onblur: () => this.leave(),
        });
        this.drawing.setAttribute("role", "img");
        this.drawing.setAttribute("aria-describedby", id + "-about");
        this.value = element("p", {className: "value"});
        this.value.setAttribute("aria-live", "polite");
        this.table = element("div", {className: "table", id: id + "-table", hidden: true, tabIndex: 0});
        this.table.setAttribute("role", "region");
        this.table.setAttribute("aria-label", `Table: ${chart.title}`);
        this.place = element("section", {id}, this.heading, this.about, this.buttons, this.drawing, this.value, this.table);
        this.place.setAttribute("aria-labelledby", id + "-title");
        this.show_table(false);
    }

    show_table(shown) {
        this.table.hidden = !shown;
        this.toggle.setAttribute("aria-expanded", shown);
        this.toggle.textContent = shown ? "Hide the table" : "Table";
    }

    // Builds what the reader's choices say and draws it.
    show() {
        const choices = this.chart.choices ? this.chart.choices(this.view()) : [],
            chosen = this.choice.value;
        this.choice.replaceChildren(...choices.map(([value, text]) => element("option", {value}, text)));
        if (choices.some(([value]) => value === chosen)) this.choice.value = chosen;
        this.choice.hidden = this.choice.previousSibling.hidden = choices.length < 2;
        this.built = this.chart.build(this.view(), this.choice.value || (choices[0] || [""])[0]);
        const none = Boolean(this.built.empty),
            view = this.view();
        this.heading.textContent =
            this.chart.title + (this.chart.of_recording && data.recordings.length > 1 ? `, ${view.recording.label}` : "");
        this.about.textContent = this.built.empty || this.built.about;
        for (const e of [this.toggle, this.csv, this.drawing, this.value]) e.hidden = none;
        this.buttons.hidden = none && choices.length < 2;
        if (none) {
            (this.table.replaceChildren(), this.dispose());
            this.place.dataset.drawn = "none";
            return;
        }
        this.table.replaceChildren(table.element(this.built.table));
        this.draw();
    }

    draw() {
        if (!this.built || this.built.empty) return;
        this.dispose();
        this.drawing.style.height = this.built.height + "px";
        this.instance = echarts.init(this.drawing, null, {
            // A canvas has many cells drawn fast, but bit by bit: paper does not wait for it.
            renderer: this.chart.id === "memory" && !theme.printing ? "canvas" : "svg",
            width: theme.printing ? 680 : undefined,
        });
        this.instance.setOption(this.built.option(this.instance.getWidth()));
        this.drawing.setAttribute(
            "aria-label",
            `${this.built.label} Arrow keys read the values${this.chart.of_time ? ", + and - zoom" : ""}; the table ` +
                `has them all.`,
        );
        this.at = null;
        this.place.dataset.drawn = this.drawing.querySelectorAll("canvas, svg path, svg rect").length ? "yes" : "no";
    }

    dispose() {
        if (this.instance) this.instance.dispose();
        this.instance = null;
    }

    resize() {
        if (!this.instance || theme.printing || this.instance.getWidth() === this.drawing.clientWidth) return;
        this.instance.resize();
        this.instance.setOption(this.built.option(this.instance.getWidth()));
    }

    leave() {
        if (this.instance) this.instance.dispatchAction({type: "hideTip"});
        this.at = null;
    }

    // Arrows go through the table's rows, whose values are read out; of charts over time, + - 0 zoom and arrows with Shift
    // move.
    key(e) {
        if (e.ctrlKey || e.altKey || e.metaKey) return;
        if (this.chart.of_time && (["+", "=", "-", "0"].includes(e.key) || (e.shiftKey && e.key.startsWith("Arrow"))))
            return this.zoom(e);
        const step = {ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1}[e.key],
            rows = this.built.table.rows;
        if (!step || !rows.length) return;
        e.preventDefault();
        this.at = this.at === null ? (step > 0 ? 0 : rows.length - 1) : (this.at + step + rows.length) % rows.length;
        const row = rows[this.at];
        this.value.textContent = this.built.table.columns
            .map(c => {
                const value = c.of(row);
                return `${c.title}: ${c.show ? c.show(value, row) : c.text ? value : format.number(value)}`;
            })
            .join("; ");
    }

    zoom(e) {
        e.preventDefault();
        const {start, end} = this.instance.getOption().dataZoom[0],
            width = end - start,
            middle = (start + end) / 2;
        const turn = {"+": 0.5, "=": 0.5, "-": 2}[e.key],
            shift = {ArrowLeft: -0.25, ArrowRight: 0.25}[e.key];
        let [from, to] =
            e.key === "0"
                ? [0, 100]
                : turn
                  ? [middle - (width * turn) / 2, middle + (width * turn) / 2]
                  : [start + (shift || 0) * width, end + (shift || 0) * width];
        if (to > 100) ((from -= to - 100), (to = 100));
        if (from < 0) ((to -= from), (from = 0));
        this.instance.dispatchAction({type: "dataZoom", start: Math.max(0, from), end: Math.min(100, to)});
    }
}
