// SPDX-License-Identifier: LGPL-2.1-or-later
// What the verb `profiles` prints.
#pragma once

#include <iosfwd>
#include <vector>

#include "profile.hpp"

namespace tools {

// One line for each profile.
void print_profile_list(const std::vector<Profile>& profiles, std::ostream& out);

// Every figure with best, low, high, unit, meaning and source.
void print_profile(const Profile& profile, std::ostream& out);

}  // namespace tools
