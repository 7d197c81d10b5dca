// SPDX-License-Identifier: LGPL-2.1-or-later
// The sweep's table on recordings whose numbers are known.
#include <gtest/gtest.h>

#include <sstream>

#include "small_trace.hpp"
#include "test_paths.hpp"
#include "tools/sweep_table.hpp"

namespace {

namespace trace = mm::trace;
using tests::SmallTrace;
using Id = trace::EventId;

tools::Statistics statistics_of(const std::string& stream, const std::string& run_json) {
    const tests::TemporaryDirectory directory;
    tests::write_trace(directory.path(), stream, run_json);
    tools::Trace trace{directory.path()};
    return collect_statistics(trace, {tools::read_profile(tests::data_directory() / "golden.toml")});
}

// A 4:4 run with one null system call: two CR3 writes, three refills, and no HIGHMEM.
tools::Statistics four_four() {
    tests::StreamBuilder b{SmallTrace::state()};
    b.add(1000, trace::SpanEdge{Id::span_begin, 0, 1000});
    b.add(1001, trace::Interrupt{0x80, trace::InterruptKind::software, true, 0x08048010});
    b.add(1005, trace::ControlWrite{Id::cr3_write, 0x5000, 0xFFFC0000});
    for (uint32_t page = 0; page < 3; ++page)
        b.add(1010 + page, SmallTrace::walk(0x08048000 + page * 4096, mm::AccessKind::read, true, 0x2067, 0x2000067 + page * 4096, mm::RefillCause::split_switch));
    b.add(1040, trace::ControlWrite{Id::cr3_write, 0x1000, 0xFFFC0010});
    b.add(1049, trace::InterruptReturn{true});
    b.add(1050, trace::SpanEdge{Id::span_end, 0, 1050});
    b.add(2000, trace::Counters{0, 2000, {10, 0, 0}, {10, 3, 3}});
    std::string run = SmallTrace::run_json(false);
    run.replace(run.find("3:1"), 3, "4:4");
    const std::string highmem = "\"end_pfn\": 262128, \"present_pages\": 32752";
    run.replace(run.find(highmem), highmem.size(), "\"end_pfn\": 229376, \"present_pages\": 0");
    return statistics_of(b.bytes(), run);
}

TEST(SweepTable, HasARowForEachSplitAndDashesForWhatWasSkipped) {
    std::ostringstream out;
    std::vector<tools::SweepRow> rows;
    std::istringstream console{"hello\nworkload ctx-2p-0k\nworkload ctx-2p-0k skipped: it needs HIGHMEM\r\n"};
    rows.push_back({"3:1", statistics_of(SmallTrace::stream(), SmallTrace::run_json()), {}});
    rows.push_back({"4:4", four_four(), tools::skipped_workloads(console)});
    print_sweep(rows, out);
    const std::string text = out.str();
    const auto has = [&](const std::string& part) { EXPECT_NE(text.find(part), std::string::npos) << part << "\nis not in\n" << text; };
    has("3:1    1,024 MiB  4,096  225,280   32,752                      896 MiB");
    has("4:4    1,024 MiB  4,096  225,280        0                      896 MiB");
    // Cycles: 43 instructions, 2 interrupts, 2 IRETs over 2 calls; then 50 + 130 + 80 + 2 x 100 + walks of 138+138, 3+3, 3+3.
    has("null-syscall  3:1              21     232     141-393           0        0          0       0        0      0");
    has("              4:4              50     748   523-1,184           2        3          0       3        0      0");
    has("ctx-2p-0k     3:1");
    has("              4:4               -       -           -           -        -          -       -        -      -");
    has("- at 4:4: ctx-2p-0k: it needs HIGHMEM\n");
    has("null-syscall  fastest  +106-532 %");
    has("each call writes CR3 2 times");
    has("What the columns mean");
}

TEST(SweepTable, SaysWhatTheCpuHasNotGot) {
    std::vector<tools::SweepRow> rows;
    rows.push_back({"3:1", statistics_of(SmallTrace::stream(), SmallTrace::run_json()), {}});
    rows[0].statistics.spans.at(0).sum.events.fast_calls = 2;
    std::ostringstream out;
    print_sweep(rows, out);
    EXPECT_NE(out.str().find("null-syscall  3:1              21  not on this CPU "), std::string::npos) << out.str();
    EXPECT_NE(out.str().find("ctx-2p-0k     3:1             100            1,031 "), std::string::npos) << out.str();
}

TEST(SweepTable, ExplainsFourFourFromTheCounts) {
    const std::string text = tools::explain_four_four(statistics_of(SmallTrace::stream(), SmallTrace::run_json()), four_four());
    EXPECT_NE(text.find("3 pages a call"), std::string::npos) << text;
    EXPECT_NE(text.find("200 (80-340) for the CR3 writes"), std::string::npos) << text;
    EXPECT_NE(text.find("Molnar"), std::string::npos);
}

// An INVLPG in each call at 3:1: its price counts against the difference, so that it is least where the INVLPG is dear.
TEST(SweepTable, WeighsTheDifferenceOfFourFourAndNotTheEndsOfBoth) {
    tools::Statistics three_one = statistics_of(SmallTrace::stream(), SmallTrace::run_json());
    ASSERT_EQ(three_one.spans.at(0).name, "null-syscall");
    const auto explained = [&] { return tools::explain_four_four(three_one, four_four()); };
    EXPECT_NE(explained().find("517 (382-791) more"), std::string::npos) << explained();
    three_one.spans[0].sum.events.invlpg += three_one.spans[0].count;
    EXPECT_NE(explained().find("477 (272-779) more"), std::string::npos) << explained() << "\nless 40 (12-110), the ends changed places";
}

}  // namespace
