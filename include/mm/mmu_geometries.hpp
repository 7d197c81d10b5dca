// SPDX-License-Identifier: LGPL-2.1-or-later
// The geometries of the built-in profiles, in the order of CPU generations. share/profiles/NAME.toml has the same numbers with
// their sources, intervals and costs; a test compares them.
#pragma once

#include "mm/mmu_geometry.hpp"

namespace mm {

namespace geometry_table {
constexpr TlbGeometry lru(unsigned entries, unsigned ways) { return {entries, ways, Replacement::lru}; }
constexpr TlbGeometry plru(unsigned entries, unsigned ways) { return {entries, ways, Replacement::tree_plru}; }
constexpr TlbGeometry full(unsigned entries) { return {entries, entries, Replacement::lru}; }

constexpr MmuGeometry made(const char* profile, bool global_pages) {
    MmuGeometry g;
    g.profile = profile, g.global_pages = global_pages;
    return g;
}

constexpr MmuGeometry i486() {
    MmuGeometry g = made("i486", false);
    g.unified = true, g.data = {plru(32, 4), {}};
    return g;
}
constexpr MmuGeometry p5() {
    MmuGeometry g = made("p5", false);
    g.instruction = {plru(32, 4), {}, true}, g.data = {plru(64, 4), plru(8, 4)};
    return g;
}
constexpr MmuGeometry p5mmx() {
    MmuGeometry g = made("p5mmx", false);
    g.instruction = {full(32), {}, true}, g.data = {full(64), {}, true};
    return g;
}
constexpr MmuGeometry p6() {
    MmuGeometry g = made("p6", true);
    g.instruction = {lru(32, 4), full(2)}, g.data = {lru(64, 4), lru(8, 4)};
    return g;
}
constexpr MmuGeometry p4() {
    MmuGeometry g = made("p4", true);
    g.instruction = {lru(128, 4), {}}, g.data = {full(64), {}, true};
    return g;
}
constexpr MmuGeometry pentium_m() {
    MmuGeometry g = made("pentium-m", true);
    g.instruction = {lru(128, 4), full(2)}, g.data = {lru(128, 4), full(8)};
    return g;
}
constexpr MmuGeometry bonnell() {
    MmuGeometry g = made("bonnell", true);
    g.instruction = {full(32), {}}, g.data = {full(16), {}, true};
    g.second_data = {lru(64, 4), lru(8, 4)}, g.pde_cache = full(16);
    return g;
}
constexpr MmuGeometry core2() {
    MmuGeometry g = made("core2", true);
    g.instruction = {lru(128, 4), lru(4, 4)}, g.data = {lru(16, 4), lru(16, 4)}, g.loads_only = true;
    g.second_data = {lru(256, 4), lru(32, 4)}, g.pde_cache = full(16);
    return g;
}
constexpr MmuGeometry nehalem() {
    MmuGeometry g = made("nehalem", true);
    g.instruction = {lru(64, 4), full(7)}, g.data = {lru(64, 4), lru(32, 4)};
    g.second_data = {lru(512, 4), {}}, g.second_unified = true, g.pde_cache = full(16);
    return g;
}
constexpr MmuGeometry skylake() {
    MmuGeometry g = made("skylake", true);
    g.instruction = {lru(128, 8), full(8)}, g.data = {lru(64, 4), lru(32, 4)};
    g.second_data = {lru(1536, 12), {}, true}, g.second_unified = true, g.pde_cache = full(32);
    return g;
}
constexpr MmuGeometry k7() {
    MmuGeometry g = made("k7", true);
    g.instruction = {full(16), full(8)}, g.data = {full(24), full(8)};
    g.second_instruction = g.second_data = {lru(256, 4), {}}, g.inclusion = Inclusion::exclusive, g.pde_cache = full(24);
    return g;
}
constexpr MmuGeometry k8() {
    MmuGeometry g = made("k8", true);
    g.instruction = {full(32), full(8)}, g.data = {full(32), full(8)};
    g.second_instruction = g.second_data = {lru(512, 4), {}}, g.inclusion = Inclusion::exclusive, g.pde_cache = full(24);
    return g;
}
constexpr MmuGeometry geode_lx() {
    MmuGeometry g = made("geode-lx", true);
    g.instruction = {full(16), {}}, g.data = {full(16), {}};
    g.second_data = {lru(64, 2), {}}, g.second_unified = true, g.pde_cache = full(12);
    return g;
}
}  // namespace geometry_table

inline constexpr MmuGeometry mmu_geometries[] = {
    geometry_table::i486(), geometry_table::p5(), geometry_table::p5mmx(), geometry_table::p6(), geometry_table::p4(),
    geometry_table::pentium_m(), geometry_table::bonnell(), geometry_table::core2(), geometry_table::nehalem(), geometry_table::skylake(),
    geometry_table::k7(), geometry_table::k8(), geometry_table::geode_lx()};

// The row of that name, or nullptr.
constexpr const MmuGeometry* find_geometry(const char* profile) {
    for (const MmuGeometry& g : mmu_geometries) {
        const char *a = g.profile, *b = profile;
        while (*a && *a == *b) ++a, ++b;
        if (*a == *b) return &g;
    }
    return nullptr;
}
static_assert(find_geometry("p5mmx")->data.small.entries == 64 && !find_geometry("p5m"));

static_assert([] {
    for (const MmuGeometry& g : mmu_geometries)
        if (inconsistency(g)) return false;
    return true;
}());

}  // namespace mm
