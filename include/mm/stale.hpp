// SPDX-License-Identifier: LGPL-2.1-or-later
// Stale translations: those that a processor may still hold although the page tables say otherwise, because nothing that invalidates
// them (SDM vol. 3, 4.10.4) came between the change and the use.
#pragma once

#include <stdint.h>

namespace mm {

// What is wrong with a use of a stale translation: what the page tables say now.
enum class StaleKind : uint8_t {
    frame_changed,
    permission_removed,
    present_cleared,
    page_size_changed,    // and another frame
    table_freed,          // the directory entry led to a table that is free, or something else, by now
    dirty_cleared,        // a write that would not set D again
    global_cleared,       // the translation survives MOV CR3
    memory_type_changed,  // PWT, PCD or PAT
    pdpte_not_loaded,     // the PDPTE in memory is not what its register holds
    freed_table_used,     // a table that the guest has freed is still reached
};
inline constexpr unsigned stale_kinds = 10;
inline constexpr const char* stale_kind_labels[stale_kinds + 1] = {"frame_changed", "permission_removed", "present_cleared", "page_size_changed", "table_freed",
                                                    "dirty_cleared", "global_cleared", "memory_type_changed", "pdpte_not_loaded", "freed_table_used", nullptr};
constexpr const char* name(StaleKind k) { return stale_kind_labels[static_cast<unsigned>(k)]; }

// Which structure's entry was changed.
enum class TableLevel : uint8_t { pte, pde, pdpte };
inline constexpr unsigned table_levels = 3;
inline constexpr const char* table_level_labels[table_levels + 1] = {"pte", "pde", "pdpte", nullptr};
constexpr const char* name(TableLevel l) { return table_level_labels[static_cast<unsigned>(l)]; }

// How an entry came to be another.
enum class EntryWriter : uint8_t {
    instruction,    // of the CPU that used it
    device,         // DMA
    other_cpu,
    address_space,  // none: MOV CR3 brought tables that say something else about a global page
    freed,          // none: the guest published that the table is free
};
inline constexpr unsigned entry_writers = 5;
inline constexpr const char* entry_writer_labels[entry_writers + 1] = {"instruction", "device", "other_cpu", "address_space", "freed", nullptr};
constexpr const char* name(EntryWriter w) { return entry_writer_labels[static_cast<unsigned>(w)]; }

// What is known of a frame.
enum class FrameOwner : uint8_t { unknown, page_table, freed_table };
inline constexpr unsigned frame_owners = 3;
inline constexpr const char* frame_owner_labels[frame_owners + 1] = {"unknown", "page_table", "freed_table", nullptr};
constexpr const char* name(FrameOwner o) { return frame_owner_labels[static_cast<unsigned>(o)]; }

}  // namespace mm
