// SPDX-License-Identifier: LGPL-2.1-or-later
// Numbers that look like a kernel's, from a generator without a seed: each run of a test sees the same.
#include "made_up_source.hpp"

#include <algorithm>

#include "mm/layout.hpp"

namespace tools::view {
namespace {

class Numbers final {
public:
    explicit Numbers(uint64_t seed) : state_{seed * 2862933555777941757ull + 3037000493ull} {}
    uint64_t below(uint64_t bound) {
        state_ = state_ * 6364136223846793005ull + 1442695040888963407ull;
        return (state_ >> 33) % bound;
    }

private:
    uint64_t state_;
};

void make_places(Snapshot& s, bool four_four, uint64_t amount) {
    const uint64_t lowmem = four_four ? 262144 : 229376;
    s.zones = {{"DMA", 0, 4096, amount / 9, amount / 5, amount / 90, 3e3}, {"NORMAL", 4096, lowmem, amount, amount * 2, amount / 30, 9e4}, {"HIGHMEM", lowmem, 262144, amount / 2, amount / 3, 0, 4e4}, {"other", 0, 0, 7, 0, 0, 90}};
    const uint64_t offset = mm::page_offset(four_four ? mm::Split::u4k4 : mm::Split::u3k1);
    s.regions = {{"user", 0, four_four ? 0xFF000000 : offset, amount, amount}, {"lowmem", offset, offset + lowmem * 4096, amount / 2, amount}, {"vmalloc", 0xF8800000, 0xFF800000, amount / 99, 0}, {"pkmap", 0xFF800000, 0xFFC00000, 8, 8}, {"fixmap", 0xFFF00000, 0xFFFFF000, 3, 3}, {"other", 0, 0, 0, 0}};
    s.linear.split = {offset, four_four, four_four ? mm::layout(mm::Split::u4k4, mm::Paging::classic).trampoline_base : 0};
}

void make_memory(Snapshot& s, Numbers& numbers, uint64_t amount) {
    s.memory = {262144, 64, 100000, std::vector<HeatBin>(4096)};
    for (uint64_t i = 0; i < amount / 8; ++i) {
        const uint64_t around = numbers.below(12) * 331 % 4096;
        HeatBin& bin = s.memory.bins[std::min<uint64_t>(4095, around + numbers.below(40) * numbers.below(5))];
        bin.walks += 1 + numbers.below(30);
        bin.fills += 1 + numbers.below(9);
        if (i + 20 > amount / 8) bin.recent_walks += 3;
    }
}

void make_slots(Snapshot& s, Numbers& numbers, uint64_t amount) {
    s.linear.root = 0x00101000;
    s.linear.slots.resize(1024);
    for (size_t i = 0; i < 1024; ++i) {
        LinearSlot& slot = s.linear.slots[i];
        slot.user = i < 768;
        slot.writable = true;
        slot.seen = 1000 + i;
        if (i >= 768 && i < 992) slot.content = SlotContent::large_page, slot.mapped = 1024;
        else if (i == 32 || i == 33 || i == 1019 || i == 1022 || i == 1023 || i == 250) slot.content = SlotContent::table, slot.mapped = static_cast<uint16_t>(numbers.below(1024));
        else if (i > 20 && i < 60) slot.content = SlotContent::not_present;
        if (slot.content >= SlotContent::table && numbers.below(3) == 0) slot.walks = numbers.below(amount), slot.recent_walks = numbers.below(50) == 0;
    }
}

TlbView make_tlb(const char* name, unsigned sets, unsigned ways, Numbers& numbers, uint64_t tick) {
    TlbView tlb{name, sets, ways, std::vector<TlbEntryView>(size_t{sets} * ways)};
    for (TlbEntryView& e : tlb.entries) {
        e.valid = numbers.below(6) != 0;
        e.user = numbers.below(2) == 0;
        e.writable = numbers.below(3) != 0;
        e.global = !e.user && numbers.below(2) == 0;
        e.large = sets == 1;
        e.page = static_cast<uint32_t>(e.user ? 0x8188 + numbers.below(64) : 0xC0000 + numbers.below(4096));
        e.frame = static_cast<uint32_t>(numbers.below(262144));
        e.filled = e.valid ? tick - std::min(tick, numbers.below(30) * 50) : tick / 2;
        e.dropped = e.valid ? 0 : tick - std::min(tick, numbers.below(5) * 100);
    }
    return tlb;
}

void make_strips(Snapshot& s, Numbers& numbers) {
    s.flushes = {{"context_switch", 9, 8}, {"split_switch", 20, 20}, {"invlpg", 3, 1}, {"control", 0, 0}};
    s.strips = {0, 10000, 120, {}, {}};
    for (size_t z = 0; z < s.zones.size(); ++z) {
        Strips::ZoneStrip strip;
        for (size_t n = 0; n < s.strips.columns; ++n) {
            strip.walks.push_back(z == 3 ? 0 : numbers.below(n % 30 + 5 * (z + 1)));
            strip.cycles.push_back(static_cast<double>(strip.walks.back()) * 21.5);
        }
        s.strips.zones.push_back(strip);
    }
    for (const FlushCount& f : s.flushes) {
        Strips::FlushStrip strip{f.cause, {}};
        for (size_t n = 0; n < s.strips.columns; ++n) strip.flushes.push_back(f.flushes == 0 ? 0 : numbers.below(f.flushes));
        s.strips.flushes.push_back(strip);
    }
}

}  // namespace

void MadeUpSource::seek(uint64_t tick) {
    ++seeks;
    if (broken_) throw InputError{"made-up", "it is broken; make up another"};
    tick_ = std::clamp(tick, first_tick, last_tick);
}

// With a filter, each tenth event passes.
bool MadeUpSource::step(int direction) {
    const uint64_t by = ticks_per_event * (filter.empty() ? 1 : 10), at = tick_ - (tick_ - first_tick) % by;
    if (direction > 0 ? at + by > last_tick : tick_ == first_tick) return false;
    tick_ = direction > 0 ? at + by : at == tick_ ? at - by : at;
    return true;
}

void MadeUpSource::set_profile(const std::string& name) {
    const auto all = profiles();
    if (std::find(all.begin(), all.end(), name) == all.end()) throw InputError{"--profile", "not recorded: " + name};
    profile_ = name;
}

void MadeUpSource::set_filter(const std::string& words) {
    if (words == "wrong") throw InputError{"--zone", "this recording has no zone wrong; it has DMA, NORMAL, HIGHMEM"};
    filter = words;
}

const Snapshot& MadeUpSource::snapshot() {
    ++snapshots;
    Numbers numbers{(tick_ - first_tick) / ticks_per_event};
    Snapshot s;
    s.tick = tick_, s.instructions = tick_ * 9 / 10, s.events = (tick_ - first_tick) / ticks_per_event + 1, s.cpu = cpu_;
    s.task = "sh (12)", s.split = split_, s.paging = "classic", s.guest = "zonescope", s.profile = profile_;
    s.registers.control = {0x80050033, 0x00101000, 0x90, 0};
    s.spans = {"fork", "null-syscall"};
    s.live = live_;
    s.note = "TLB contents are exact only with --references";
    const uint64_t amount = 100 + (tick_ - first_tick) / 100;
    make_places(s, split_ == "4:4", amount);
    make_memory(s, numbers, amount);
    make_slots(s, numbers, amount);
    s.tlbs.push_back(make_tlb("ITLB 4K", 8, 4, numbers, tick_));
    s.tlbs.push_back(make_tlb("DTLB 4K", 16, 4, numbers, tick_));
    s.tlbs.push_back(make_tlb("ITLB 4M", 1, 2, numbers, tick_));
    s.tlbs.push_back(make_tlb("DTLB 4M", 2, 4, numbers, tick_));
    if (profile_ == "skylake") s.tlbs.push_back(make_tlb("STLB", 128, 12, numbers, tick_));
    make_strips(s, numbers);
    s.last = {tick_, "model_walk", std::to_string(tick_) + " cpu0 model_walk: linear=0xc0101000 access=read zone=NORMAL region=lowmem cause=first_touch", 0xC0101, true};
    return snapshot_ = std::move(s);
}

WalkInspection MadeUpSource::inspect(mm::VirtAddr address) {
    ++inspections;
    WalkInspection w;
    w.pending = !answers_;
    w.address = address, w.tick = tick_, w.paging = "32-bit paging", w.result = "mapped", w.mapped = true;
    w.frame = mm::Pfn{0x101}, w.page_bytes = 4096, w.permissions = "read and write, supervisor only, global", w.zone = "DMA", w.region = "lowmem";
    const std::vector<BitField> pte{{31, 12, "frame", 0x101, "frame 0x101"}, {11, 9, "AVL", 0, "free for the system"}, {8, 8, "G", 1, "global: stays at a write of CR3"}, {7, 7, "PAT", 0, "memory type"}, {6, 6, "D", 1, "written"}, {5, 5, "A", 1, "used"}, {4, 4, "PCD", 0, "cached"}, {3, 3, "PWT", 0, "write-back"}, {2, 2, "U/S", 0, "supervisor only"}, {1, 1, "R/W", 1, "writable"}, {0, 0, "P", 1, "present"}};
    w.entries.push_back({"CR3", {}, 0x00101000, 32, {{31, 12, "directory", 0x101, "page directory at 00101000"}, {4, 4, "PCD", 0, "cached"}, {3, 3, "PWT", 0, "write-back"}}, 900, {}, {}});
    w.entries.push_back({"PDE " + std::to_string(address.raw >> 22), mm::PhysAddr{0x101000 + (address.raw >> 22) * 4}, 0x00102063, 32, pte, 950, 950, {}});
    w.entries.push_back({"PTE " + std::to_string(address.raw >> 12 & 1023), mm::PhysAddr{0x102000}, 0x00101163, 32, pte, 990, 980, {}});
    w.entries.push_back({"guess", mm::PhysAddr{0x102004}, {}, 32, {}, {}, {}, "not known yet: no walk has read it"});
    w.cached.push_back({"DTLB 4K", 1, 2, 980, mm::Pfn{0x101}, true});
    return w;
}

}  // namespace tools::view
