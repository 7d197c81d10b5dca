// SPDX-License-Identifier: LGPL-2.1-or-later
// Code, its instructions and its source lines, from an ELF file; and files that are none.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "compiled_program.hpp"
#include "seed.hpp"
#include "tools/annotation.hpp"
#include "tools/kernel_code.hpp"

namespace {

using tests::CompiledProgram;

TEST(Disassembler, LeavesNoGaps) {
    const tools::Disassembler d;
    // mov cr3, eax; invlpg [ebx]; call; an opcode that there is not, of which only the first byte is passed over
    const std::string code = std::string{"\x0f\x22\xd8\x0f\x01\x3b\xe8\x05\x00\x00\x00\x0f\x04\x90", 14};
    const auto all = d.disassemble(code, 0xC0100000);
    uint32_t next = 0xC0100000;
    for (const tools::Instruction& i : all) {
        EXPECT_EQ(i.address, next);
        next += i.bytes;
    }
    EXPECT_EQ(next, 0xC0100000 + code.size());
    ASSERT_GE(all.size(), 5u);
    EXPECT_EQ(all[0].text, "mov cr3, eax");
    EXPECT_EQ(all[1].text, "invlpg byte ptr [ebx]");
    EXPECT_EQ(all[2].target, 0xC0100010u) << "the call's";
    EXPECT_EQ(all[3].text, ".byte 0x0f");
    EXPECT_EQ(all.back().text, "add al, 0x90");
    EXPECT_TRUE(d.disassemble({}, 0).empty());
}

TEST(Disassembler, TakesAnyBytes) {
    std::mt19937_64 random{tests::seed()};
    const tools::Disassembler d;
    for (int round = 0; round < 200; ++round) {
        std::string code(random() % 64, '\0');
        for (char& c : code) c = static_cast<char>(random());
        uint32_t bytes = 0;
        for (const tools::Instruction& i : d.disassemble(code, 0xFFFFFFF0)) bytes += i.bytes;
        ASSERT_EQ(bytes, code.size());
    }
}

TEST(Code, OfAnElfFileHasInstructionsAndLines) {
    const CompiledProgram program;
    ASSERT_TRUE(program.good()) << program.log();
    const tools::Symbols symbols{program.elf()};
    const auto numbers = symbols.named("twice");
    ASSERT_EQ(numbers.size(), 1u);
    tools::AnnotatedFunction f;
    f.symbol = numbers[0], f.start = symbols.start(f.symbol), f.bytes = symbols.size(f.symbol);
    f.instructions = {{f.start, true, {}}};
    tools::CodeView view{symbols};
    EXPECT_EQ(view.why_no_code(f), "");
    const auto lines = view.lines(f);
    ASSERT_GT(lines.size(), 3u);
    EXPECT_EQ(lines.front().instruction.text, "push ebp");
    EXPECT_TRUE(lines.front().share);
    EXPECT_FALSE(lines.back().share);
    EXPECT_EQ(lines.back().instruction.text, "ret");
    ASSERT_TRUE(lines.front().source);
    EXPECT_EQ(lines.front().source->file, program.source_file());
    EXPECT_EQ(lines.front().source->line, 1u);
    EXPECT_EQ(lines.front().source_text, "extern \"C\" int twice(const int* from) {");
    EXPECT_TRUE(std::any_of(lines.begin(), lines.end(), [](const auto& l) { return l.source && l.source->line == 2 && l.source_text == "int sum = *from;"; }));
    EXPECT_TRUE(lines.back().source->line == 3 || lines.back().source->line == 4) << "the return's line or, with g++, the brace's: " << lines.back().source->line;
}

TEST(Code, OfAKernelThatMovedIsFoundWhereItRan) {
    const CompiledProgram program;
    ASSERT_TRUE(program.good()) << program.log();
    constexpr uint32_t moved = 0x00400000;
    const tools::CodeFile there{program.elf()}, moved_there{program.elf(), moved};
    EXPECT_FALSE(there.at(CompiledProgram::base, 4).empty());
    EXPECT_EQ(there.at(CompiledProgram::base, 4), moved_there.at(CompiledProgram::base + moved, 4));
    EXPECT_TRUE(moved_there.at(CompiledProgram::base, 4).empty());
    const tools::SourceLines lines{program.elf()}, moved_lines{program.elf(), moved};
    EXPECT_EQ(lines.at(CompiledProgram::base), moved_lines.at(CompiledProgram::base + moved));
    EXPECT_TRUE(lines.at(CompiledProgram::base));
    EXPECT_FALSE(moved_lines.at(CompiledProgram::base));
}

TEST(Code, WithoutDwarfHasNoLines) {
    const CompiledProgram program{"-g0"};
    ASSERT_TRUE(program.good()) << program.log();
    EXPECT_TRUE(tools::SourceLines{program.elf()}.empty());
    EXPECT_FALSE(tools::CodeFile{program.elf()}.empty());
}

TEST(Code, OfASourceThatChangedSinceIsNotShown) {
    const CompiledProgram program;
    ASSERT_TRUE(program.good()) << program.log();
    const tools::SourceLine line{program.source_file(), 2};
    EXPECT_EQ(tools::SourceText{}.at(line, program.elf()), "int sum = *from;");
    std::filesystem::last_write_time(program.source_file(), std::filesystem::last_write_time(program.elf()) + std::chrono::seconds{10});
    EXPECT_EQ(tools::SourceText{}.at(line, program.elf()), "");
    EXPECT_EQ((tools::SourceText{}.at({program.source_file(), 4'000'000'000}, program.elf())), "");
}

TEST(Code, IsNotInOtherFiles) {
    const tests::TemporaryDirectory directory;
    const auto file = directory.path() / "file";
    for (const std::string& bytes : {std::string{}, std::string{"\177ELF"}, std::string(100'000, '\x7f'), std::string{"c1000000 T startup_32\n"}}) {
        tests::write_file(file, bytes);
        EXPECT_TRUE(tools::CodeFile{file}.empty());
        EXPECT_TRUE(tools::SourceLines{file}.empty());
    }
    EXPECT_TRUE(tools::CodeFile{directory.path()}.empty());
    EXPECT_TRUE(tools::CodeFile{directory.path() / "none"}.empty());
    EXPECT_TRUE(tools::SourceLines{directory.path() / "none"}.empty());
    tests::write_file(file, "c0100000 T schedule\n");
    const tools::Symbols symbols{file};
    tools::AnnotatedFunction f;
    f.symbol = 0, f.start = 0xC0100000, f.bytes = 16, f.instructions = {{0xC0100004, false, {}}};
    tools::CodeView view{symbols};
    EXPECT_NE(view.why_no_code(f).find("has names only; give --symbols vmlinux, or the kernel's image with --code"), std::string::npos);
    ASSERT_EQ(view.lines(f).size(), 1u) << "the counts are shown all the same";
    EXPECT_TRUE(view.lines(f)[0].share);
}

// A bzImage of protocol 2.15 with that payload, which unpacks to so many bytes.
std::string kernel_image(const std::string& payload, size_t unpacked = 0) {
    std::string bytes(2 * 512, '\0');
    const auto set = [&](size_t at, auto value) { std::memcpy(bytes.data() + at, &value, sizeof value); };
    set(0x1F1, uint8_t{1}), set(0x1FE, uint16_t{0xAA55}), set(0x206, uint16_t{0x20F}), set(0x211, uint8_t{1});
    set(0x1F4, static_cast<uint32_t>((payload.size() + 4 + 15) / 16)), set(0x248, uint32_t{0}), set(0x24C, static_cast<uint32_t>(payload.size() + 4));
    bytes.replace(0x202, 4, "HdrS");
    const auto length = static_cast<uint32_t>(unpacked);  // as Linux' build appends it
    bytes += payload + std::string{reinterpret_cast<const char*>(&length), sizeof length};
    bytes.resize(2 * 512 + (payload.size() + 4 + 15) / 16 * 16);
    return bytes;
}

TEST(Code, OfAKernelImageIsUnpacked) {
    const CompiledProgram program;
    ASSERT_TRUE(program.good()) << program.log();
    ASSERT_EQ(std::system(("xz -kq '" + program.elf().string() + "'").c_str()), 0);
    const tests::TemporaryDirectory directory;
    const auto image = directory.path() / "vmlinuz", map = directory.path() / "System.map";
    tests::write_file(image, kernel_image(tests::read_file(program.elf().string() + ".xz"), tests::read_file(program.elf()).size()));
    tests::write_file(map, "08050000 T twice\n08050010 T start\n");
    const tools::Symbols symbols{map};
    const tools::KernelCode code{image};
    tools::CodeView view{symbols, code.file()};
    tools::AnnotatedFunction f;
    f.symbol = 0, f.start = CompiledProgram::base, f.bytes = 16;
    EXPECT_EQ(view.why_no_code(f), "");
    EXPECT_EQ(view.lines(f).front().instruction.text, "push ebp");
    EXPECT_EQ(tools::KernelCode{program.elf()}.file(), program.elf()) << "an ELF file is it already";
    const auto complaint = [&](const std::string& bytes) -> std::string {
        tests::write_file(image, bytes);
        try {
            const tools::KernelCode none{image};
        } catch (const tools::Error& e) {
            return e.what();
        }
        return {};
    };
    EXPECT_NE(complaint(kernel_image("nothing that is compressed")).find("no 32-bit vmlinux in it"), std::string::npos);
    EXPECT_NE(complaint(kernel_image(std::string{"\3757zXZ\0 damaged", 15}, 100)).find("of the 100 bytes of its vmlinux 0 came out"), std::string::npos);
    std::string named = kernel_image("nothing that is compressed");
    named.replace(0x300, 11, "6.1.0-50-686"), named[0x20E] = '\0', named[0x20F] = '\1';
    tests::write_file(image, named);
    EXPECT_THROW((tools::KernelCode{image, "Linux 6.1.0-50-686-pae"}), tools::InputError);
    EXPECT_NE(complaint("c0100000 T schedule\n").find("no Linux kernel image"), std::string::npos);
}

// Whatever is in an ELF file, it is read without harm: bytes of a good one are changed, and its end is cut off.
TEST(Code, OfADamagedElfFileDoesNoHarm) {
    const CompiledProgram program;
    ASSERT_TRUE(program.good()) << program.log();
    const std::string good = tests::read_file(program.elf());
    const tests::TemporaryDirectory directory;
    const auto file = directory.path() / "damaged.elf";
    std::mt19937_64 random{tests::seed()};
    for (int round = 0; round < 400; ++round) {
        std::string bytes = good;
        const size_t within = round % 2 ? bytes.size() : 512;  // the headers more often than the rest
        for (uint64_t changes = random() % 8 + 1; changes; --changes) bytes[random() % within] = static_cast<char>(random());
        if (round % 5 == 0) bytes.resize(random() % bytes.size());
        tests::write_file(file, bytes);
        const tools::Symbols symbols{file};
        tools::CodeView view{symbols};
        for (size_t n = 0; n < symbols.count(); ++n) {
            tools::AnnotatedFunction f;
            f.symbol = n, f.start = symbols.start(n), f.bytes = symbols.size(n), f.share.name = symbols.name(n);
            (void)view.why_no_code(f);
            (void)view.lines(f);
        }
        const tools::SourceLines lines{file};
        for (uint32_t at = CompiledProgram::base; at < CompiledProgram::base + 128; ++at) (void)lines.at(at);
    }
}

}  // namespace
