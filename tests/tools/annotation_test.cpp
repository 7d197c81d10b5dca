// SPDX-License-Identifier: LGPL-2.1-or-later
// Instructions' counts: by function they are those of stat, and nothing is lost.
#include <gtest/gtest.h>

#include <sstream>

#include <nlohmann/json.hpp>

#include "compiled_program.hpp"
#include "seed.hpp"
#include "small_trace.hpp"
#include "tools/annotate_output.hpp"
#include "tools/stat_output.hpp"

namespace {

using tests::SmallTrace;
using tools::ShareStatistics;
using namespace mm;
namespace trace = mm::trace;

class Annotations : public testing::Test {
protected:
    void SetUp() override { tests::write_file(map, "c0100000 T schedule\nc0100100 t flush_tlb\nc0100200 T end\n"); }

    static trace::ModelWalk walk(uint32_t linear, bool user) { return SmallTrace::walk(linear, AccessKind::read, user, 0x2067, 0x00500025, RefillCause::first_touch); }

    // Events by instructions in functions, in regions, in programs and nowhere.
    static tests::StreamBuilder random_stream(uint64_t events) {
        std::mt19937_64 random{tests::seed()};
        tests::StreamBuilder b{SmallTrace::state()};
        constexpr uint32_t places[] = {0xC0100000, 0xC0100100, 0xC8000000, 0xFFFFF000, 0x08048000};
        uint64_t walks = 0;
        for (uint64_t n = 1; n <= events; ++n) {
            const uint32_t ip = places[random() % std::size(places)] + static_cast<uint32_t>(random() % 64);
            const bool user = ip < 0xC0000000;
            const uint32_t linear = 0x08048000 + static_cast<uint32_t>(random() % 16) * 4096;
            b.add(10 * n, trace::Instruction{ip});
            switch (random() % 6) {
            case 0: b.add(10 * n + 1, trace::ObservedWalk{walk(linear, user).walk, false, false}); break;
            case 1: b.add(10 * n + 1, trace::InvalidatePage{VirtAddr{linear}, ip}); break;
            case 2: b.add(10 * n + 1, trace::PageFault{VirtAddr{linear}, ip, PageFaultCode::decode(user ? 4 : 0)}); break;
            case 3: b.add(10 * n + 1, trace::InterruptReturn{user}); break;
            default: b.add(10 * n + 1, walk(linear, user)), ++walks;
            }
        }
        b.add(10 * events + 100, trace::Counters{0, static_cast<uint32_t>(10 * events + 100), {50, 0, 0}, {walks, walks, walks}});
        return b;
    }

    struct Read {
        tools::Statistics statistics;
        tools::Annotation annotation;
    };
    Read read(const tools::Symbols& symbols, size_t most = tools::InstructionShares::most, tools::SortKey key = tools::SortKey::walks) const {
        tools::Trace t{directory.path() / "t"};
        tools::InstructionShares shares{1, most};
        tools::Statistics s = collect_statistics(t, {tools::find_profile("p6")}, symbols, &shares);
        tools::Annotation a = annotation_of(s, symbols, shares, key);
        return {std::move(s), std::move(a)};
    }
    tools::Statistics stat(const tools::Symbols& symbols) const {
        tools::Trace t{directory.path() / "t"};
        return collect_statistics(t, {tools::find_profile("p6")}, symbols);
    }
    void write(tests::StreamBuilder& b) const { tests::write_trace(directory.path() / "t", b.bytes(), SmallTrace::run_json(false)); }

    static void expect_same(const ShareStatistics& a, const ShareStatistics& b) {
        EXPECT_EQ(a.events, b.events) << b.name;
        EXPECT_EQ(a.observed_fills, b.observed_fills) << b.name;
        EXPECT_EQ(a.walks[0].walks, b.walks[0].walks) << b.name;
        EXPECT_EQ(a.walks[0].second_hits, b.walks[0].second_hits) << b.name;
        EXPECT_EQ(a.walks[0].all_reads(), b.walks[0].all_reads()) << b.name;
    }

    const tests::TemporaryDirectory directory;
    const std::filesystem::path map = directory.path() / "System.map";
};

TEST_F(Annotations, AddUpToTheFunctionsOfStat) {
    tests::StreamBuilder b = random_stream(3000);
    write(b);
    const tools::Symbols symbols{map};
    const Read r = read(symbols);
    const tools::Statistics s = stat(symbols);
    ShareStatistics other = r.annotation.elsewhere;
    size_t found = 0;
    for (const tools::AnnotatedFunction& f : r.annotation.functions) {
        ShareStatistics sum{{}, 0, {}, 0, std::vector<tools::WalkCounts>(1)};
        for (const tools::InstructionShare& i : f.instructions) add(sum, i.share);
        expect_same(sum, f.share);
        if (f.share.name == "other") add(other, f.share);
        for (const ShareStatistics& function : s.functions)
            if (function.name == f.share.name && function.name != "other") expect_same(f.share, function), ++found;
    }
    EXPECT_EQ(found, 4u) << "schedule, flush_tlb, [lowmem], [user]";
    EXPECT_EQ(s.functions.size(), 5u);
    expect_same(other, s.functions.back());
    EXPECT_EQ(r.annotation.total.walks[0].walks, s.total.profiles[0].walks.walks);
    EXPECT_EQ(r.annotation.total.events.page_faults, s.observed.page_faults);
    EXPECT_EQ(r.annotation.total.observed_fills, s.observed.fills());
    for (size_t i = 1; i < r.annotation.functions.size(); ++i)
        EXPECT_GE(r.annotation.functions[i - 1].share.walks[0].walks, r.annotation.functions[i].share.walks[0].walks) << "the largest first";
}

TEST_F(Annotations, WithoutRoomLoseNothing) {
    tests::StreamBuilder b = random_stream(2000);
    write(b);
    const tools::Symbols symbols{map};
    const Read all = read(symbols), some = read(symbols, 20);
    size_t instructions = 0;
    for (const tools::AnnotatedFunction& f : some.annotation.functions) instructions += f.instructions.size();
    EXPECT_EQ(instructions, 20u);
    EXPECT_GT(some.annotation.beyond.walks[0].walks, 0u);
    EXPECT_EQ(all.annotation.beyond.walks[0].walks, 0u);
    expect_same(some.annotation.total, all.annotation.total);
    std::ostringstream text;
    tools::CodeView code{symbols};
    print_annotation(some.statistics, some.annotation, some.annotation.functions, code, {}, text);
    EXPECT_NE(text.str().find("more instructions than can be told apart"), std::string::npos);
}

TEST_F(Annotations, AreSortedAsAsked) {
    tests::StreamBuilder b{SmallTrace::state()};
    b.add(9, trace::Instruction{0xC0100010});
    b.add(10, walk(0x08048000, false));
    b.add(20, trace::InvalidatePage{VirtAddr{0x08048000}, 0xC0100104});
    b.add(21, trace::PageFault{VirtAddr{0x10000000}, 0x08048010, PageFaultCode::decode(4)});
    b.add(100, trace::Counters{0, 100, {50, 0, 0}, {50, 1, 1}});
    write(b);
    const tools::Symbols symbols{map};
    const auto first = [&](tools::SortKey key) { return read(symbols, 100, key).annotation.functions.front().share.name; };
    EXPECT_EQ(first(tools::SortKey::walks), "schedule");
    EXPECT_EQ(first(tools::SortKey::cycles), "schedule");
    EXPECT_EQ(first(tools::SortKey::flushes), "flush_tlb");
    EXPECT_EQ(first(tools::SortKey::faults), "[user]");
    EXPECT_EQ(first(tools::SortKey::address), "[user]");
}

TEST_F(Annotations, StandBesideTheCode) {
    const tests::CompiledProgram program;
    ASSERT_TRUE(program.good()) << program.log();
    const tools::Symbols symbols{program.elf()};
    const uint32_t start = symbols.find("twice").at(0);
    tests::StreamBuilder b{SmallTrace::state()};
    b.add(9, trace::Instruction{start + 1});  // after push ebp: mov ebp, esp
    b.add(10, walk(0x08048000, false)), b.add(11, walk(0x08049000, false));
    b.add(12, trace::Instruction{start + 2});  // inside of it
    b.add(13, walk(0x0804A000, false));
    b.add(100, trace::Counters{0, 100, {50, 0, 0}, {50, 3, 3}});
    write(b);
    Read r = read(symbols);
    tools::CodeView code{symbols};
    const auto functions = find_functions(r.annotation, symbols, "twice", 1);
    ASSERT_EQ(functions.size(), 1u);
    std::ostringstream text;
    print_annotation(r.statistics, r.annotation, functions, code, {true, false, 3}, text);
    EXPECT_NE(text.str().find("mov ebp, esp"), std::string::npos) << text.str();
    EXPECT_NE(text.str().find("(no such instruction in the file)"), std::string::npos);
    EXPECT_NE(text.str().find("2: int sum = *from;"), std::string::npos);
    std::istringstream lines{text.str()};
    for (std::string line; std::getline(lines, line);)
        EXPECT_LE(line.size(), 135u) << line;
    const auto json = annotation_json(r.statistics, r.annotation, functions, code, {true, false, 3});
    EXPECT_EQ(json["functions"][0]["name"], "twice");
    EXPECT_EQ(json["functions"][0]["walks"]["p6"], 3);
    uint64_t sum = 0;
    for (const auto& i : json["functions"][0]["instructions"]) sum += i["walks"]["p6"].get<uint64_t>();
    EXPECT_EQ(sum, 3u);
    EXPECT_EQ(json["functions"][0]["instructions"][1]["text"], "mov ebp, esp");
    EXPECT_EQ(json["functions"][0]["instructions"][1]["line"], 1);
    EXPECT_EQ(json["total"]["walks"]["p6"], 3);
    EXPECT_EQ(find_functions(r.annotation, symbols, "start", 1).at(0).share.walks[0].walks, 0u) << "one that nothing is counted for";
    char inside[16];
    std::snprintf(inside, sizeof inside, "0x%x", start + 4);
    EXPECT_EQ(find_functions(r.annotation, symbols, inside, 1).at(0).share.name, "twice");
}

TEST_F(Annotations, OfNoFunctionNameThoseThatAreSimilar) {
    tests::StreamBuilder b = random_stream(100);
    write(b);
    const tools::Symbols symbols{map};
    const Read r = read(symbols);
    const auto complaint = [&](const tools::Symbols& known, const std::string& name) -> std::string {
        try {
            (void)find_functions(r.annotation, known, name, 1);
        } catch (const tools::InputError& e) {
            return e.what();
        }
        return {};
    };
    EXPECT_EQ(complaint(symbols, "flush"), "flush: no function is called so; there are flush_tlb");
    EXPECT_NE(complaint(symbols, "nap").find("no function is called so; without a name"), std::string::npos);
    EXPECT_NE(complaint({}, "schedule").find("give its ELF file or its System.map with --symbols"), std::string::npos);
    EXPECT_EQ(find_functions(r.annotation, symbols, "[user]", 1).size(), 1u);
}

TEST_F(Annotations, OfProgramsAreTheirsAtCpl3) {
    tools::Symbols symbols{map};
    const tests::CompiledProgram program;
    ASSERT_TRUE(program.good()) << program.log();
    symbols.add_program(program.elf());
    const uint32_t start = symbols.find("twice").at(0);
    tests::StreamBuilder b{SmallTrace::state()};
    b.add(9, trace::Instruction{start});
    b.add(10, walk(0x08048000, true)), b.add(11, walk(0x08049000, true));
    b.add(12, trace::Instruction{start});
    b.add(13, walk(0x0804A000, false));
    b.add(100, trace::Counters{0, 100, {50, 0, 0}, {50, 3, 3}});
    write(b);
    const Read r = read(symbols);
    const tools::Statistics s = stat(symbols);
    ASSERT_EQ(r.annotation.functions.size(), 2u);
    EXPECT_EQ(r.annotation.functions[0].share.name, "small:twice");
    EXPECT_EQ(r.annotation.functions[0].share.walks[0].walks, 2u);
    EXPECT_EQ(r.annotation.functions[1].share.name, "[user]") << "the kernel does not run a program's function";
    EXPECT_EQ(s.functions[0].name, "small:twice");
    EXPECT_EQ(s.functions[0].walks[0].walks, 2u);
    EXPECT_EQ(symbols.at(start), "small:twice");
    EXPECT_EQ(symbols.named("small:twice"), symbols.named("twice"));
    tools::CodeView code{symbols};
    EXPECT_EQ(code.why_no_code(r.annotation.functions[0]), "");
}

}  // namespace
