// SPDX-License-Identifier: LGPL-2.1-or-later
// The small trace's statistics as those of several recordings, for what compares them.
#pragma once

#include "small_trace.hpp"
#include "test_paths.hpp"
#include "tools/statistics.hpp"

namespace tests {

// Of that split, as if the profiles had been modelled.
inline tools::Statistics small_recording(const std::string& split, const TemporaryDirectory& directory, std::vector<tools::Profile> profiles) {
    std::string run = SmallTrace::run_json(false);
    run.replace(run.find("3:1"), 3, split);
    std::string names;
    for (const tools::Profile& p : profiles) names += (names.empty() ? "\"" : ", \"") + p.name + "\"";
    run.replace(run.find("[\"p6\"]"), 6, "[" + names + "]");
    write_trace(directory.path(), SmallTrace::stream(), run);
    tools::Trace t{directory.path()};
    return collect_statistics(t, std::move(profiles));
}

// golden.toml by another name.
inline tools::Profile golden(const std::string& name = "p6") {
    tools::Profile p = tools::read_profile(data_directory() / "golden.toml");
    p.name = name;
    return p;
}

inline tools::SpanStatistics& span_of(tools::Statistics& s, const std::string& name) {
    for (tools::SpanStatistics& span : s.spans)
        if (span.name == name) return span;
    throw std::logic_error{name};
}

}  // namespace tests
