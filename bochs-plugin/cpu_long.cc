// SPDX-License-Identifier: LGPL-2.1-or-later
// Long mode: what Bochs walks is recorded. The modelled TLBs and the search for missing flushes, which know linear addresses of 32 bits,
// sleep meanwhile.
#include "cpu_state.h"

#include <algorithm>

namespace plugin {

using namespace mm;

// Where walks begin, as CR3 says in the mode that there is: in PAE paging the four pointers, else a table.
PhysAddr CpuState::root() const {
    return long_mode() ? trace::long_root(state_) : PhysAddr{state_.control.cr3 & 0xFFFFFFE0};
}

// Whoever may change the mode calls this, so that instructions are counted as those of the mode that they ran in.
void CpuState::follow_long_mode() {
    const uint64_t now = instructions();
    if (in_long_mode_) long_mode_instructions_ += now - long_mode_since_;
    long_mode_since_ = now;
    in_long_mode_ = long_mode();
    if (in_long_mode_) long_levels_ = std::max(long_levels_, long_levels(state_.control));
}

uint64_t CpuState::long_mode_instructions() const { return long_mode_instructions_ + (in_long_mode_ ? instructions() - long_mode_since_ : 0); }

// 64-bit code segments have no base; those of compatibility mode have, and addresses of 32 bits.
uint64_t CpuState::long_ip(const Position& at) const { return uint64_t{at.previous_high} << 32 | fetch_.linear(at.previous).raw; }

// --- walks

LongWalk CpuState::long_walk_now(uint64_t linear) const {
    return long_walk(root(), linear, state_.control, [this](PhysAddr at) { return machine_.load(at, sizeof(uint64_t)); });
}

void CpuState::end_long_translation(Pfn frame, unsigned page_shift) {
    if (translating_.reads == 0) return;
    const LongWalk walked = long_walk_now(translating_.linear);
    if (!same_frame(walked.translation.frame, frame) || walked.translation.shift != page_shift)
        walk_disagreements_.add(translating_.linear, walked.translation.frame, frame);
    observe_long(walked, false);
    if (walked.translation.frame != frame) oddities_.note(Oddity::a20_masked, now_, translating_.linear, address(walked.translation.frame).raw);
    ++observed_.fills[static_cast<unsigned>(translating_.access.kind)];
}

void CpuState::observe_long(const LongWalk& walked, bool faulted) {
    arrive();
    const Translating& t = translating_;
    trace::LongWalkRecord event{long_page_of(t.linear), t.access, faulted, walked.reads, 0, {}};
    for (unsigned level = 0; level < walked.reads; ++level) {
        if (level >= t.reads || t.read_at[level] != walked.at[level]) walk_disagreements_.add(t.linear, frame_of(walked.at[level]), frame_of(t.read_at[level]));
        event.entry[level] = walked.entry[level];
        for (unsigned n = 0; n < t.writes; ++n)
            if (t.written_at[n] == walked.at[level]) event.written = static_cast<uint8_t>(event.written | 1u << level);
    }
    if (t.reads != walked.reads) walk_disagreements_.add(t.linear, Pfn{walked.reads}, Pfn{t.reads});
    note_oddities(walked.translation, walked.at[walked.reads - 1]);
    observed_.walk_reads += walked.reads;
    observed_.walk_writes += static_cast<unsigned>(__builtin_popcount(event.written));
    record(event);
}

// --- control events

void CpuState::long_page_fault(uint32_t code, uint64_t cr2, const Position& at) {
    ++observed_.page_faults;
    record(trace::LongPageFault{cr2, long_ip(at), PageFaultCode::decode(code)});
}

void CpuState::invalidate_page(uint64_t linear, const Position& at) {
    if (!long_mode()) return invalidate_page(VirtAddr{static_cast<uint32_t>(linear)}, at);
    catch_up(at);
    ++observed_.invlpg;
    record(trace::LongInvalidatePage{linear, long_ip(at)});
}

void CpuState::invalidate_pcid(trace::InvpcidType type, uint16_t pcid, uint64_t linear, const Position& at) {
    if (!long_mode()) return invalidate_pcid(type, VirtAddr{static_cast<uint32_t>(linear)}, at);
    using trace::InvpcidType;
    catch_up(at);
    const bool of_one = type == InvpcidType::address || type == InvpcidType::context;
    record(trace::LongInvalidatePcid{type, of_one ? pcid : uint16_t{0}, type == InvpcidType::address ? linear : 0, long_ip(at)});
}

}  // namespace plugin
