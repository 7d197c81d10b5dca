// SPDX-License-Identifier: LGPL-2.1-or-later
// The sentences of a report of a missing flush, one each, without a full stop.
#pragma once

#include "stale_output.hpp"

namespace tools {

[[nodiscard]] std::string access_words(const StaleReport& r, const StaleNames& names);    // what was used, and by whom: for the headline
[[nodiscard]] std::string use_words(const StaleReport& r, const StaleNames& names);
[[nodiscard]] std::string change_words(const StaleReport& r, const StaleNames& names);
[[nodiscard]] std::string entries_words(const StaleReport& r);                            // the entry before and after: a line each
[[nodiscard]] std::string cached_words(const StaleReport& r, const StaleNames& names);
[[nodiscard]] std::string hardware_words(const StaleReport& r, const StaleNames& names);  // what the stale translation leads to
[[nodiscard]] std::string tables_words(const StaleReport& r, const StaleNames& names);    // what the page tables say instead
[[nodiscard]] std::string flushes_words(const StaleReport& r, const StaleNames& names);   // what the guest did flush, and why it did not do
[[nodiscard]] std::string escape_words(const StaleReport& r, const StaleNames& names);    // why the guest may run well all the same
[[nodiscard]] std::string mode_words(const std::string& mode);

}  // namespace tools
