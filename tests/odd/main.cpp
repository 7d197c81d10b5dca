// SPDX-License-Identifier: LGPL-2.1-or-later
// Does what the command line names: odd=NAME, or odd=all for everything that the guest survives.
#include "guest-kernel/arch/gdt.hpp"
#include "guest-kernel/arch/port.hpp"
#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/multiboot.hpp"
#include "tests/odd/odd.hpp"
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"
#include "tests/stale/publish.hpp"
#include "tests/stale/traps.hpp"

extern "C" const odd::Odd twins_start[], twins_end[];

namespace {

constexpr uint16_t bochs_shutdown_port = 0x8900;
constexpr char key[] = "odd=";
constexpr uint32_t key_length = sizeof key - 1;

// What follows the key, up to a blank; its length is 0 if there is no such word.
struct Choice {
    const char* name = "";
    uint32_t length = 0;

    explicit Choice(const char* words) {
        for (; *words; ++words)
            if (__builtin_memcmp(words, key, key_length) == 0) {
                name = words + key_length;
                while (name[length] && name[length] != ' ') ++length;
                return;
            }
    }
    bool is(const char* other) const { return __builtin_strlen(other) == length && __builtin_memcmp(name, other, length) == 0; }
    bool has(const odd::Odd& o) const { return is(o.name) || (is("all") && o.end == odd::End::survives); }
};

uint32_t run(const Choice& choice) {
    uint32_t count = 0;
    for (const odd::Odd* o = twins_start; o != twins_end; ++o) {
        if (!choice.has(*o)) continue;
        const uint32_t before = twins::faults();
        guest::print("odd ", o->name, "\n");
        twins::reset();
        o->run();
        twins::reset();
        guest::print("odd ", o->name, ": ", twins::faults() - before, " faults\n");
        ++count;
    }
    return count;
}

}  // namespace

void twins::end_run(uint32_t failures) {
    publish_result(failures);
    for (const char* c = "Shutdown"; *c; ++c) guest::out8(bochs_shutdown_port, static_cast<uint8_t>(*c));
    guest::halt();
}

extern "C" void twins_main(const guest::MultibootInfo& info) {
    guest::load_segments();
    twins::load_traps();
    twins::start_paging();
    twins::publish_machine("odd", guest::layout.paging == mm::Paging::pae ? "odd-pae.elf" : "odd-classic.elf");
    const Choice choice{info.flags & guest::MultibootInfo::has_command_line ? reinterpret_cast<const char*>(info.command_line) : ""};
    if (run(choice) == 0) guest::print("nothing of that name; the command line needs odd=NAME or odd=all\n"), twins::end_run(1);
    twins::end_run(0);
}
