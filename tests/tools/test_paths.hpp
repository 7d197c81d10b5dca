// SPDX-License-Identifier: LGPL-2.1-or-later
// Where the tests' files are; test_paths.cpp alone reads build-time configuration.
#pragma once

#include <filesystem>

namespace tests {

[[nodiscard]] std::filesystem::path data_directory();  // tests/tools/data in the sources
[[nodiscard]] std::filesystem::path program();         // the zonescope that was built

}  // namespace tests
