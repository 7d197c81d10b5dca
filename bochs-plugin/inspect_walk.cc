// SPDX-License-Identifier: LGPL-2.1-or-later
// A page walk step by step. mm's walks decide; here each entry that they used gets its name.
#include "inspect.h"

#include "mm/page_walk.hpp"

namespace plugin {

using namespace mm;

namespace {

void end_at(WalkInspection& w) {
    if (w.steps.empty()) return;
    w.steps.back().leaf = w.translation.mapped();
    w.steps.back().reserved = w.translation.status == WalkStatus::reserved_bit;
}

WalkStep step(const Machine& machine, WalkTable table, unsigned index, PhysAddr at, uint64_t value) {
    return {table, index, at, value, false, value, machine.kind(at), false, false};
}

template <class F> void add_steps(WalkInspection& w, const Machine& machine, const PageWalk& walk) {
    const VirtAddr a{static_cast<uint32_t>(w.linear)};
    if (walk.reads > 0) w.steps.push_back(step(machine, WalkTable::directory, directory_index<F>(a), walk.pde_at, walk.pde));
    if (walk.reads > 1) w.steps.push_back(step(machine, WalkTable::table, table_index<F>(a), walk.pte_at, walk.pte));
}

// MOV CR3 has read the four entries; a walk uses the registers.
WalkStep pdpte_step(const Machine& machine, const trace::State& s, VirtAddr a) {
    const unsigned index = pdpte_index(a);
    const PhysAddr at{(s.control.cr3 & 0xFFFFFFE0) + index * sizeof(uint64_t)};
    return {WalkTable::pdpt, index, at, s.pdpte[index], true, machine.load(at, sizeof(uint64_t)), machine.kind(at), false, false};
}

void long_steps(WalkInspection& w, const Machine& machine, const trace::State& s) {
    const LongWalk walk = long_walk(trace::long_root(s), w.linear, s.control, [&](PhysAddr at) { return machine.load(at, sizeof(uint64_t)); });
    unsigned level = long_levels(s.control);
    for (unsigned n = 0; n < walk.reads; ++n) {
        --level;
        const unsigned index = static_cast<unsigned>(w.linear >> (page_shift + long_index_bits * level) & 511);
        w.steps.push_back(step(machine, static_cast<WalkTable>(level), index, walk.at[n], walk.entry[n]));
    }
    w.translation = walk.translation;
}

}  // namespace

WalkInspection inspect_walk(const Machine& machine, const trace::State& s, uint64_t linear) {
    WalkInspection w;
    w.linear = linear;
    w.mode = s.control.mode();
    w.cr3 = uint64_t{s.cr3_high} << 32 | s.control.cr3;
    if (w.mode != PagingMode::long_mode) w.linear &= 0xFFFFFFFF;
    const VirtAddr a{static_cast<uint32_t>(w.linear)};
    switch (w.mode) {
    case PagingMode::none:
        w.translation = {WalkStatus::mapped, frame_of(PhysAddr{w.linear}), page_shift, {true, true, true, false}};
        break;
    case PagingMode::long_mode:
        long_steps(w, machine, s);
        end_at(w);
        break;
    default:
        const PageWalk walk = page_walk(a, Access{}, s.control, s.pdpte, nullptr, [&](PhysAddr at, unsigned bytes) { return machine.load(at, bytes); });
        w.translation = walk.translation;
        if (w.mode == PagingMode::pae) w.steps.push_back(pdpte_step(machine, s, a)), add_steps<Pae>(w, machine, walk);
        else add_steps<Classic>(w, machine, walk);
        end_at(w);
    }
    return w;
}

}  // namespace plugin
