// SPDX-License-Identifier: LGPL-2.1-or-later
// Encoder of trace events: values to bytes.
#pragma once

#include "mm/trace_walk_memory.hpp"

namespace mm::trace {

// Bytes in which any event fits, but for a span name's text.
inline constexpr unsigned max_event_bytes = 96;
inline constexpr unsigned max_span_name_bytes = 256;  // with its NUL
inline constexpr unsigned max_task_name_bytes = 32;   // the same

// Appends little-endian integers; the caller has made sure that they fit.
class ByteWriter {
public:
    constexpr explicit ByteWriter(uint8_t* at) : at_{at} {}
    constexpr uint8_t* at() const { return at_; }
    constexpr void put8(uint32_t v) { *at_++ = static_cast<uint8_t>(v); }
    constexpr void put16(uint32_t v) { put8(v), put8(v >> 8); }
    constexpr void put32(uint32_t v) { put16(v), put16(v >> 16); }
    constexpr void put64(uint64_t v) { put32(static_cast<uint32_t>(v)), put32(static_cast<uint32_t>(v >> 32)); }

private:
    uint8_t* at_;
};

class Encoder {
public:
    constexpr void begin_packet(uint64_t ticks) { time_ = ticks, memory_.new_packet(), long_memory_.new_packet(); }

    // Each writes one event at `out`, which has room for max_event_bytes, and returns its end. Times never go back.
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const State& s) {
        ByteWriter w = header(out, time, EventId::state);
        w.put32(s.control.cr0), w.put32(s.control.cr3), w.put32(s.control.cr4), w.put32(s.control.efer);
        const unsigned pdptes = s.control.mode() == PagingMode::pae ? 4 : 0;
        w.put8(s.control.physical_bits), w.put8(pdptes);
        for (unsigned i = 0; i < pdptes; ++i) w.put64(s.pdpte[i]);
        return w.at();
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const ControlWrite& e) {
        return two_words(out, time, e.which, e.value, e.ip);
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const TaskSwitch& e) {
        return two_words(out, time, EventId::task_switch, e.cr3, e.ip);
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const InvalidatePage& e) {
        return two_words(out, time, EventId::invlpg, e.linear.raw, e.ip);
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const InvalidatePcid& e) {
        ByteWriter w = header(out, time, EventId::invpcid);
        w.put8(static_cast<uint32_t>(e.type)), w.put32(e.linear.raw), w.put32(e.ip);
        return w.at();
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const PdpteLoad& e) {
        ByteWriter w = header(out, time, EventId::pdpte_load);
        for (uint64_t pdpte : e.pdpte) w.put64(pdpte);
        return w.at();
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const ObservedWalk& e) {
        ByteWriter w = header(out, time, EventId::observed_walk);
        const Words n = words(e.walk);
        w.put32(walk_bits(e.walk) | n.pde << 24 | n.pte << 26 | uint32_t{e.pde_written} << 28 | uint32_t{e.pte_written} << 29);
        return put_entries(w, e.walk, n).at();
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const ModelWalk& e) {
        const bool some = e.profiles != all_profiles || e.cached != 0;
        ByteWriter w = header(out, time, some ? EventId::profile_walk : EventId::model_walk);
        const Words n = words(e.walk);
        w.put32(walk_bits(e.walk) | static_cast<uint32_t>(e.cause) << 24 | n.pde << 28 | n.pte << 30);
        if (some) w.put16(e.profiles), w.put16(e.cached);
        return put_entries(w, e.walk, n).at();
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const PageFault& e) {
        ByteWriter w = header(out, time, EventId::page_fault);
        w.put32(e.linear.raw), w.put32(e.ip), w.put8(e.code.encode());
        return w.at();
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const Flush& e) {
        ByteWriter w = header(out, time, EventId::flush);
        w.put32(static_cast<uint32_t>(e.cause) | uint32_t{e.profile} << 4 | at_most(e.dropped.instruction, 4095) << 8 | at_most(e.dropped.data, 4095) << 20);
        w.put16(at_most(e.dropped.second, 65535)), w.put8(at_most(e.dropped.pde, 255));
        return w.at();
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const Interrupt& e) {
        ByteWriter w = header(out, time, EventId::interrupt);
        w.put8(e.vector), w.put8(static_cast<uint32_t>(e.kind) | uint32_t{e.user} << 2), w.put32(e.ip);
        return w.at();
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const InterruptReturn& e) {
        ByteWriter w = header(out, time, EventId::interrupt_return);
        w.put8(e.user);
        return w.at();
    }
    // `out` has room for max_event_bytes + max_span_name_bytes; a longer text is cut.
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const SpanName& e) {
        ByteWriter w = header(out, time, EventId::span_name);
        w.put16(e.span);
        for (unsigned i = 0; i + 1 < max_span_name_bytes && e.text[i]; ++i) w.put8(static_cast<uint8_t>(e.text[i]));
        w.put8(0);
        return w.at();
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const SpanEdge& e) {
        ByteWriter w = header(out, time, e.which);
        w.put16(e.span), w.put32(e.instructions);
        return w.at();
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const Mark& e) {
        ByteWriter w = header(out, time, EventId::mark);
        w.put32(e.value);
        return w.at();
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const Counters& e) {
        ByteWriter w = header(out, time, EventId::counters);
        w.put8(e.profile), w.put64(e.instructions);
        w.put64(e.instruction.lookups), w.put64(e.instruction.misses), w.put64(e.instruction.walks);
        w.put64(e.data.lookups), w.put64(e.data.misses), w.put64(e.data.walks);
        return w.at();
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const SecondHits& e) {
        ByteWriter w = header(out, time, EventId::second_hits);
        w.put8(e.profile), w.put32(e.hits);
        return w.at();
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const FastCall& e) {
        ByteWriter w = header(out, time, EventId::fast_call);
        w.put8(static_cast<uint32_t>(e.kind)), w.put32(e.ip);
        return w.at();
    }
    // `out` has room for max_event_bytes + 4 * max_references.
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const References& e) {
        ByteWriter w = header(out, time, EventId::references);
        w.put16(e.count);
        for (unsigned i = 0; i < 4 * e.count; ++i) w.put8(e.words[i]);
        return w.at();
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const Instruction& e) {
        ByteWriter w = header(out, time, EventId::instruction);
        w.put32(e.ip);
        return w.at();
    }
    // A longer name is cut.
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const Task& e) {
        ByteWriter w = header(out, time, EventId::task);
        w.put32(e.pid), w.put32(e.instructions);
        for (unsigned i = 0; i + 1 < max_task_name_bytes && e.name[i]; ++i) w.put8(static_cast<uint8_t>(e.name[i]));
        w.put8(0);
        return w.at();
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const Stale& e) {
        ByteWriter w = header(out, time, EventId::stale);
        w.put16(e.site), w.put32(e.linear.raw);
        w.put8(static_cast<uint32_t>(e.kind) | static_cast<uint32_t>(e.level) << 4 | static_cast<uint32_t>(e.access.kind) << 6);
        w.put8(uint32_t{e.access.user} | static_cast<uint32_t>(e.change.how) << 1 | uint32_t{e.large} << 4 | uint32_t{e.global} << 5 | uint32_t{e.mapped} << 6 | uint32_t{e.used_by_bochs} << 7);
        w.put8(static_cast<uint32_t>(e.cached.access) | static_cast<uint32_t>(e.old_owner) << 2);
        w.put8(e.change.cpu), w.put16(e.profiles), w.put32(e.ip);
        w.put32(e.change.ip), w.put64(e.change.ticks), w.put32(e.cached.ip), w.put64(e.cached.ticks);
        w.put64(e.change.entry_at.raw), w.put64(e.change.old_entry), w.put64(e.change.new_entry);
        w.put32(e.old_frame.raw), w.put32(e.new_frame.raw), w.put32(e.old_mapped_at.raw);
        return w.at();
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const StaleUses& e) {
        ByteWriter w = header(out, time, EventId::stale_uses);
        w.put16(e.site), w.put32(e.uses);
        return w.at();
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const EntryWrite& e) {
        ByteWriter w = header(out, time, EventId::entry_write);
        w.put64(e.at.raw), w.put64(e.value), w.put8(static_cast<uint32_t>(e.how)), w.put32(e.ip);
        return w.at();
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const LongWalkRecord& e) {
        ByteWriter w = header(out, time, EventId::long_walk);
        unsigned known = 0;
        while (known < e.reads && knows(e, known)) ++known;
        for (unsigned n = known; n < e.reads; ++n) long_memory_.learn(long_memory_.slot(n, e.page), n, e.page, e.entry[n]);
        const uint64_t given = e.reads - known;
        w.put64((e.page & 0xFFFFFFFFFFFFF) | static_cast<uint64_t>(e.access.kind) << 52 | uint64_t{e.access.user} << 54 | uint64_t{e.fault} << 55 |
                uint64_t{e.reads} << 56 | given << 59 | uint64_t{e.written} << 62);
        w.put8(uint32_t{e.written} >> 2);
        for (unsigned n = known; n < e.reads; ++n) w.put64(e.entry[n]);
        return w.at();
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const LongPageFault& e) {
        ByteWriter w = header(out, time, EventId::long_page_fault);
        w.put64(e.linear), w.put64(e.ip), w.put8(e.code.encode());
        return w.at();
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const LongInvalidatePage& e) {
        ByteWriter w = header(out, time, EventId::long_invlpg);
        w.put64(e.linear), w.put64(e.ip);
        return w.at();
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const LongRoot& e) {
        ByteWriter w = header(out, time, EventId::long_root);
        w.put32(e.high);
        return w.at();
    }
    constexpr uint8_t* encode(uint8_t* out, uint64_t time, const LongInvalidatePcid& e) {
        ByteWriter w = header(out, time, EventId::long_invpcid);
        w.put16(static_cast<uint32_t>(e.type) | uint32_t{e.pcid} << 4), w.put64(e.linear), w.put64(e.ip);
        return w.at();
    }

private:
    constexpr bool knows(const LongWalkRecord& e, unsigned place) {
        const LongWalkMemory::Slot& slot = long_memory_.slot(place, e.page);
        return long_memory_.knows(slot, place, e.page) && slot.value == e.entry[place];
    }
    struct Words { uint32_t pde, pte; };

    static constexpr uint32_t at_most(uint32_t n, uint32_t most) { return n < most ? n : most; }

    constexpr ByteWriter header(uint8_t* out, uint64_t time, EventId id) {
        ByteWriter w{out};
        if (static_cast<uint32_t>(id) < extended_id && time - time_ < uint64_t{1} << timestamp_bits) {
            w.put32(static_cast<uint32_t>(id) | static_cast<uint32_t>(time << 5));
        } else {
            w.put8(extended_id), w.put32(static_cast<uint32_t>(id)), w.put64(time);
        }
        time_ = time;
        return w;
    }
    constexpr uint8_t* two_words(uint8_t* out, uint64_t time, EventId id, uint32_t a, uint32_t b) {
        ByteWriter w = header(out, time, id);
        w.put32(a), w.put32(b);
        return w.at();
    }
    static constexpr uint32_t walk_bits(const WalkRecord& r) {
        return r.page.raw | static_cast<uint32_t>(r.access.kind) << 20 | uint32_t{r.access.user} << 22 | uint32_t{r.fault} << 23;
    }
    constexpr uint32_t words_of(WalkMemory::Slot& slot, uint32_t page, uint64_t value) {
        if (memory_.knows(slot, page) && slot.value == value) return 0;
        memory_.learn(slot, page, value);
        return value >> 32 ? 2 : 1;
    }
    constexpr Words words(const WalkRecord& r) {
        Words n{0, 0};
        if (r.reads >= 1) n.pde = words_of(memory_.directory_slot(r.page), r.page.raw >> 9, r.pde);
        if (r.reads >= 2) n.pte = words_of(memory_.table_slot(r.page), r.page.raw, r.pte);
        return n;
    }
    static constexpr ByteWriter put_entries(ByteWriter w, const WalkRecord& r, Words n) {
        if (n.pde >= 1) w.put32(static_cast<uint32_t>(r.pde));
        if (n.pde >= 2) w.put32(static_cast<uint32_t>(r.pde >> 32));
        if (n.pte >= 1) w.put32(static_cast<uint32_t>(r.pte));
        if (n.pte >= 2) w.put32(static_cast<uint32_t>(r.pte >> 32));
        return w;
    }

    WalkMemory memory_;
    LongWalkMemory long_memory_;
    uint64_t time_ = 0;
};

}  // namespace mm::trace
