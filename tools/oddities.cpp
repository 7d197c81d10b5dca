// SPDX-License-Identifier: LGPL-2.1-or-later
// The words for each kind of oddity.
#include "oddities.hpp"

#include "text_table.hpp"

namespace tools {
namespace {

struct Words {
    const char *kind, *text;
};
constexpr Words words[] = {
    {"table_in_device", "page-table entries read from a device"},
    {"table_in_rom", "page-table entries read from ROM"},
    {"table_beyond_memory", "page-table entries read from where no memory is"},
    {"table_write_lost", "accessed and dirty bits set in entries that did not keep them"},
    {"device_refused", "walks' reads or writes that a device has no answer for"},
    {"root_outside_memory", "page tables begun outside of RAM (CR3)"},
    {"reserved_bit", "walks that met a reserved bit"},
    {"pdpte_rejected", "loads of PDPTEs with reserved bits, refused"},
    {"efer_rejected", "writes to IA32_EFER, refused"},
    {"a20_masked", "walks to a frame that the A20 line hides"},
    {"double_fault", "double faults"},
};

}  // namespace

std::string oddity_line(const OddityInfo& oddity) {
    std::string text = oddity.kind;
    for (const Words& w : words)
        if (oddity.kind == w.kind) text = w.text;
    return "oddity: " + text + ": " + grouped(oddity.count) + " (first at " + oddity.first + ")";
}

}  // namespace tools
