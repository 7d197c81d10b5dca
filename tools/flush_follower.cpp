// SPDX-License-Identifier: LGPL-2.1-or-later
// A flushing instruction's event comes first, then an event for each profile that lost something.
#include <algorithm>

#include "flush_use.hpp"

namespace tools {

FlushFollower::FlushFollower(const std::vector<Profile>& profiles) {
    for (const Profile& p : profiles) uses_.emplace_back(p);
}

void FlushFollower::begin(FlushKind kind, FlushUse::Scope scope, uint32_t ip, bool counts) {
    end();
    const uint64_t key = uint64_t{ip} << 2 | static_cast<uint64_t>(kind);
    auto at = numbers_.find(key);
    if (at == numbers_.end()) at = numbers_.emplace(key, static_cast<unsigned>(sites_.size())).first, sites_.push_back({ip, kind});
    pending_ = {};
    pending_.site = at->second, pending_.kind = kind, pending_.scope = scope, pending_.counts = counts;
}

// The instruction's flush events have all been seen.
void FlushFollower::end() {
    const Pending& p = pending_;
    if (!p.counts) return;
    for (size_t n = 0; n < uses_.size(); ++n) {
        FlushUse& use = uses_[n];
        const bool dropped = p.dropped >> n & 1;
        if (p.kind != FlushKind::other || dropped) use.executed(p.site);
        if (!dropped && p.kind == FlushKind::invlpg) use.useless(p.site, Useless::not_cached);
        if (!dropped && p.kind == FlushKind::cr3_write) use.useless(p.site, Useless::nothing_dropped);
        if (p.same_value && p.reason == Reason::none) use.useless(p.site, Useless::same_value);
    }
    pending_.counts = false;
}

void FlushFollower::write(const mm::trace::ControlWrite& e, const mm::trace::State& s) {
    const bool paging = s.control.narrow_paging();
    if (e.which != mm::trace::EventId::cr3_write) return begin(FlushKind::other, FlushUse::Scope::all, e.ip, paging);
    begin(FlushKind::cr3_write, FlushUse::Scope::non_global, e.ip, paging);
    pending_.same_value = e.value == cr3_;
    cr3_ = e.value;
}

void FlushFollower::task_switch(const mm::trace::TaskSwitch& e, const mm::trace::State& s) {
    begin(FlushKind::other, FlushUse::Scope::non_global, e.ip, s.control.narrow_paging());
    cr3_ = e.cr3;
}

void FlushFollower::invalidate(const mm::trace::InvalidatePage& e, const mm::trace::State& s) {
    begin(FlushKind::invlpg, FlushUse::Scope::page, e.ip, s.control.narrow_paging());
    pending_.page = mm::page_of(e.linear), pending_.first_of_large = first_of_large(pending_.page, s);
}

void FlushFollower::invalidate(const mm::trace::InvalidatePcid& e, const mm::trace::State& s) {
    using mm::trace::InvpcidType;
    const bool one = e.type == InvpcidType::address, global = e.type == InvpcidType::all_and_global;
    const FlushUse::Scope scope = one ? FlushUse::Scope::page : global ? FlushUse::Scope::all : FlushUse::Scope::non_global;
    begin(FlushKind::other, scope, e.ip, s.control.narrow_paging());
    pending_.page = mm::page_of(e.linear), pending_.first_of_large = first_of_large(pending_.page, s);
}

void FlushFollower::flush(const mm::trace::Flush& e, size_t profile) {
    // No instruction did these two.
    if (e.cause == mm::RefillCause::page_fault || e.cause == mm::RefillCause::smm || !pending_.counts) return;
    const bool given = e.cause == mm::RefillCause::kmap_wrap || e.cause == mm::RefillCause::vmalloc_purge;
    pending_.reason = given ? Reason::given : Reason::none;
    if (e.dropped.instruction + e.dropped.data + e.dropped.second == 0) return;  // directory entries alone
    pending_.dropped |= uint32_t{1} << profile;
    uses_[profile].flush(pending_.site, pending_.scope, e.cause, pending_.page, pending_.first_of_large);
}

void FlushFollower::finish(std::vector<FlushReport>& reports) {
    end();
    reports.resize(uses_.size());
    for (size_t n = 0; n < uses_.size(); ++n) {
        const std::vector<FlushSite>& found = uses_[n].finish();
        std::vector<FlushSite>& sites = reports[n].sites;
        for (size_t i = 0; i < found.size(); ++i) {
            if (!found[i].executed) continue;
            const auto same = [&](const FlushSite& s) { return s.ip == sites_[i].ip && s.kind == sites_[i].kind; };
            auto at = std::find_if(sites.begin(), sites.end(), same);  // another CPU's, perhaps
            if (at == sites.end()) at = sites.insert(sites.end(), {sites_[i].ip, sites_[i].kind});
            at->executed += found[i].executed, at->refills += found[i].refills;
            for (size_t u = 0; u < useless_kinds; ++u) at->useless[u] += found[i].useless[u];
        }
        std::sort(sites.begin(), sites.end(), [](const FlushSite& a, const FlushSite& b) { return a.ip < b.ip; });
    }
}

}  // namespace tools
