// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs the twins that the command line names: twin=NAME:bad, twin=NAME:good; twin=all:bad or twin=all:good for all of one processor,
// twin=two:bad or twin=two:good for all of two.
#include "guest-kernel/arch/gdt.hpp"
#include "guest-kernel/arch/port.hpp"
#include "guest-kernel/kernel/console.hpp"
#include "guest-kernel/kernel/multiboot.hpp"
#include "tests/stale/access.hpp"
#include "tests/stale/machine.hpp"
#include "tests/stale/other_cpu.hpp"
#include "tests/stale/publish.hpp"
#include "tests/stale/traps.hpp"

extern "C" const twins::Twin twins_start[], twins_end[];

namespace twins {
namespace {

constexpr uint16_t bochs_shutdown_port = 0x8900;

struct Choice {
    const char* name;
    uint32_t length;
    Side side;

    bool is(const char* other) const { return __builtin_strlen(other) == length && __builtin_memcmp(name, other, length) == 0; }
    bool all(Processors of) const { return is(of == Processors::one ? "all" : "two"); }
    bool has(const Twin& t) const { return is(t.name) || (all(t.processors) && (side == Side::good || t.sides == Sides::both)); }
};

// The word that begins with twin=; false if there is none, or it names no side.
bool choose(const char* words, Choice& out) {
    constexpr char key[] = "twin=";
    constexpr uint32_t key_length = sizeof key - 1;
    for (; *words; ++words) {
        if (__builtin_memcmp(words, key, key_length) != 0) continue;
        const char* end = words += key_length;
        while (*end && *end != ' ' && *end != ':') ++end;
        const bool bad = __builtin_memcmp(end, ":bad", 4) == 0, good = __builtin_memcmp(end, ":good", 5) == 0;
        out = {words, static_cast<uint32_t>(end - words), bad ? Side::bad : Side::good};
        return bad || good;
    }
    return false;
}

void reset_for(const Twin& t) {
    reset();
    if (t.processors == Processors::two) on_other_cpu(flush_all);
}

uint32_t run(const Choice& choice) {
    uint32_t count = 0;
    bool two = false;
    for (const Twin* t = twins_start; t != twins_end; ++t) {
        if (!choice.has(*t)) continue;
        const uint32_t before = faults();
        if (t->processors == Processors::two && !two) start_other_cpu(), two = true;
        reset_for(*t);
        t->run(choice.side);
        reset_for(*t);
        guest::print("twin ", t->name, choice.side == Side::bad ? ", bad: " : ", good: ", faults() - before, " faults\n");
        ++count;
    }
    return count;
}

}  // namespace

void end_run(uint32_t failures) {
    publish_result(failures);
    for (const char* c = "Shutdown"; *c; ++c) guest::out8(bochs_shutdown_port, static_cast<uint8_t>(*c));
    guest::halt();
}

extern "C" void twins_main(const guest::MultibootInfo& info) {
    guest::load_segments();
    load_traps();
    start_paging();
    publish_machine("twins", guest::layout.paging == mm::Paging::pae ? "twins-pae.elf" : "twins-classic.elf");
    Choice choice{};
    const auto* const words = reinterpret_cast<const char*>(info.command_line);
    if (!(info.flags & guest::MultibootInfo::has_command_line) || !choose(words, choice) || run(choice) == 0) {
        guest::print("no such twin; the command line needs twin=NAME:bad, NAME:good, all:bad, all:good, two:bad or two:good\n");
        end_run(1);
    }
    end_run(0);
}

}  // namespace twins
