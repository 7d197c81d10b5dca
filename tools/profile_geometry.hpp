// SPDX-License-Identifier: LGPL-2.1-or-later
// From a profile's figures to the geometry that the plugin simulates: each figure's best value.
#pragma once

#include <string>

#include "mm/mmu_geometry.hpp"
#include "profile.hpp"

namespace tools {

// The geometry's name is the profile's, which must outlive it.
[[nodiscard]] mm::MmuGeometry to_geometry(const Profile& profile);

// The same as one word (mm/mmu_geometry_text.hpp), for bochsrc.
[[nodiscard]] std::string geometry_text(const Profile& profile);

// One that the plugin knows by its name alone, with the same geometry.
[[nodiscard]] bool is_built_in(const Profile& profile);

}  // namespace tools
