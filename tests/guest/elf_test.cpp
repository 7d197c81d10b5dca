// SPDX-License-Identifier: LGPL-2.1-or-later
// The ELF reader on programs that are good and corrupt.
#include "guest-kernel/kernel/elf.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "tests/guest/random.hpp"

namespace guest_test {
namespace {

using guest::ElfHeader;
using guest::ElfProgram;
using guest::ElfSegment;
using guest::ElfStatus;

constexpr uint32_t user_start = 0x1000, user_end = 0xBFFF0000, file_bytes = 0x3000, text = 0x08048000;

// Headers as the linker makes them: text with the headers in it, data and bss behind it in the file's next bytes.
struct Program {
    ElfHeader header{{0x7F, 'E', 'L', 'F', 1, 1, 1}, 2, 3, 1, text + 0x100, sizeof(ElfHeader), 0, 0, sizeof(ElfHeader),
                     sizeof(ElfSegment), 2, 0, 0, 0};
    ElfSegment segments[2] = {{ElfSegment::load, 0, text, text, 0x1234, 0x1234, 5, 4096},
                              {ElfSegment::load, 0x1234, text + 0x2234, text + 0x2234, 0x800, 0x5000, 6, 4096}};

    // Reads the headers out of exactly so many bytes on the heap.
    ElfStatus read(ElfProgram& out, uint32_t head_bytes = sizeof(ElfHeader) + 2 * sizeof(ElfSegment)) const {
        std::vector<char> head(head_bytes);
        if (head_bytes != 0) std::memcpy(head.data(), &header, std::min<size_t>(sizeof header, head_bytes));
        if (head_bytes > sizeof header)
            std::memcpy(head.data() + sizeof header, segments, std::min(sizeof segments, head_bytes - sizeof header));
        return guest::read_elf(head.data(), head_bytes, file_bytes, user_start, user_end, out);
    }
    ElfStatus read() const {
        ElfProgram out;
        return read(out);
    }
};

TEST(ElfTest, ReadsAProgram) {
    ElfProgram p;
    ASSERT_EQ(Program{}.read(p), ElfStatus::good);
    EXPECT_EQ(p.entry, text + 0x100);
    ASSERT_EQ(p.segment_count, 2u);
    EXPECT_EQ(p.segments[1].address, text + 0x2234);
    EXPECT_EQ(p.segments[1].memory_bytes, 0x5000u);
}

TEST(ElfTest, RefusesOtherFiles) {
    Program p;
    p.header.ident[1] = 'e';
    EXPECT_EQ(p.read(), ElfStatus::not_elf);
    p = {}, p.header.ident[4] = 2;
    EXPECT_EQ(p.read(), ElfStatus::not_for_us) << "64 bits";
    p = {}, p.header.machine = 62;
    EXPECT_EQ(p.read(), ElfStatus::not_for_us);
    p = {}, p.header.type = 3;
    EXPECT_EQ(p.read(), ElfStatus::not_for_us) << "position independent";
}

TEST(ElfTest, RefusesWhatDoesNotFit) {
    Program p;
    p.segments[1].file_bytes = p.segments[1].memory_bytes + 1;
    EXPECT_EQ(p.read(), ElfStatus::bad_segment);
    p = {}, p.segments[1].offset = file_bytes - 0x7FC + 0x1000;
    EXPECT_EQ(p.read(), ElfStatus::bad_segment) << "behind the file's end";
    p = {}, p.segments[1].address += 4;
    EXPECT_EQ(p.read(), ElfStatus::bad_segment) << "not at the file's place in its page";
    p = {}, p.segments[1].address = text + 0x1234;
    EXPECT_EQ(p.read(), ElfStatus::bad_segment) << "on a page of the text";
    p = {}, p.segments[1].address = 0xBFFEF234;
    EXPECT_EQ(p.read(), ElfStatus::bad_segment) << "runs over the user part's end";
    p = {}, p.segments[1].memory_bytes = 0xFFFFFFFF;
    EXPECT_EQ(p.read(), ElfStatus::bad_segment) << "wraps";
    p = {}, p.segments[0].address = p.segments[0].offset = 0;
    EXPECT_EQ(p.read(), ElfStatus::bad_segment) << "page 0";
    p = {}, p.header.entry = text + 0x2300;
    EXPECT_EQ(p.read(), ElfStatus::bad_entry) << "data";
    p = {}, p.header.program_headers = 0xFFFFFFF0;
    EXPECT_EQ(p.read(), ElfStatus::bad_headers);
    p = {}, p.header.program_header_count = 0xFFFF;
    EXPECT_EQ(p.read(), ElfStatus::bad_headers);
}

TEST(ElfTest, HeadersMayBeCutOff) {
    ElfProgram out;
    for (uint32_t bytes = 0; bytes < sizeof(ElfHeader) + 2 * sizeof(ElfSegment); ++bytes)
        EXPECT_NE(Program{}.read(out, bytes), ElfStatus::good) << bytes;
}

// Whatever is accepted can be loaded: within the file and the user part, ascending, no two segments on one page.
TEST(ElfTest, SurvivesRandomDamage) {
    Random random;
    unsigned accepted = 0;
    for (int run = 0; run < 200000; ++run) {
        Program p;
        auto* const bytes = reinterpret_cast<unsigned char*>(&p);
        for (uint32_t hits = 1 + random.below(3); hits-- > 0;)
            bytes[random.below(sizeof p)] = static_cast<unsigned char>(random.one_in(3) ? 0xFF : random.below(256));
        ElfProgram out;
        if (p.read(out) != ElfStatus::good) continue;
        ++accepted;
        uint64_t last = user_start;
        for (unsigned i = 0; i < out.segment_count; ++i) {
            const ElfSegment& s = out.segments[i];
            ASSERT_LE(uint64_t{s.offset} + s.file_bytes, file_bytes);
            ASSERT_LE(s.file_bytes, s.memory_bytes);
            ASSERT_GE(s.address & ~0xFFFu, last);
            last = (uint64_t{s.address} + s.memory_bytes + 0xFFF) & ~uint64_t{0xFFF};
            ASSERT_LE(last, user_end);
        }
    }
    EXPECT_GT(accepted, 0u) << "some damage is harmless";
}

}  // namespace
}  // namespace guest_test
