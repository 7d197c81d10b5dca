// SPDX-License-Identifier: LGPL-2.1-or-later
// Resolves the directories and profiles of `stat`.
#include "stat_inputs.hpp"

#include <algorithm>
#include <fstream>

#include <nlohmann/json.hpp>

#include "command_line.hpp"
#include "error.hpp"
#include "printable.hpp"
#include "profile_selection.hpp"
#include "sweep_cells.hpp"

namespace tools {
namespace {

namespace fs = std::filesystem;

void add_cells(const fs::path& sweep, std::vector<fs::path>& directories, std::vector<std::string>* left_out) {
    std::ifstream in{sweep / sweep_file};
    const auto document = nlohmann::json::parse(in, nullptr, false);
    if (!document.is_object() || !document.contains("cells") || !document["cells"].is_array())
        throw InputError{(sweep / sweep_file).string(), "is damaged; run the sweep again"};
    const size_t before = directories.size();
    for (const auto& cell : document["cells"]) {
        const auto good = cell.find("good"), directory = cell.find("directory");
        if (!cell.is_object() || directory == cell.end() || !directory->is_string() || (good != cell.end() && !good->is_boolean()))
            throw InputError{(sweep / sweep_file).string(), "is damaged; run the sweep again"};
        const std::string name = directory->get<std::string>();
        if (good != cell.end() && *good == true) directories.push_back(sweep / name);
        else if (left_out) left_out->push_back(printable(name));
    }
    if (directories.size() == before) throw InputError{sweep.string(), "none of the sweep's recordings ended well; run it again with --resume"};
}

}  // namespace

std::vector<fs::path> trace_directories(const std::vector<std::string>& given, std::vector<std::string>* left_out) {
    std::vector<fs::path> directories;
    for (const std::string& d : given)
        if (fs::exists(fs::path{d} / sweep_file)) add_cells(d, directories, left_out);
        else directories.emplace_back(d);
    return directories;
}

std::vector<Profile> chosen_profiles(const fs::path& trace_directory, const RunInfo& run, const std::vector<std::string>& given) {
    std::vector<std::string> names;
    std::vector<Profile> files;
    const auto require_recorded = [&](const std::string& name, const std::string& subject) {
        if (std::find(run.profiles.begin(), run.profiles.end(), name) == run.profiles.end())
            throw InputError{subject, "profile '" + name + "' was not modelled in this recording; it has " + join(run.profiles)};
    };
    for (const std::string& list : given)
        for (const std::string& p : profile_words(list, run.profiles)) {
            if (is_profile_path(p)) files.push_back(read_profile(p)), require_recorded(files.back().name, p);
            else names.push_back(p), require_recorded(p, "--profile " + p);
        }
    std::vector<Profile> chosen;
    for (const std::string& name : run.profiles) {
        if (!names.empty() && std::find(names.begin(), names.end(), name) == names.end()) continue;
        const auto own = std::find_if(files.begin(), files.end(), [&](const Profile& p) { return p.name == name; });
        chosen.push_back(own == files.end() ? profile_of(trace_directory, name) : *own);
    }
    return chosen;
}

}  // namespace tools
