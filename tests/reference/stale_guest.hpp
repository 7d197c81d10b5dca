// SPDX-License-Identifier: LGPL-2.1-or-later
// A made-up guest in a made-up emulator that feeds the plugin's CPU: it uses pages, writes their tables, flushes or forgets to.
// What happened to memory is kept step by step, so that a replay can have it as it was.
#pragma once

#include <map>
#include <vector>

#include "bochs-plugin/cpu_state.h"
#include "mm/mmu_geometries.hpp"
#include "mm/page_walk.hpp"

namespace reference {

enum class StaleAction : uint8_t { read, write, fetch, entry_write, device_write, invlpg, load_cr3, toggle_pge, toggle_wp, switch_task, invpcid };
struct StaleStep {
    StaleAction action{};
    uint32_t linear = 0;
    bool user = false, by_emulator_tlb = false;  // served by what the emulator itself has cached, if it has
    uint64_t at = 0, value = 0;                  // of an entry write; of INVPCID: value is the type
    uint32_t cr3 = 0;
};

class StaleGuest final : private plugin::Machine, private plugin::PacketSink {
public:
    static constexpr uint32_t spaces[] = {0x10000, 0x20000, 0x30000};  // CR3s; PAE: four directories follow each
    static constexpr uint32_t home = 0x80001000, window = 0x80002000;  // code, and where tables are written through: in a GiB that never changes
    static constexpr uint32_t home_table = 0x1F0000;

    explicit StaleGuest(bool pae) : pae_{pae} {
        for (const uint32_t cr3 : spaces) {
            for (unsigned i = 0; i < 4 && pae; ++i) memory_[cr3 + 8 * i] = (cr3 + 0x1000 * (1 + i)) | mm::entry_bit::present;
            memory_[cr3 + (pae ? 0x3000 : 0x200 * 4)] = home_table | 0x67;
        }
        memory_[home_table + entry_bytes() * 1] = 0x900067, memory_[home_table + entry_bytes() * 2] = 0x901067;
        changes_.emplace_back();
        load_pdptes(spaces[0]);
        cpu_.next_instruction(at_home());
        if (pae) cpu_.change_efer(mm::efer_nxe);
        cpu_.write_cr3(spaces[0], nullptr, false, at_home());
        cpu_.write_cr4(mm::cr4_pse | mm::cr4_pge | (pae ? mm::cr4_pae : 0), nullptr, at_home());
        cpu_.write_cr0(mm::cr0_pe | mm::cr0_pg | mm::cr0_wp, pae ? pdpte_ : nullptr, at_home());
        end_step();
    }

    [[nodiscard]] bool pae() const { return pae_; }
    [[nodiscard]] unsigned entry_bytes() const { return pae_ ? 8 : 4; }

    void step(const StaleStep& s) {
        ++now_, done_ += 4;
        changes_.emplace_back();
        switch (s.action) {
        case StaleAction::read: access(s, mm::AccessKind::read); break;
        case StaleAction::write: access(s, mm::AccessKind::write); break;
        case StaleAction::fetch: fetch(s); break;
        case StaleAction::entry_write:
            cpu_.data_access(mm::VirtAddr{window}, mm::PhysAddr{s.at}, mm::AccessKind::write, running(home, false), entry_bytes());
            store(s.at, s.value, true);
            break;
        case StaleAction::device_write:
            cpu_.begin_device_write(mm::PhysAddr{s.at}, entry_bytes());
            store(s.at, s.value, true);
            cpu_.end_device_write();
            break;
        case StaleAction::invlpg:
            emulator_tlb_.erase(s.linear >> 12);
            cpu_.invalidate_page(mm::VirtAddr{s.linear}, running(home, false));
            break;
        case StaleAction::invpcid:
            emulator_tlb_.clear();
            cpu_.invalidate_pcid(static_cast<mm::trace::InvpcidType>(s.value), mm::VirtAddr{s.linear}, running(home, false));
            break;
        case StaleAction::load_cr3:
            emulator_tlb_.clear(), load_pdptes(s.cr3);
            cpu_.write_cr3(s.cr3, pae_ ? pdpte_ : nullptr, false, running(home, false));
            break;
        case StaleAction::switch_task:
            emulator_tlb_.clear(), load_pdptes(s.cr3);
            cpu_.begin_task_switch(running(home, false));
            cpu_.switch_task(s.cr3, pae_ ? pdpte_ : nullptr);
            cpu_.next_instruction(at_home());
            break;
        case StaleAction::toggle_pge:
            emulator_tlb_.clear(), load_pdptes(control().cr3);
            cpu_.write_cr4(control().cr4 ^ mm::cr4_pge, pae_ ? pdpte_ : nullptr, running(home, false));
            break;
        case StaleAction::toggle_wp:
            emulator_tlb_.clear();
            cpu_.write_cr0(control().cr0 ^ mm::cr0_wp, nullptr, running(home, false));
            break;
        }
        end_step();
    }
    void finish() { cpu_.finish(); }

    struct Change { uint64_t at, value; bool by_software; };
    // What became of memory in each step, before its lookups; the first is the state that the guest begins with.
    [[nodiscard]] const std::vector<std::vector<Change>>& changes() const { return changes_; }
    [[nodiscard]] const std::vector<std::unique_ptr<plugin::Packet>>& packets() const { return packets_; }
    [[nodiscard]] uint64_t uses() const { return stale_.sites.uses(); }
    [[nodiscard]] const std::map<uint64_t, uint64_t>& memory() const { return memory_; }
    [[nodiscard]] const mm::Control& control() const { return cpu_.state().control; }

private:
    struct Granted { mm::Pfn frame; bool kinds[3][2]; };

    uint64_t ticks() const override { return now_; }
    uint64_t instructions() const override { return done_; }
    mm::VirtAddr running() const override { return mm::VirtAddr{home}; }
    uint64_t load(mm::PhysAddr at, unsigned) const override {
        const auto found = memory_.find(at.raw);
        return found == memory_.end() ? 0 : found->second;
    }
    mm::Pfn fetch_frame(mm::Vpn) const override { return unknown_frame; }
    bool take(std::unique_ptr<plugin::Packet>& p) override {
        packets_.push_back(std::move(p));
        p = std::make_unique<plugin::Packet>();
        return true;
    }

    static plugin::Position running(uint32_t ip, bool user) { return {ip + 3, ip, 0, user}; }
    static plugin::Position at_home() { return {home, home, 0, false}; }
    void end_step() {
        done_ += 4;
        cpu_.guest_event(mm::trace::Mark{static_cast<uint32_t>(now_)}, running(home, false));
    }
    void store(uint64_t at, uint64_t value, bool by_software) {
        memory_[at] = value;
        changes_.back().push_back({at, value, by_software});
    }
    void load_pdptes(uint32_t cr3) {
        for (unsigned i = 0; i < 4 && pae_; ++i) pdpte_[i] = load(mm::PhysAddr{cr3 + 8 * i}, 8);
    }

    // As the emulator translates: the plugin sees the walk, and then the access or the fault. True if it may be made.
    bool translate(uint32_t a, mm::Access access, const plugin::Position& at, mm::Pfn& frame) {
        const mm::Control& c = control();
        const auto w = mm::page_walk(mm::VirtAddr{a}, access, c, cpu_.state().pdpte, nullptr, [&](mm::PhysAddr p, unsigned n) { return load(p, n); });
        cpu_.begin_translation(mm::VirtAddr{a}, access);
        if (w.reads > 0) cpu_.physical_access(w.pde_at, false);
        if (w.reads > 1) cpu_.physical_access(w.pte_at, false);
        if (w.fault) {
            emulator_tlb_.erase(a >> 12);
            cpu_.exception(14, mm::fault_code(w.translation, access, c).encode(), mm::VirtAddr{a}, at);
            cpu_.next_instruction(at_home());
            return false;
        }
        const uint64_t set = mm::entry_bit::accessed | (access.is_write() ? mm::entry_bit::dirty : 0);
        if (w.reads == 2) set_bits(w.pde_at, mm::entry_bit::accessed), set_bits(w.pte_at, set);
        else set_bits(w.pde_at, set);
        Granted& g = emulator_tlb_[a >> 12];
        g.frame = frame = w.translation.frame;
        for (const bool user : {false, true})
            for (unsigned k = 0; k < 3; ++k) g.kinds[k][user] = mm::allows(w.translation.permissions, {static_cast<mm::AccessKind>(k), user}, c) && (k != 1 || access.is_write());
        cpu_.end_translation(frame, w.translation.shift);
        return true;
    }
    void set_bits(mm::PhysAddr at, uint64_t bits) {
        const uint64_t was = load(at, 8);
        if ((was | bits) == was) return;
        store(at.raw, was | bits, false);
        cpu_.physical_access(at, true);
    }
    bool granted(const StaleStep& s, mm::AccessKind kind, mm::Pfn& frame) const {
        const auto found = emulator_tlb_.find(s.linear >> 12);
        if (!s.by_emulator_tlb || found == emulator_tlb_.end() || !found->second.kinds[static_cast<unsigned>(kind)][s.user]) return false;
        frame = found->second.frame;
        return true;
    }
    void access(const StaleStep& s, mm::AccessKind kind) {
        mm::Pfn frame{};
        const plugin::Position at = running(home, s.user);
        if (!granted(s, kind, frame) && !translate(s.linear, {kind, s.user}, at, frame)) return;
        cpu_.data_access(mm::VirtAddr{s.linear}, mm::address(frame), kind, at);
    }
    // There and back again.
    void fetch(const StaleStep& s) {
        mm::Pfn frame{};
        const plugin::Position there{s.linear, s.linear, 0, s.user};
        cpu_.far_branch(home + 2, there);
        done_ += 4;
        if (!granted(s, mm::AccessKind::execute, frame) && !translate(s.linear, {mm::AccessKind::execute, s.user}, there, frame)) return;
        cpu_.catch_up(running(s.linear, s.user));
        cpu_.far_branch(s.linear + 2, at_home());
    }

    bool pae_;
    std::map<uint64_t, uint64_t> memory_;
    std::vector<std::vector<Change>> changes_;
    std::vector<std::unique_ptr<plugin::Packet>> packets_;
    std::map<uint32_t, Granted> emulator_tlb_;
    uint64_t pdpte_[4] = {};
    uint64_t now_ = 0, done_ = 0;
    plugin::FastPath fast_;
    plugin::StaleWatch stale_{plugin::StaleMode::used};
    plugin::CpuState cpu_{*this, fast_, *this, 0, {mm::find_geometry("p6")}, stale_, true, [] {}};
};

}  // namespace reference
