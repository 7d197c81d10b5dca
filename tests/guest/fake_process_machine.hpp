// SPDX-License-Identifier: LGPL-2.1-or-later
// What mm/space.hpp needs of a kernel, on the host: page tables in a std::map, frames and swap slots that hold one word, and
// a TLB that remembers every translation until it is flushed.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <set>
#include <utility>

#include "guest-kernel/mm/space_impl.hpp"

namespace guest_test {

using namespace guest;

struct FakeKernel {
    struct Frame { uint32_t users, word; };
    struct Line { uint32_t frame; bool write; };

    std::map<uint64_t, uint64_t> entries;
    std::map<uint32_t, Frame> frames;
    std::map<uint32_t, Frame> swapped;  // by slot
    std::function<FaultStatus()> while_reading = [] { return FaultStatus::resolved; };
    std::set<uint32_t> tables;
    std::map<std::pair<uint32_t, uint32_t>, Line> tlb;  // by CR3 and page
    uint32_t next = 1;
    int frames_left = -1, tables_left = -1;  // negative: as many as one likes
    int open_tables = 0;

    bool take(int& left) { return left < 0 || (left > 0 && left-- > 0); }
    // Any process's page, written to a slot.
    SwapEntry write_out(mm::Pfn frame) {
        swapped[next] = {1, frames.at(frame.raw).word};
        return {all_swap_kinds[next % swap_kinds], next++};
    }
    bool in_tlb(uint32_t frame) const {
        for (const auto& line : tlb)
            if (line.second.frame == frame) return true;
        return false;
    }
};

template <class F>
class FakeTables {
public:
    using Raw = typename F::Raw;

    explicit FakeTables(FakeKernel* k) : kernel_{k} {}

    Raw load(mm::PhysAddr at) const {
        const auto entry = kernel_->entries.find(at.raw);
        return entry == kernel_->entries.end() ? 0 : static_cast<Raw>(entry->second);
    }
    void store(mm::PhysAddr at, Raw value) const {
        EXPECT_TRUE(kernel_->tables.count(mm::frame_of(at).raw)) << "a store into a table that was freed";
        kernel_->entries[at.raw] = value;
    }
    bool allocate_table(mm::Pfn& out) const {
        EXPECT_EQ(kernel_->open_tables, 0) << "memory allocated while a table is open";
        if (!kernel_->take(kernel_->tables_left)) return false;
        out = mm::Pfn{kernel_->next++};
        kernel_->tables.insert(out.raw);
        return true;
    }
    void free_table(mm::Pfn table) const { EXPECT_EQ(kernel_->tables.erase(table.raw), 1u) << "a table freed twice"; }

    class Table {
    public:
        Table(const FakeTables& tables, mm::Pfn frame) : tables_{tables}, start_{mm::address(frame)} {
            ++tables_.kernel_->open_tables;
        }
        ~Table() { --tables_.kernel_->open_tables; }
        Table(const Table&) = delete;
        Table& operator=(const Table&) = delete;
        Raw load(unsigned index) const { return tables_.load(start_ + index * sizeof(Raw)); }
        void store(unsigned index, Raw value) { tables_.store(start_ + index * sizeof(Raw), value); }

    private:
        FakeTables tables_;
        mm::PhysAddr start_;
    };
    Table open_table(mm::Pfn table) const { return {*this, table}; }
    Table open_second_table(mm::Pfn table) const { return {*this, table}; }

private:
    FakeKernel* kernel_;
};

template <class F>
struct FakeMachine {
    using Format = F;
    using Tables = FakeTables<F>;
    static constexpr uint32_t user_start = 0x1000, user_end = 0x01000000, mmap_base = 0x00800000;  // 4 or 8 tables

    FakeKernel* kernel;

    Tables tables() const { return Tables{kernel}; }
    bool create_root(uint32_t& cr3) const { return RootTables<F>::create(tables(), cr3); }
    void destroy_root(uint32_t cr3) const { RootTables<F>::destroy(tables(), cr3), flush_space(FlushSite::none, cr3); }
    void free_table(mm::Pfn table) const { tables().free_table(table); }

    bool zeroed_frame(mm::Pfn& out) const { return new_frame(0, out); }
    bool copied_frame(mm::Pfn from, mm::Pfn& out) const { return new_frame(kernel->frames.at(from.raw).word, out); }
    bool empty_frame(mm::Pfn& out) const { return new_frame(0xDEAD, out); }
    FaultStatus read_swapped(SwapEntry e, mm::Pfn frame) const {
        EXPECT_EQ(kernel->open_tables, 0) << "a page read while a table is open";
        kernel->frames.at(frame.raw).word = kernel->swapped.at(e.slot).word;
        return kernel->while_reading();
    }
    void share_swapped(SwapEntry e) const { ++kernel->swapped.at(e.slot).users; }
    void release_swapped(SwapEntry e) const {
        if (--kernel->swapped.at(e.slot).users == 0) kernel->swapped.erase(e.slot);
    }
    void share(mm::Pfn frame) const { ++kernel->frames.at(frame.raw).users; }
    void release(mm::Pfn frame) const {
        if (--kernel->frames.at(frame.raw).users != 0) return;
        kernel->frames.erase(frame.raw);
    }
    uint32_t users(mm::Pfn frame) const { return kernel->frames.at(frame.raw).users; }

    void flush_page(FlushSite, uint32_t cr3, mm::VirtAddr at) const { kernel->tlb.erase({cr3, at.raw}); }
    void flush_space(FlushSite, uint32_t cr3) const {
        kernel->tlb.erase(kernel->tlb.lower_bound({cr3, 0}), kernel->tlb.lower_bound({cr3 + 1, 0}));
    }
    bool no_execute() const { return true; }

private:
    bool new_frame(uint32_t word, mm::Pfn& out) const {
        EXPECT_EQ(kernel->open_tables, 0) << "memory allocated while a table is open";
        if (!kernel->take(kernel->frames_left)) return false;
        out = mm::Pfn{kernel->next++};
        kernel->frames[out.raw] = {1, word};
        return true;
    }
};

}  // namespace guest_test
