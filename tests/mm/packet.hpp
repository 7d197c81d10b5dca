// SPDX-License-Identifier: LGPL-2.1-or-later
// A packet of events for the tests of the trace's codec, and what a decoder makes of it.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <memory>
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
    template <class E> void operator()(uint64_t time, const E& e, const uint8_t*) { out.emplace_back(time, e); }
};

// What is compared of an event that two ways of decoding give: everything of those of which there are two.
inline std::vector<uint64_t> content(const WalkRecord& w) { return {w.page.raw, static_cast<uint64_t>(w.access.kind), w.access.user, w.fault, w.reads, w.pde, w.pte}; }
inline std::vector<uint64_t> content(const Event& event) {
    std::vector<uint64_t> all{event.index()};
    const auto add = [&](const std::vector<uint64_t>& more) { all.insert(all.end(), more.begin(), more.end()); };
    if (const auto* e = std::get_if<Instruction>(&event)) add({e->ip});
    if (const auto* e = std::get_if<ObservedWalk>(&event)) add(content(e->walk)), add({e->pde_written, e->pte_written});
    if (const auto* e = std::get_if<ModelWalk>(&event)) add(content(e->walk)), add({static_cast<uint64_t>(e->cause), e->profiles, e->cached});
    return all;
}

// Decodes a packet event by event, and at once: the events, where that ends and why are the same.
inline DecodeStatus decode_twice(const uint8_t* bytes, const uint8_t* end, uint64_t begin, std::vector<std::pair<uint64_t, Event>>& out) {
    static const auto one = std::make_unique<Decoder>(), all = std::make_unique<Decoder>();
    std::vector<std::pair<uint64_t, Event>> rest;
    std::vector<const uint8_t*> places, rest_places;
    one->begin_packet(bytes, end, begin), all->begin_packet(bytes, end, begin);
    uint64_t count = 0;
    const DecodeStatus at_once = all->rest(count, [&](uint64_t time, const auto& e, const uint8_t* at) { rest.emplace_back(time, e), rest_places.push_back(at); });
    DecodeStatus status;
    for (;;) {
        const uint8_t* const at = one->at();
        if ((status = one->next(Collect{out})) != DecodeStatus::event) break;
        places.push_back(at);
    }
    EXPECT_STREQ(name(status), name(at_once));
    EXPECT_EQ(one->at(), all->at());
    EXPECT_EQ(one->time(), all->time());
    EXPECT_EQ(places, rest_places);
    EXPECT_EQ(count, rest.size());
    EXPECT_EQ(out.size(), rest.size());
    for (size_t i = 0; i < out.size() && i < rest.size(); ++i) {
        EXPECT_EQ(out[i].first, rest[i].first) << "event " << i;
        EXPECT_EQ(content(out[i].second), content(rest[i].second)) << "event " << i;
    }
    return status;
}

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
        const DecodeStatus s = decode_twice(bytes_.data(), bytes_.data() + bytes_.size(), begin_, out);
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
