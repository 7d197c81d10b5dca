// SPDX-License-Identifier: LGPL-2.1-or-later
// What the values of a profile must have in common, beyond each being of its kind.
#pragma once

namespace tools {

struct Profile;
class ProfileFile;

// Throws InputError with the file, the line and the key of the first contradiction.
void check_profile(const Profile& profile, const ProfileFile& file);

}  // namespace tools
