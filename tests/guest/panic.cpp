// SPDX-License-Identifier: LGPL-2.1-or-later
// The guest's panic() in a host test: an exception, so that a test can expect it.
#include <stdexcept>

#include "guest-kernel/mm/require.hpp"

namespace guest {

void panic(const char* reason) { throw std::logic_error(reason); }

}  // namespace guest
