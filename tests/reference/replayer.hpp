// SPDX-License-Identifier: LGPL-2.1-or-later
// Runs the reference model over the lookups of a recording made with --references, and compares what it says with what was
// recorded: every walk, every flush's count, every counter. Page tables are not in a trace: the entries that a walk reads
// are those that its event has.
#pragma once

#include <deque>
#include <stdexcept>
#include <string>
#include <vector>

#include "mm/trace_events.hpp"
#include "reference.hpp"

namespace reference {

struct Difference : std::runtime_error { using runtime_error::runtime_error; };

// One CPU's stream, from its beginning. Throws Difference, which says what the model and the recording disagree about.
class Replayer final {
public:
    explicit Replayer(const std::vector<mm::MmuGeometry>& profiles);

    template <class Event>
    void take(const Event& e, const mm::trace::State& after) {
        check(e, after.control);
        control_ = after.control;
    }
    void finish();

    struct Compared { uint64_t lookups = 0, walks = 0, faults = 0, flushes = 0, second_hits = 0, counters = 0; };
    [[nodiscard]] const Compared& compared() const { return compared_; }

private:
    using Profiles = uint32_t;  // a bit for each
    struct Model {
        mm::MmuGeometry geometry;
        Reference mmu;
        uint64_t second_hits = 0;  // recorded so far
    };
    enum class Flushes : uint8_t { none, non_global, all, page, address, fault };

    // Events that neither use a TLB nor change one.
    template <class Event> void check(const Event&, const mm::Control&) {}
    void check(const mm::trace::ControlWrite& e, const mm::Control& after);
    void check(const mm::trace::TaskSwitch&, const mm::Control&) { expect_flush(Flushes::non_global, {}); }
    // A load that comes with no flush drops the cached directory entries, and no event tells how many.
    void check(const mm::trace::PdpteLoad&, const mm::Control&) {
        if (flushing_ != Flushes::none) return;
        for (Model& m : models_) m.mmu.flush_directory_entries();
    }
    void check(const mm::trace::InvalidatePage& e, const mm::Control&) { expect_flush(Flushes::page, e.linear); }
    void check(const mm::trace::InvalidatePcid& e, const mm::Control&);
    void check(const mm::trace::PageFault& e, const mm::Control&) { expect_flush(Flushes::fault, e.linear); }
    void check(const mm::trace::Flush& e, const mm::Control&);
    void check(const mm::trace::References& e, const mm::Control& c);
    void check(const mm::trace::ModelWalk& e, const mm::Control& c);
    void check(const mm::trace::SecondHits& e, const mm::Control&);
    void check(const mm::trace::SpanEdge&, const mm::Control&);
    void check(const mm::trace::Counters& e, const mm::Control&);

    void settle();                      // nothing may be left to compare
    void settle_flush();
    void expect_flush(Flushes kind, mm::VirtAddr a);
    Dropped flush(Model& m, Cause cause);
    void make_lookups(const mm::Control& c);  // until one needs walks
    void walk(size_t profile, const mm::trace::ModelWalk& recorded, const mm::Control& c);
    void compare(const Model& m, const mm::trace::ModelWalk& recorded, const Outcome& o) const;
    void compare(const Model& m, const char* side, const Counts& mine, const mm::LookupCounts& recorded) const;
    void compare_second_hits(const Model& m) const;

    [[noreturn]] void differ(const std::string& what) const { throw Difference{what}; }
    [[noreturn]] void differ(const Model& m, const std::string& what) const { differ(std::string{m.geometry.profile} + ": " + what); }

    std::vector<Model> models_;
    mm::Control control_{};
    std::deque<mm::trace::Reference> lookups_;       // in order; none is kept that is done with
    bool made_ = false;                              // the first of these, but for its walks and repeats
    Profiles walking_ = 0;                           // whose walk for the first lookup has not been read yet
    Flushes flushing_ = Flushes::none;
    mm::VirtAddr flushed_{};
    Profiles flushed_by_ = 0;                        // whose flush event has come
    Compared compared_;
};

}  // namespace reference
