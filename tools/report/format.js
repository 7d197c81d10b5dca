// SPDX-License-Identifier: LGPL-2.1-or-later
// Numbers and names for people. An interval is {low, best, high}, as in `stat --json`.

const format = {
    // "1,234,567"; of small quantities three digits.
    number(value) {
        if (value === null || value === undefined || !isFinite(value)) return "";
        if (Number.isInteger(value) || Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
        return value.toLocaleString("en-US", {maximumSignificantDigits: 3});
    },
    units: [
        ["G", 1e9],
        ["M", 1e6],
        ["k", 1e3],
    ],
    // "1.2 M", for axes.
    short(value) {
        for (const [unit, size] of format.units)
            if (Math.abs(value) >= size) return Number((value / size).toPrecision(3)) + " " + unit;
        return String(Number(value.toPrecision(3)));
    },
    // The same for the axis of a range: so many digits that a thousandth of it can be seen.
    short_between(low, high) {
        const most = Math.max(Math.abs(low), Math.abs(high), 1),
            [unit, size] = format.units.find(([, size]) => most >= size) || ["", 1],
            digits = Math.max(0, Math.min(15, Math.ceil(Math.log10((1000 * size) / (high - low || most)))));
        return value => `${Number((value / size).toFixed(digits))}${value && unit ? " " + unit : ""}`;
    },
    interval(i) {
        if (!i) return "";
        const [low, best, high] = [i.low, i.best, i.high].map(format.number);
        return low === high ? best : `${best} (${low}\u2013${high === "" ? "any" : high})`;
    },
    percent(part, whole) {
        return whole ? ((100 * part) / whole).toLocaleString("en-US", {maximumSignificantDigits: 3}) + " %" : "";
    },
    divided(i, count) {
        return i && count ? {low: i.low / count, best: i.best / count, high: i.high === null ? null : i.high / count} : null;
    },
    address(value) {
        return "0x" + value.toString(16).padStart(8, "0");
    },
    // Frames of 4 KiB as a place in memory.
    mebibytes(pfn) {
        const mib = pfn / 256;
        return mib && mib < 1
            ? 4 * pfn + " KiB"
            : mib >= 1024 && mib % 256 === 0
              ? mib / 1024 + " GiB"
              : Number(mib.toPrecision(4)) + " MiB";
    },
    causes: {
        first_touch: "first touch",
        evicted: "evicted",
        fault: "fault",
        context_switch: "context switch",
        split_switch: "split switch",
        invlpg: "INVLPG",
        control: "CR0/CR4",
        page_fault: "page fault",
        task_switch: "task switch",
        smm: "SMM",
        kmap_wrap: "kmap wrap",
        vmalloc_purge: "vmalloc purge",
    },
    cause(key) {
        return format.causes[key] || key;
    },
    shortened(text, most) {
        return text.length > most ? text.slice(0, most - 1) + "\u2026" : text;
    },
};
