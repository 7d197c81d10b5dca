// SPDX-License-Identifier: LGPL-2.1-or-later
// A packet of events for the tests of the trace's codec, and what a decoder makes of it.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "../seed.hpp"
#include "mm/trace_codec.hpp"
#include "mm/trace_tsdl.hpp"

namespace trace_tests {

using namespace mm;
using namespace mm::trace;

using Event = std::variant<State, ControlWrite, TaskSwitch, InvalidatePage, InvalidatePcid, PdpteLoad, ObservedWalk, ModelWalk, PageFault, Flush, Interrupt,
                           InterruptReturn, SpanName, SpanEdge, Mark, Counters, SecondHits, FastCall, References, Stale, StaleUses, EntryWrite, Instruction, Task,
                           LongWalkRecord, LongPageFault, LongInvalidatePage, LongRoot, LongInvalidatePcid>;

struct Collect {
    std::vector<std::pair<uint64_t, Event>>& out;
    template <class E> void operator()(uint64_t time, const E& e) { out.emplace_back(time, e); }
};

inline const State classic{{cr0_pg | cr0_pe | cr0_wp, 0x1000, cr4_pse | cr4_pge, 0, 36}, {}};
inline const State pae{{cr0_pg | cr0_pe | cr0_wp, 0x1000, cr4_pae | cr4_pge, efer_nxe, 36}, {0x2001, 0x3001, 0x4001, 0x5001}};

class Packet {
public:
    explicit Packet(uint64_t begin) : begin_{begin} { encoder_.begin_packet(begin); }
    template <class E> Packet& add(uint64_t time, const E& e) {
        uint8_t room[max_event_bytes + max_span_name_bytes + 4 * max_references];
        uint8_t* const end = encoder_.encode(room, time, e);
        sizes_.push_back(static_cast<size_t>(end - room));
        bytes_.insert(bytes_.end(), room, end);
        return *this;
    }
    std::vector<std::pair<uint64_t, Event>> decode(DecodeStatus expected = DecodeStatus::end) const {
        std::vector<std::pair<uint64_t, Event>> out;
        auto decoder = std::make_unique<Decoder>();
        decoder->begin_packet(bytes_.data(), bytes_.data() + bytes_.size(), begin_);
        DecodeStatus s;
        while ((s = decoder->next(Collect{out})) == DecodeStatus::event) {}
        EXPECT_STREQ(name(s), name(expected));
        return out;
    }
    const std::vector<uint8_t>& bytes() const { return bytes_; }
    const std::vector<size_t>& sizes() const { return sizes_; }
    uint64_t begin() const { return begin_; }

private:
    Encoder encoder_;
    uint64_t begin_;
    std::vector<uint8_t> bytes_;
    std::vector<size_t> sizes_;
};

inline WalkRecord small_walk() { return {Vpn{0xC0012}, {AccessKind::write, true}, false, 2, 0x00002007, 0x00345067}; }

}  // namespace trace_tests
