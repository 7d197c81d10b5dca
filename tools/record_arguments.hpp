// SPDX-License-Identifier: LGPL-2.1-or-later
// The command line of a recording, which `record` and `debug` have in common.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "record_options.hpp"
#include "profile_selection.hpp"
#include "recorder.hpp"

namespace tools {

struct RecordArguments {
    RecordOptions record;
    std::string memory = "1G", profiles = default_profile, image, system_map, zones, output;
    std::vector<std::string> for_our_kernel;  // names of the options given that only it obeys
    std::set<std::string> given;              // and of those given that say what the machine is
};

// `gui`: what --gui does.
void add_record_arguments(CLI::App& verb, RecordArguments& o, const std::string& gui);
// After the command line is parsed: which options the user gave.
void note_given(const CLI::App& verb, RecordArguments& o);
// o.record, from what the user wrote. Throws InputError; says on stderr what is without effect.
void complete_options(RecordArguments& o, const char* verb);

// "3:1 classic 1024M", or the image's name.
[[nodiscard]] std::string guest_title(const RecordOptions& o);

}  // namespace tools
