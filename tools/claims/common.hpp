// SPDX-License-Identifier: LGPL-2.1-or-later
// What many claims' files need: machines in short, texts from numbers, the sources that are cited often.
#pragma once

#include "claim.hpp"
#include "mm/addr.hpp"
#include "tools/text_table.hpp"

namespace tools::claims {

inline constexpr const char* shared_splits[] = {"3:1", "2:2", "1:3"};  // one set of page tables for both halves
inline constexpr const char* every_split[] = {"3:1", "2:2", "1:3", "4:4"};
inline constexpr uint64_t kibibyte = 1024, mebibyte = 1024 * kibibyte, gibibyte = 1024 * mebibyte;
inline constexpr uint64_t mib_per_gib = 1024;

[[nodiscard]] inline Machine classic(const std::string& split, uint64_t memory_mib = mib_per_gib,
                                     const std::string& append = "") {
    return {split, "classic", memory_mib, append};
}
[[nodiscard]] inline Machine pae(const std::string& split, uint64_t memory_mib = mib_per_gib, const std::string& append = "") {
    return {split, "pae", memory_mib, append};
}

// "896 MiB"; whole mebibytes, rounded down.
[[nodiscard]] inline std::string in_mib(uint64_t bytes) { return grouped(bytes / mebibyte) + " MiB"; }

// Per instance, for a table.
[[nodiscard]] inline Cell each(const SpanFacts& s, uint64_t sum) { return s.each(sum); }

[[nodiscard]] inline Cell text(const std::string& s) { return s; }
[[nodiscard]] inline Cell yes_no(bool b) { return std::string{b ? "yes" : "no"}; }

// "12.5 (10-20) more cycles": a difference for a statement.
[[nodiscard]] inline std::string more_cycles(const Interval& extra) { return text_of(extra) + " cycles"; }

namespace source {
inline constexpr char molnar_2003[] = "I. Molnar, 4G/4G split on x86, linux-kernel, 9 Jul 2003";
inline constexpr char molnar_2004[] = "I. Molnar, linux-kernel, 6 Apr 2004";
inline constexpr char bligh_2003[] = "M. Bligh, linux-kernel, 9 Jul 2003";
inline constexpr char gorman[] = "M. Gorman, Understanding the Linux Virtual Memory Manager, chapter 2";
inline constexpr char highmem_doc[] = "Linux, Documentation/vm/highmem.rst";
inline constexpr char sdm_invalidation[] = "Intel SDM vol. 3, 4.10.4.1";
}  // namespace source

}  // namespace tools::claims
