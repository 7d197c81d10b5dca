// SPDX-License-Identifier: LGPL-2.1-or-later
// Large files that are mostly zeros: a saved machine's memory and disk.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tools {

// Whole blocks of zeros in it take no room on the disk any more, if the file system can do so.
void dig_holes(const std::filesystem::path& file);

// A fingerprint of the files' contents in this order, holes or not: 64 bits, by which a change is noticed, but which is no proof against a
// forger. Throws InputError if one cannot be read.
[[nodiscard]] std::string content_hash(const std::vector<std::filesystem::path>& files);

}  // namespace tools
