// SPDX-License-Identifier: LGPL-2.1-or-later
// The plugin's own line in bochsrc:  zonescope: output=DIR, profile=p6, instructions=N, ...   README.md explains each.
#pragma once

#include <stdint.h>

#include <memory>
#include <string>

#include "may_hold.h"
#include "profile_choice.h"
#include "run_mark.h"

namespace plugin {

struct Options {
    bool enabled = false;                 // a zonescope line without enabled=0
    std::string output = "zonescope.trace";
    std::shared_ptr<ProfileChoice> profiles = std::make_shared<ProfileChoice>();
    bool references = false;              // every lookup is recorded
    StaleMode stale = StaleMode::used;    // the search for missing flushes
    bool stop_on_stale = false;           // its first report ends the run
    uint64_t instructions = 0;            // the run ends well after so many that were recorded; 0: no limit
    std::string system_map;               // of the Linux kernel that boots: its zones and regions are read from its memory
    std::string zones;                    // of a guest that publishes none, as words (zone_words.h)
    bool record = true;                   // false: the guest only runs, to be saved
    std::string save;                     // directory into which the machine is saved when it comes to `until`; empty: it is not
    std::string restored;                 // such a directory, from which the machine comes; empty: it was powered on
    RunMark start, until;                  // what the recording waits for (none: power-on), and what ends the run well
    std::string live;                     // path of a socket for viewers; empty: there is none
    std::string split, paging;            // for run.json: what `zonescope record` was told
};

// Takes one `key=value` of the line. Returns what is wrong with it and what to do, or an empty string.
[[nodiscard]] std::string parse_option(const std::string& text, Options& options);

// The line that would set these options, for Bochs' "save options".
std::string to_bochsrc(const Options& options);

}  // namespace plugin
