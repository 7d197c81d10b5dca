// SPDX-License-Identifier: LGPL-2.1-or-later
// Shares by task and by function.
#include "shares.hpp"

#include <algorithm>
#include <cstdio>

#include "instruction_shares.hpp"
#include "printable.hpp"

namespace tools {
namespace {

ShareStatistics share(std::string name, uint64_t id, size_t profiles) { return {std::move(name), id, {}, 0, std::vector<WalkCounts>(profiles)}; }

uint64_t all_walks(const ShareStatistics& s) {
    uint64_t sum = 0;
    for (const WalkCounts& w : s.walks) sum += w.walks;
    return sum;
}

bool did_nothing(const ShareStatistics& s) { return all_walks(s) == 0 && s.observed_fills == 0 && s.events == EventCounts{}; }

// Those that did something, the largest first.
void sort(std::vector<ShareStatistics>& all) {
    all.erase(std::remove_if(all.begin(), all.end(), did_nothing), all.end());
    std::sort(all.begin(), all.end(), [](const ShareStatistics& a, const ShareStatistics& b) {
        const uint64_t wa = all_walks(a), wb = all_walks(b);
        return wa != wb ? wa > wb : a.id != b.id ? a.id < b.id : a.name < b.name;
    });
}

}  // namespace

uint64_t address_space_of(const mm::trace::State& s) {
    switch (s.control.mode()) {
    case mm::PagingMode::none: return 0;
    case mm::PagingMode::pae: return s.control.cr3 & ~0x1Fu;
    case mm::PagingMode::long_mode: return mm::trace::long_root(s).raw;
    default: return s.control.cr3 & ~mm::page_mask;
    }
}

std::string address_space_name(uint64_t root) {
    if (root == 0) return "paging off";
    char name[24];
    std::snprintf(name, sizeof name, "cr3 %08llx", static_cast<unsigned long long>(root));
    return name;
}

TaskShares::TaskShares(bool events_tell, size_t profiles) : events_tell_{events_tell}, profiles_{profiles}, other_{share("other", 0, profiles)} {}

ShareStatistics& TaskShares::of(uint64_t id, const std::string& name) {
    const auto known = shares_.find({id, name});
    if (known != shares_.end()) return known->second;
    return shares_.emplace(std::pair{id, name}, share(name, id, profiles_)).first->second;
}

void TaskShares::begin_stream() { now_ = &other_, since_ = 0, root_ = 0; }

void TaskShares::task(const mm::trace::Task& e, uint64_t instructions) {
    if (!events_tell_) return;
    now_->events.instructions += instructions - since_;
    since_ = instructions;
    now_ = &of(e.pid, printable(e.name));
}

void TaskShares::address_space(const mm::trace::State& state) {
    if (events_tell_) return;
    const uint64_t root = address_space_of(state);
    if (root == root_) return;
    root_ = root;
    if (!root) now_ = &other_;
    else if (const auto known = by_root_.find(root); known != by_root_.end()) now_ = known->second;
    else now_ = by_root_[root] = &of(root, address_space_name(root));
}

void TaskShares::end_stream(uint64_t instructions) {
    if (events_tell_) now_->events.instructions += instructions - since_;
}

std::vector<ShareStatistics> TaskShares::take() {
    std::vector<ShareStatistics> all;
    for (auto& [key, s] : shares_) all.push_back(std::move(s));
    shares_.clear(), by_root_.clear();
    sort(all);
    all.push_back(std::move(other_));
    return all;
}

FunctionShares::FunctionShares(const Symbols& symbols, const RunInfo& run, size_t profiles, InstructionShares* instead)
    : symbols_{symbols}, instead_{instead}, nobody_{!instead && symbols.empty()}, run_{run}, regions_{run.regions}, profiles_{profiles}, functions_(symbols.count()), user_{share("[user]", 0, profiles)},
      other_{share("other", 0, profiles)}, known_(known_instructions) {
    for (const RegionInfo& r : run.regions) regions_shares_.push_back(share("[" + r.name + "]", static_cast<uint32_t>(r.start), profiles));
    user_.program = true;
}

ShareStatistics& FunctionShares::other() { return instead_ ? instead_->other() : other_; }

ShareStatistics& FunctionShares::find(uint32_t ip, bool user, uint64_t key) {
    ShareStatistics& share = instead_ ? instead_->of(ip, user) : search(ip, user);
    known_[slot(ip)] = {key, &share};
    return share;
}

ShareStatistics& FunctionShares::search(uint32_t ip, bool user) {
    if (const size_t function = symbols_.find(ip, user); function != Symbols::none) {
        ShareStatistics& share_of_it = functions_[function];
        if (share_of_it.walks.empty() && share_of_it.name.empty()) {
            share_of_it = share(symbols_.name(function), symbols_.start(function), profiles_);
            share_of_it.program = symbols_.is_program(function);
        }
        return share_of_it;
    }
    if (user) return user_;
    const unsigned region = regions_.of(mm::VirtAddr{ip}, false);
    return region == regions_.other() ? other_ : run_.regions[region].name == "user" ? user_ : regions_shares_[region];
}

std::string FunctionShares::place_of(uint32_t ip, bool user) const {
    if (user) return user_.name;
    const unsigned region = regions_.of(mm::VirtAddr{ip}, false);
    return region == regions_.other() ? other_.name : regions_shares_[region].name;
}

std::vector<ShareStatistics> FunctionShares::take() {
    if (symbols_.empty() || instead_) return {};
    std::vector<ShareStatistics> all = std::move(functions_);
    for (ShareStatistics& s : regions_shares_) all.push_back(std::move(s));
    all.push_back(std::move(user_));
    sort(all);
    all.push_back(std::move(other_));
    return all;
}

}  // namespace tools
