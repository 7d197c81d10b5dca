// SPDX-License-Identifier: LGPL-2.1-or-later
// Which events meet which breaks.
#include "debug_breaks.h"

#include <strings.h>

#include <algorithm>

namespace plugin {

using namespace mm;
using Verb = DebugCommand::Verb;

namespace {

constexpr const char* any_zone = "any";

bool same_name(const std::string& a, const std::string& b) { return strcasecmp(a.c_str(), b.c_str()) == 0; }

// The linear addresses that a translation serves.
bool covers(const DebugCommand& range, VirtAddr page, unsigned shift) {
    const uint64_t size = uint64_t{1} << shift, first = page.raw & ~(size - 1);
    return first <= range.to && range.from <= first + (size - 1);
}

}  // namespace

std::string words_of_break(const DebugCommand& c) {
    const std::string of_profile = c.profile.empty() ? "" : " " + c.profile;
    switch (c.verb) {
    case Verb::break_walk: return "walk " + c.zone + of_profile;
    case Verb::break_fill: return "fill " + hex(c.from, 8) + (c.to == c.from ? "" : "-" + hex(c.to, 8)) + of_profile;
    case Verb::break_flush: return "flush" + of_profile;
    case Verb::break_stale: return "stale";
    default: return "split-switch";
    }
}

unsigned DebugBreaks::add(const DebugCommand& what) {
    breaks_.push_back({++last_number_, what, 0});
    return last_number_;
}

bool DebugBreaks::remove(unsigned number) {
    const auto gone = std::remove_if(breaks_.begin(), breaks_.end(), [&](const Break& b) { return number == 0 || b.number == number; });
    const bool any = gone != breaks_.end();
    breaks_.erase(gone, breaks_.end());
    return any || number == 0;
}

bool DebugBreaks::names_zone(const RunInfo& info, const std::string& name) {
    return same_name(name, any_zone) || same_name(name, no_place) ||
           std::any_of(info.zones.begin(), info.zones.end(), [&](const RunInfo::Zone& z) { return same_name(z.name, name); });
}

std::vector<std::string> DebugBreaks::take_met() {
    std::vector<std::string> lines;
    lines.swap(met_);
    return lines;
}

template <class Matches, class Say>
void DebugBreaks::meet(Matches&& matches, Say&& say) {
    if (!heeded_) return;
    for (Break& b : breaks_) {
        if (!matches(b.what)) continue;
        ++b.met;
        if (met_.size() < most_lines) met_.push_back("break " + std::to_string(b.number) + " (" + words_of_break(b.what) + "): " + say());
        stop_();
    }
}

bool DebugBreaks::names_profile(const std::string& name, uint16_t bits) const {
    if (name.empty()) return true;
    const auto& all = session_.info().profiles;
    for (size_t n = 0; n < all.size(); ++n)
        if (all[n] == name) return bits >> n & 1;
    return false;
}

std::string DebugBreaks::profiles(uint16_t bits) const {
    const auto& all = session_.info().profiles;
    std::string names;
    for (size_t n = 0; n < all.size(); ++n)
        if (bits >> n & 1) names += (names.empty() ? "" : ", ") + all[n];
    return names;
}

void DebugBreaks::walked(const CpuState& cpu, const trace::ModelWalk& e) {
    if (breaks_.empty()) return;
    const Translation t = trace::view(e.walk, cpu.state()).translation;
    const VirtAddr page = address(e.walk.page);
    const char* const zone = e.walk.fault ? no_place : zone_of(session_.info(), t.frame);
    meet(
        [&](const DebugCommand& b) {
            if (!names_profile(b.profile, e.profiles)) return false;
            if (b.verb == Verb::break_walk) return same_name(b.zone, any_zone) || same_name(b.zone, zone);
            return b.verb == Verb::break_fill && !e.walk.fault && covers(b, page, t.shift);
        },
        [&] {
            const Access a = e.walk.access;
            return std::string{a.user ? "a program's " : "the kernel's "} + access_noun(a.kind) + " of page " + place(session_.info(), names_, page.raw, a.user) +
                   " walked in " + profiles(e.profiles) + ": " + cause_words(e.cause) + "; " + (e.walk.fault ? "no translation" : frame_place(session_.info(), t.frame)) +
                   "; " + by_walker(cpu, a.user);
        });
}

// A reset and the way into system management mode are no instructions; the way out is RSM, of code that is no guest's.
void DebugBreaks::changes_state(const CpuState&, RefillCause cause) {
    no_instruction_ = cause == RefillCause::smm ? "on the way into system management mode, or out of it" : "by a reset of the processor";
}

void DebugBreaks::interrupted(const CpuState& cpu, const trace::Interrupt& e) {
    if (e.kind == trace::InterruptKind::external) interrupt_ = {e.vector, e.ip, e.user, cpu.instructions()};
}

// While an external interrupt is delivered no instruction runs.
std::string DebugBreaks::by_walker(const CpuState& cpu, bool user) const {
    const uint32_t ip = cpu.acting().raw;
    if (interrupt_.instructions != cpu.instructions() || interrupt_.ip != ip) return by(ip, user);
    return "by interrupt " + std::to_string(interrupt_.vector) + ", which came before " + place(session_.info(), names_, ip, interrupt_.user);
}

void DebugBreaks::dropped(const CpuState&, const trace::Flush& e) {
    const uint16_t bit = static_cast<uint16_t>(1u << e.profile);
    meet([&](const DebugCommand& b) { return b.verb == Verb::break_flush && names_profile(b.profile, bit); },
         [&] {
             const Dropped& d = e.dropped;
             std::string what;
             const auto say = [&](unsigned count, const char* where) { what += count ? (what.empty() ? "" : ", ") + std::to_string(count) + " " + where : ""; };
             say(d.instruction, "instruction"), say(d.data, "data"), say(d.second, "second-level"), say(d.pde, "directory");
             return cause_words(e.cause) + " dropped entries of " + profiles(bit) + ": " + what + "; " + by_flusher();
         });
}

void DebugBreaks::writes_control(const CpuState&, const trace::ControlWrite& e) {
    flushed_by(e.ip);
    if (e.which != trace::EventId::cr3_write) return;
    meet([&](const DebugCommand& b) { return b.verb == Verb::break_split_switch && session_.in_trampoline(VirtAddr{e.ip}); },
         [&] { return "CR3 = " + hex(e.value, 8) + "; " + by(e.ip, false); });
}

void DebugBreaks::used_stale(const CpuState&, const trace::Stale& e) {
    meet([](const DebugCommand& b) { return b.verb == Verb::break_stale; },
         [&] {
             const RunInfo& info = session_.info();
             return std::string{name(e.kind)} + ": a " + access_noun(e.access.kind) + " of " + place(info, names_, e.linear.raw, e.access.user) + " may still go to " +
                    frame_place(info, e.old_frame) + (e.mapped ? "; the page tables say " + frame_place(info, e.new_frame) : "; the page tables map nothing") + "; " +
                    by(e.ip, e.access.user) + "; entry at physical " + hex(e.change.entry_at.raw) + " changed by " + place(info, names_, e.change.ip, false);
         });
}

}  // namespace plugin
