// SPDX-License-Identifier: LGPL-2.1-or-later
// Decoder of trace events: bytes to values, and never past the end of a packet, whatever the bytes are.
#pragma once

#include "mm/trace_event_size.hpp"
#include "mm/trace_walk_reader.hpp"

namespace mm::trace {

// Reads the events of one packet after the other; keeps the control registers that the events imply.
class Decoder {
public:
    const State& state() const { return state_; }
    uint64_t time() const { return time_; }

    void begin_packet(const uint8_t* content, const uint8_t* end, uint64_t begin_ticks) {
        at_ = content, end_ = end, time_ = begin_ticks, has_state_ = false;
        walks_.new_packet(), long_memory_.new_packet();
    }
    // Where the next event starts, or the one that could not be read.
    const uint8_t* at() const { return at_; }

    // Reads one event and calls visit(time in ticks, event). On an error nothing is visited and at() stays at the event.
    template <class Visitor>
    DecodeStatus next(Visitor&& visit) {
        if (at_ == end_) return DecodeStatus::end;
        return step(at_, time_, [&](uint64_t time, const auto& event, const uint8_t*) { visit(time, event); });
    }

    // The events up to the packet's end, or to an error, as next(): visit(time in ticks, event, its first byte). Their number is added to `events`.
    template <class Visitor>
    DecodeStatus rest(uint64_t& events, Visitor&& visit) {
        const uint8_t* at = at_;
        uint64_t time = time_, count = 0;
        const uint8_t* const frequent_end = end_ - at_ >= frequent_bytes ? end_ - frequent_bytes + 1 : at_;
        auto status = DecodeStatus::event;
        while (at != end_) {
            if (count != 0)  // the first event gives the registers
                while (at < frequent_end && (status = frequent(at, time, visit)) == DecodeStatus::event) ++count;
            if (at == end_ || (status != DecodeStatus::event && status != DecodeStatus::unknown_event)) break;
            const uint8_t* next = at;  // of which step() gets the address, so that `at` can be a register
            uint64_t then = time;
            status = step(next, then, visit);
            at = next, time = then;
            if (status != DecodeStatus::event) break;
            ++count;
        }
        at_ = at, time_ = time, events += count;
        return status == DecodeStatus::event ? DecodeStatus::end : status;
    }

private:
    // What traces have most of, compiled into the caller: an instruction, or a walk, after the packet's first event; unknown_event: it is none
    // of these. frequent_bytes can be read at `at`, which moves to the next event, as `last` does to its time.
    static constexpr int frequent_bytes = 12 + WalkReader::most_bytes;
    template <class Visitor>
    [[gnu::always_inline]] DecodeStatus frequent(const uint8_t*& at, uint64_t& last, Visitor&& visit) {
        const uint8_t *const begin = at, *p = begin + 8;
        const uint32_t word = read32(begin), bits = read32(begin + 4);
        const uint64_t time = time_of(word, last);
        const auto id = static_cast<EventId>(word & extended_id);
        auto status = DecodeStatus::event;
        if (id == EventId::instruction) visit(time, Instruction{bits}, begin);
        else if (id == EventId::model_walk) status = read_model_walk(bits, all_profiles, 0, p, time, begin, visit);
        else if (id == EventId::observed_walk) status = read_observed_walk(bits, p, time, begin, visit);
        else if (id == EventId::profile_walk) {
            p += 4;
            status = read_model_walk(bits, static_cast<uint16_t>(read16(p - 4)), static_cast<uint16_t>(read16(p - 2)), p, time, begin, visit);
        } else return DecodeStatus::unknown_event;
        if (status == DecodeStatus::event) at = p, last = time;
        return status;
    }

    // Any event, as frequent().
    template <class Visitor>
    [[gnu::noinline]] DecodeStatus step(const uint8_t*& at, uint64_t& last, Visitor&& visit) {
        const uint8_t* const begin = at;
        if (end_ - begin < 4) return DecodeStatus::truncated;
        const uint32_t word = read32(begin);
        uint32_t id = word & extended_id;
        uint64_t time = time_of(word, last);
        const uint8_t* p = begin + 4;
        if (id == extended_id) {
            if (end_ - begin < 13) return DecodeStatus::truncated;
            id = read32(begin + 1), time = read64(begin + 5), p = begin + 13;
            if (time < last) return DecodeStatus::bad_value;
        }
        if (id >= event_kinds) return DecodeStatus::unknown_event;
        if (!has_state_ && id != 0) return DecodeStatus::no_state;
        const DecodeStatus status = payload(static_cast<EventId>(id), p, time, begin, visit);
        if (status == DecodeStatus::event) at = p, last = time;
        return status;
    }

    static constexpr uint64_t time_of(uint32_t word, uint64_t last) {
        return last + (((word >> 5) - static_cast<uint32_t>(last)) & ((1u << timestamp_bits) - 1));
    }

    // Whether one of some fields of two bits has its fourth value: bit n is set in `fields` for one at bit n.
    static constexpr bool any_fourth(uint32_t bits, uint32_t fields) { return bits & bits >> 1 & fields; }

    // `end`: where the packet ends, unless it is known that the entries can be read.
    template <class Visitor, class... End>
    [[gnu::always_inline]] DecodeStatus read_observed_walk(uint32_t bits, const uint8_t*& p, uint64_t time, const uint8_t* begin, Visitor&& visit, End... end) {
        if (any_fourth(bits, 1u << 20 | 1u << 24 | 1u << 26)) return DecodeStatus::bad_value;
        ObservedWalk e{walk_of(bits), (bits >> 28 & 1) != 0, (bits >> 29 & 1) != 0};
        const DecodeStatus status = walks_.take(e.walk, bits >> 24 & 3, bits >> 26 & 3, p, end...);
        if (status == DecodeStatus::event) visit(time, e, begin);
        return status;
    }
    template <class Visitor, class... End>
    [[gnu::always_inline]] DecodeStatus read_model_walk(uint32_t bits, uint16_t profiles, uint16_t cached, const uint8_t*& p, uint64_t time, const uint8_t* begin,
                                                        Visitor&& visit, End... end) {
        static_assert(refill_causes == 12);  // the values from 12 on have the upper two of four bits set
        if (any_fourth(bits, 1u << 20 | 1u << 26 | 1u << 28 | 1u << 30)) return DecodeStatus::bad_value;
        ModelWalk e{walk_of(bits), static_cast<RefillCause>(bits >> 24 & 15), profiles, cached};
        const DecodeStatus status = walks_.take(e.walk, bits >> 28 & 3, bits >> 30, p, end...);
        if (status == DecodeStatus::event) visit(time, e, begin);
        return status;
    }

    template <class Visitor>
    DecodeStatus payload(EventId id, const uint8_t*& p, uint64_t time, const uint8_t* begin, Visitor&& visit_at) {
        const auto visit = [&](uint64_t t, const auto& e) { visit_at(t, e, begin); };
        const unsigned least = least_sizes.bytes[static_cast<unsigned>(id)];
        if (static_cast<uint64_t>(end_ - p) < least) return DecodeStatus::truncated;
        const uint8_t* const fields = p;
        p += least;
        switch (id) {
        case EventId::state: return read_state(fields, p, time, visit);
        case EventId::cr0_write: state_.control.cr0 = read32(fields), walks_.follow(state_); return write_to(id, fields, time, visit);
        case EventId::cr3_write: state_.control.cr3 = read32(fields), state_.cr3_high = 0; return write_to(id, fields, time, visit);
        case EventId::cr4_write: state_.control.cr4 = read32(fields), walks_.follow(state_); return write_to(id, fields, time, visit);
        case EventId::task_switch:
            state_.control.cr3 = read32(fields);
            return visit(time, TaskSwitch{read32(fields), read32(fields + 4)}), DecodeStatus::event;
        case EventId::invlpg:
            return visit(time, InvalidatePage{VirtAddr{read32(fields)}, read32(fields + 4)}), DecodeStatus::event;
        case EventId::pdpte_load:
            for (unsigned i = 0; i < 4; ++i) state_.pdpte[i] = read64(fields + 8 * i);
            walks_.follow(state_);
            return visit(time, PdpteLoad{{state_.pdpte[0], state_.pdpte[1], state_.pdpte[2], state_.pdpte[3]}}), DecodeStatus::event;
        case EventId::observed_walk: return read_observed_walk(read32(fields), p, time, begin, visit_at, end_);
        case EventId::model_walk: return read_model_walk(read32(fields), all_profiles, 0, p, time, begin, visit_at, end_);
        case EventId::profile_walk:
            return read_model_walk(read32(fields), static_cast<uint16_t>(read16(fields + 4)), static_cast<uint16_t>(read16(fields + 6)), p, time, begin, visit_at, end_);
        case EventId::instruction: return visit(time, Instruction{read32(fields)}), DecodeStatus::event;
        case EventId::page_fault:
            return visit(time, PageFault{VirtAddr{read32(fields)}, read32(fields + 4), PageFaultCode::decode(fields[8])}), DecodeStatus::event;
        case EventId::flush:
            if ((fields[0] & 15) >= refill_causes) return DecodeStatus::bad_value;
            return visit(time, Flush{static_cast<RefillCause>(fields[0] & 15), static_cast<uint8_t>(fields[0] >> 4),
                                     {read32(fields) >> 8 & 0xFFF, read32(fields) >> 20, read16(fields + 4), fields[6]}}),
                   DecodeStatus::event;
        case EventId::interrupt:
            if ((fields[1] & 3) > 2) return DecodeStatus::bad_value;
            return visit(time, Interrupt{fields[0], static_cast<InterruptKind>(fields[1] & 3), (fields[1] & 4) != 0, read32(fields + 2)}), DecodeStatus::event;
        case EventId::interrupt_return: return visit(time, InterruptReturn{(fields[0] & 1) != 0}), DecodeStatus::event;
        case EventId::span_name: return read_name(fields, p, time, visit);
        case EventId::span_begin:
        case EventId::span_end: return visit(time, SpanEdge{id, static_cast<uint16_t>(read16(fields)), read32(fields + 2)}), DecodeStatus::event;
        case EventId::mark: return visit(time, Mark{read32(fields)}), DecodeStatus::event;
        case EventId::counters:
            return visit(time, Counters{fields[0], read64(fields + 1), {read64(fields + 9), read64(fields + 17), read64(fields + 25)},
                                        {read64(fields + 33), read64(fields + 41), read64(fields + 49)}}),
                   DecodeStatus::event;
        case EventId::second_hits: return visit(time, SecondHits{fields[0], read32(fields + 1)}), DecodeStatus::event;
        case EventId::fast_call: return visit(time, FastCall{static_cast<FastCallKind>(fields[0] & 3), read32(fields + 1)}), DecodeStatus::event;
        case EventId::references: return read_references(fields, p, time, visit);
        case EventId::stale: return read_stale(fields, time, visit);
        case EventId::stale_uses: return visit(time, StaleUses{static_cast<uint16_t>(read16(fields)), read32(fields + 2)}), DecodeStatus::event;
        case EventId::entry_write:
            if ((fields[16] & 7) >= entry_writers) return DecodeStatus::bad_value;
            return visit(time, EntryWrite{PhysAddr{read64(fields)}, read64(fields + 8), static_cast<EntryWriter>(fields[16] & 7), read32(fields + 17)}), DecodeStatus::event;
        case EventId::task: {
            const char* const name = text(fields + 8, p);
            return name ? (visit(time, Task{read32(fields), read32(fields + 4), name}), DecodeStatus::event) : DecodeStatus::truncated;
        }
        case EventId::invpcid:
            return visit(time, InvalidatePcid{static_cast<InvpcidType>(fields[0] & 3), VirtAddr{read32(fields + 1)}, read32(fields + 5)}), DecodeStatus::event;
        case EventId::long_walk: return read_long_walk(fields, p, time, visit);
        case EventId::long_page_fault:
            return visit(time, LongPageFault{read64(fields), read64(fields + 8), PageFaultCode::decode(fields[16])}), DecodeStatus::event;
        case EventId::long_invlpg: return visit(time, LongInvalidatePage{read64(fields), read64(fields + 8)}), DecodeStatus::event;
        case EventId::long_root: return state_.cr3_high = read32(fields), visit(time, LongRoot{state_.cr3_high}), DecodeStatus::event;
        case EventId::long_invpcid:
            return visit(time, LongInvalidatePcid{static_cast<InvpcidType>(fields[0] & 3), static_cast<uint16_t>(read16(fields) >> 4), read64(fields + 2), read64(fields + 10)}), DecodeStatus::event;
        }
        return DecodeStatus::unknown_event;
    }

    // The NUL-terminated text at `start`; `p` is then behind it. Null if the packet ends before it does.
    const char* text(const uint8_t* start, const uint8_t*& p) const {
        const uint8_t* nul = start;
        while (nul != end_ && *nul) ++nul;
        if (nul == end_) return nullptr;
        p = nul + 1;
        return reinterpret_cast<const char*>(start);
    }

    template <class Visitor>
    DecodeStatus write_to(EventId id, const uint8_t* fields, uint64_t time, Visitor&& visit) {
        return visit(time, ControlWrite{id, read32(fields), read32(fields + 4)}), DecodeStatus::event;
    }

    template <class Visitor>
    DecodeStatus read_state(const uint8_t* fields, const uint8_t*& p, uint64_t time, Visitor&& visit) {
        const unsigned pdptes = fields[17];
        if ((pdptes != 0 && pdptes != 4) || fields[16] > 52) return DecodeStatus::bad_value;
        if (static_cast<uint64_t>(end_ - p) < pdptes * 8) return DecodeStatus::truncated;
        state_.control = Control{read32(fields), read32(fields + 4), read32(fields + 8), read32(fields + 12), fields[16]};
        state_.cr3_high = 0;
        for (unsigned i = 0; i < 4; ++i) state_.pdpte[i] = pdptes ? read64(p + 8 * i) : 0;
        p += pdptes * 8;
        walks_.follow(state_);
        has_state_ = true;
        return visit(time, state_), DecodeStatus::event;
    }

    template <class Visitor>
    DecodeStatus read_name(const uint8_t* fields, const uint8_t*& p, uint64_t time, Visitor&& visit) {
        const char* const name = text(fields + 2, p);
        if (!name) return DecodeStatus::truncated;
        return visit(time, SpanName{static_cast<uint16_t>(read16(fields)), name}), DecodeStatus::event;
    }

    template <class Visitor>
    DecodeStatus read_references(const uint8_t* fields, const uint8_t*& p, uint64_t time, Visitor&& visit) {
        const References e{read16(fields), fields + 2};
        if (e.count > max_references) return DecodeStatus::bad_value;
        if (static_cast<uint64_t>(end_ - p) < 4 * e.count) return DecodeStatus::truncated;
        for (unsigned n = 0; n < e.count; ++n)
            if (static_cast<unsigned>(e.at(n).access.kind) > 2) return DecodeStatus::bad_value;
        p += 4 * e.count;
        return visit(time, e), DecodeStatus::event;
    }

    template <class Visitor>
    DecodeStatus read_long_walk(const uint8_t* fields, const uint8_t*& p, uint64_t time, Visitor&& visit) {
        const uint64_t bits = read64(fields);
        const unsigned reads = bits >> 56 & 7, given = bits >> 59 & 7;
        if ((bits >> 52 & 3) > 2 || reads == 0 || reads > most_long_levels || given > reads) return DecodeStatus::bad_value;
        if (static_cast<uint64_t>(end_ - p) < 8 * given) return DecodeStatus::truncated;
        LongWalkRecord e{bits & 0xFFFFFFFFFFFFF, {static_cast<AccessKind>(bits >> 52 & 3), (bits >> 54 & 1) != 0}, (bits >> 55 & 1) != 0, reads,
                         static_cast<uint8_t>((bits >> 62 | uint32_t{fields[8]} << 2) & 31), {}};
        for (unsigned n = 0; n < reads; ++n) {
            LongWalkMemory::Slot& slot = long_memory_.slot(n, e.page);
            if (n >= reads - given) long_memory_.learn(slot, n, e.page, read64(p)), p += 8;
            else if (!long_memory_.knows(slot, n, e.page)) return DecodeStatus::unknown_entry;
            e.entry[n] = slot.value;
        }
        return visit(time, e), DecodeStatus::event;
    }

    template <class Visitor>
    DecodeStatus read_stale(const uint8_t* fields, uint64_t time, Visitor&& visit) {
        const uint8_t what = fields[6], flags = fields[7], cached = fields[8];
        if ((what & 15) >= stale_kinds || (what >> 4 & 3) >= table_levels || what >> 6 > 2 || (flags >> 1 & 7) >= entry_writers || (cached & 3) > 2 ||
            (cached >> 2 & 3) >= frame_owners)
            return DecodeStatus::bad_value;
        Stale e;
        e.site = static_cast<uint16_t>(read16(fields)), e.linear = VirtAddr{read32(fields + 2)};
        e.kind = static_cast<StaleKind>(what & 15), e.level = static_cast<TableLevel>(what >> 4 & 3);
        e.access = {static_cast<AccessKind>(what >> 6), (flags & 1) != 0};
        e.large = flags & 16, e.global = flags & 32, e.mapped = flags & 64, e.used_by_bochs = flags & 128;
        e.old_owner = static_cast<FrameOwner>(cached >> 2 & 3);
        e.profiles = static_cast<uint16_t>(read16(fields + 10)), e.ip = read32(fields + 12);
        e.change = {static_cast<EntryWriter>(flags >> 1 & 7), fields[9], read32(fields + 16), read64(fields + 20), PhysAddr{read64(fields + 40)}, read64(fields + 48), read64(fields + 56)};
        e.cached = {static_cast<AccessKind>(cached & 3), read32(fields + 28), read64(fields + 32)};
        e.old_frame = Pfn{read32(fields + 64)}, e.new_frame = Pfn{read32(fields + 68)}, e.old_mapped_at = VirtAddr{read32(fields + 72)};
        return visit(time, e), DecodeStatus::event;
    }

    static WalkRecord walk_of(uint32_t bits) {
        return {Vpn{bits & 0xFFFFF}, {static_cast<AccessKind>(bits >> 20 & 3), (bits >> 22 & 1) != 0}, (bits >> 23 & 1) != 0, 0, 0, 0};
    }

    WalkReader walks_;
    LongWalkMemory long_memory_;
    State state_{};
    const uint8_t* at_ = nullptr;
    const uint8_t* end_ = nullptr;
    uint64_t time_ = 0;
    bool has_state_ = false;
};

}  // namespace mm::trace
