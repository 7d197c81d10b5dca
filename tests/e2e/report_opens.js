// SPDX-License-Identifier: LGPL-2.1-or-later
// How long a report's page takes to open, all charts drawn: the best of three times, as other work may be going on.
//
//   node report_opens.js CHROMIUM PAGE.html MILLISECONDS [CHART,...]      CHARTs are all that is drawn
"use strict";
const {Browser} = require("./browser.js");
const [program, page, most, charts] = process.argv.slice(2);

(async () => {
    const b = new Browser(program),
        times = [];
    try {
        for (let i = 0; i < 3; ++i) {
            await b.open(page);
            times.push(b.load_ms);
        }
        const drawn = await b.value(
            `document.documentElement.dataset.ready === "yes" && !document.querySelector("#charts > section[data-drawn=no]")`,
        );
        console.log(`${drawn && Math.min(...times) <= Number(most) ? "ok" : "not ok"} opens within ${most} ms`);
        const shown = await b.value(
            `[...document.querySelectorAll("#charts > section[data-drawn=yes]")].map(s => s.id).join()`,
        );
        if (charts) console.log(`${shown === charts ? "ok" : "not ok"} draws ${charts}: ${shown}`);
        console.log(`# ${times.join(", ")} ms`);
        console.log(`${b.problems.length ? "not ok" : "ok"} nothing goes wrong in it`);
    } finally {
        await b.close();
    }
})().catch(e => {
    console.error(e.stack);
    process.exit(1);
});
