// SPDX-License-Identifier: LGPL-2.1-or-later
// Geometries that no CPU has: small, so that everything is evicted soon, and of every shape that a profile may have.
#pragma once

#include <random>
#include <string>

#include "mm/mmu_geometry.hpp"

namespace reference {

class RandomGeometry final {
public:
    explicit RandomGeometry(uint64_t seed) : random_{seed} {}

    mm::MmuGeometry operator()() {
        for (;;) {
            mm::MmuGeometry g = draw();
            if (!mm::inconsistency(g)) return g;
        }
    }

private:
    bool one_in(unsigned n) { return random_() % n == 0; }

    mm::TlbGeometry tlb(unsigned largest) {
        mm::TlbGeometry g;
        g.replacement = static_cast<mm::Replacement>(random_() % 3);
        g.ways = g.replacement == mm::Replacement::tree_plru ? 1u << random_() % 4 : 1 + static_cast<unsigned>(random_() % 8);
        g.entries = g.ways << random_() % 3;
        while (g.entries > largest && g.entries > g.ways) g.entries /= 2;
        return g;
    }
    mm::TlbLevel level(unsigned largest) {
        mm::TlbLevel l;
        l.small = tlb(largest);
        if (one_in(3)) l.shared = true;
        else if (one_in(2)) l.large = tlb(4);
        return l;
    }
    mm::MmuGeometry draw() {
        mm::MmuGeometry g;
        g.profile = "random";
        g.global_pages = !one_in(3);
        g.unified = one_in(4);
        g.data = level(16);
        if (!g.unified) g.instruction = level(16);
        if (!one_in(3)) g.second_data = level(32);
        g.second_unified = g.second_data.exists() && one_in(2);
        if (!g.second_unified && one_in(2)) g.second_instruction = level(32);
        g.loads_only = one_in(4);
        g.inclusion = static_cast<mm::Inclusion>(random_() % 3);
        if (one_in(2)) g.pde_cache = tlb(8);
        return g;
    }

    std::mt19937_64 random_;
};

inline std::string describe(const mm::TlbGeometry& t) {
    if (!t.exists()) return "-";
    return std::to_string(t.entries) + "/" + std::to_string(t.ways) + mm::name(t.replacement);
}
inline std::string describe(const mm::TlbLevel& l) { return describe(l.small) + (l.shared ? " shared" : ":" + describe(l.large)); }
inline std::string describe(const mm::MmuGeometry& g) {
    return std::string{g.profile} + (g.global_pages ? " global" : "") + (g.unified ? " unified" : "") + (g.loads_only ? " loads-only" : "") +
           " I " + describe(g.instruction) + " D " + describe(g.data) + " 2I " + describe(g.second_instruction) + " 2D " + describe(g.second_data) +
           (g.second_unified ? " second-unified " : " ") + mm::name(g.inclusion) + " pde " + describe(g.pde_cache);
}

}  // namespace reference
