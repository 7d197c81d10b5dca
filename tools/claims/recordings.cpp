// SPDX-License-Identifier: LGPL-2.1-or-later
// Plans, keeps and makes the recordings of the claims.
#include "recordings.hpp"

#include <algorithm>
#include <fstream>

#include <nlohmann/json.hpp>

#include "tools/command_line.hpp"
#include "tools/paths.hpp"

namespace tools::claims {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

void check_output(const fs::path& d) {
    if (d.empty()) throw InputError{"-o", "names no directory"};
    if (!fs::exists(d)) return;
    if (!fs::is_directory(d)) throw InputError{d.string(), "is a file; give a new directory to -o"};
    if (!fs::is_empty(d) && !fs::exists(d / claims_file))
        throw InputError{d.string(), "is not empty and no former run of claims, so it is left alone; give a new directory to -o"};
}

// A damaged list is no list: everything is then recorded anew.
ordered_json read_list(const fs::path& output) {
    std::ifstream in{output / claims_file};
    ordered_json document = ordered_json::parse(in, nullptr, false);
    const bool good = document.is_object() && document.value("schema", 0) == claims_schema && document.contains("recordings") &&
                      document["recordings"].is_array();
    return good ? document : ordered_json{{"schema", claims_schema}, {"recordings", ordered_json::array()}};
}

void write_list(const fs::path& output, const ordered_json& document) {
    const fs::path file = output / claims_file, beside = file.string() + ".new";
    std::ofstream out{beside};
    out << document.dump(2) << '\n';
    out.close();
    if (!out) throw Failure{beside.string(), "cannot be written; is the disk full?"};
    fs::rename(beside, file);
}

ordered_json entry_of(const Recording& r) {
    return {{"directory", directory_name(r.machine)}, {"split", r.machine.split},         {"paging", r.machine.paging},
            {"memory_mib", r.machine.memory_mib},     {"append", r.options.append},       {"initramfs", r.options.initramfs},
            {"workload", r.options.workload},         {"profiles", r.options.profiles},     {"good", r.status == Status::done}, {"problem", r.problem}};
}

// The run ended by itself, well or with the guest's own report of a failure: it would end so again.
bool ended(const fs::path& directory) {
    try {
        const RunInfo run = read_run_info(directory);
        return run.complete && run.reason == EndReason::shutdown;
    } catch (const Error&) {
        return false;
    }
}

bool newer_than_kernel(const Recording& r) {
    std::error_code error;
    const auto recorded = fs::last_write_time(r.options.output / hidden_directory / run_file, error);
    const auto built = fs::last_write_time(kernel_file(r.options.split, r.options.paging), error);
    return !error && built < recorded;
}

// A former recording may have modelled more profiles than are wanted now.
bool has_profiles(const ordered_json& former, const std::vector<std::string>& wanted) {
    if (!former.contains("profiles") || !former["profiles"].is_array()) return false;
    const ordered_json& has = former["profiles"];
    return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& p) { return std::find(has.begin(), has.end(), p) != has.end(); });
}

void keep_if_there(Recording& r, const ordered_json& list) {
    ordered_json wanted = entry_of(r);
    for (const ordered_json& former : list["recordings"]) {
        if (!former.is_object() || former.value("directory", "") != wanted["directory"] || !has_profiles(former, r.options.profiles)) continue;
        wanted["profiles"] = former["profiles"];
        wanted["good"] = former.value("good", false);
        wanted["problem"] = former.value("problem", "");
        if (former != wanted || !ended(r.options.output) || !newer_than_kernel(r)) return;
        r.kept = true;
        r.status = former.value("good", false) ? Status::done : Status::failed;
        r.problem = former.value("problem", "");
        r.options.profiles = former["profiles"].get<std::vector<std::string>>();
    }
}

std::vector<std::string> workloads_for(const Machine& machine, const std::vector<Claim>& all) {
    std::vector<std::string> names;
    for (const Claim& claim : all)
        for (const Need& need : claim.needs)
            if (need.machine == machine)
                for (const std::string& w : need.workloads)
                    if (std::find(names.begin(), names.end(), w) == names.end()) names.push_back(w);
    return names;
}

}  // namespace

std::vector<Recording> recordings_for(const std::vector<const Claim*>& chosen, const std::vector<Claim>& all,
                                      const std::vector<std::string>& profiles, const fs::path& output) {
    check_output(output);
    const ordered_json list = read_list(output);
    std::vector<Recording> recordings;
    for (const Claim* claim : chosen)
        for (const Need& need : claim->needs) {
            const auto same = [&](const Recording& r) { return r.machine == need.machine; };
            if (std::any_of(recordings.begin(), recordings.end(), same)) continue;
            Recording r;
            r.machine = need.machine;
            r.options = options_for(need.machine);
            r.options.output = output / directory_name(need.machine);
            r.options.profiles = profiles;
            const std::vector<std::string> workloads = workloads_for(need.machine, all);
            r.options.workload = workloads.empty() ? "none" : join(workloads, ",");
            keep_if_there(r, list);
            recordings.push_back(std::move(r));
        }
    return recordings;
}

void make_recordings(std::vector<Recording>& recordings, const fs::path& output, unsigned at_a_time,
                     const std::function<void(size_t, size_t)>& progress) {
    std::error_code error;
    fs::create_directories(output, error);
    if (error) throw InputError{output.string(), "cannot be made: " + error.message()};
    // Until they are made, what is about to be replaced is not on the list: a run that is killed leaves no wrong entry.
    ordered_json document = read_list(output);
    const auto about_to_be_made = [&](const ordered_json& entry) {
        return std::any_of(recordings.begin(), recordings.end(), [&](const Recording& r) {
            return !r.kept && entry.value("directory", "") == directory_name(r.machine);
        });
    };
    ordered_json entries = ordered_json::array();
    for (const ordered_json& entry : document["recordings"])
        if (entry.is_object() && !about_to_be_made(entry)) entries.push_back(entry);
    document["recordings"] = entries;
    document.erase("claims");
    write_list(output, document);

    std::vector<RecordingJob*> jobs;
    for (Recording& r : recordings) jobs.push_back(&r);
    run_jobs(jobs, at_a_time, progress);

    for (const Recording& r : recordings)
        if (r.recorded && ended(r.options.output)) document["recordings"].push_back(entry_of(r));
    write_list(output, document);
}

std::vector<Evidence> evidence_from(const std::vector<Recording>& recordings, const std::vector<std::string>& profiles) {
    std::vector<Evidence> evidence(profiles.size());
    for (const Recording& r : recordings) {
        Facts none;
        none.machine = r.machine;
        std::vector<Facts> facts(profiles.size(), none);
        std::string problem;
        try {
            if ((r.kept || r.recorded) && ended(r.options.output)) {
                facts = read_facts(r.machine, r.options.output, profiles);
                for (Facts& f : facts) f.recorded = true;
            }
        } catch (const Error& e) {
            problem = e.what();
        }
        if (r.status != Status::done) problem = r.problem;
        for (size_t p = 0; p < profiles.size(); ++p) {
            facts[p].problem = problem;
            facts[p].good = problem.empty();
            evidence[p].add(std::move(facts[p]));
        }
    }
    return evidence;
}

void write_results(const fs::path& output, const ordered_json& claims) {
    ordered_json document = read_list(output);
    document["claims"] = claims;
    write_list(output, document);
}

}  // namespace tools::claims
