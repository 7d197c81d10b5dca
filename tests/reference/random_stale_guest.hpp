// SPDX-License-Identifier: LGPL-2.1-or-later
// What a guest does, at random, and what the two detectors of missing flushes say to it.
#pragma once

#include <cstring>
#include <random>
#include <string>
#include <utility>

#include "mm/trace_codec.hpp"
#include "stale_guest.hpp"
#include "stale_replayer.hpp"

namespace reference {

struct StaleWorkload {
    bool pae = false, global_pages = true, large_pages = true;
    unsigned steps = 2000;
    unsigned forgets = 2;  // of four flushes that a change of an entry owes, so many are left out
};

inline std::vector<StaleStep> random_stale_script(std::mt19937_64& random, const StaleWorkload& w) {
    const bool pae = w.pae;
    const auto below = [&](uint64_t n) { return random() % n; };
    const auto one_in = [&](uint64_t n) { return below(n) == 0; };
    const auto any_of = [&](const auto& list) { return list[below(std::size(list))]; };
    constexpr uint32_t slots[] = {0x00400000, 0x00800000, 0xC0400000}, tables[] = {0x100000, 0x101000, 0x102000, 0x103000};
    constexpr uint32_t pages[] = {0, 1, 2, 5};
    const uint64_t bytes = pae ? 8 : 4;
    const auto any_page = [&] { return any_of(slots) + any_of(pages) * 0x1000; };
    const auto attributes = [&] {
        uint64_t bits = 0x67;  // present, writable, user, accessed, dirty
        if (one_in(6)) bits &= ~mm::entry_bit::present;
        if (one_in(4)) bits &= ~mm::entry_bit::writable;
        if (one_in(6)) bits &= ~mm::entry_bit::user;
        if (one_in(2)) bits &= ~mm::entry_bit::dirty;
        if (one_in(2)) bits &= ~mm::entry_bit::accessed;
        if (w.global_pages && one_in(3)) bits |= mm::entry_bit::global;
        if (one_in(8)) bits |= mm::entry_bit::cache_disable;
        if (one_in(8)) bits |= 0x200;
        if (pae && one_in(6)) bits |= mm::entry_bit::no_execute;
        return bits;
    };
    const auto small = [&] { return attributes() | (0x800 + below(3)) << 12 | (one_in(10) ? mm::entry_bit::page_size : 0); };
    const auto directory_entry = [&]() -> uint64_t {
        if (one_in(10)) return 0;
        if (w.large_pages && one_in(3)) return attributes() | mm::entry_bit::page_size | (0x800000 + below(2) * 0x400000);
        return (one_in(3) ? attributes() : 0x67) | any_of(tables);
    };
    const auto pde_at = [&](uint32_t cr3, uint32_t a) {
        return pae ? cr3 + 0x1000 * (1 + (a >> 30)) + 8 * (a >> 21 & 511) : cr3 + 4 * (a >> 22);
    };

    std::vector<StaleStep> script;
    std::map<uint64_t, uint64_t> written;
    const auto table_of = [&](uint64_t pde) -> uint64_t {  // what the entry names, if that is a table
        return one_in(4) || pde & mm::entry_bit::page_size || !(pde & mm::entry_bit::present) ? any_of(tables) : pde & 0xFFFFF000;
    };
    const auto entry = [&](uint64_t at, uint64_t value) {
        written[at] = value;
        script.push_back({.action = one_in(8) ? StaleAction::device_write : StaleAction::entry_write, .at = at, .value = value});
    };
    for (const uint32_t table : tables)
        for (const uint32_t page : pages) entry(table + page * bytes, small() | mm::entry_bit::present);
    for (const uint32_t cr3 : StaleGuest::spaces)
        for (const uint32_t slot : slots) entry(pde_at(cr3, slot), 0x67 | any_of(tables));

    uint32_t cr3 = StaleGuest::spaces[0], hot = any_page();
    while (script.size() < w.steps) {
        if (one_in(6)) hot = any_page();
        const uint32_t a = one_in(3) ? any_page() : hot;
        const uint64_t dice = below(100);
        if (dice < 62) {
            constexpr StaleAction kinds[] = {StaleAction::read, StaleAction::read, StaleAction::write, StaleAction::fetch};
            script.push_back({.action = any_of(kinds), .linear = a + 0x123, .user = one_in(2), .by_emulator_tlb = one_in(2)});
        } else if (dice < 88) {
            const uint32_t space = one_in(4) ? any_of(StaleGuest::spaces) : cr3;
            const uint64_t kind = below(20);
            if (pae && kind == 0) {
                const uint64_t directory = (one_in(4) ? any_of(StaleGuest::spaces) : space) + 0x1000 * (1 + (a >> 30));
                entry(space + 8 * (a >> 30), one_in(4) ? 0 : directory | mm::entry_bit::present | (one_in(4) ? 0x200 : 0));
            } else if (kind < 7) {
                entry(pde_at(space, a), directory_entry());
            } else {
                entry(table_of(written[pde_at(space, a)]) + (a >> 12 & 7) * bytes, small());
            }
            if (below(4) < w.forgets) continue;
            if (one_in(6) || (pae && kind == 0)) script.push_back({.action = StaleAction::toggle_pge}), script.push_back({.action = StaleAction::toggle_pge});
            else if (one_in(6)) script.push_back({.action = StaleAction::invpcid, .linear = a, .value = one_in(2) ? 0 : below(4)});
            else script.push_back({.action = StaleAction::invlpg, .linear = a});
        } else if (dice < 92) {
            if (one_in(4)) script.push_back({.action = StaleAction::invpcid, .linear = a, .value = below(4)});
            else script.push_back({.action = StaleAction::invlpg, .linear = a});
        } else if (dice < 98) {
            const uint32_t was = std::exchange(cr3, one_in(2) ? any_of(StaleGuest::spaces) : cr3);
            script.push_back({.action = one_in(6) && cr3 != was ? StaleAction::switch_task : StaleAction::load_cr3, .cr3 = cr3});
        } else {
            script.push_back({.action = one_in(2) ? StaleAction::toggle_pge : StaleAction::toggle_wp});
        }
    }
    return script;
}

struct StaleVerdict {
    std::string difference;  // empty: the two agree
    uint64_t uses = 0, unjudged = 0;
};

// Runs the script, and replays what was recorded: once with memory as it was, once with what the recording tells of it.
inline StaleVerdict judge(const std::vector<StaleStep>& script, bool pae) {
    StaleGuest guest{pae};
    const auto begin = guest.memory();
    for (const StaleStep& s : script) guest.step(s);
    guest.finish();

    std::map<uint64_t, uint64_t> memory = begin;
    StaleReplayer truthful{[&](mm::PhysAddr at) {
        const auto found = memory.find(at.raw);
        return std::optional{found == memory.end() ? 0 : found->second};
    }};
    StaleReplayer learning;
    size_t step = 0;
    const char* memory_is = "known";
    StaleVerdict v;
    const auto decoder = std::make_unique<mm::trace::Decoder>();
    try {
        for (const auto& packet : guest.packets()) {
            mm::trace::PacketHeader header;
            std::memcpy(&header, packet->content, sizeof header);
            decoder->begin_packet(packet->content + mm::trace::packet_header_bytes, packet->content + header.packet_bits / 8, header.begin_ticks);
            while (decoder->next([&](uint64_t, const auto& event) {
                memory_is = "known", truthful.take(event, decoder->state());
                memory_is = "learned", learning.take(event, decoder->state());
                if constexpr (!std::is_same_v<std::decay_t<decltype(event)>, mm::trace::Mark>) return;
                if (++step >= guest.changes().size()) return;
                for (const auto& change : guest.changes()[step]) {
                    const uint64_t was = std::exchange(memory[change.at], change.value);
                    if (change.by_software) truthful.software_wrote(mm::PhysAddr{change.at}, change.value, was);
                }
            }) == mm::trace::DecodeStatus::event) {}
        }
        memory_is = "known", truthful.finish();
        memory_is = "learned", learning.finish();
    } catch (const Difference& d) {
        v.difference = "step " + std::to_string(step) + ", memory " + memory_is + ": " + d.what();
    }
    v.uses = truthful.compared().uses, v.unjudged = learning.compared().unjudged;
    return v;
}

}  // namespace reference
