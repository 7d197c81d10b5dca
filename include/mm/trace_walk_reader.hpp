// SPDX-License-Identifier: LGPL-2.1-or-later
// Reads the entries of recorded walks: those that an event gives, and those that it leaves out because the packet has shown them before.
#pragma once

#include "mm/trace_walk_memory.hpp"

namespace mm::trace {

// no_state: a packet that does not begin with a state event. bad_value: a field outside its labels or lengths.
enum class DecodeStatus : uint8_t { event, end, truncated, unknown_event, bad_value, no_state, unknown_entry };
constexpr const char* name(DecodeStatus s) {
    constexpr const char* names[] = {"event", "end", "event runs past the end of its packet", "unknown event id", "field value out of range",
                                     "packet does not begin with a state event", "walk leaves out an entry that its packet has not recorded"};
    return names[static_cast<unsigned>(s)];
}

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__);
template <class T> inline T read_bytes(const uint8_t* p) {
    T value;
    __builtin_memcpy(&value, p, sizeof value);
    return value;
}
inline uint32_t read16(const uint8_t* p) { return read_bytes<uint16_t>(p); }
inline uint32_t read32(const uint8_t* p) { return read_bytes<uint32_t>(p); }
inline uint64_t read64(const uint8_t* p) { return read_bytes<uint64_t>(p); }

class WalkReader {
public:
    void new_packet() { memory_.new_packet(); }

    // The registers that decide how many entries a walk reads have changed.
    void follow(const State& s) {
        const bool pae = s.control.mode() == PagingMode::pae;
        table_test_ = pae ? table_test_bits<Pae>(s.control) : table_test_bits<Classic>(s.control);
        directories_ = 0;
        for (unsigned i = 0; i < 4; ++i) directories_ |= unsigned{!pae || (s.pdpte[i] & entry_bit::present)} << i;
    }

    // The bytes that the entries of a walk take at the most.
    static constexpr unsigned most_bytes = 16;

    // Takes the words from `p` on, which moves behind them; at least most_bytes can be read there. Whether words are given is as good as
    // random: no branch asks.
    [[gnu::always_inline]] DecodeStatus take(WalkRecord& r, unsigned pde_words, unsigned pte_words, const uint8_t*& p) {
        const uint8_t* const words = p;
        if (!(directories_ >> pdpte_index(address(r.page)) & 1)) return pde_words + pte_words ? DecodeStatus::bad_value : DecodeStatus::event;
        if (!entry(memory_.directory_slot(r.page), r.page.raw >> 9, words, pde_words, r.pde)) return DecodeStatus::unknown_entry;
        r.reads = 1;
        p += 4 * (pde_words + pte_words);
        if ((r.pde & table_test_) != entry_bit::present) return pte_words ? DecodeStatus::bad_value : DecodeStatus::event;
        if (!entry(memory_.table_slot(r.page), r.page.raw, words + 4 * pde_words, pte_words, r.pte)) return DecodeStatus::unknown_entry;
        r.reads = 2;
        return DecodeStatus::event;
    }
    // The same where the packet may end before.
    DecodeStatus take(WalkRecord& r, unsigned pde_words, unsigned pte_words, const uint8_t*& p, const uint8_t* end) {
        const auto left = static_cast<uint64_t>(end - p);
        if (left < 4 * (pde_words + pte_words)) return DecodeStatus::truncated;
        uint8_t words[most_bytes] = {};
        __builtin_memcpy(words, p, left < most_bytes ? left : most_bytes);
        const uint8_t* behind = words;
        const DecodeStatus status = take(r, pde_words, pte_words, behind);
        p += behind - words;
        return status;
    }

private:
    static constexpr uint64_t word_mask[] = {0, 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF};

    // `words`: at least eight bytes, of which the first `count` words are the entry; none: it is the one that the packet has shown.
    bool entry(WalkMemory::Slot& slot, uint32_t page, const uint8_t* words, unsigned count, uint64_t& value) {
        if (!(unsigned{count != 0} | unsigned{memory_.knows(slot, page)})) return false;
        value = (read64(words) & word_mask[count]) | (slot.value & (uint64_t{count != 0} - 1));
        memory_.learn(slot, page, value);
        return true;
    }

    WalkMemory memory_;
    uint64_t table_test_ = 0;    // table_test_bits()
    unsigned directories_ = 0;   // bit n: there is one for the n-th GiB
};

}  // namespace mm::trace
