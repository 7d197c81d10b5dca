// SPDX-License-Identifier: LGPL-2.1-or-later
// All models of one CPU, fed with each lookup once: those that do not serve it are asked, and walk if they must.
//
//   quick(): every model serves the page: one time stamp                look_up(): ask, walk, fill, tell the client
//
// The guest's memory is the client's:
//   PageWalk walk(VirtAddr, Access, const uint64_t* cached_pde)    a walk now, from that directory entry if it is not nullptr
//   void translated(VirtAddr, Pfn)                                 a model served the access with this frame
//   void walked(const ModelWalks&)                                 models walked, with the same result and for the same cause
#pragma once

#include "mm/mmu_model.hpp"
#include "mm/page_walk.hpp"

namespace mm {

// Walks of one access that are the same but for who made them.
struct ModelWalks {
    VirtAddr linear{};
    Access access{};
    PageWalk walk{};
    RefillCause cause = RefillCause::first_touch;
    uint16_t models = 0;  // bit n: the n-th walked
    uint16_t cached = 0;  // of these: whose directory entry came from its cache of such entries
};

class MmuModels {
public:
    // `clock` counts, too, what the caller lets quick() alone. `reserved`: see MmuShared. `most_translations`: see TranslationTable.
    MmuModels(const MmuGeometry* const* geometries, unsigned count, PageRecord* pages, RegionRecord* regions, LookupClock& clock, uint16_t reserved,
              uint32_t most_translations = mm::most_translations)
        : shared_{pages, regions, count, reserved, most_translations}, clock_{clock}, count_{count} {
        for (unsigned n = 0; n < count; ++n) models_[n] = new MmuModel{*geometries[n], n, shared_};
    }
    MmuModels(const MmuModels&) = delete;
    MmuModels& operator=(const MmuModels&) = delete;
    ~MmuModels() {
        for (MmuModel* m : models_) delete m;
    }

    unsigned count() const { return count_; }
    MmuModel& operator[](unsigned n) { return *models_[n]; }
    const MmuModel& operator[](unsigned n) const { return *models_[n]; }
    MmuShared& shared() { return shared_; }
    const MmuShared& shared() const { return shared_; }

    LookupCounts counts(unsigned n, AccessKind k) const {
        LookupCounts c = models_[n]->counts(k);
        c.lookups = k == AccessKind::execute ? clock_.fetches : clock_.now - clock_.fetches;
        return c;
    }

    // Whether all serve the access, which is then counted.
    bool quick(uint32_t page, AccessKind k) {
        if (!shared_.served(page, k)) return false;
        shared_.stamp(page, k, tick(k));
        return true;
    }

    template <class Client>
    void look_up(VirtAddr a, Access access, const Control& control, Client&& client) {
        const uint32_t page = page_of(a).raw;
        const uint64_t now = tick(access.kind);
        Walks& walks = walks_;
        walks.linear = a, walks.access = access, walks.from_memory = false, walks.forbidden = walks.supervisor_only = false, walks.count = 0;
        const unsigned asked = shared_.unserved(page, access.kind);
        for (unsigned left = asked; left; left &= left - 1) {
            const unsigned n = static_cast<unsigned>(__builtin_ctz(left));
            const MmuModel::Lookup found = models_[n]->look_up(page, access, control, now);
            if (found.served == MmuModel::Served::by_nobody) {
                walk(n, found.forbidden, now, walks, client);
            } else {
                client.translated(a, found.frame);
                walks.supervisor_only |= !found.user, walks.forbidden |= found.stays;
            }
        }
        settle(walks, client);
        // A stamp is a use of every entry of the page, also of those that forbade the access.
        if (!walks.forbidden) shared_.stamp(page, access.kind, now);
        else
            for (unsigned n = 0; n < count_; ++n)
                if (!(asked >> n & 1)) models_[n]->touch(page, access.kind, now);
        for (unsigned i = 0; i < walks.count; ++i) client.walked(walks.each[i]);
    }

    // The emulator translates the page itself: what it grants from now on, without asking, may be more than before.
    void translate(uint32_t page, AccessKind k) {
        shared_.withdraw_from_all(page);
        shared_.record(page).emulator = static_cast<uint16_t>(shared_.record(page).emulator | for_side(emulator_asked, k));
    }

    void set_large_page(unsigned shift) {  // after every model's flush_all()
        shared_.set_large_shift(shift);
        for (unsigned n = 0; n < count_; ++n) models_[n]->forget_small_pages();
    }
    void withdraw_all() {
        for (unsigned n = 0; n < count_; ++n) models_[n]->withdraw_all();
    }
    void drop_directory_entries() {  // the PDPTE registers were loaded
        for (unsigned n = 0; n < count_; ++n) models_[n]->pde_cache().drop_all();
    }

private:
    // Of one access.
    struct Walks {
        VirtAddr linear{};
        Access access{};
        PageWalk memory{};  // the walk that finds nothing cached
        bool from_memory = false;
        bool forbidden = false;        // an entry forbade the access and is still there
        bool supervisor_only = false;  // an entry that served or was filled forbids programs this kind of access
        unsigned count = 0;
        ModelWalks each[max_models]{};
    };

    uint64_t tick(AccessKind k) {
        clock_.fetches += k == AccessKind::execute;
        return ++clock_.now;
    }

    template <class Client>
    void walk(unsigned n, bool forbidden, uint64_t now, Walks& w, Client&& client) {
        MmuModel& model = *models_[n];
        const uint32_t page = page_of(w.linear).raw, tag = shared_.large_page(page);
        if (!w.from_memory) w.memory = client.walk(w.linear, w.access, nullptr), w.from_memory = true;
        const uint64_t* const cached = model.pde_cache().use(tag, now);
        const bool outdated = cached && *cached != w.memory.pde;  // the guest changed the directory and did not flush
        const PageWalk result = outdated ? client.walk(w.linear, w.access, cached) : w.memory;
        if (!cached && result.names_table) model.pde_cache().put(tag, result.pde, now);
        const RefillCause cause = result.fault ? RefillCause::fault : model.fill(page, result.translation, w.access.kind, forbidden, now);
        w.forbidden |= result.fault;
        w.supervisor_only |= !result.fault && !open_to_programs(result.translation.permissions, w.access.kind);
        unsigned i = 0;
        while (i < w.count && !(w.each[i].cause == cause && w.each[i].walk.pde == result.pde && w.each[i].walk.fault == result.fault)) ++i;
        if (i == w.count) w.each[w.count++] = {w.linear, w.access, result, cause, 0, 0};
        w.each[i].models = static_cast<uint16_t>(w.each[i].models | 1u << n);
        if (cached) w.each[i].cached = static_cast<uint16_t>(w.each[i].cached | 1u << n);
    }

    static constexpr uint16_t for_side(uint16_t bits, AccessKind k) { return static_cast<uint16_t>(bits << (k == AccessKind::execute)); }

    // An entry for the kernel only, of a page that was open to programs when the emulator translated it: the emulator lets a program pass
    // without asking again, whatever memory says by now, so no model may serve the page unasked.
    template <class Client>
    void settle(const Walks& w, Client&& client) {
        const uint32_t page = page_of(w.linear).raw;
        const uint16_t asked = for_side(emulator_asked, w.access.kind), open = for_side(emulator_open, w.access.kind);
        uint16_t& emulator = shared_.record(page).emulator;
        if (emulator & asked) {
            const bool is_open = !w.supervisor_only || (w.from_memory ? w.memory : client.walk(w.linear, Access{}, nullptr)).translation.permissions.user;
            emulator = static_cast<uint16_t>((emulator & ~(asked | open)) | (is_open ? open : 0));
        }
        if (w.supervisor_only && (emulator & open)) shared_.withdraw_from_all(page);
    }

    MmuShared shared_;
    LookupClock& clock_;
    unsigned count_;
    Walks walks_;
    MmuModel* models_[max_models] = {};
};

}  // namespace mm
