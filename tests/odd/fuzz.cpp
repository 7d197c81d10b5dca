// SPDX-License-Identifier: LGPL-2.1-or-later
// One step changes an entry or a register, invalidates, or uses a page, at CPL 0 or 3. The window's last slot has code, whose table nobody
// else maps; the others have anything.
#include "tests/odd/fuzz.hpp"

#include "guest-kernel/arch/msr.hpp"
#include "tests/odd/fuzz_entries.hpp"
#include "tests/odd/refusable.hpp"
#include "tests/stale/access.hpp"

namespace odd {
namespace {

using namespace twins;

constexpr bool pae = sizeof(Raw) == 8;
constexpr unsigned slots = 6, code_slot = slots - 1, spaces = 2, pages = 24;  // pages: of a slot that are used, with its last ones

mm::VirtAddr user_target;
void read_at_target() { (void)read(user_target); }
void write_at_target() { write(user_target, 0); }
void call_target() { call(reinterpret_cast<void (*)()>(user_target.raw)); }

class Fuzzer {
public:
    Fuzzer(Random& random, bool flush) : r_{random}, flush_{flush} {}

    void begin() {
        reset();
        space_ = 0;
        for (unsigned n = 0; n < code_frames; ++n) *at<uint8_t>(mm::address(code_frame(n))) = 0xC3;  // ret
        for (unsigned n = 0; n < fuzz_frames; ++n)
            for (unsigned i = 0; i < mm::page_size / 4; ++i) at<uint32_t>(mm::address(data(n)))[i] = 0;
    }
    void step() {
        switch (r_.below(16)) {
        case 0: case 1: return change(entry(table(r_.below(code_slot)), index()), random_leaf(r_));
        case 2: return change(entry(table(code_slot), index()), code_leaf());
        case 3: return change(slot_entry(r_.below(code_slot), r_.below(spaces)), slot());
        case 4: return change(slot_entry(code_slot, r_.below(spaces)), r_.one_in(4) ? Raw{} : directory_bits(names(table(code_slot))));
        case 5: return guest::invlpg(anywhere());
        case 6: return r_.one_in(3) ? registers() : static_cast<void>(read(anywhere()));
        case 7: case 8: return from_ring_3();
        case 9: return call(reinterpret_cast<void (*)()>(code().raw));
        case 10: case 11: case 12: return static_cast<void>(read(anywhere() + 4 * r_.below(1024)));
        default: return store();
        }
    }

private:
    // Where the pages begin and end: walks at both ends of the tables.
    unsigned index() {
        const unsigned n = r_.below(pages);
        return n < pages - 2 ? n : entries - (pages - n);
    }
    mm::VirtAddr anywhere() { return page(index(), r_.below(slots)); }
    mm::VirtAddr code() { return page(index(), code_slot); }

    void change(volatile Raw& entry, Raw value) {
        entry = value;
        changed();
    }
    void changed() {
        if (flush_) flush_all();
    }
    Raw code_leaf() { return static_cast<Raw>(mm::address(code_frame(r_.below(code_frames))).raw | (random_bits(r_) & ~uint64_t{0x1FFFFFFF} << 32)); }
    Raw directory_bits(Raw entry) { return static_cast<Raw>(entry & ~(r_.one_in(4) ? uint64_t{r_.next()} & 0x26 : 0)); }
    Raw slot() {
        switch (r_.below(5)) {
        case 0: return 0;
        case 1: return random_large_leaf(r_);
        case 2: return directory_bits(names(random_frame(r_, true)));
        default: return directory_bits(names(table(r_.below(code_slot))));
        }
    }
    // What is written is an entry, because where it is written may be a table. The code's table and frames are not within reach.
    void store() {
        const uint32_t value = static_cast<uint32_t>(r_.one_in(2) ? random_leaf(r_) : random_large_leaf(r_));
        write(page(index(), r_.below(code_slot)) + 4 * r_.below(1024), value);
        changed();
    }
    void from_ring_3() {
        user_target = anywhere() + 4 * r_.below(1024);
        if (r_.one_in(4)) user_target = code(), in_ring_3(call_target);
        else in_ring_3(r_.one_in(3) && !in_code_slot() ? write_at_target : read_at_target);
        changed();
    }
    bool in_code_slot() const { return user_target.raw >= page(0, code_slot).raw; }

    void registers() {
        switch (r_.below(6)) {
        case 0: return space_ = r_.below(spaces), guest::write_cr3(root(space_));
        case 1: return flush_all();
        case 2: return guest::write_cr0(guest::read_cr0() ^ mm::cr0_wp);
        case 3: return without_paging();
        case 4: return pae ? change_nxe() : without_large_pages();
        default: return try_write_cr3(pae ? 0x7FFF0000 : root(space_));  // all ones: refused
        }
    }
    void without_paging() {
        guest::write_cr0(guest::read_cr0() & ~mm::cr0_pg);
        guest::write_cr0(guest::read_cr0() | mm::cr0_pg);
    }
    void change_nxe() {
        guest::write_msr(guest::msr_efer, guest::read_msr(guest::msr_efer) ^ mm::efer_nxe);
        changed();
    }
    // This image is mapped by small pages.
    void without_large_pages() {
        guest::write_cr4(guest::read_cr4() & ~mm::cr4_pse);
        for (unsigned n = 0; n < 4; ++n) (void)read(anywhere());
        guest::write_cr4(guest::read_cr4() | mm::cr4_pse);
    }

    Random& r_;
    const bool flush_;
    unsigned space_ = 0;
};

}  // namespace

void fuzz(Random& random, uint32_t steps, bool flush) {
    constexpr uint32_t steps_of_a_round = 1000;
    Fuzzer fuzzer{random, flush};
    for (uint32_t n = 0; n < steps; ++n) {
        if (n % steps_of_a_round == 0) fuzzer.begin();
        fuzzer.step();
    }
    reset();
}

}  // namespace odd
