// SPDX-License-Identifier: LGPL-2.1-or-later
// Selects, keeps and finds the profiles of a recording.
#include "profile_selection.hpp"

#include <algorithm>
#include <fstream>

#include "command_line.hpp"
#include "error.hpp"
#include "mm/mmu_geometries.hpp"
#include "profile_geometry.hpp"

namespace tools {
namespace {

namespace fs = std::filesystem;

fs::path kept_file(const fs::path& trace, const std::string& name) { return trace / hidden_directory / kept_profiles / (name + ".toml"); }

void add(std::vector<Profile>& selected, Profile profile, const std::string& option) {
    if (mm::find_geometry(profile.name.c_str()) && !is_built_in(profile))
        throw InputError{profile.file.string(), "'" + profile.name + "' is the name of a built-in profile with other TLBs; give this one a name of its own"};
    if (std::any_of(selected.begin(), selected.end(), [&](const Profile& p) { return p.name == profile.name; }))
        throw InputError{option + " " + profile.name, "there are two profiles of this name; give each once, or another name to one of the files"};
    selected.push_back(std::move(profile));
}

}  // namespace

std::vector<std::string> built_in_profiles() {
    std::vector<std::string> names;
    for (const mm::MmuGeometry& g : mm::mmu_geometries) names.emplace_back(g.profile);
    return names;
}

std::vector<std::string> profile_words(const std::string& list, const std::vector<std::string>& all) {
    std::vector<std::string> words;
    for (size_t from = 0; from <= list.size();) {
        const size_t comma = std::min(list.find(',', from), list.size());
        const std::string word = list.substr(from, comma - from);
        from = comma + 1;
        if (word.empty()) throw InputError{"--profile " + (list.empty() ? "''" : list), "a name is missing; give names and .toml files with one comma between two"};
        if (word != "all") words.push_back(word);
        else words.insert(words.end(), all.begin(), all.end());
    }
    return words;
}

std::vector<Profile> select_profiles(const std::vector<std::string>& words, const std::string& option) {
    const std::vector<std::string> known = built_in_profiles();
    std::vector<Profile> selected;
    for (const std::string& word : words) {
        if (is_profile_path(word)) add(selected, read_profile(word), option);
        else if (std::find(known.begin(), known.end(), word) != known.end()) add(selected, find_profile(word), option);
        else throw InputError{option + " " + word, "not known; give some of " + join(known) + ", the path of a .toml file, or all"};
    }
    if (selected.size() > most_profiles)
        throw InputError{option, "these are " + std::to_string(selected.size()) + " profiles; a recording holds at most " + std::to_string(most_profiles)};
    return selected;
}

void keep_profiles(const std::vector<Profile>& profiles, const fs::path& trace_directory) {
    for (const Profile& p : profiles) {
        const fs::path file = kept_file(trace_directory, p.name);
        std::error_code error;
        fs::create_directories(file.parent_path(), error);
        std::ofstream out{file, std::ios::binary};
        out << p.text;
        out.close();
        if (!out) throw Failure{file.string(), "cannot be written; is the disk full?"};
    }
}

Profile profile_of(const fs::path& trace_directory, const std::string& name) {
    const fs::path kept = kept_file(trace_directory, name);
    return fs::exists(kept) ? read_profile(kept) : find_profile(name);
}

std::vector<Profile> profiles_of(const fs::path& trace_directory, const RunInfo& run) {
    std::vector<Profile> profiles;
    for (const std::string& name : run.profiles) profiles.push_back(profile_of(trace_directory, name));
    return profiles;
}

}  // namespace tools
