// SPDX-License-Identifier: LGPL-2.1-or-later
// Records the cells of a sweep, some at a time.
#include "sweep_cells.hpp"

#include <algorithm>
#include <fstream>

#include <nlohmann/json.hpp>

#include "profile_geometry.hpp"
#include "profile_selection.hpp"

namespace tools {
namespace {

namespace fs = std::filesystem;

constexpr int sweep_schema = 1;

std::string directory_name(const RecordOptions& o) {
    std::string name = o.split + "-" + o.paging + "-" + std::to_string(o.memory_mib) + "M";
    std::replace(name.begin(), name.end(), ':', '-');
    return name;
}

void check_output(const SweepPlan& plan) {
    const fs::path& d = plan.output;
    if (!fs::exists(d)) return;
    if (!fs::is_directory(d)) throw InputError{d.string(), "is a file; give a new directory to -o"};
    if (!fs::is_empty(d) && !fs::exists(d / sweep_file)) throw InputError{d.string(), "is not empty and no former sweep, so it is left alone; give a new directory to -o"};
}

// The same names, and the same TLBs behind them.
bool same_profiles(const RunInfo& run, const RecordOptions& o) {
    const std::vector<Profile> kept = profiles_of(o.output, run), wanted = select_profiles(o.profiles, "--profile");
    return std::equal(kept.begin(), kept.end(), wanted.begin(), wanted.end(),
                      [](const Profile& a, const Profile& b) { return a.name == b.name && to_geometry(a) == to_geometry(b); });
}

// What all cells of a sweep have in common, as sweep.json names it.
std::vector<std::pair<const char*, std::string>> common_part(const RecordOptions& o) {
    return {{"workload", o.workload}, {"from_mark", o.from_mark}, {"until", o.until}};
}

// A complete recording of the same machine that ended well.
bool finished(const RecordOptions& o) {
    try {
        const RunInfo run = read_run_info(o.output);
        const bool good = o.until.empty() ? run.reason == EndReason::shutdown && run.guest_failures == 0 : run.reason == EndReason::mark;
        return run.complete && good && run.split == o.split && run.paging == o.paging &&
               run.memory_mib == o.memory_mib && (!run.stale || run.stale->mode == o.stale) && same_profiles(run, o);
    } catch (const Error&) {
        return false;
    }
}

// Whether the sweep that is in the directory, if any, recorded the same. What a former zonescope did not write was not given.
bool same_common_part(const fs::path& directory, const RecordOptions& o) {
    std::ifstream in{directory / sweep_file};
    const auto document = nlohmann::json::parse(in, nullptr, false);
    if (!document.is_object()) return false;
    const auto common = common_part(o);
    return std::all_of(common.begin(), common.end(), [&](const auto& each) { return document.value(each.first, nlohmann::json("")) == each.second; });
}

void write_list(const SweepPlan& plan, const std::vector<SweepCell>& cells) {
    nlohmann::ordered_json list = nlohmann::json::array();
    for (const SweepCell& c : cells)
        list.push_back({{"directory", c.directory}, {"split", c.options.split}, {"paging", c.options.paging}, {"memory_mib", c.options.memory_mib},
                        {"good", c.status == Status::done}, {"problem", c.problem}});
    std::ofstream out{plan.output / sweep_file};
    nlohmann::ordered_json document{{"schema", sweep_schema}};
    for (const auto& [key, value] : common_part(plan.common)) document[key] = value;
    document["cells"] = list;
    out << document.dump(2) << '\n';
    out.close();
    if (!out) throw Failure{(plan.output / sweep_file).string(), "cannot be written; is the disk full?"};
}

}  // namespace

std::vector<SweepCell> cells_of(const SweepPlan& plan) {
    check_output(plan);
    const bool same = same_common_part(plan.output, plan.common);
    std::vector<SweepCell> cells;
    for (const std::string& split : plan.splits)
        for (const std::string& paging : plan.pagings)
            for (const uint64_t memory : plan.memories) {
                SweepCell cell;
                cell.options = plan.common;
                cell.options.split = split, cell.options.paging = paging, cell.options.memory_mib = memory;
                cell.directory = directory_name(cell.options);
                cell.options.output = plan.output / cell.directory;
                check_record_options(cell.options);
                cell.kept = plan.resume && same && finished(cell.options);
                cells.push_back(std::move(cell));
            }
    return cells;
}

std::vector<std::string> former_cells(const SweepPlan& plan, const std::vector<SweepCell>& cells) {
    std::vector<std::string> former;
    for (const fs::directory_entry& entry : fs::directory_iterator{plan.output}) {
        const std::string name = entry.path().filename().string();
        if (!fs::exists(entry.path() / "metadata")) continue;
        if (std::none_of(cells.begin(), cells.end(), [&](const SweepCell& c) { return c.directory == name; })) former.push_back(name);
    }
    std::sort(former.begin(), former.end());
    return former;
}

void run_cells(const SweepPlan& plan, std::vector<SweepCell>& cells, const std::function<void(size_t, size_t)>& progress) {
    std::error_code error;
    fs::create_directories(plan.output, error);
    if (error) throw InputError{plan.output.string(), "cannot be made: " + error.message()};
    write_list(plan, cells);  // from now on the directory is known to be a sweep
    std::vector<RecordingJob*> jobs;
    for (SweepCell& cell : cells) jobs.push_back(&cell);
    run_jobs(jobs, plan.jobs, progress);
    write_list(plan, cells);
}

}  // namespace tools
