// SPDX-License-Identifier: LGPL-2.1-or-later
// As much of a 32-bit Linux kernel as the plugin reads: page tables, a banner, a node with zones, the variables that hold the borders.
// Kernel data lies in the direct map, which large pages map.
#pragma once

#include <fstream>
#include <vector>

#include "bochs-plugin/linux_guest.h"
#include "fake_machine.hpp"
#include "temporary_directory.hpp"

namespace plugin {

struct SyntheticZone { const char* name; uint32_t start, spanned, present, managed; };

template <class F>
class SyntheticLinux {
public:
    static constexpr uint32_t page_offset = 0xC0000000, text = 0xC1000000, directories = 0x10000, pkmap_table = 0x80000;
    static constexpr uint32_t zone_bytes = 0x440, names = 0xC1700000, node = 0xC1780000;
    static constexpr uint32_t pkmap_base = 0xFF800000, entry_area = 0xFFC00000, first_slot = 0xFFE00000;

    // A kernel that KASLR moved by `shift`.
    explicit SyntheticLinux(uint32_t shift = 0) : shift_{shift} {
        state.control = {mm::cr0_pg | mm::cr0_pe, directories, mm::cr4_pse | (pae ? mm::cr4_pae : 0), 0, 36};
        for (unsigned n = 0; n < 4; ++n) state.pdpte[n] = (directories + n * 0x1000) | 1;
        for (uint32_t at = 0; at < 0x4000000; at += step) set_directory(page_offset + at, at | mm::entry_bit::page_size | 1);
        set_directory(pkmap_base, pkmap_table | 1);
        put_text(symbol("linux_banner", 0xC1600000), "Linux version 6.1.0-50-686 (someone@somewhere) #1 SMP\n");
        put_text(symbol("linux_proc_banner", 0xC1600200), "%s version %s (someone@somewhere)\n");
        symbol("_text", text);
        put(symbol("high_memory", 0xC1600400), 0xF7FE0000);
        put(symbol("pkmap_page_table", 0xC1600404), page_offset + pkmap_table);
        put(symbol("__FIXADDR_TOP", 0xC1600408), 0xFFFFF000);
        symbol("idt_descr", 0xC1600410);
        put(symbol("slot_virt", 0xC1600418), first_slot);
        symbol("contig_page_data", node);
        symbol("__entry_text_start", 0xC1400000), symbol("__entry_text_end", 0xC1402000);
        set_up_interrupts();
    }
    // arch/x86/kernel/idt.c: a limit, then the table's address, packed.
    void set_up_interrupts(uint32_t table = entry_area) {
        put(0xC1600410, 0x07FF | table << 16);
        put(0xC1600414, table >> 16);
    }
    // `between`: words that stand between present_pages and the name.
    void set_zones(const std::vector<SyntheticZone>& zones, unsigned between = 0, uint32_t at = node) {
        for (const SyntheticZone& z : zones) {
            const uint32_t name = at + 0x80;
            put_text(names_used_, z.name);
            put(name, names_used_ + shift_);
            names_used_ += 16;
            const uint32_t first = name - 4 * (4 + between);
            put(first, z.start), put(first + 4, z.managed), put(first + 8, z.spanned), put(first + 12, z.present);
            at += zone_bytes;
        }
    }
    // Physical memory is filled by linear addresses in the direct map; `moved`: part of the kernel's image.
    void put(uint32_t linear, uint32_t word, bool moved = true) { machine.poke(mm::PhysAddr{linear - page_offset + (moved ? shift_ : 0)}, word); }
    void put_text(uint32_t linear, const std::string& bytes) {
        for (size_t n = 0; n <= bytes.size(); n += 4) {
            uint32_t word = 0;
            for (size_t b = 0; b < 4 && n + b < bytes.size(); ++b) word |= uint32_t{static_cast<unsigned char>(bytes[n + b])} << 8 * b;
            put(linear + static_cast<uint32_t>(n), word);
        }
    }
    uint32_t symbol(const std::string& name, uint32_t at) { return symbols.push_back({name, at}), at; }
    void drop_symbol(const std::string& name) {
        for (auto s = symbols.begin(); s != symbols.end(); ++s)
            if (s->name == name) return void(symbols.erase(s));
    }
    std::string write_map() const {
        const std::string file = directory / "System.map";
        std::ofstream out{file};
        for (const Symbol& s : symbols) out << std::hex << s.at << (s.name == "_text" || s.name.rfind("__entry", 0) == 0 ? " T " : " D ") << s.name << '\n';
        return file;
    }
    GuestMemory memory() const { return {machine, state}; }

    FakeMachine machine;
    mm::trace::State state;
    struct Symbol { std::string name; uint32_t at; };
    std::vector<Symbol> symbols;

private:
    static constexpr bool pae = sizeof(typename F::Raw) == 8;
    static constexpr uint32_t step = mm::large_page_size<F>;
    void set_directory(uint32_t linear, uint64_t entry) {
        const uint32_t base = pae ? directories + (linear >> 30) * 0x1000 : directories;
        machine.poke(mm::PhysAddr{base + mm::directory_index<F>(mm::VirtAddr{linear}) * sizeof(typename F::Raw)}, entry);
    }

    uint32_t shift_, names_used_ = names;
    TemporaryDirectory directory;
};

}  // namespace plugin
