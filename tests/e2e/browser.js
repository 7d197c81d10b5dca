// SPDX-License-Identifier: LGPL-2.1-or-later
// Opens a page in a headless Chromium and drives it through the DevTools protocol over a pipe. A module; no package is needed.
"use strict";
const {spawn} = require("child_process"),
    fs = require("fs"),
    os = require("os"),
    path = require("path");

class Browser {
    constructor(program) {
        this.home = fs.mkdtempSync(path.join(os.tmpdir(), "zonescope-browser-"));
        const options = [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-extensions",
            "--remote-debugging-pipe",
            `--user-data-dir=${this.home}`,
            "about:blank",
        ];
        this.process = spawn(program, options, {
            stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
            env: {...process.env, HOME: this.home},
        });
        ((this.waiting = new Map()), (this.next = 1), (this.listeners = []), (this.problems = []), (this.requests = []));
        let rest = Buffer.alloc(0);
        this.process.stdio[4].on("data", bytes => {
            rest = Buffer.concat([rest, bytes]);
            for (let end; (end = rest.indexOf(0)) >= 0; rest = rest.subarray(end + 1))
                this.receive(JSON.parse(rest.subarray(0, end).toString()));
        });
    }

    receive(message) {
        if (message.id) {
            const {resolve, reject} = this.waiting.get(message.id);
            this.waiting.delete(message.id);
            return message.error ? reject(new Error(message.error.message)) : resolve(message.result);
        }
        const {method, params} = message;
        if (method === "Runtime.exceptionThrown")
            this.problems.push(params.exceptionDetails.exception?.description || params.exceptionDetails.text);
        if (method === "Runtime.consoleAPICalled" && ["error", "warning", "assert"].includes(params.type))
            this.problems.push(params.args.map(a => a.value ?? a.description).join(" "));
        if (method === "Log.entryAdded" && ["error", "warning"].includes(params.entry.level))
            this.problems.push(params.entry.text);
        if (method === "Network.requestWillBeSent") this.requests.push(params.request.url);
        this.listeners = this.listeners.filter(l => l.method !== method || (l.resolve(params), false));
    }

    call(method, params = {}) {
        const id = this.next++;
        this.process.stdio[3].write(JSON.stringify({id, method, params, sessionId: this.session}) + "\0");
        return new Promise((resolve, reject) => this.waiting.set(id, {resolve, reject}));
    }
    event(method) {
        return new Promise(resolve => this.listeners.push({method, resolve}));
    }

    async open(file, {width = 1280, height = 900, dark = false} = {}) {
        if (!this.session) {
            const {targetId} = await this.call("Target.createTarget", {url: "about:blank"});
            this.session = (await this.call("Target.attachToTarget", {targetId, flatten: true})).sessionId;
            for (const domain of ["Page", "Runtime", "Log", "Network"]) await this.call(domain + ".enable");
        }
        await this.look({width, height, dark});
        const loaded = this.event("Page.loadEventFired"),
            begin = Date.now();
        await this.call("Page.navigate", {url: "file://" + path.resolve(file)});
        await loaded;
        this.load_ms = Date.now() - begin;
    }
    async look({width = 1280, height = 900, dark = false}) {
        await this.call("Emulation.setDeviceMetricsOverride", {width, height, deviceScaleFactor: 1, mobile: false});
        await this.call("Emulation.setEmulatedMedia", {
            features: [{name: "prefers-color-scheme", value: dark ? "dark" : "light"}],
        });
    }

    // The value of an expression in the page.
    async value(expression) {
        const {result, exceptionDetails} = await this.call("Runtime.evaluate", {
            expression,
            returnByValue: true,
            awaitPromise: true,
        });
        if (exceptionDetails)
            throw new Error(`${expression}: ${exceptionDetails.exception?.description || exceptionDetails.text}`);
        return result.value;
    }
    // The mouse over an element, at a fraction of its size.
    async hover(id, right, down) {
        const r = await this.value(
            `(e => { e.scrollIntoView({block: "center"}); const r = e.getBoundingClientRect(); return {x: r.x, y: r.y, width: r.width, height: r.height}; })(document.getElementById("${id}"))`,
        );
        for (const further of [0, 1])
            await this.call("Input.dispatchMouseEvent", {
                type: "mouseMoved",
                x: r.x + r.width * right + further,
                y: r.y + r.height * down,
            });
    }
    async press(key, modifiers = 0) {
        for (const type of ["keyDown", "keyUp"])
            await this.call("Input.dispatchKeyEvent", {
                type,
                key,
                code: key,
                modifiers,
                text: type === "keyDown" && key.length === 1 ? key : undefined,
            });
    }
    async screenshot(file, clip) {
        const {data} = await this.call("Page.captureScreenshot", {
            format: "png",
            captureBeyondViewport: true,
            clip: clip && {...clip, scale: 1},
        });
        fs.writeFileSync(file, Buffer.from(data, "base64"));
    }
    async whole_page(file) {
        const {cssContentSize: s} = await this.call("Page.getLayoutMetrics");
        await this.screenshot(file, {x: 0, y: 0, width: s.width, height: s.height});
    }
    async print(file) {
        const {data} = await this.call("Page.printToPDF", {printBackground: false});
        fs.writeFileSync(file, Buffer.from(data, "base64"));
    }
    async close() {
        const ended = new Promise(resolve => this.process.on("exit", resolve));
        this.session = undefined;
        this.call("Browser.close").catch(() => {});
        setTimeout(() => this.process.kill("SIGKILL"), 5000).unref();
        await ended;
        fs.rmSync(this.home, {recursive: true, force: true, maxRetries: 5});
    }
}

module.exports = {Browser};
