// SPDX-License-Identifier: LGPL-2.1-or-later
// What `check` says about a trace that a test has broken; empty if it finds nothing.
#pragma once

#include <functional>

#include "small_trace.hpp"
#include "tools/checker.hpp"

namespace tests {

inline std::string complaint_about(const std::string& stream, const std::string& run_json) {
    const TemporaryDirectory directory;
    write_trace(directory.path(), stream, run_json);
    try {
        tools::Trace trace{directory.path()};
        (void)check_trace(trace);
        return "";
    } catch (const tools::TraceError& e) {
        const std::string what = e.what();
        return what.substr(what.find("offset "));
    }
}

// What is wrong with a stream of these events in a recording of these profiles, as run.json lists them.
inline std::string complaint(const std::function<void(StreamBuilder&)>& fill, const std::string& profiles = "\"p6\"") {
    StreamBuilder b{SmallTrace::state()};
    fill(b);
    std::string run = SmallTrace::run_json(false);
    run.replace(run.find("\"p6\""), 4, profiles);
    std::string text = complaint_about(b.bytes(), run);
    return text.empty() ? text : text.substr(text.find(": ") + 2);
}

inline trace::ModelWalk good_walk() { return SmallTrace::walk(0x08048000, mm::AccessKind::read, true, 0x2067, 0x500067, mm::RefillCause::first_touch); }

}  // namespace tests
