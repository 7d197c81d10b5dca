// SPDX-License-Identifier: LGPL-2.1-or-later
// Replays a recording made with --references through the naive detector of missing flushes, and compares what it finds with what was
// recorded: each first use with the lookup before it, each site's number of uses with the number of findings.
//
// Memory is learned: from walks, from entry_write events, and PDPTEs when their registers are loaded. What is known of an entry is
// believed as long as something may be held that came from it: only tables in use have their writes recorded. A lookup that needs an
// entry which is not known is not judged, and counted.
//
// What cannot be compared. References have no instruction: of a site's uses only kind and level are known. One lookup may have several
// findings; the recording may count any of them. Which frames the guest has published as freed tables is no event: `table_freed` is
// accepted of every use through a stale directory entry. `freed_table_used` is left out, as are writer, times and profiles. If both entries
// of a translation were written, or the tables in use are others than its own, any of the entries may be blamed.
// Where the tables close a page to programs, a program's access that a stale translation served is recorded as the processor's own: both
// ways to see it are accepted.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "naive_stale.hpp"
#include "replayer.hpp"

namespace reference {

// One CPU's stream, from its beginning. Throws Difference.
class StaleReplayer final {
public:
    StaleReplayer();
    // With a memory that is known from elsewhere: nothing is learned, and the caller tells of every write.
    explicit StaleReplayer(NaiveStale::Memory truth) : naive_{std::move(truth)}, learns_{false} {}
    void software_wrote(mm::PhysAddr at, uint64_t value, uint64_t was) { naive_.write(at, value, was); }

    template <class Event>
    void take(const Event& e, const mm::trace::State& after) {
        handle(e, after);
        state_ = after;
    }
    void finish();  // compares the numbers of uses

    struct Compared {
        uint64_t lookups = 0, unjudged = 0;
        uint64_t entry_writes = 0;
        uint64_t sites = 0, uses = 0;       // recorded
        uint64_t stale_lookups = 0;         // with a finding
        uint64_t unproven = 0;              // recorded sites whose first use could not be judged
    };
    [[nodiscard]] const Compared& compared() const { return compared_; }

private:
    using Class = std::pair<mm::StaleKind, mm::TableLevel>;
    // How many uses a recording may have of a class: `least`, of lookups where nothing else was found.
    struct Uses { uint64_t least = 0, most = 0, recorded = 0; };
    struct Site { Class of; uint64_t uses = 1; };

    // Every event but those of the lookup that was last: its walks, and what is found in it.
    template <class Event> void handle(const Event& e, const mm::trace::State& after) {
        settle();
        if (apply(e, after)) announced_ = false;
    }
    void handle(const mm::trace::Instruction&, const mm::trace::State&) {}  // who makes its walk
    void handle(const mm::trace::ModelWalk& e, const mm::trace::State&) { learn(e); }
    void handle(const mm::trace::Stale& e, const mm::trace::State&) { found_.push_back(e); }
    void handle(const mm::trace::EntryWrite& e, const mm::trace::State&);
    void handle(const mm::trace::State& e, const mm::trace::State&);

    // True unless the event may stand between the cause of a flush and the `flush` events that tell of it.
    template <class Event> bool apply(const Event&, const mm::trace::State&) { return true; }
    bool apply(const mm::trace::ControlWrite& e, const mm::trace::State& after);
    bool apply(const mm::trace::TaskSwitch&, const mm::trace::State&);
    bool apply(const mm::trace::PdpteLoad& e, const mm::trace::State& after);
    bool apply(const mm::trace::InvalidatePage& e, const mm::trace::State&);
    bool apply(const mm::trace::InvalidatePcid& e, const mm::trace::State&);
    bool apply(const mm::trace::PageFault& e, const mm::trace::State&);
    bool apply(const mm::trace::Flush&, const mm::trace::State&);
    bool apply(const mm::trace::ObservedWalk& e, const mm::trace::State& after);
    bool apply(const mm::trace::References& e, const mm::trace::State& after);
    bool apply(const mm::trace::StaleUses& e, const mm::trace::State&);

    void learn(const mm::trace::ModelWalk& e);
    void learn(const mm::trace::WalkRecord& w, bool pde_from_memory);
    void forget_unused(const mm::trace::State& s);
    void forget_all();  // everything was flushed
    void look_up(const mm::trace::Reference& r);
    void settle();  // the last lookup
    using Findings = std::vector<Finding>;
    void compare(const mm::trace::Stale& e, const Findings& found, bool judged);
    void count(const Findings& found);

    std::map<uint64_t, uint64_t> memory_;
    NaiveStale naive_;
    bool learns_ = true;
    mm::trace::State state_{};
    std::optional<mm::trace::Reference> last_;   // not judged yet: its walks come after it
    std::vector<mm::trace::Stale> found_;        // recorded of it
    std::set<uint32_t> unjudged_;                // pages: something may be held of them that is not known
    bool announced_ = false;                     // the `flush` events that come now have had their cause
    std::vector<Site> sites_;
    std::map<Class, Uses> uses_;
    Compared compared_;
};

}  // namespace reference
