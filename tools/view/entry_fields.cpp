// SPDX-License-Identifier: LGPL-2.1-or-later
// Tables of bits.
#include "tools/view/entry_fields.hpp"

#include <algorithm>
#include <iterator>

namespace tools::view {
namespace {

constexpr unsigned top = 0xFF;  // stands for the highest bit of a physical address

// One field of an entry: `clear` is the meaning of 0, `set` of anything else.
struct Row {
    unsigned high, low;
    const char *name, *clear, *set;
};

constexpr Row present{0, 0, "P", "not present: the other bits are the system's", "present"};
constexpr Row writable{1, 1, "R/W", "writes are not allowed", "writes are allowed"};
constexpr Row user{2, 2, "U/S", "supervisor only", "programs may use it"};
constexpr Row write_through{3, 3, "PWT", "cached write-back", "cached write-through"};
constexpr Row cache_disable{4, 4, "PCD", "may be cached", "not cached"};
constexpr Row accessed{5, 5, "A", "not used since it was cleared", "used for a translation"};
constexpr Row dirty{6, 6, "D", "not written since it was cleared", "written"};
constexpr Row ignored_6{6, 6, "-", "ignored", "ignored"};
constexpr Row to_table{7, 7, "PS", "names a page table", "names a page table: CR4.PSE is clear"};
constexpr Row to_page{7, 7, "PS", "", "maps a large page"};
constexpr Row pat_7{7, 7, "PAT", "0: memory type by PWT and PCD", "1: memory type by the upper half of IA32_PAT"};
constexpr Row pat_12{12, 12, "PAT", "0: memory type by PWT and PCD", "1: memory type by the upper half of IA32_PAT"};
constexpr Row global{8, 8, "G", "goes with MOV CR3", "survives MOV CR3 if CR4.PGE is set"};
constexpr Row available{11, 9, "AVL", "free for the system", "free for the system"};
constexpr Row available_4{11, 8, "AVL", "free for the system", "free for the system"};
constexpr Row no_execute{63, 63, "XD", "may be executed", "may not be executed if IA32_EFER.NXE is set"};
constexpr Row beyond{62, top, "-", "reserved: must be 0", "reserved: must be 0, faults"};
constexpr Row frame{31, 12, "frame", "of the page", "of the page"};
constexpr Row table{31, 12, "frame", "of the page table", "of the page table"};
constexpr Row pae_frame{top, 12, "frame", "of the page", "of the page"};
constexpr Row pae_table{top, 12, "frame", "of the page table", "of the page table"};

constexpr Row cr3_rows[] = {{31, 12, "frame", "of the page directory", "of the page directory"}, {11, 5, "-", "ignored", "ignored"}, cache_disable, write_through, {2, 0, "-", "ignored", "ignored"}};
constexpr Row pde_rows[] = {table, available_4, to_table, ignored_6, accessed, cache_disable, write_through, user, writable, present};
constexpr Row large_pde_rows[] = {{31, 22, "frame", "bits 31:22 of the large page's address", "bits 31:22 of the large page's address"},
                                  {21, 21, "-", "reserved: must be 0", "reserved: must be 0, faults"},
                                  {20, 13, "PSE-36", "bits 39:32 of the large page's address", "bits 39:32 of the large page's address"},
                                  pat_12, available, global, to_page, dirty, accessed, cache_disable, write_through, user, writable, present};
constexpr Row pte_rows[] = {frame, available, global, pat_7, dirty, accessed, cache_disable, write_through, user, writable, present};
constexpr Row pae_cr3_rows[] = {{31, 5, "PDPT", "address / 32 of the four pointers to directories", "address / 32 of the four pointers to directories"}, {4, 0, "-", "ignored", "ignored"}};
constexpr Row pdpte_rows[] = {{63, top, "-", "reserved: must be 0", "reserved: must be 0, faults when it is loaded"},
                              {top, 12, "frame", "of the page directory", "of the page directory"}, available,
                              {8, 5, "-", "reserved: must be 0", "reserved: must be 0, faults when it is loaded"}, cache_disable, write_through,
                              {2, 1, "-", "reserved: must be 0", "reserved: must be 0, faults when it is loaded"}, present};
constexpr Row pae_pde_rows[] = {no_execute, beyond, pae_table, available_4, to_table, ignored_6, accessed, cache_disable, write_through, user, writable, present};
constexpr Row pae_large_pde_rows[] = {no_execute, beyond, {top, 21, "frame", "bits from 21 up of the large page's address", "bits from 21 up of the large page's address"},
                                      {20, 13, "-", "reserved: must be 0", "reserved: must be 0, faults"},
                                      pat_12, available, global, to_page, dirty, accessed, cache_disable, write_through, user, writable, present};
constexpr Row pae_pte_rows[] = {no_execute, beyond, pae_frame, available, global, pat_7, dirty, accessed, cache_disable, write_through, user, writable, present};
constexpr Row absent_rows[] = {{31, 1, "-", "free for the system", "free for the system"}, present};
constexpr Row pae_absent_rows[] = {{63, 1, "-", "free for the system", "free for the system"}, present};

struct Rows {
    const Row *begin, *end;
};
template <size_t N> constexpr Rows all(const Row (&rows)[N]) { return {rows, rows + N}; }
constexpr Rows rows_of[] = {all(cr3_rows), all(pde_rows), all(large_pde_rows), all(pte_rows),
                            all(pae_cr3_rows), all(pdpte_rows), all(pae_pde_rows), all(pae_large_pde_rows), all(pae_pte_rows)};

bool is_register(EntryKind kind) { return kind == EntryKind::cr3 || kind == EntryKind::pae_cr3; }

}  // namespace

std::vector<BitField> entry_fields(EntryKind kind, uint64_t value, unsigned physical_bits) {
    const bool absent = !is_register(kind) && !(value & 1), pae = kind >= EntryKind::pae_cr3;
    const Rows rows = absent ? (pae ? all(pae_absent_rows) : all(absent_rows)) : rows_of[static_cast<size_t>(kind)];
    const unsigned highest = std::clamp(physical_bits, 32u, 52u) - 1;
    std::vector<BitField> fields;
    for (const Row* r = rows.begin; r != rows.end; ++r) {
        const unsigned high = r->high == top ? highest : r->high, low = r->low == top ? highest + 1 : r->low;
        const uint64_t bits = value >> low & ((uint64_t{1} << (high - low + 1)) - 1);
        fields.push_back({high, low, r->name, bits, bits ? r->set : r->clear});
    }
    return fields;
}

}  // namespace tools::view
