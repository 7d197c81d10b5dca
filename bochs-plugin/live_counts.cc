// SPDX-License-Identifier: LGPL-2.1-or-later
// Counting, and sums over ranges of frames and pages.
#include "live_counts.h"

#include "cpu_state.h"
#include "mm/trace_codec.hpp"

namespace plugin {

using namespace mm;

namespace {

constexpr unsigned pages_per_mib_shift = 20 - page_shift;
constexpr uint64_t hole_frames = uint64_t{1} << (30 - page_shift);  // devices below 4 GiB push memory up by no more

uint64_t frames_of(uint64_t memory_mib) { return (memory_mib << pages_per_mib_shift) + hole_frames; }

}  // namespace

LiveCounts::LiveCounts(unsigned profiles, uint64_t memory_mib, uint64_t since)
    : profiles_{profiles}, since_{since}, frames_{frames_of(memory_mib), 3 * profiles + 1, memory_bin_shift},
      kernel_pages_{linear_pages, profiles + 1, slot_shift}, user_pages_{linear_pages, profiles + 1, slot_shift} {}

LiveCounts::Places& LiveCounts::Places::operator+=(const Places& p) {
    walks += p.walks, reads += p.reads, refills += p.refills, fills += p.fills;
    return *this;
}

LiveCounts::Places& LiveCounts::Places::operator-=(const Places& p) {
    walks -= p.walks, reads -= p.reads, refills -= p.refills, fills -= p.fills;
    return *this;
}

void LiveCounts::walked(const CpuState& cpu, const trace::ModelWalk& e) {
    const uint64_t frame = e.walk.fault ? nowhere : trace::view(e.walk, cpu.state()).translation.frame.raw;
    const uint64_t page = e.walk.fault ? nowhere : e.walk.page.raw;
    LiveTally& pages = pages_of(e.walk.access);
    for (unsigned p = 0; p < profiles_; ++p) {
        if (!(e.profiles >> p & 1)) continue;
        frames_.add(frame, walks(p));
        frames_.add(frame, reads(p), e.walk.reads - (e.cached >> p & 1 && e.walk.reads != 0));
        if (is_flush(e.cause)) frames_.add(frame, refills(p));
        pages.add(page, p);
    }
}

void LiveCounts::translated(const CpuState& cpu, const trace::ObservedWalk& e) {
    if (e.walk.fault) return;
    frames_.add(trace::view(e.walk, cpu.state()).translation.frame.raw, fills());
    pages_of(e.walk.access).add(e.walk.page.raw, profiles_);
}

// Linear addresses of long mode are not counted by page.
void LiveCounts::translated_long(const CpuState& cpu, const trace::LongWalkRecord& e) {
    if (e.fault) return;
    frames_.add(trace::view(e, cpu.state()).translation.frame.raw, fills());
    kernel_pages_.add(nowhere, profiles_);
}

void LiveCounts::flushes(const CpuState&, RefillCause cause) { ++made_[static_cast<unsigned>(cause)]; }

void LiveCounts::dropped(const CpuState&, const trace::Flush& e) {
    auto& counts = dropped_[e.profile][static_cast<unsigned>(e.cause)];
    ++counts.all, counts.translations += e.dropped.instruction + e.dropped.data + e.dropped.second != 0;
}

LiveCounts::Flushes LiveCounts::flushes(RefillCause cause, unsigned profile) const {
    const unsigned n = static_cast<unsigned>(cause);
    return {made_[n], dropped_[profile][n].all, dropped_[profile][n].translations};
}

LiveCounts::Places LiveCounts::total(unsigned profile) const {
    return places(profile, [&](unsigned column) { return frames_.total(column); });
}

LiveCounts::Places LiveCounts::frames(uint64_t first, uint64_t end, unsigned profile) const {
    return places(profile, [&](unsigned column) { return frames_.sum(first, end, column); });
}

LiveCounts::Places LiveCounts::pages(uint64_t first, uint64_t end, unsigned profile, bool user) const {
    const LiveTally& pages = user ? user_pages_ : kernel_pages_;
    return {pages.sum(first, end, profile), 0, 0, pages.sum(first, end, profiles_)};
}

LiveCounts::Places LiveCounts::all_pages(unsigned profile) const {
    return {kernel_pages_.total(profile) + user_pages_.total(profile), 0, 0, kernel_pages_.total(profiles_) + user_pages_.total(profiles_)};
}

LiveCounts::Bins LiveCounts::memory(uint64_t end, unsigned further, unsigned profile) const {
    const uint64_t blocks = std::min(frames_.blocks(), (end + (uint64_t{1} << memory_bin_shift) - 1) >> memory_bin_shift);
    Bins bins;
    for (uint64_t n = 0; n < blocks; ++n) {
        if (n % (uint64_t{1} << further) == 0) bins.walks.push_back(0), bins.fills.push_back(0);
        bins.walks.back() += frames_.block(n, walks(profile)), bins.fills.back() += frames_.block(n, fills());
    }
    return bins;
}

std::vector<uint64_t> LiveCounts::slots(unsigned pages_shift, unsigned profile) const {
    std::vector<uint64_t> walked(linear_pages >> pages_shift);
    for (uint64_t n = 0; n < kernel_pages_.blocks(); ++n)
        walked[n >> (pages_shift - slot_shift)] += kernel_pages_.block(n, profile) + user_pages_.block(n, profile);
    return walked;
}

}  // namespace plugin
