// SPDX-License-Identifier: LGPL-2.1-or-later
// What all claims share: measure lines, differences of cycles, verdicts, results, names.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <set>
#include <sstream>

#include "claim_facts.hpp"
#include "tools/claims/experiment.hpp"
#include "tools/claims/recordings.hpp"

namespace {

using namespace tests;

TEST(MeasureLines, AreFoundAmongOthers) {
    const std::vector<Measure> found = measures_in(
        {"hello", "measure: threads-8k 1234 threads", "a measure: no 1 x", "measure: largest 18446744073709551615 bytes"});
    EXPECT_EQ(found, (std::vector<Measure>{{"threads-8k", 1234, "threads"}, {"largest", UINT64_MAX, "bytes"}}));
}

TEST(MeasureLines, ThatAreNoneAreAFailureWithTheLine) {
    for (const char* line : {"measure: ", "measure: x", "measure: x 1", "measure: x -1 y", "measure: x 1.5 y",
                             "measure: x 0x10 y", "measure: x 1 y z", "measure: x 99999999999999999999 y"}) {
        try {
            (void)measures_in({line});
            FAIL() << line;
        } catch (const tools::Failure& e) {
            EXPECT_NE(std::string{e.what()}.find(line), std::string::npos) << e.what();
        }
    }
}

TEST(Cycles, OfASpanAreThoseOfTheCostModel) {
    SpanFacts s = with(span(4, 10), 2, 3, 1);
    s.walks.reads[1] = 5, s.walks.reads[2] = 7, s.walks.reads[3] = 11;
    s.events.page_faults = 2, s.events.interrupts = 3, s.events.interrupt_returns = 5;
    const tools::Interval whole = tools::event_cycles(s.events, golden_costs()) + tools::walk_cycles(s.walks, golden_costs());
    const tools::Interval each = cycles_each(s, golden_costs());
    EXPECT_DOUBLE_EQ(each.low, whole.low / 4);
    EXPECT_DOUBLE_EQ(each.best, whole.best / 4);
    EXPECT_DOUBLE_EQ(each.high, whole.high / 4);
}

TEST(Cycles, WhatTwoOperationsShareCancels) {
    const SpanFacts a = span(100, 1000), b = with(a, 1);
    EXPECT_EQ(compare(a, a, golden_costs()), Comparison::equal);
    EXPECT_EQ(compare(span(10, 1000), a, golden_costs()), Comparison::equal) << "per instance";
    // Alone their intervals overlap: 1,000 instructions cost anything from 500 on. One CR3 write more is still certainly dearer.
    EXPECT_LT(cycles_each(b, golden_costs()).low, cycles_each(a, golden_costs()).high);
    EXPECT_EQ(compare(b, a, golden_costs()), Comparison::more);
    EXPECT_EQ(compare(a, b, golden_costs()), Comparison::less);
}

TEST(Cycles, ThatTheCostsDecideAreUnknown) {
    const tools::Figure cr3 = golden_costs().mov_cr3, instruction = golden_costs().instruction;
    const auto instructions = static_cast<uint64_t>((cr3.low + cr3.high) / 2 / instruction.best);
    EXPECT_EQ(compare(with(span(1, 10), 1), span(1, 10 + instructions), golden_costs()), Comparison::unknown);
}

TEST(Facts, HaveNoSpanThatTheCpuCannotExecute) {
    Facts f = booted(Machine{});
    f.spans["null-sysenter"] = span(10, 50);
    EXPECT_EQ(f.span("null-sysenter").count, 10u);
    f.spans["null-sysenter"].events.fast_calls = 10;
    try {
        (void)f.span("null-sysenter");
        FAIL() << "the golden profile has no SYSENTER";
    } catch (const tools::Failure& e) {
        EXPECT_NE(std::string{e.what()}.find("the workload null-sysenter executes SYSENTER: not on this CPU (p6)"), std::string::npos) << e.what();
    }
    f.costs.sysenter = {30, 20, 40, "test"};
    EXPECT_EQ(f.span("null-sysenter").count, 10u);
}

TEST(Verdict, FollowsFromTheStatements) {
    using enum Answer;
    const auto verdict = [](std::vector<Statement> s) { return tools::claims::verdict_of(s); };
    const Statement yes_core{Weight::core, yes, ""}, no_core{Weight::core, no, ""}, unknown_core{Weight::core, unknown, ""};
    EXPECT_EQ(verdict({yes_core}), Verdict::holds);
    EXPECT_EQ(verdict({yes_core, {Weight::limit, yes, ""}}), Verdict::holds);
    EXPECT_EQ(verdict({yes_core, {Weight::limit, no, ""}}), Verdict::holds_with_limits);
    EXPECT_EQ(verdict({yes_core, {Weight::limit, unknown, ""}}), Verdict::holds_with_limits);
    EXPECT_EQ(verdict({yes_core, unknown_core, {Weight::limit, no, ""}}), Verdict::cannot_tell);
    EXPECT_EQ(verdict({yes_core, unknown_core, no_core}), Verdict::does_not_hold);
    EXPECT_STREQ(name(Verdict::holds_with_limits), "holds with limits");
}

TEST(Catalogue, HasUniqueNamesAndMachines) {
    std::set<std::string> ids, directories;
    std::vector<Machine> machines;
    for (const Claim& c : catalogue()) {
        EXPECT_TRUE(ids.insert(c.id).second) << c.id;
        EXPECT_FALSE(c.needs.empty()) << c.id;
        for (const Need& need : c.needs) {
            if (std::find(machines.begin(), machines.end(), need.machine) != machines.end()) continue;
            machines.push_back(need.machine);
            EXPECT_TRUE(directories.insert(directory_name(need.machine)).second) << directory_name(need.machine);
        }
    }
    for (const LaterClaim& later : later_claims) EXPECT_EQ(ids.count(later.id), 0u) << later.id;
}

TEST(Catalogue, AsksOnlyForWorkloadsThatExist) {
    for (const Claim& c : catalogue())
        for (const Need& need : c.needs)
            for (const std::string& w : need.workloads)
                EXPECT_EQ(std::count(tools::workload_names().begin(), tools::workload_names().end(), w), 1) << c.id << ": " << w;
}

// A claim of two machines, one of which may fail.
Claim small_claim() {
    return {"small",
            "It is so.",
            "Looks.",
            {{{"3:1"}, {"ipc"}}, {{"4:4"}, {}, true}},
            {{"a figure", "42", "a book"}},
            [](const Evidence& e) {
                Table t{"t", "a table", {{"n", "N"}, {"c", "cycles"}, {"w", "word"}, {"none", "none"}}};
                t.row({e.at({"3:1"}).span("ipc").count, tools::Interval{1, 2, 3}, std::string{"x"}, {}});
                return Findings{{t}, {{Weight::core, Answer::yes, "seen"}}};
            }};
}

TEST(Experiment, RunsAndShowsWhatItFound) {
    const Claim claim = small_claim();
    const Result r = run_experiment(claim, evidence_for(claim));
    ASSERT_TRUE(r.ran) << r.problem;
    const nlohmann::ordered_json json = json_of(r);
    EXPECT_EQ(json["id"], "small");
    EXPECT_EQ(json["verdict"], "holds");
    EXPECT_EQ(json["measured"]["t"].dump(), R"([{"n":100,"c":{"low":1.0,"best":2.0,"high":3.0},"w":"x","none":null}])");
    EXPECT_EQ(json["published"][0]["figure"], "42");
    std::ostringstream out;
    print(r, out);
    for (const char* text :
         {"small\n", "It is so.", "100  2 (1-3)  x     -", "a figure: 42 [a book]", "verdict     holds", "yes       seen"})
        EXPECT_NE(out.str().find(text), std::string::npos) << text << "\nis not in\n" << out.str();
}

TEST(Experiment, TellsWhoseProfileMakesAnotherVerdict) {
    Claim claim = small_claim();
    claim.judge = [](const Evidence& e) {
        const SpanFacts &a = e.at({"3:1"}).span("ipc"), b = with(a, 1);
        return Findings{{}, {{Weight::core, dearer(compare(b, a, e.at({"3:1"}).costs)), "a CR3 write costs something"}}};
    };
    const Evidence free = evidence_for(claim, [](Facts& f) { f.costs.mov_cr3.low = 0; });
    const Result r = run_experiment(claim, {evidence_for(claim), free, evidence_for(claim)}, {"p6", "p4", "k7"});
    EXPECT_STREQ(verdict_name(r), "holds");
    EXPECT_EQ(verdicts_text(r), "holds; cannot tell by p4");
    EXPECT_EQ(json_of(r)["by_profile"]["p4"]["verdict"], "cannot tell");
    EXPECT_EQ(json_of(r)["by_profile"]["k7"]["verdict"], "holds");
    std::ostringstream out;
    print(r, out);
    for (const char* text : {"by p4       cannot tell", "unknown   a CR3 write costs something", "the same    by k7"})
        EXPECT_NE(out.str().find(text), std::string::npos) << text << "\nis not in\n" << out.str();
}

TEST(Experiment, ThatLacksSomethingDidNotRun) {
    const Claim claim = small_claim();
    const auto problem = [&](const Evidence& e) {
        const Result r = run_experiment(claim, e);
        EXPECT_FALSE(r.ran);
        EXPECT_TRUE(json_of(r)["verdict"].is_null());
        return r.problem;
    };
    EXPECT_NE(problem({}).find("3:1 classic 1024M: was not recorded"), std::string::npos);
    const auto change = [&](auto f) {
        return problem(evidence_for(claim, [&](Facts& facts) {
            if (facts.machine.split == "3:1") f(facts);
        }));
    };
    EXPECT_NE(change([](Facts& f) { f.recorded = f.good = false, f.problem = "no disk"; }).find("no disk"), std::string::npos);
    EXPECT_NE(change([](Facts& f) {
                  f.good = false, f.run.guest_failures = 1, f.console = {"workload ipc", "workload ipc failed"};
              }).find("the workload ipc failed"),
              std::string::npos);
    EXPECT_NE(change([](Facts& f) { f.good = false, f.run.guest_failures = -1, f.problem = "panic"; }).find("panic"),
              std::string::npos);
    EXPECT_NE(change([](Facts& f) { f.spans.clear(), f.skipped["ipc"] = "it needs HIGHMEM"; }).find("it needs HIGHMEM"),
              std::string::npos);
}

TEST(Experiment, RunsBesideAFailureThatIsNotItsOwn) {
    const Claim claim = small_claim();
    const Result r = run_experiment(claim, evidence_for(claim, [](Facts& f) {
                                        f.good = false, f.run.guest_failures = 1, f.console = {"workload kmap failed"};
                                    }));
    EXPECT_TRUE(r.ran) << r.problem;
}

TEST(Recordings, AreSharedByMachineWithTheWorkloadsOfAllClaims) {
    std::vector<Claim> all{small_claim(), small_claim()};
    all[1].needs = {{{"3:1"}, {"kmap", "ipc"}}, {{"3:1", "classic", 1024, "nopge"}, {}}};
    const std::vector<Recording> r = recordings_for({&all[0]}, all, {"p6", "p4"}, "/dev/null/none");
    ASSERT_EQ(r.size(), 2u);
    EXPECT_EQ(r[0].options.workload, "ipc,kmap");
    EXPECT_EQ(r[0].options.output, "/dev/null/none/3-1-classic-1024M");
    EXPECT_EQ(r[1].options.workload, "none");
    EXPECT_FALSE(r[0].kept);
    EXPECT_EQ(r[0].options.profiles, (std::vector<std::string>{"p6", "p4"})) << "one recording for all profiles";
    const std::vector<Recording> both = recordings_for({&all[0], &all[1]}, all, {"p6"}, "/dev/null/none");
    ASSERT_EQ(both.size(), 3u);
    EXPECT_EQ(both[2].options.append, "nopge");
    EXPECT_EQ(directory_name(both[2].machine), "3-1-classic-1024M-nopge");
}

}  // namespace
