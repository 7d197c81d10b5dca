// SPDX-License-Identifier: LGPL-2.1-or-later
// The CPU profiles of a recording, in the order in which the bochsrc line names them: built-in ones by name, others by the text form
// of their geometry (mm/mmu_geometry_text.hpp).
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "mm/mmu_geometries.hpp"
#include "mm/mmu_geometry_text.hpp"
#include "mm/page_record.hpp"

namespace plugin {

class ProfileChoice {
public:
    // Each returns what is wrong, or an empty string.
    [[nodiscard]] std::string add_built_in(const std::string& name);
    [[nodiscard]] std::string add_geometry(const std::string& text);

    // At least one: p6 if none was named. Valid as long as this.
    std::vector<const mm::MmuGeometry*> geometries() const;
    // "profile=p6", "geometry=..." for each that was named.
    std::vector<std::string> options() const;

private:
    // As the text form, the name of which outlives the geometry.
    struct Custom {
        char name[mm::max_profile_name + 1] = {};
        mm::MmuGeometry geometry;
    };
    std::string add(const mm::MmuGeometry*);

    std::deque<Custom> customs_;  // its elements keep their places
    std::vector<const mm::MmuGeometry*> chosen_;
};

// The text form of a geometry.
std::string to_text(const mm::MmuGeometry&);

}  // namespace plugin
