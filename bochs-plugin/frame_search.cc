// SPDX-License-Identifier: LGPL-2.1-or-later
// Every entry of every table below a root is looked at; what seems to lead to the frame is walked, so that the walk decides.
#include "frame_search.h"

#include <unordered_map>

#include "inspect.h"

namespace plugin {

using namespace mm;

namespace {

constexpr size_t most_mappings = 4096;
constexpr unsigned most_tables = 1u << 17;  // some seconds' worth; tables that name each other are no reason to go on for ever

class Search {
public:
    Search(const Machine& machine, Pfn wanted) : machine_{machine}, wanted_{wanted} {}

    void search(size_t number, const AddressSpace& space) {
        number_ = number, registers_ = &space.registers;
        const Control& c = space.registers.control;
        switch (c.mode()) {
        case PagingMode::none: return;
        case PagingMode::classic: return tables<Classic>(PhysAddr{c.cr3 & 0xFFFFF000}, 1, 0);
        case PagingMode::pae:
            for (unsigned gib = 0; gib < 4; ++gib)
                if (const Entry<Pae> e{space.registers.pdpte[gib]}; e.present()) tables<Pae>(address(e.frame()), 1, uint64_t{gib} << 30);
            return;
        case PagingMode::long_mode: return tables<Pae>(trace::long_root(space.registers), long_levels(c) - 1, 0);
        }
    }
    FrameUses uses;

private:
    // `level`: 0 is a table of 4 KiB pages. `linear`: the first address that the table maps.
    template <class F> void tables(PhysAddr table, unsigned level, uint64_t linear) {
        if (level == 0) {
            for (const uint16_t index : leading_there<F>(table)) found(linear + (uint64_t{index} << page_shift));
            return;
        }
        if (!may_go_on()) return;
        const unsigned shift = page_shift + F::index_bits * level;
        for (unsigned n = 0; n < entries_per_table<F>; ++n) {
            const Entry<F> e = load<F>(table, n);
            const uint64_t at = linear + (uint64_t{n} << shift);
            if (!e.present()) continue;
            if (level > 2 || !leaf_directory_entry(e, registers_->control)) tables<F>(address(e.frame()), level - 1, at);
            else if (const uint64_t page = wanted_.raw - uint64_t{first_frame(e, shift)}; page < uint64_t{1} << (shift - page_shift)) found(at + (page << page_shift));
        }
    }
    template <class F> Entry<F> load(PhysAddr table, unsigned n) const {
        constexpr unsigned bytes = sizeof(typename F::Raw);
        return Entry<F>{static_cast<typename F::Raw>(machine_.load(table + uint64_t{n} * bytes, bytes))};
    }
    template <class F> static uint32_t first_frame(Entry<F> e, unsigned shift) { return e.large_frame().raw & ~((1u << (shift - page_shift)) - 1); }

    // Tables are shared, by address spaces or within one: each is read once.
    template <class F> const std::vector<uint16_t>& leading_there(PhysAddr table) {
        const auto [place, is_new] = read_.try_emplace(table.raw);
        if (is_new && may_go_on())
            for (unsigned n = 0; n < entries_per_table<F>; ++n)
                if (const Entry<F> e = load<F>(table, n); e.present() && e.frame() == wanted_) place->second.push_back(static_cast<uint16_t>(n));
        return place->second;
    }

    void found(uint64_t linear) {
        const Control& c = registers_->control;
        if (c.mode() == PagingMode::long_mode && (linear & lower_half_end(long_levels(c)))) linear |= upper_half_start(long_levels(c));
        const Translation t = inspect_walk(machine_, *registers_, linear).translation;
        if (!t.mapped() || t.frame != wanted_) return;
        if (uses.mappings.size() == most_mappings) uses.cut = true;
        else uses.mappings.push_back({number_, linear, t.shift, t.permissions});
    }
    bool may_go_on() {
        if (tables_ == most_tables) uses.cut = true;
        else ++tables_;
        return !uses.cut;
    }

    const Machine& machine_;
    const Pfn wanted_;
    size_t number_ = 0;
    const trace::State* registers_ = nullptr;
    unsigned tables_ = 0;
    std::unordered_map<uint64_t, std::vector<uint16_t>> read_;
};

}  // namespace

FrameUses who_maps(const Machine& machine, const std::vector<AddressSpace>& spaces, Pfn frame) {
    Search search{machine, frame};
    for (size_t n = 0; n < spaces.size(); ++n) search.search(n, spaces[n]);
    return std::move(search.uses);
}

}  // namespace plugin
