// SPDX-License-Identifier: LGPL-2.1-or-later
// The only file of these tests that reads build-time configuration.
#include "test_paths.hpp"

namespace tests {

std::filesystem::path data_directory() { return ZONESCOPE_TEST_DATA; }
std::filesystem::path program() { return ZONESCOPE_PROGRAM; }

}  // namespace tests
