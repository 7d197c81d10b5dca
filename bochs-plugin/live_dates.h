// SPDX-License-Identifier: LGPL-2.1-or-later
// When what a viewer inspects came to be as it is: walks tell when translations were cached, writes of page tables when entries changed. It
// exists only while a viewer is attached; what came before that is not known, and never guessed.
#pragma once

#include <optional>
#include <unordered_map>
#include <vector>

#include "cpu_listener.h"
#include "inspect.h"
#include "table_watch.h"

namespace plugin {

// In ticks. `at`: then; `not_before`: then or later; `before`: then or earlier.
struct CachedSince {
    enum class Kind : uint8_t { not_known, at, not_before, before } kind = Kind::not_known;
    uint64_t tick = 0;
};
// At most one of them: the tick of the last change but for A and D, or the tick since which there was none.
struct EntryDates {
    std::optional<uint64_t> changed, unchanged_since;
};

class LiveDates final : public CpuListener {
public:
    static constexpr size_t most_changes = 1u << 20;  // of entries that are kept, some 50 MiB; then all are forgotten

    // Begins at the tick `since`. `tables` outlives this, and says of which frames writes are followed; null: of none.
    LiveDates(unsigned cpus, unsigned profiles, const TableWatch* tables, uint64_t since);

    // Of what inspect_mmu() shows of a profile.
    CachedSince cached(const CpuState&, unsigned profile, mm::MmuModel::Level, const CachedTranslation&) const;
    CachedSince cached(const CpuState&, unsigned profile, const CachedDirectoryEntry&) const;
    EntryDates entry(mm::PhysAddr) const;

    void walked(const CpuState&, const mm::trace::ModelWalk&) override;
    void changed(const CpuState&, const EntryChange&) override;
    void begins(const CpuState&) override;
    void found_table(mm::Pfn, uint64_t tick);  // whose writes were not followed before

private:
    enum Column : unsigned { fetch, data, directory, columns };
    struct Walks {                             // of a CPU: the tick of the last walk that cached a translation; 0: none
        Sparse<uint64_t> pages;                // by small page, profile, and fetch or data
        std::vector<uint64_t> slots;           // by what a directory entry maps, profile and column: of large pages, and of the entry itself
    };
    size_t page_place(uint32_t page, unsigned profile, Column c) const { return (size_t{page} * profiles_ + profile) * directory + c; }
    size_t slot_place(uint32_t slot, unsigned profile, Column c) const { return (size_t{slot} * profiles_ + profile) * columns + c; }
    void forget_tables(uint64_t now);

    const unsigned profiles_;
    const TableWatch* const tables_;
    const uint64_t since_;
    uint64_t tables_since_;
    std::vector<Walks> cpus_;
    std::unordered_map<uint64_t, uint64_t> changes_;       // by address: the tick
    std::unordered_map<uint32_t, uint64_t> tables_found_;  // by frame, if later than tables_since_
};

}  // namespace plugin
