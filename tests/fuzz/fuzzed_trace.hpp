// SPDX-License-Identifier: LGPL-2.1-or-later
// A trace directory of which one file has whatever bytes, and what the verbs that need no other file read and make of it. What they find wrong
// they say by an Error, whatever it is: anything else that happens is a mistake.
#pragma once

#include <fstream>
#include <iostream>
#include <sstream>
#include <streambuf>

#include <nlohmann/json.hpp>

#include "tests/tools/small_trace.hpp"
#include "tests/tools/test_paths.hpp"
#include "tools/checker.hpp"
#include "tools/conservation.hpp"
#include "tools/dump.hpp"
#include "tools/export_formats.hpp"
#include "tools/profile.hpp"
#include "tools/replay_engine.hpp"
#include "tools/report_data.hpp"
#include "tools/report_page.hpp"
#include "tools/report_summary.hpp"
#include "tools/stale_output.hpp"
#include "tools/stat_output.hpp"

namespace fuzz {

// Takes all, keeps nothing.
class Nowhere final : public std::streambuf {
    int overflow(int c) override { return c == EOF ? 0 : c; }
    std::streamsize xsputn(const char*, std::streamsize n) override { return n; }
};

class FuzzedTrace final {
public:
    FuzzedTrace() { tests::write_trace(directory_.path(), tests::SmallTrace::stream(), tests::SmallTrace::run_json()); }

    void replace(const std::filesystem::path& file, const uint8_t* bytes, size_t size) const {
        std::ofstream{directory_.path() / file, std::ios::binary | std::ios::trunc}.write(reinterpret_cast<const char*>(bytes), static_cast<std::streamsize>(size));
    }

    const std::filesystem::path& directory() const { return directory_.path(); }

    void check() {
        attempt([&](tools::Trace& t) { (void)check_trace(t); });
    }

    void read() {
        Nowhere buffer;
        std::ostream nowhere{&buffer};
        check();
        attempt([&](tools::Trace& t) {
            const tools::Statistics s = collect_statistics(t, profiles_);
            nowhere << tools::statistics_json(s, {}) << tools::statistics_csv(s, {});
            print_statistics(s, {}, nowhere);
            for (const tools::CsvTable& table : tools::csv_tables(s, {})) write_csv(table, nowhere);
            tools::check_conservation(s, "fuzzed");
        });
        attempt([&](tools::Trace& t) {
            const tools::Statistics s = collect_statistics(t, profiles_);
            tools::Report report;
            report.recordings.push_back({"fuzzed", &s, {}, read_timeline(t, s, tools::walk_columns(1, profiles_.size())), {}});
            nowhere << tools::json_block(report_json(report)) << report_summary(report).size();
        });
        attempt([&](tools::Trace& t) { tools::dump(t, {}, false, nowhere); });
        attempt([&](tools::Trace& t) { tools::dump(t, {}, true, nowhere); });
        attempt([&](tools::Trace& t) { tools::export_perfetto(t, {}, tools::default_intervals, nowhere); });
        attempt([&](tools::Trace& t) {
            const tools::Symbols symbols;
            const tools::StaleNames names{t.run(), symbols};
            const std::vector<tools::StaleReport> reports = collect_stale(t);
            print_stale(reports, names, "fuzzed", false, nowhere);
            nowhere << tools::stale_document(reports, names);
        });
    }

    // Its tables have a place for every page: not for every input.
    void replay() {
        attempt([&](tools::Trace& t) {
            for (tools::Stream& stream : t.streams()) {
                tools::ReplayEngine engine{profiles_, true};
                stream.read_all([&](uint64_t, const auto& event, const mm::trace::State& state, uint64_t) { engine.take(event, state); });
                engine.finish();
            }
        });
    }

private:
    template <class Use> void attempt(Use&& use) {
        try {
            tools::Trace trace{directory_.path()};
            use(trace);
        } catch (const tools::Error&) {
        }
    }

    tests::TemporaryDirectory directory_;
    const std::vector<tools::Profile> profiles_ = {tools::read_profile(tests::data_directory() / "golden.toml")};
};

}  // namespace fuzz
