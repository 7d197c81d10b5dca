// SPDX-License-Identifier: LGPL-2.1-or-later
// What a guest did that no kernel does on purpose, counted by kind, each with where it was seen first: page tables where no memory is,
// registers that the processor refused. A recording goes on with them; run.json tells.
#pragma once

#include <stdint.h>
#include <stdio.h>

#include <string>

#include "machine.h"

namespace plugin {

enum class Oddity : uint8_t {
    table_in_device,      // a walk read an entry of a page table from a device
    table_in_rom,
    table_beyond_memory,  // from where nothing answers
    table_write_lost,     // a walk set A or D in ROM, or where nothing answers
    device_refused,       // a device has no answer to the read or write that a walk made
    root_outside_memory,  // CR3 was loaded with such an address, or paging switched on with it
    reserved_bit,         // a walk met a reserved bit
    pdpte_rejected,       // the PDPTEs that a load of CR3, CR0 or CR4 read have reserved bits: #GP
    efer_rejected,        // WRMSR to IA32_EFER that the processor does not allow: #GP
    a20_masked,           // a walk's frame is another on the bus: the A20 line is held low
    double_fault,
};
inline constexpr unsigned oddity_kinds = 11;
constexpr const char* name(Oddity o) {
    constexpr const char* names[oddity_kinds] = {"table_in_device", "table_in_rom", "table_beyond_memory", "table_write_lost", "device_refused", "root_outside_memory",
                                                 "reserved_bit", "pdpte_rejected", "efer_rejected", "a20_masked", "double_fault"};
    return names[static_cast<unsigned>(o)];
}
constexpr Oddity table_oddity(MemoryKind kind) {
    return kind == MemoryKind::device ? Oddity::table_in_device : kind == MemoryKind::rom ? Oddity::table_in_rom : Oddity::table_beyond_memory;
}

inline constexpr uint64_t no_address = ~uint64_t{0};

class Oddities {
public:
    // The addresses may be no_address.
    void note(Oddity kind, uint64_t ticks, uint64_t linear, uint64_t physical) {
        Seen& s = seen_[static_cast<unsigned>(kind)];
        if (s.count++ == 0) s.ticks = ticks, s.linear = linear, s.physical = physical;
    }
    uint64_t count(Oddity kind) const { return seen_[static_cast<unsigned>(kind)].count; }

    // Of another CPU.
    void add(const Oddities& more) {
        for (unsigned n = 0; n < oddity_kinds; ++n) {
            const uint64_t count = seen_[n].count + more.seen_[n].count;
            if (seen_[n].count == 0 || (more.seen_[n].count != 0 && more.seen_[n].ticks < seen_[n].ticks)) seen_[n] = more.seen_[n];
            seen_[n].count = count;
        }
    }

    // visit(kind's name, count, where it was first), of the kinds that were seen.
    template <class Visit> void visit(Visit&& visit) const {
        for (unsigned n = 0; n < oddity_kinds; ++n)
            if (seen_[n].count != 0) visit(name(static_cast<Oddity>(n)), seen_[n].count, text(seen_[n]));
    }

private:
    struct Seen {
        uint64_t count = 0, ticks = 0, linear = no_address, physical = no_address;
    };
    static std::string text(const Seen& s) {
        char text[96];
        snprintf(text, sizeof text, "tick %llu", static_cast<unsigned long long>(s.ticks));
        std::string all = text;
        if (s.linear != no_address) snprintf(text, sizeof text, ", linear 0x%08llx", static_cast<unsigned long long>(s.linear)), all += text;
        if (s.physical != no_address) snprintf(text, sizeof text, ", physical 0x%llx", static_cast<unsigned long long>(s.physical)), all += text;
        return all;
    }
    Seen seen_[oddity_kinds];
};

}  // namespace plugin
