// SPDX-License-Identifier: LGPL-2.1-or-later
// A guest that runs an unmodified 32-bit Linux: its zones and regions, read from its memory with the symbols of its System.map as soon as they
// are set up.
//
//   each CR3 write and INVLPG --look()--> kernel there? --> zones there? --> regions complete? --> done
//   first return to user code --look(last)--> what is missing now will stay so: done, with a warning
#pragma once

#include "linux_regions.h"
#include "linux_zones.h"

namespace plugin {

class LinuxGuest {
public:
    // `file`: the System.map, which warnings name.
    explicit LinuxGuest(const std::string& file);

    // True: there is news in what follows.
    [[nodiscard]] bool look(const GuestMemory&, bool last);
    bool done() const { return done_; }

    const std::vector<RunInfo::Zone>& zones() const { return zones_; }
    const LinuxRegions& regions() const { return regions_; }
    const LinuxSymbols& symbols() const { return symbols_; }
    std::string name() const;                        // "Linux 6.1.0-50-686"; empty until the kernel is found
    const char* split() const;                       // "3:1"; empty for another border than those three
    const std::vector<std::string>& warnings() const { return warnings_; }

private:
    bool located(const GuestMemory&, bool last);
    void give_up(const GuestMemory&);

    const std::string file_;
    SystemMap map_;
    LinuxSymbols symbols_;
    std::vector<RunInfo::Zone> zones_;
    LinuxRegions regions_;
    std::vector<std::string> warnings_;
    unsigned searches_ = 0;
    bool done_ = false;
};

}  // namespace plugin
