// SPDX-License-Identifier: LGPL-2.1-or-later
// One set-associative array, as slow and plain as it can be written: explicit time stamps, explicit tree bits, searches.
#pragma once

#include <optional>
#include <vector>

#include "mm/mmu_geometry.hpp"

namespace reference {

// An Item has number(): its set is that number modulo the number of sets.
template <class Item>
class NaiveTlb final {
public:
    explicit NaiveTlb(const mm::TlbGeometry& g) : geometry_{g} {
        if (g.entries) sets_.resize(g.entries / g.ways, Set(g));
    }

    [[nodiscard]] bool exists() const { return !sets_.empty(); }

    // The item of that number that satisfies the condition, if there is one.
    template <class Condition>
    [[nodiscard]] std::optional<Item> find(uint32_t number, Condition&& condition) const {
        if (!exists()) return {};
        for (const Place& p : set_of(number).places)
            if (p.item && p.item->number() == number && condition(*p.item)) return p.item;
        return {};
    }

    // The same, and records a use of it.
    template <class Condition>
    std::optional<Item> use(uint32_t number, Condition&& condition) {
        if (!exists()) return {};
        Set& set = set_of(number);
        for (unsigned way = 0; way < geometry_.ways; ++way) {
            const std::optional<Item>& item = set.places[way].item;
            if (!item || item->number() != number || !condition(*item)) continue;
            record_use(set, way);
            return item;
        }
        return {};
    }

    // Puts an item into the lowest way that is not valid, else over the victim, which is the result.
    std::optional<Item> put(const Item& item) {
        Set& set = set_of(item.number());
        unsigned way = 0;
        while (way < geometry_.ways && set.places[way].item) ++way;
        if (way == geometry_.ways) way = choose_victim(set);
        const std::optional<Item> victim = set.places[way].item;
        set.places[way].item = item;
        record_use(set, way);
        return victim;
    }

    // Takes out every item that satisfies the condition.
    template <class Condition>
    std::vector<Item> remove(Condition&& condition) {
        std::vector<Item> removed;
        for (Set& set : sets_)
            for (Place& p : set.places)
                if (p.item && condition(*p.item)) {
                    removed.push_back(*p.item);
                    p.item.reset();
                }
        return removed;
    }

    // visit(set, way, item) for everything in it.
    template <class Visit>
    void each(Visit&& visit) const {
        for (unsigned s = 0; s < sets_.size(); ++s)
            for (unsigned way = 0; way < geometry_.ways; ++way)
                if (const auto& item = sets_[s].places[way].item) visit(s, way, *item);
    }

private:
    struct Place {
        std::optional<Item> item;
        uint64_t last_use = 0;  // of the way: an item that was taken out does not change it
    };
    struct Set {
        explicit Set(const mm::TlbGeometry& g) : places(g.ways), colder_half(g.ways) {}
        std::vector<Place> places;
        std::vector<bool> colder_half;  // by node of the tree, root 1, children 2n and 2n + 1: true if the upper is colder
    };

    Set& set_of(uint32_t number) { return sets_[number % sets_.size()]; }
    const Set& set_of(uint32_t number) const { return sets_[number % sets_.size()]; }

    void record_use(Set& set, unsigned way) {
        set.places[way].last_use = ++clock_;
        if (geometry_.replacement != mm::Replacement::tree_plru) return;
        for (unsigned node = way + geometry_.ways; node > 1; node /= 2) {
            const bool came_from_upper = node % 2 == 1;
            set.colder_half[node / 2] = !came_from_upper;
        }
    }

    unsigned choose_victim(const Set& set) {
        switch (geometry_.replacement) {
        case mm::Replacement::lru: {
            unsigned oldest = 0;
            for (unsigned way = 1; way < geometry_.ways; ++way)
                if (set.places[way].last_use < set.places[oldest].last_use) oldest = way;
            return oldest;
        }
        case mm::Replacement::tree_plru: {
            unsigned node = 1;
            while (node < geometry_.ways) node = 2 * node + set.colder_half[node];
            return node - geometry_.ways;
        }
        case mm::Replacement::random: break;
        }
        random_ ^= random_ << 13;
        random_ ^= random_ >> 17;
        random_ ^= random_ << 5;
        return random_ % geometry_.ways;
    }

    mm::TlbGeometry geometry_;
    std::vector<Set> sets_;
    uint64_t clock_ = 0;
    uint32_t random_ = 0x9E3779B9;
};

}  // namespace reference
