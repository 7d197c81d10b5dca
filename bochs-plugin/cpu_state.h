// SPDX-License-Identifier: LGPL-2.1-or-later
// One CPU of the recording: follows its control registers, feeds the modelled TLBs with every access exactly once, and
// records what happens to its stream. Knows nothing of Bochs; instrument.cc and wraps.cc call it.
//
//   data access ------------------\                       /--> hit: nothing recorded
//   fetch page (FetchTracker) -----+--> look_up: models --+
//   faulting translation ---------/                       \--> miss: walk over guest memory, model_walk event, fill
//   Bochs' own translation: begin ... physical reads ... end or page fault --> observed_walk event
#pragma once

#include <stdlib.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cpu_listener.h"
#include "entry_writes.h"
#include "fetch_check.h"
#include "fetch_tracker.h"
#include "linux_tasks.h"
#include "machine.h"
#include "mm/mmu_models.hpp"
#include "mm/protocol.hpp"
#include "observed_counts.h"
#include "oddities.h"
#include "other_cpus.h"
#include "stale_watch.h"
#include "stream.h"

namespace plugin {

// Where a CPU stands when a hook fires, by instruction pointer (not linear). An instruction that has begun shows as
// ip beyond previous: Bochs advances ip first and commits previous last.
struct Position {
    uint32_t ip = 0;
    uint32_t previous = 0;
    uint32_t base = 0;   // of the code segment
    bool user = false;   // CPL 3
    bool ac = false;     // EFLAGS.AC
    uint32_t previous_high = 0;  // in 64-bit mode: the upper half of `previous`
};

class CpuState {
public:
    // `references`: every lookup is recorded, none is filtered. `stale` outlives this. `most_translations`: see mm::TranslationTable.
    CpuState(const Machine&, FastPath&, PacketSink&, unsigned cpu, const std::vector<const mm::MmuGeometry*>& profiles, StaleWatch& stale,
             bool references, std::function<void()> on_write_failure, uint32_t most_translations = mm::most_translations);
    CpuState(const CpuState&) = delete;
    CpuState& operator=(const CpuState&) = delete;
    ~CpuState();

    // The recording begins here, with the registers as they are and nothing known of what the processor has cached. `first`: instructions
    // completed on this CPU when it was told to begin.
    void begin(const mm::trace::State&, uint64_t first);

    // Nothing is recorded from suspend() until go_on(), and nothing counts: what was cached is dropped, as if everything may have changed.
    // `span`: what the part is called.
    void suspend(const Position&, uint16_t span);
    void go_on(const mm::trace::State&, uint16_t span);

    // Accesses. The physical address is Bochs' translation, which the models' must equal. `bytes` and `modifies` (it was a read as well) are of writes.
    void data_access(mm::VirtAddr, mm::PhysAddr, mm::AccessKind, const Position&, unsigned bytes = 4, bool modifies = false);
    void near_branch(uint32_t last, uint32_t target);                // `last`: ip of the branch's last byte
    void far_branch(uint32_t last, const Position& after);
    void repeat_iteration(uint32_t last);
    void next_instruction(const Position&);                          // the start that lose() left unknown

    // Bochs' translate_linear: begin, then end unless a page fault ends it.
    void begin_translation(uint64_t linear, mm::Access);
    void begin_translation(mm::VirtAddr a, mm::Access access) { begin_translation(uint64_t{a.raw}, access); }
    void physical_access(mm::PhysAddr, bool write);
    bool translating() const { return translating_.active; }
    void end_translation(mm::Pfn frame, unsigned page_shift);

    // A device's write to memory, by which page tables may change: before and after it.
    void begin_device_write(mm::PhysAddr, unsigned bytes);
    void end_device_write();

    // Control events. `pdpte` is nullptr unless the PDPTE registers were loaded.
    void write_cr0(uint32_t value, const uint64_t* pdpte, const Position&);
    void write_cr3(uint64_t value, const uint64_t* pdpte, bool in_trampoline, const Position&);
    void write_cr4(uint32_t value, const uint64_t* pdpte, const Position&);
    void set_flush_reason(mm::protocol::FlushReason reason) { flush_reason_ = reason; }  // of what the guest flushes from now on
    mm::protocol::FlushReason flush_reason() const { return flush_reason_; }
    void publish_page_table(mm::Pfn, mm::protocol::PageTable, const Position&);  // what the guest says of its page tables' frames
    void begin_task_switch(const Position&);                         // while the old task's instruction runs
    void switch_task(uint32_t cr3, const uint64_t* pdpte);
    void invalidate_page(mm::VirtAddr, const Position&);
    void invalidate_page(uint64_t linear, const Position&);          // of any mode
    void invalidate_pcid(mm::trace::InvpcidType, mm::VirtAddr, const Position&);
    void invalidate_pcid(mm::trace::InvpcidType, uint16_t pcid, uint64_t linear, const Position&);  // of any mode
    void change_state(const mm::trace::State&, mm::RefillCause);     // reset, SMM, RSM: everything may have changed
    void change_efer(uint32_t efer);
    bool took_pdptes();                                              // whether four entries were read since the last call

    void external_interrupt(uint8_t vector, const Position&, bool by_another_cpu = false);
    void exception(uint8_t vector, uint32_t code, uint64_t cr2, const Position&);
    void exception(uint8_t vector, uint32_t code, mm::VirtAddr cr2, const Position& at) { exception(vector, code, uint64_t{cr2.raw}, at); }
    void delivery(uint8_t vector, const Position&);                  // of any interrupt, after the two above
    void interrupt_return(bool to_user);
    void fast_call(mm::trace::FastCallKind, uint32_t ip);

    // The guest's own events.
    template <class Event> void guest_event(const Event& event, const Position& at) {
        catch_up(at);
        record(event);
    }
    void catch_up(const Position&);                                  // with the fetches of the instructions that have begun
    void span_edge(mm::trace::EventId, uint16_t span, const Position&);
    void span_begun(uint16_t span);                                  // by the very first instruction of the recording

    // From now on it is recorded which task runs.
    void follow_tasks(const LinuxTaskLayout& layout) { tasks_ = std::make_unique<LinuxTasks>(machine_, layout, number_); }
    void forget_tasks() { tasks_.reset(); }  // whose memory will be gone

    // Who is told of events from now on; outlives this, or is ignored before.
    void listen(CpuListener& who) { listeners_.push_back(&who); }
    void ignore(CpuListener& who) { listeners_.erase(std::remove(listeners_.begin(), listeners_.end(), &who), listeners_.end()); }
    void at_intervals(std::function<void()> look) { at_interval_ = std::move(look); }  // called after counters: may look, and change nothing
    const LinuxTasks* tasks() const { return tasks_.get(); }  // null: not known
    mm::VirtAddr acting() const { return mm::VirtAddr{acting_ip_}; }

    void check_fetch(const Position&, unsigned length);              // of a build that verifies: before every instruction, of so many bytes

    void finish();                                                   // with the last counters, and the last packet

    const mm::trace::State& state() const { return state_; }
    const ObservedCounts& observed() const { return observed_; }
    const mm::MmuModels& models() const { return models_; }
    uint64_t instructions() const { return suspended_at_.value_or(machine_.instructions()) - first_instruction_; }  // of the recording
    uint64_t ticks() const { return now_; }
    unsigned number() const { return number_; }
    // With several CPUs, where a tick is what they execute on average, an estimate.
    uint64_t idle_ticks() const { return now_ - first_tick_ > instructions() ? now_ - first_tick_ - instructions() : 0; }
    const Disagreements& model_disagreements() const { return model_disagreements_; }
    const Disagreements& walk_disagreements() const { return walk_disagreements_; }
    Oddities& oddities() { return oddities_; }
    const Oddities& oddities() const { return oddities_; }
    uint64_t fetch_mismatches() const { return fetch_check_.mismatches(); }
    mm::VirtAddr linear(uint32_t ip) const { return fetch_.linear(ip); }
    unsigned long_levels_seen() const { return long_levels_; }       // of tables, in long mode; 0: it was not used
    uint64_t long_mode_instructions() const;                         // of instructions()
    bool paging() const { return state_.control.narrow_paging(); }
    bool long_mode() const { return state_.control.mode() == mm::PagingMode::long_mode; }

private:
    static constexpr unsigned most_entries = mm::most_long_levels;
    struct Translating {
        bool active = false;
        uint64_t linear = 0;
        mm::Access access{};
        unsigned reads = 0, writes = 0;
        mm::PhysAddr read_at[most_entries] = {}, written_at[most_entries] = {};
        uint64_t data_lookups = 0, instructions = 0;  // when it began

        mm::VirtAddr virt() const { return mm::VirtAddr{static_cast<uint32_t>(linear)}; }  // not in long mode
    };

    // Answers mm::MmuModels for one lookup. `bochs`: the frame that Bochs found, or Machine::unknown_frame.
    class Lookup;

    void arrive();
    template <class Event> void record(const Event& event) {
        if (references_pending_ != 0) record_references();
        stream_.record(now_, event);
        for (CpuListener* each : listeners_) each->hear(*this, event);
    }
    void record_task();
    // Who makes the walk that is recorded next.
    void record_walker(uint32_t ip) {
        if (ip == walker_ip_) return;
        walker_ip_ = ip;
        record(mm::trace::Instruction{ip});
    }
    auto fetcher() { return [this](mm::Vpn page) { fetch(page); }; }
    void fetch(mm::Vpn);
    void set_paging();
    void follow_long_mode();

    void look_up(mm::VirtAddr, mm::Access, mm::Pfn bochs);
    bool implicit(mm::VirtAddr) const;
    mm::PageWalk walk(mm::VirtAddr, mm::Access, const uint64_t* cached_pde = nullptr) const;
    uint64_t data_lookups() const { return fast_.clock.now - fast_.clock.fetches; }

    void note_reference(mm::VirtAddr, mm::Access);
    void record_references();
    void record_second_hits();

    void begin_write(mm::PhysAddr, unsigned bytes, MayHold::Change by, uint64_t until);
    void act(const Position& at) { acting_ip_ = fetch_.linear(at.previous).raw, acting_cpl3_ = at.user; }
    void begin_entry_write(mm::PhysAddr, unsigned bytes, bool modifies, const Position&);
    void settle_writes() {  // what was written is in memory by now
        if (stale_.writes.pending()) take_writes();
    }
    void take_writes();
    void set_counting();
    void look_again(uint8_t writer);
    void note_walk(const mm::ModelWalks&);
    bool check_stale(mm::VirtAddr, mm::Access, mm::Pfn bochs);
    void record_entries(mm::VirtAddr, mm::Access);
    uint16_t report(mm::trace::Stale);  // its site
    uint16_t holders(uint32_t page, mm::AccessKind, const MayHold::Use&);
    void trust(uint32_t page, mm::AccessKind, mm::Pfn frame);
    MayHold::Change change_by(mm::EntryWriter how, uint32_t ip) const;
    void change_root(const mm::trace::State& before, uint32_t ip);
    template <class Covers> void flush_untold(Covers&&);
    void flush_untold_address(mm::VirtAddr);
    void flush_untold_page(mm::VirtAddr);
    void flush_untold_at_fault(mm::VirtAddr);
    void flush_untold_not_global();
    void flush_untold_all();

    void observe(const mm::PageWalk&, bool faulted);
    void note_oddities(const mm::Translation&, mm::PhysAddr last_entry);
    mm::PhysAddr root() const;
    uint64_t long_ip(const Position&) const;
    mm::LongWalk long_walk_now(uint64_t linear) const;
    void end_long_translation(mm::Pfn frame, unsigned page_shift);
    void observe_long(const mm::LongWalk&, bool faulted);
    void long_page_fault(uint32_t code, uint64_t cr2, const Position&);
    void note_entry(mm::PhysAddr, bool written);
    void note_root();
    bool same_frame(mm::Pfn ours, mm::Pfn bochs) const { return ours == bochs || machine_.on_bus(ours) == bochs; }
    void faulting_access();
    mm::RefillCause charged(mm::RefillCause) const;
    template <class Drop> void flush(mm::RefillCause, Drop&&);
    void refetch(const Position&);
    void forget_fetch_page();
    void record_pdptes(const uint64_t* pdpte);
    void record_counters();
    void record_interrupt(uint8_t vector, mm::trace::InterruptKind, bool user, uint32_t ip);

    const Machine& machine_;
    FastPath& fast_;
    mm::trace::State state_;
    Stream stream_;
    FetchTracker fetch_;
    Sparse<mm::PageRecord> pages_;                       // 32 MiB of the address space, of which what the guest uses is touched
    Sparse<mm::RegionRecord> regions_;
    mm::MmuModels models_;
    std::vector<uint64_t> second_hits_recorded_;
    ObservedCounts observed_;
    Disagreements model_disagreements_, walk_disagreements_;
    Oddities oddities_;
    Translating translating_, last_translation_;
    bool fetch_user_ = false;          // CPL of the code that is fetched
    bool announced_ = false;           // the next delivery has been recorded
    unsigned stray_reads_ = 0;         // physical reads outside a translation, by one instruction: PDPTEs
    uint64_t stray_reader_ = 0;        // that instruction, as the count of those before it
    uint32_t task_switch_ip_ = 0;
    mm::protocol::FlushReason flush_reason_{};
    uint64_t now_ = 0, next_counters_ = 0;
    uint64_t first_instruction_ = 0, first_tick_ = 0;    // where the recording began; later by the instructions that it was suspended for
    std::optional<uint64_t> suspended_at_;                // instructions completed; nothing: it is not suspended
    bool unified_ = false;                                // a model's first level serves fetches and data
    const bool references_;
    unsigned references_pending_ = 0;
    mm::trace::Reference references_last_;                // its repeats are still counted
    uint8_t reference_words_[4 * mm::trace::max_references];
    FetchCheck fetch_check_;

    // Long mode: cpu_long.cc.
    unsigned long_levels_ = 0;
    bool in_long_mode_ = false;
    uint64_t long_mode_since_ = 0, long_mode_instructions_ = 0;

    std::vector<CpuListener*> listeners_;
    std::function<void()> at_interval_;
    std::unique_ptr<LinuxTasks> tasks_;  // of a kernel whose memory is understood
    uint32_t walker_ip_ = 0;           // as recorded last

    // Missing flushes: cpu_stale.cc.
    StaleWatch& stale_;
    MayHold may_hold_;
    const uint8_t number_;
    Progress progress_;
    UntoldUses untold_;
    Told told_;
    uint32_t acting_ip_ = 0;           // linear address of the instruction whose lookup is made; of a fetch: where execution went
    bool acting_cpl3_ = false;
    uint32_t ip_after_write_ = 0;      // of the instruction after the one that wrote an entry
    uint64_t begun_by_then_ = 0;       // instructions completed when that is next
};

}  // namespace plugin
