// SPDX-License-Identifier: LGPL-2.1-or-later
// What swap keeps its books with: entries in both formats, slots against a naive map, compressed pages against copies.
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <memory>
#include <vector>

#include "guest-kernel/mm/compressed_store.hpp"
#include "guest-kernel/mm/swap_entry.hpp"
#include "guest-kernel/mm/swap_slots.hpp"
#include "tests/guest/machine.hpp"
#include "tests/guest/random.hpp"

namespace guest_test {
namespace {

template <class F>
class SwapEntryTest : public testing::Test {};
using Formats = testing::Types<mm::Classic, mm::Pae>;
TYPED_TEST_SUITE(SwapEntryTest, Formats);

TYPED_TEST(SwapEntryTest, ComesBackAsItWas) {
    Random random;
    for (int i = 0; i < 10000; ++i) {
        const SwapEntry e{all_swap_kinds[random.below(swap_kinds)], random.below(max_swap_slots)};
        const mm::Entry<TypeParam> pte = encode<TypeParam>(e);
        ASSERT_TRUE(is_swapped(pte));
        ASSERT_FALSE(pte.present());
        ASSERT_TRUE(swap_entry(pte) == e) << e.slot;
    }
}

TEST(SwapSlots, AgreeWithANaiveMap) {
    Random random;
    constexpr uint32_t size = 200;
    std::vector<uint32_t> storage(size);
    SwapSlots slots{storage.data(), size};
    std::map<uint32_t, uint32_t> users;
    const auto any = [&] {
        auto it = users.begin();
        std::advance(it, random.below(static_cast<uint32_t>(users.size())));
        return it;
    };
    for (int i = 0; i < 20000; ++i) {
        const uint32_t action = random.below(5);
        if (action < 2) {
            const Maybe<uint32_t> slot = slots.take();
            ASSERT_EQ(static_cast<bool>(slot), users.size() < size) << "refused only when all are taken";
            if (slot) {
                ASSERT_TRUE(users.emplace(*slot, 1).second) << "taken twice";
            }
        } else if (!users.empty() && action == 2) {
            const auto slot = any();
            slots.share(slot->first);
            ++slot->second;
        } else if (!users.empty()) {
            const auto slot = any();
            ASSERT_EQ(slots.release(slot->first), --slot->second == 0);
            if (slot->second == 0) users.erase(slot);
        }
        ASSERT_EQ(slots.used(), users.size());
    }
    EXPECT_TRUE(slots.check());
    for (const auto& [slot, count] : users) EXPECT_EQ(slots.users(slot), count);
}

TEST(SwapSlots, AreTakenOneBehindTheOther) {
    std::vector<uint32_t> storage(8);
    SwapSlots slots{storage.data(), 8};
    for (uint32_t i = 0; i < 8; ++i) EXPECT_EQ(*slots.take(), i);
    EXPECT_FALSE(slots.take());
    EXPECT_TRUE(slots.release(2));
    EXPECT_TRUE(slots.release(5));
    EXPECT_EQ(*slots.take(), 2u);
    EXPECT_EQ(*slots.take(), 5u);
    EXPECT_FALSE(SwapSlots{}.take());
}

// As many bytes as the page's first four say, all of them from the page; the kernel's own compressor is tested in the guest.
uint32_t pack(const void* page, void* out, uint32_t room) {
    uint32_t bytes;
    std::memcpy(&bytes, page, 4);
    if (bytes > room) return 0;
    std::memcpy(out, page, bytes);
    return bytes;
}
bool unpack(const void* packed, uint32_t bytes, void* page) {
    uint32_t said;
    std::memcpy(&said, packed, 4);
    if (said != bytes) return false;
    std::memset(page, 0, mm::page_size);
    std::memcpy(page, packed, bytes);
    return true;
}

constexpr uint32_t end = 512, first = 256;  // 1 MiB of ZONE_DMA

class CompressedStoreTest : public testing::Test {
protected:
    CompressedStoreTest() { zones.add(ram); }

    std::vector<char> page_of(uint32_t bytes, Random& random) {
        std::vector<char> page(mm::page_size);
        std::memcpy(page.data(), &bytes, 4);
        for (uint32_t i = 4; i < bytes && i < page.size(); ++i) page[i] = static_cast<char>(random.below(256));
        return page;
    }

    FrameRanges ram = ranges({range(first, end)});
    PageMap map{end};
    std::unique_ptr<char[]> arena{new char[end * mm::page_size + mm::page_size]};
    char* base = arena.get() + mm::page_size - reinterpret_cast<uintptr_t>(arena.get()) % mm::page_size;
    Zonelist zones{classic(mm::Split::u3k1), ram, map.table()};
    Kmalloc kmalloc{zones, base};
    static constexpr uint32_t size = 300;
    void* objects[size] = {};
    CompressedStore store{kmalloc, {pack, unpack}, objects, size};
};

TEST_F(CompressedStoreTest, KeepsPages) {
    Random random;
    std::map<uint32_t, std::vector<char>> kept;
    for (int i = 0; i < 5000; ++i) {
        const uint32_t number = random.below(size);
        const auto page = kept.find(number);
        if (page == kept.end()) {
            const uint32_t bytes = 4 + random.below(2300);
            const std::vector<char> fresh = page_of(bytes, random);
            const StoreStatus status = store.put(number, fresh.data());
            if (bytes > 2046) ASSERT_EQ(status, StoreStatus::incompressible) << bytes;
            else ASSERT_NE(status, StoreStatus::incompressible) << bytes;
            if (status == StoreStatus::done) kept[number] = fresh;
        } else {
            std::vector<char> back(mm::page_size, 'x');
            ASSERT_TRUE(store.get(number, back.data()));
            ASSERT_EQ(back, page->second);
            if (random.one_in(2)) store.drop(number), kept.erase(page);
        }
        ASSERT_EQ(store.pages(), kept.size());
    }
    EXPECT_TRUE(store.check());
    while (!kept.empty()) store.drop(kept.begin()->first), kept.erase(kept.begin());
    EXPECT_EQ(store.bytes(), 0u);
    EXPECT_TRUE(kmalloc.check());
}

TEST_F(CompressedStoreTest, SaysWhenThereIsNoMemory) {
    Random random;
    const std::vector<char> page = page_of(2000, random);
    uint32_t number = 0;
    std::vector<mm::Pfn> taken;
    while (const Allocation frame = zones.allocate(gfp_kernel, 0)) taken.push_back(frame.first);
    StoreStatus status = StoreStatus::done;
    while (status == StoreStatus::done && number < size) status = store.put(number++, page.data());
    EXPECT_EQ(status, StoreStatus::no_memory);
    EXPECT_EQ(store.pages(), number - 1);
    for (mm::Pfn frame : taken) zones.free(frame, 0);
    EXPECT_EQ(store.put(number - 1, page.data()), StoreStatus::done) << "nothing was kept of the page that failed";
    EXPECT_TRUE(store.check());
}

TEST_F(CompressedStoreTest, NoticesDamage) {
    Random random;
    const std::vector<char> page = page_of(100, random);
    ASSERT_EQ(store.put(7, page.data()), StoreStatus::done);
    static_cast<char*>(objects[7])[2] = 99;  // behind the length: what the compressor wrote first
    std::vector<char> back(mm::page_size);
    EXPECT_FALSE(store.get(7, back.data()));
}

}  // namespace
}  // namespace guest_test
