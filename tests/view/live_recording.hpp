// SPDX-License-Identifier: LGPL-2.1-or-later
// A recording that serves viewers, without a guest: the recorder's own server, and snapshots that the test makes.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <mutex>
#include <thread>

#include "bochs-plugin/live_server.h"
#include "tools/temporary_directory.hpp"

namespace tools::view {

class LiveRecording {
public:
    using Make = std::function<plugin::LiveSnapshot(const plugin::LiveOrder&)>;

    explicit LiveRecording(Make make) : make_{std::move(make)} {
        const std::string error = server_.open(socket().string(), {(directory_.path() / "trace").string(), 64, 50000000, 2, {"p6", "skylake"}, {}});
        EXPECT_EQ(error, "");
        thread_ = std::thread{[this] { emulate(); }};
    }
    ~LiveRecording() { finish(); }
    [[nodiscard]] std::filesystem::path socket() const { return directory_.path() / "live"; }
    [[nodiscard]] std::filesystem::path trace() const { return directory_.path() / "trace"; }
    void finish() {
        if (done_.exchange(true)) return;
        thread_.join();
        server_.finish([this](const plugin::LiveOrder& order) { return make(order); });
    }

private:
    plugin::LiveSnapshot make(const plugin::LiveOrder& order) {
        plugin::LiveSnapshot s = make_(order);
        s.viewer = order.viewer, s.profile = order.profile, s.cpu = order.cpu, s.profile_name = order.profile ? "skylake" : "p6";
        return s;
    }
    void emulate() {
        for (; !done_; std::this_thread::sleep_for(std::chrono::milliseconds{1})) {
            const auto wanted = server_.wanted() ? server_.take_orders() : std::nullopt;
            std::vector<plugin::LiveSnapshot> answers;
            if (wanted)
                for (const plugin::LiveOrder& order : wanted->orders) answers.push_back(make(order));
            if (!answers.empty()) server_.answer(std::move(answers));
        }
    }

    TemporaryDirectory directory_;
    plugin::LiveServer server_;
    Make make_;
    std::atomic<bool> done_{false};
    std::thread thread_;
};

// A guest in 32-bit paging whose page 0x2000 is mapped to frame 0x12; the n-th snapshot has n walks more.
inline plugin::LiveSnapshot small_snapshot(const plugin::LiveOrder& order, uint64_t n) {
    plugin::LiveSnapshot s;
    s.tick = 1000 * n, s.recording = true, s.counted_since = 7, s.guest = "small", s.split = "3:1", s.paging = "classic";
    s.totals.instructions = 1200 * n;
    s.totals.models = {{"p6", 1, 1, 2, 2, 3}};
    s.cpus.resize(2);
    s.cpus[0].instructions = 900 * n, s.cpus[1].instructions = 300 * n;
    for (auto& cpu : s.cpus) cpu.registers.control = {mm::cr0_pe | mm::cr0_pg, 0x1000, 0, 0, 36};
    s.cpus[0].task = "sh", s.cpus[0].pid = 12, s.cpus[0].spans = {"outer", "inner"};
    s.flushes = {{mm::RefillCause::context_switch, 2 * n, n}};
    s.zones = {{"DMA", 0, 0, 0x1000, 0xF00, {n, 2 * n, 1, 4}}};
    s.regions = {{"user", 0, 0xC0000000, {n, 2 * n, 1, 4}}, {"lowmem", 0xC0000000, 0xF8000000, {}}};
    s.elsewhere = {5, 0, 0, 0};
    s.end_pfn = 0x1000, s.pages_per_bin = 0x100;
    s.memory.walks.assign(16, n), s.memory.fills.assign(16, 4);
    s.slots.resize(1024), s.slot_walks.assign(1024, 0);
    s.slots[0] = {true, false, true, true}, s.slots[768] = {true, true, false, true}, s.slot_walks[0] = n;
    plugin::TlbContents tlb;
    tlb.name = "DTLB 4K", tlb.geometry = {8, 4};
    if (n % 2) tlb.entries.push_back({1, 2, mm::VirtAddr{0x2000}, 12, mm::Pfn{0x12}, {true, true, true, false}, false, 0});
    s.mmu.profile = "p6", s.mmu.tlbs = {tlb};
    if (!order.inspect) return s;
    s.inspection = plugin::WalkInspection{*order.inspect, mm::PagingMode::classic, 0x1000, {}, {mm::WalkStatus::mapped, mm::Pfn{0x12}, 12, {true, true, true, false}}};
    s.step_dates = {{std::nullopt, 7}, {960 * n, std::nullopt}};
    s.inspected_caches = {{"DTLB 4K", 1, 2, mm::Pfn{0x12}, {plugin::CachedSince::Kind::at, 950 * n}}, {"STLB 4K", 3, 0, mm::Pfn{0x12}, {plugin::CachedSince::Kind::not_before, 940}},
                          {"ITLB 4K", 4, 0, mm::Pfn{0x13}, {plugin::CachedSince::Kind::before, 7}}, {"PDE cache", 0, 1, {}, {}}};
    s.inspection->steps = {{plugin::WalkTable::directory, 0, mm::PhysAddr{0x1000}, 0x5067}, {plugin::WalkTable::table, 2, mm::PhysAddr{0x5008}, 0x12067}};
    return s;
}

}  // namespace tools::view
