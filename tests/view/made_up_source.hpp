// SPDX-License-Identifier: LGPL-2.1-or-later
// A recording that never was, for tests of the viewer: a 3:1 or 4:4 kernel with 1 GiB, an event each 100 ticks, and notes of what was asked.
#pragma once

#include "tools/error.hpp"
#include "tools/view/source.hpp"

namespace tools::view {

class MadeUpSource final : public Source {
public:
    static constexpr uint64_t first_tick = 1000, events = 10000, ticks_per_event = 100, last_tick = first_tick + (events - 1) * ticks_per_event;

    explicit MadeUpSource(std::string split = "3:1") : split_{std::move(split)} {}

    [[nodiscard]] Extent extent() const override { return {first_tick, last_tick}; }
    [[nodiscard]] bool live() const override { return live_; }
    [[nodiscard]] bool can_seek() const override { return true; }
    bool poll() override { return news_; }
    void seek(uint64_t tick) override;
    [[nodiscard]] uint64_t tick() const override { return tick_; }
    [[nodiscard]] double approach(std::chrono::milliseconds) override { return read_; }
    bool step(int direction) override;
    void advance(uint64_t ticks) override { seek(tick_ + ticks); }
    [[nodiscard]] std::vector<std::string> profiles() const override { return {"p6", "skylake"}; }
    void set_profile(const std::string& name) override;
    [[nodiscard]] std::vector<unsigned> cpus() const override { return {0, 1}; }
    void set_cpu(unsigned cpu) override { cpu_ = cpu; }
    void set_filter(const std::string& words) override;
    [[nodiscard]] const Snapshot& snapshot() override;
    [[nodiscard]] WalkInspection inspect(mm::VirtAddr address) override;

    bool live_ = false, news_ = false, broken_ = false, answers_ = true;  // for tests to set
    double read_ = 1;                                                      // as well: of the way to the moment
    unsigned seeks = 0, snapshots = 0, inspections = 0;                    // for tests to look at
    std::string filter;

private:
    std::string split_, profile_ = "p6";
    uint64_t tick_ = first_tick;
    unsigned cpu_ = 0;
    Snapshot snapshot_;
};

}  // namespace tools::view
