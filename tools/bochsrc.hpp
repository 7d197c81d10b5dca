// SPDX-License-Identifier: LGPL-2.1-or-later
// The configuration that a recording runs Bochs with. The same options give the same text, and the same text the same run.
#pragma once

#include <stdint.h>

#include <filesystem>
#include <string>
#include <vector>

#include "bochs-plugin/run_mark.h"
#include "data_media.hpp"

namespace tools {

// A modelled profile as the plugin's options name it.
struct ModelledProfile {
    std::string name, geometry;              // geometry: empty for a built-in one
};

struct MachineOptions {
    enum class Medium : uint8_t { cdrom, disk } medium = Medium::cdrom;
    std::filesystem::path image;             // what the machine boots; absolute
    DataMedia data;                          // none, or both; absolute
    std::filesystem::path scratch;           // directory for Bochs' temporary files; absolute
    uint64_t memory_mib = 1024;
    std::string cpu_model;                   // as RecordOptions has it
    unsigned cpus = 1;
    bool gui = false;
    bool debugger = false;                   // with `gui`: its windows beside the guest's screen
    // For the plugin.
    std::filesystem::path trace;             // absolute
    std::filesystem::path system_map;        // absolute; of a Linux guest whose zones are read from its memory
    std::string zones;                       // of a guest that publishes none, as words; empty: of one that does
    std::string split, paging;               // empty for a foreign guest
    std::vector<ModelledProfile> profiles;
    bool references = false;
    std::string stale;                       // empty: the plugin's default
    bool stop_on_stale = false;
    uint64_t instructions = 0;               // 0: no limit
    plugin::RunMark start, until;            // none: power-on, and the guest's own end
    bool record = true;                      // false: the guest only runs up to `until`
    std::filesystem::path live;              // socket for viewers, absolute; empty: none
    std::filesystem::path save, restored;    // saved boots, absolute: to be made at `until`, and the one that the machine comes from
};

inline constexpr uint64_t instructions_per_second = 50'000'000;  // of emulated time: Bochs' ips
inline constexpr char default_cpu_model[] = "p4_prescott_celeron_336";  // the oldest with PAE and NX

[[nodiscard]] std::string bochsrc_text(const MachineOptions& options);

}  // namespace tools
