// SPDX-License-Identifier: LGPL-2.1-or-later
// The table of a chart, and its CSV. A table is {caption, columns, rows}: a column is {title, of(row), show(value), text};
// `of` gives
// the value that the CSV has, `show` what people read.

const table = {
    most_rows: 200,

    element(t) {
        const element = document.createElement("table");
        const caption = element.createCaption();
        caption.textContent =
            t.caption +
            (t.rows.length > table.most_rows
                ? `; the first ${table.most_rows} of ${format.number(t.rows.length)} rows, the CSV has all`
                : "");
        const head = element.createTHead().insertRow();
        for (const column of t.columns) {
            const cell = document.createElement("th");
            cell.scope = "col";
            cell.textContent = column.title;
            if (column.text) cell.className = "text";
            head.append(cell);
        }
        const body = element.createTBody();
        for (const row of t.rows.slice(0, table.most_rows)) {
            const line = body.insertRow();
            for (const column of t.columns) {
                const cell = line.insertCell(),
                    value = column.of(row);
                cell.textContent = column.show ? column.show(value, row) : column.text ? value : format.number(value);
                if (column.text) cell.className = "text";
            }
        }
        return element;
    },

    // RFC 4180. What a spreadsheet would take for a formula is kept a text.
    csv(t) {
        const quoted = value => {
            if (value === null || value === undefined) return "";
            const text = typeof value === "string" && /^[=+@\t\r-]/.test(value) ? "'" + value : String(value);
            return /[",\r\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
        };
        const columns = t.columns.flatMap(c =>
            c.interval
                ? ["low", "best", "high"].map(end => ({title: `${c.title}: ${end}`, of: row => (c.of(row) || {})[end]}))
                : [c],
        );
        return [columns.map(c => c.title), ...t.rows.map(row => columns.map(c => c.of(row)))]
            .map(line => line.map(quoted).join(",") + "\n")
            .join("");
    },

    download(name, t) {
        const link = document.createElement("a");
        link.href = URL.createObjectURL(new Blob([table.csv(t)], {type: "text/csv"}));
        link.download = name;
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    },

    // Columns that many tables have.
    text(title, of) {
        return {title, of, text: true};
    },
    count(title, of) {
        return {title, of};
    },
    interval(title, of) {
        return {title, of, show: format.interval, interval: true};
    },
    share(title, of) {
        return {title, of, show: value => format.percent(value, 1)};
    },
};
