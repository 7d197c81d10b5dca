// SPDX-License-Identifier: LGPL-2.1-or-later
// The words that the rules' cases are written in: *_rules_test.cpp, in this namespace.
#pragma once

#include <gtest/gtest.h>

#include "one_cpu.hpp"

namespace reference::rules {

using mm::VirtAddr;
using enum mm::AccessKind;
using By = ServedBy;

constexpr VirtAddr page(uint32_t n) { return VirtAddr{n << 12}; }

}  // namespace reference::rules
