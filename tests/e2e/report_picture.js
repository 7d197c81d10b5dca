// SPDX-License-Identifier: LGPL-2.1-or-later
// A picture of a report's page from one of its charts on, for README.md.
//
//   node report_picture.js CHROMIUM PAGE.html CHART HEIGHT FILE.png
"use strict";
const {Browser} = require("./browser.js");
const [program, page, chart, height, file] = process.argv.slice(2);

(async () => {
    const b = new Browser(program);
    try {
        await b.open(page);
        const y = await b.value(`document.getElementById("${chart}").getBoundingClientRect().y + window.scrollY`);
        await b.screenshot(file, {x: 0, y, width: 1280, height: Number(height)});
    } finally {
        await b.close();
    }
})().catch(e => {
    console.error(e.stack);
    process.exit(1);
});
