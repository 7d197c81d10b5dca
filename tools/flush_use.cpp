// SPDX-License-Identifier: LGPL-2.1-or-later
// Finds the flush that a refill goes back to. The trace says of what kind it was; which one it was follows from the rules: a page
// that was cached stays so until it is pushed out, which no flush pays for, or until the first flush that covers it.
#include "flush_use.hpp"

namespace tools {

FlushUse::FlushUse(const Profile& p)
    : shared_{p.unified.yes() || p.second_unified.yes()}, large_instruction_{p.large_instruction.is != "fragmented"},
      large_data_{p.large_data.is != "fragmented"} {
    if (p.unified.yes()) large_instruction_ = large_data_;
}

FlushUse::Page* FlushUse::find(mm::Vpn page, bool execute) {
    const auto& chunk = chunks_[execute && !shared_][page.raw >> 10];
    return chunk ? &(*chunk)[page.raw & 1023] : nullptr;
}

void FlushUse::retire(const Record& r) {
    if (!r.refilled) useless(r.site, Useless::nothing_refilled);
}

void FlushUse::push(Ring& ring, const Record& record) {
    if (ring.records.size() < ring_size) {
        ring.records.push_back(record);
    } else {
        Record& oldest = ring.records[ring.next % ring_size];
        retire(oldest);
        oldest = record;
    }
    ++ring.next;
}

void FlushUse::flush(unsigned site, Scope scope, mm::RefillCause cause, mm::Vpn page, mm::Vpn first_of_large) {
    const Record record{site, cause, false};
    if (scope == Scope::non_global) return push(non_global_, record);
    if (scope == Scope::all) return push(all_, record);
    push(page_, record);
    for (const bool execute : {false, true}) {
        if (execute && shared_) break;
        for (const mm::Vpn p : {page, first_of_large})
            if (Page* const known = find(p, execute); known && known->all && !known->page) known->page = page_.next;
    }
}

bool FlushUse::charge(Ring& ring, uint32_t number_plus_1, mm::RefillCause cause) {
    const uint32_t number = number_plus_1 - 1;
    if (number_plus_1 == 0 || number >= ring.next || ring.next - number > ring_size) return false;
    Record& r = ring.records[number % ring_size];
    if (r.cause != cause) return false;
    r.refilled = true;
    ++count(r.site).refills;
    return true;
}

void FlushUse::refill(const Page& p, mm::RefillCause cause) {
    const bool found = charge(page_, p.page, cause) || charge(non_global_, p.non_global, cause) || charge(all_, p.all, cause);
    static_cast<void>(found);  // not found: it was too long ago, or the page was mapped to something else in between
}

const std::vector<FlushSite>& FlushUse::finish() {
    for (Ring* ring : {&page_, &non_global_, &all_}) {
        for (const Record& r : ring->records) retire(r);
        *ring = {};
    }
    return sites_;
}

uint64_t FlushReport::useless(Useless u, FlushKind kind) const {
    uint64_t sum = 0;
    for (const FlushSite& s : sites)
        if (s.kind == kind) sum += s.useless[static_cast<size_t>(u)];
    return sum;
}

uint64_t FlushReport::useless(Useless u) const {
    return useless(u, FlushKind::invlpg) + useless(u, FlushKind::cr3_write) + useless(u, FlushKind::other);
}

uint64_t FlushReport::executed(FlushKind kind) const {
    uint64_t sum = 0;
    for (const FlushSite& s : sites)
        if (s.kind == kind) sum += s.executed;
    return sum;
}

}  // namespace tools
